"""A handoff as a canvas: once, where Slack allows it; elsewhere the card is enough."""

import pytest
from sqlalchemy import select

from bot.actor import Actor
from bot.adapters.slack.door import connect
from bot.handoff import rows, service
from bot.handoff.canvases import Canvases
from bot.handoff.service import Done
from bot.ports.errors import OutcomeUnknown, RateLimited, Unavailable, VendorError
from bot.ports.slack import Identity
from bot.store.tables import handoffs
from bot.views.reader import Reader
from sandbox.running import RunningSandbox
from sandbox.slack.core import Settings
from tests.handoff.walk import HOUR, KIM, LEE, MONDAY, SEOUL, TEAM, WEEK, Weeks

ME = Identity("T0HANEUL", "U0BATON", "B0BATON", url="https://haneul.slack.com/")


@pytest.fixture
def weeks(store):
    found = Weeks(store)
    found.go(MONDAY + WEEK + 2 * HOUR)
    return found


def look(weeks, slack, times=2):
    found = Canvases(
        weeks.store, weeks.front, slack, lambda: ME, lambda _tx, language: Reader(language, SEOUL, weeks.now)
    )
    for _ in range(times):
        found.look(weeks.now)


def row(weeks):
    return weeks.store.read(lambda tx: tx.execute(select(handoffs).where(handoffs.c.posted_at.is_not(None))).one())


def signed_and_taken_over(weeks):
    handoff = weeks.out[-1]
    for deed, user in ((service.sign, KIM), (service.accept, LEE)):
        actor = Actor.person(TEAM, user)
        assert weeks.store.write(lambda tx, a=actor, do=deed: do(a, tx, handoff.id, weeks.now, weeks.front)) == Done()


def test_a_canvas_is_made_once_and_the_channel_may_read_it(weeks):
    with RunningSandbox() as sandbox:
        look(weeks, connect("sandbox-bot-token", sandbox.slack_api_url))
        (made,) = sandbox._sandbox.slack.workspace.canvases.items()

    canvas_id, canvas = made
    assert row(weeks).canvas_id == canvas_id
    assert canvas["access"] == {"C0ONCALL": "read"}
    assert canvas["title"] == "Handoff of data-platform"
    assert canvas["markdown"].startswith("#")
    assert "## 🤝 Handoff of data-platform" in canvas["markdown"]
    assert "Posted without a signature" in canvas["markdown"]
    assert weeks.notes() == ["handoff.canvas"]


def test_a_canvas_follows_its_card(weeks):
    with RunningSandbox() as sandbox:
        slack, canvases = connect("sandbox-bot-token", sandbox.slack_api_url), sandbox._sandbox.slack.workspace.canvases
        look(weeks, slack)
        signed_and_taken_over(weeks)
        look(weeks, slack)
        (canvas,) = canvases.values()

        assert "Posted without a signature" not in canvas["markdown"]
        assert "Accepted by @U0LEE" in canvas["markdown"]
        assert canvas["access"] == {"C0ONCALL": "read"}


def test_what_did_not_change_is_not_written_again(weeks):
    slack = Failing()
    look(weeks, slack, times=3)
    signed_and_taken_over(weeks)
    look(weeks, slack, times=3)

    assert (slack.asked, slack.rewritten) == (1, ["F0CANVAS"])


@pytest.mark.parametrize("error", [RateLimited("Slack"), Unavailable("Slack")])
def test_while_slack_is_busy_or_silent_the_newer_words_wait(weeks, error):
    slack = Failing()
    look(weeks, slack)
    signed_and_taken_over(weeks)
    slack.errors.append(error)
    look(weeks, slack, times=3)

    assert slack.rewritten == ["F0CANVAS", "F0CANVAS"]
    assert weeks.store.read(rows.canvas_problem) is None


def test_a_canvas_that_somebody_deleted_is_asked_for_once_and_the_doctor_knows_why(weeks):
    with RunningSandbox() as sandbox:
        slack, canvases = connect("sandbox-bot-token", sandbox.slack_api_url), sandbox._sandbox.slack.workspace.canvases
        look(weeks, slack)
        canvases.clear()
        signed_and_taken_over(weeks)
        look(weeks, slack, times=3)
        asked = sandbox.log.calls("canvases.edit")

    assert len(asked) == 1
    assert "canvas_not_found" in weeks.store.read(rows.canvas_problem)


def test_where_the_app_may_not_the_card_is_enough_and_the_doctor_knows_why(weeks):
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    with RunningSandbox(Settings(manifest=manifest)) as sandbox:
        look(weeks, connect("sandbox-bot-token", sandbox.slack_api_url))

        assert sandbox._sandbox.slack.workspace.canvases == {}
    assert "missing_scope" in weeks.store.read(rows.canvas_problem)
    assert weeks.notes() == []


class Failing:
    """Slack that answers with an error first, if one is given, and counts how often it is asked."""

    def __init__(self, *errors: VendorError) -> None:
        self.errors, self.asked, self.rewritten = list(errors), 0, []

    def canvas(self, *_):
        self.asked += 1
        if self.errors:
            raise self.errors.pop()
        return "F0CANVAS"

    def rewrite_canvas(self, canvas_id, _):
        self.rewritten.append(canvas_id)
        if self.errors:
            raise self.errors.pop()


def test_asked_too_much_at_once_it_makes_the_canvas_later(weeks):
    slack = Failing(RateLimited("Slack"))
    look(weeks, slack, times=3)

    assert (slack.asked, row(weeks).canvas_id) == (2, "F0CANVAS")


def test_where_it_may_have_been_made_it_is_not_asked_for_again(weeks):
    slack = Failing(OutcomeUnknown("Slack"))
    look(weeks, slack, times=3)

    assert (slack.asked, row(weeks).canvas_id) == (1, None)
