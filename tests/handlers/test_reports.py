"""The lists behind a report's figures over the wire: who sees them, page by page, and who is refused."""

from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.handoff.model import ListRef, Name
from bot.handoff.page import PAGE
from bot.store.tables import replies
from tests.conftest import NOW
from tests.handlers.colleagues import REFUSED, told
from tests.handlers.front_door import airflow_failure

MONTH = timedelta(days=30)
RAISED = str(ListRef("data-platform", NOW - MONTH, NOW + MONTH, Name.RAISED))


@pytest.fixture
def modals(monkeypatch):
    """What Slack was asked to show, in place of a Slack that would answer."""
    shown = []

    async def show(_client, *, view, **_where):
        shown.append(view)

    monkeypatch.setattr(AsyncWebClient, "views_open", show)
    monkeypatch.setattr(AsyncWebClient, "views_update", show)
    return shown


@pytest.fixture
def busy(staffed):
    """More tasks have failed than a page of a list shows."""
    for number in range(PAGE + 5):
        staffed.event(airflow_failure(dag_id="events_shards", task_id=f"shard_{number}"))
    return staffed


def buttons(view):
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return {each["action_id"]: each["value"] for row in rows for each in row}


def test_a_member_opens_the_list_behind_a_figure_and_turns_its_pages(busy, modals):
    assert busy.press("report.list:times", "", chosen=RAISED, user="U0SORA").status_code == 200
    [first] = modals
    assert "1 – 24 of 30" in str(first)

    turned = buttons(first)["report.turn:older"]
    busy.press("report.turn:older", turned, user="U0SORA", view={"type": "modal", "id": "V1"})

    assert "25 – 30 of 30" in str(modals[-1])
    assert set(buttons(modals[-1])) == {"report.turn:newer"}


@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_who_is_no_member_sees_no_list_and_turns_no_page(staffed, modals, who, why):
    staffed.press("report.list:times", RAISED, **who)
    staffed.press("report.turn:older", f"{RAISED}|1", view={"type": "modal", "id": "V1"}, **who)

    assert modals == []
    assert all(why in said for said in told(staffed))
    assert staffed.count(replies) == 1  # that of the first press; turning a page says nothing


def test_the_list_of_a_schedule_that_is_gone_says_so(staffed, modals):
    gone = str(ListRef("gone", NOW - MONTH, NOW + MONTH, Name.RAISED))

    staffed.press("report.list:times", gone, user="U0SORA")

    assert modals == []
    assert "no longer configured" in told(staffed)[-1]
