"""`/incidents` over the wire: what is answered, to whom, in which language; pages, refusals, forged buttons."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.actor import Actor
from bot.incidents.asking import turned
from bot.incidents.fix import Cause, Fix, Remedy, Thread
from bot.incidents.found import Found, Page
from bot.incidents.model import OPEN, IncidentState
from bot.incidents.search import OPEN_ONES, Filter, Search
from bot.store.tables import replies
from bot.triage.model import Severity
from bot.views import search as view
from bot.views.reader import LANGUAGES, Reader
from tests.conftest import NOW
from tests.handlers.colleagues import REFUSED, incident, told
from tests.handlers.front_door import airflow_failure, tool_says
from tests.views.checker import assert_valid_message

DAY = timedelta(days=1)
NAMES = {"U0MINJI": "김민지"}


def asked(served, words="", user="U0SORA", command="/incidents"):
    """Return all that the answer to the command says."""
    return said(served.command(command, words, user=user).json()["blocks"])


def said(blocks):
    return "\n".join(str(block) for block in blocks)


def buttons(served, words=""):
    blocks = served.command("/incidents", words, user="U0SORA").json()["blocks"]
    return {
        each["action_id"]: each["value"] for block in blocks for each in block.get("elements", []) if "value" in each
    }


def page(served, value, language="en"):
    """Return what is shown to whoever turns the page."""
    reader = Reader(language, ZoneInfo("UTC"), NOW, NAMES)
    return served.app.store.read(lambda tx: turned(tx, value, reader))


@pytest.fixture
def busy(staffed):
    """Twenty tasks have failed, and a script."""
    for number in range(20):
        staffed.event(airflow_failure(dag_id="events_shards", task_id=f"shard_{number}"))
    staffed.event(tool_says("ERROR: 주문테이블 적재 실패 <!channel> *x*", bot="B0SCRIPT"))
    return staffed


def test_without_words_it_shows_what_is_open_to_the_one_who_asks(staffed):
    answer = staffed.command("/incidents", user="U0SORA").json()

    assert "response_type" not in answer, "Slack shows it to this person only"
    assert answer["text"].startswith("1 incident: open")
    assert "orders_daily.load_orders" in said(answer["blocks"])
    assert "Open for" in said(answer["blocks"])


def test_it_answers_in_the_language_of_who_asks(staffed):
    assert "인시던트" in asked(staffed, "열린", user="U0MINJI")
    assert "째 열려 있음" in asked(staffed, "미해결", user="U0MINJI")


def test_baton_incidents_is_the_same(staffed):
    assert "orders_daily.load_orders" in asked(staffed, "incidents load_ord", command="/baton")


def test_words_find_names_errors_and_what_people_noted(busy):
    staged = asked(busy, "orders_raw load_o")
    korean = asked(busy, "테이블")

    assert "orders_daily.load_orders" in staged
    assert "주문테이블" in korean
    assert "<!channel>" not in korean, "no markup of an alert goes live"


def test_what_was_noted_at_the_end_is_found_and_shown(staffed):
    chosen = {"type": "static_select", "selected_option": {"value": "quota"}}
    staffed.submit(
        "incident.resolve", incident(staffed).id, {"cause": chosen, "remark": "slots ran out"}, user="U0SORA"
    )

    found = asked(staffed, "slots state:resolved")

    assert "over in" in found
    assert "noted (quota, slots ran out)" in found


def test_pages_go_on_and_back(busy):
    first = buttons(busy)
    second = page(busy, first["incidents.turn:older"])
    [row] = [block for block in second.blocks if block["type"] == "actions"]
    third = {each["action_id"]: each["value"] for each in row["elements"]}

    assert set(first) == {"incidents.turn:older"}
    assert set(third) == {"incidents.turn:newer", "incidents.turn:older"}
    assert said(page(busy, third["incidents.turn:newer"]).blocks) == said(page(busy, '[""]').blocks)
    last = page(busy, third["incidents.turn:older"])
    assert "incidents.turn:older" not in said(last.blocks)
    shown = [said(each.blocks) for each in (page(busy, '[""]'), second, last)]
    assert sum(text.count("shard_") > 0 for text in shown) == 3


def test_turning_a_page_wants_it_shown_in_the_place_of_the_first(busy):
    value = buttons(busy)["incidents.turn:older"]

    assert busy.press("incidents.turn:older", value, user="U0SORA").status_code == 200
    [row] = busy.rows(replies)
    assert row.body == {"page": "incidents", "question": value}


@pytest.mark.parametrize(
    ("words", "hints"),
    [
        pytest.param("zebra", ["another word"], id="a word"),
        pytest.param("state:stale since 1d", ["state:all", "since 90d"], id="a state and a time"),
        pytest.param("dag:nope source:grafana", ["`dag:nope*`", "leave `source:` out"], id="filters"),
    ],
)
def test_nothing_found_says_what_was_searched_and_what_to_try(staffed, words, hints):
    answer = asked(staffed, words)

    assert "Nothing found" in answer
    assert all(hint in answer for hint in [*hints, "/incidents [words]", words.split()[0].removeprefix("state:")])


def test_what_is_wrong_is_answered_with_how_one_asks(staffed):
    answer = asked(staffed, "state:broken <!here>")

    assert "There is no state `broken`" in answer
    assert "/incidents [words]" in answer


def test_a_secret_in_a_question_is_not_shown_again(staffed):
    assert "Tr0ub4dor" not in asked(staffed, "password=Tr0ub4dor-planted")


@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_who_may_not_search_is_told_why_and_sees_nothing(staffed, who, why):
    answer = staffed.command("/incidents", **who)
    staffed.press("incidents.turn:older", '[""]', **who)

    assert why in answer.json()["text"]
    assert "orders_daily" not in answer.text
    assert why in told(staffed)[0]
    assert [row.body for row in staffed.rows(replies) if "page" in row.body] == []


@pytest.mark.parametrize(
    "value", ["", "nonsense", '["since soon"]', '["x","\' OR 1=1 --"]', json.dumps(["<!channel>"] * 9)]
)
def test_a_forged_button_shows_a_page_all_the_same(staffed, value):
    shown = page(staffed, value).blocks

    assert_valid_message(list(shown))
    assert "<!channel>" not in said(block for block in shown if block["type"] != "actions")


LONG = "<!channel> *x* `y` & " * 40
FIXES = (None, Fix(), Fix(Cause.QUOTA, Remedy.RERAN, LONG), Fix(operation="clear-tasks", remedy=Remedy.RERAN))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("url", ["", "https://haneul.slack.com/"])
def test_slack_takes_every_page_whatever_is_on_it(language, url):
    reader = Reader(language, ZoneInfo("Asia/Seoul"), NOW, NAMES, workspace_url=url)
    somebody = Actor.person("T1", "U0MINJI")
    found = tuple(
        Found(
            "i",
            state,
            Severity.ERROR,
            "airflow",
            LONG,
            NOW - DAY,
            NOW,
            somebody,
            somebody,
            NOW,
            DAY / 2,
            fix,
            Thread("C1", "1.2", "1.1"),
        )
        for state in IncidentState
        for fix in FIXES
    )
    searches = (OPEN_ONES, Search(), Search((LONG[:48],) * 8, OPEN, "x" * 300, (Filter("dag", LONG),) * 8, NOW))

    for search in searches:
        for shown in (Page(found, "older"), Page(), Page((), "older", NOW), Page(found, "", NOW)):
            for newer in (None, "x" * 2000):
                rendered = view.results(search, shown, reader, newer=newer, older=shown.older or None)
                assert_valid_message(list(rendered.blocks))
                assert "<!channel>" not in said(rendered.blocks)
