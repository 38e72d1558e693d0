"""What was not seen in a window is unavailable in every form of its report, and never zero."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import outages
from bot.handoff.model import Name, Report, Scope
from bot.handoff.queries import report
from bot.handoff.written import as_json
from bot.oncall import service as oncall
from bot.oncall.model import WorkingHours
from bot.ports.errors import Unavailable
from bot.store import Store
from bot.text import Code, text
from bot.views.handoff import report_blocks
from bot.views.reader import Reader
from bot.views.report_lines import sections
from bot.views.report_markdown import markdown
from tests.handoff.story import ASKED, CHANNEL, MINJI, SCHEDULE, Story
from tests.requests.book import HELP, SEOUL, Book

START = datetime(2026, 11, 16, 1, tzinfo=UTC)
WEEK, DAY, HOUR = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1)
END = START + WEEK
SEEN_IN_AIRFLOW = (Name.RESOLVED, Name.SELF_HEALED, Name.MTTR_MEDIAN, Name.MTTR_P90)
READER = Reader("en", ZoneInfo("Asia/Seoul"), END)
A_TIME, MOST = "unavailable: Airflow did not answer for a time", "unavailable: Airflow did not answer most of the time"


@pytest.fixture
def story(any_store: Store) -> Story:
    return Story(any_store)


@pytest.fixture
def book(any_store: Store) -> Book:
    return Book(any_store)


def silent(story: Story, span: timedelta) -> None:
    """Have Airflow not answer for a time, in the middle of which something breaks."""
    story.store.write(lambda tx: outages.failed(tx, "airflow:airflow", START + DAY, "no answer"))
    story.breaks("orders", START + DAY + span / 2)
    story.store.write(lambda tx: outages.answered(tx, "airflow:airflow", START + DAY + span))


def forms(found: Report) -> tuple[str, str]:
    """Return the report in Slack, and as a page."""
    return json.dumps(report_blocks(found, READER), ensure_ascii=False), markdown(found, READER)


@pytest.mark.parametrize(("span", "why"), [(3 * HOUR, A_TIME), (5 * DAY, MOST)])
def test_where_airflow_was_not_seen_nothing_resolved_is_unavailable(story: Story, span: timedelta, why: str) -> None:
    silent(story, span)

    found = story.report(START, END)

    data, (slack, page) = as_json(found)["figures"], forms(found)
    assert {data[name]["value"] for name in SEEN_IN_AIRFLOW} == {None}
    assert all(data[name]["why"] for name in SEEN_IN_AIRFLOW)
    assert f"median *– ({why})*" in slack
    assert page.count(f"– ({why})") >= len(SEEN_IN_AIRFLOW)
    assert "Airflow (airflow) did not answer" in slack
    assert "Airflow (airflow) did not answer" in page
    assert found.figures[Name.RAISED].value == 1  # an alert comes by Slack


def test_what_was_resolved_in_spite_of_a_short_gap_counts(story: Story) -> None:
    incident = story.breaks("payments", START)
    story.resolves(MINJI, incident, START + HOUR)
    silent(story, 3 * HOUR)

    found = story.report(START, END)

    assert found.figures[Name.RESOLVED].value == 1
    assert found.figures[Name.MTTR_MEDIAN].value == 60
    assert found.figures[Name.SELF_HEALED].value is None


def unread(story: Story, span: timedelta) -> None:
    """Have Baton away for longer than it reads back, and nothing known to be open."""
    story.breaks("payments", START - DAY)
    story.is_well("payments", START - DAY + HOUR)
    story.store.write(lambda tx: outages.missed(tx, f"slack:{CHANNEL}", START + DAY, START + DAY + span, "away"))


A_GAP, MOSTLY = "unavailable: not all of the channel was read", "unavailable: most of the channel was not read"


@pytest.mark.parametrize(("span", "why"), [(3 * HOUR, A_GAP), (5 * DAY, MOSTLY)])
def test_where_a_channel_was_not_read_nothing_raised_is_unavailable(story: Story, span: timedelta, why: str) -> None:
    unread(story, span)

    found = story.report(START, END)

    slack, page = forms(found)
    assert {found.figures[name].value for name in (Name.RAISED, Name.ALERTS, Name.RESOLVED, Name.OPEN)} == {None}
    raised = next(section for section in sections(found) if section.key == "raised")
    assert raised.lines == (text("report.unavailable", why=found.figures[Name.RAISED].why),), (
        "said once, not five times"
    )
    assert f"<#{CHANNEL}> could not be read" in slack
    assert f"#{CHANNEL} could not be read" in page
    assert "🌙" not in slack
    assert "enjoy the calm" not in slack + page


def test_what_broke_beside_an_unread_time_counts(story: Story) -> None:
    unread(story, 3 * HOUR)
    story.breaks("orders", START)

    assert story.report(START, END).figures[Name.RAISED].value == 1


def test_of_another_schedules_channel_nothing_is_doubted(story: Story) -> None:
    unread(story, 0 * HOUR)
    story.store.write(lambda tx: outages.missed(tx, "slack:C0OTHERS", START + DAY, START + 2 * DAY, "away"))

    assert story.report(START, END).figures[Name.RAISED].value == 0


def unasked(story: Story, span: timedelta) -> None:
    """Have nobody hear for a time what colleagues ask, and nothing be amiss otherwise."""
    story.breaks("payments", START - DAY)
    story.is_well("payments", START - DAY + HOUR)
    story.store.write(lambda tx: outages.missed(tx, f"asked:{ASKED}", START + DAY, START + DAY + span, "away"))


NOT_ALL, HARDLY = (
    "unavailable: requests were not read for a time",
    "unavailable: requests were not read most of the time",
)


@pytest.mark.parametrize(("span", "why"), [(3 * HOUR, NOT_ALL), (5 * DAY, HARDLY)])
def test_where_nobody_heard_what_was_asked_no_request_is_unavailable(story: Story, span: timedelta, why: str) -> None:
    unasked(story, span)

    found = story.report(START, END)

    data, (slack, page) = as_json(found), forms(found)
    for name in (Name.REQUESTS_DONE, Name.REQUESTS_WAITING, Name.ORPHANS):
        assert data["figures"][name]["value"] is None
        assert data["figures"][name]["why"]["$text"] == f"report.why.asked_{'gap' if why is NOT_ALL else 'silent'}"
    assert slack.count(f"– ({why})") == 1, "said once, not for each figure"
    assert page.count(f"– ({why})") == 1 + 3  # and for each in the table
    away = (START + DAY).isoformat(), (START + DAY + span).isoformat()
    assert away in [(each["since"], each["until"]) for each in data["doubts"]]
    assert f"Requests in <#{ASKED}> could not be read" in slack
    assert f"Requests in #{ASKED} could not be read" in page
    assert found.figures[Name.RAISED].value == 0  # alerts come elsewhere
    assert found.first == text("report.first.unseen")
    assert not found.is_quiet


def test_what_was_asked_beside_an_unread_time_counts_and_what_was_done_is_not_said_to_be_nothing(book: Book) -> None:
    asked = book.asked()
    since, scope = book.now - HOUR, Scope("data", frozenset({"alerts"}), WorkingHours(SEOUL), asked=frozenset({HELP}))
    book.store.write(lambda tx: outages.missed(tx, f"asked:{HELP}", since, since + HOUR / 2, "away"))

    found = book.store.read(lambda tx: report(tx, scope, since, since + 6 * HOUR))

    assert found.figures[Name.REQUESTS_WAITING].value == 1
    lines = next(section for section in sections(found) if section.key == "requests").lines
    why = text("report.unavailable", why=text("report.why.asked_gap"))
    assert lines[0] == text("report.figure", name=text("report.name.requests_done"), value=why)
    assert [line.params["name"] for line in lines[1:]] == [Code(asked.words)]


class Silent:
    """A provider that does not answer."""

    def current(self, *_: object) -> None:
        raise Unavailable("static", "no answer")


def test_who_was_on_call_while_the_provider_did_not_answer_is_unknown_and_not_nobody(story: Story) -> None:
    story.breaks("orders", START)
    with pytest.raises(Unavailable):
        oncall.refresh(story.store, Silent(), SCHEDULE, "rota", START + HOUR)

    found = story.report(START, END)

    for form in forms(found):
        assert "Who was on call is not known" in form
    assert any("report.doubt.on_call" in json.dumps(each) for each in as_json(found)["doubts"])
    assert found.figures[Name.CALLED].value == 1
    assert not found.is_quiet
