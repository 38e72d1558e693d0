"""The contract for a calendar in a file, and what is special about calendars."""

import zlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import stamina

from bot.adapters.calendar import Calendar, CalendarSchedules
from bot.ports.errors import Forbidden, NotFound, Unavailable
from bot.ports.paging import Nobody, Responder, Somebody
from tests.contract.paging.suite import WEEK, Case, GapContract, SchedulesContract
from tests.oncall.scripted import Answer, scripted

SEOUL = ZoneInfo("Asia/Seoul")
PEOPLE = ("minji@haneul.example", "junho@haneul.example", "alex@haneul.example")
MONDAY = datetime(2026, 9, 7, 10, tzinfo=SEOUL)
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def calendar(*events):
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *events, "END:VCALENDAR", ""])


def event(*lines):
    uid = zlib.crc32("".join(lines).encode())
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260901T000000Z", *lines, "END:VEVENT"])


def turn(number):
    start = MONDAY + number * WEEK
    return event(
        f"DTSTART;TZID=Asia/Seoul:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Asia/Seoul:{start + WEEK:%Y%m%dT%H%M%S}",
        "RRULE:FREQ=WEEKLY;INTERVAL=3",
        f"SUMMARY:On call {number}",
        f"ATTENDEE;CN=Somebody:mailto:{PEOPLE[number]}",
    )


def plan(moment):
    return PEOPLE[(moment - MONDAY) // WEEK % len(PEOPLE)]


@pytest.fixture
def opened():
    made = []

    def schedules(content, tmp_path, zone=SEOUL):
        path = tmp_path / f"rota{len(made)}.ics"
        path.write_text(content, newline="")
        made.append(CalendarSchedules({"data-platform": Calendar(zone, file=path)}))
        return made[-1]

    yield schedules
    for each in made:
        each.close()


@pytest.fixture
def case(opened, tmp_path):
    schedules = opened(calendar(*map(turn, range(3))), tmp_path)
    return Case(schedules, "data-platform", NOW, plan)


@pytest.fixture
def gap(case):
    return Case(case.schedules, case.schedule, MONDAY.astimezone(UTC) - timedelta(hours=1), plan)


class TestSchedules(SchedulesContract): ...


class TestGaps(GapContract): ...


def test_who_it_is_stands_in_the_attendees_else_in_the_title(opened, tmp_path):
    day = ("DTSTART:20261125T000000Z", "DTEND:20261126T000000Z")
    by_address = opened(calendar(event(*day, "SUMMARY:on call: minji@haneul.example")), tmp_path)
    by_name = opened(calendar(event(*day, "SUMMARY:김민지")), tmp_path)

    assert by_address.current("data-platform", NOW).responders[0].email == "minji@haneul.example"
    assert by_name.current("data-platform", NOW).responders == (Responder("김민지", display="김민지"),)


def test_whoever_has_the_smaller_priority_responds_first(opened, tmp_path):
    day = ("DTSTART:20261125T000000Z", "DTEND:20261126T000000Z")
    second = event(*day, "SUMMARY:alex@haneul.example", "PRIORITY:2")
    first = event(*day, "SUMMARY:minji@haneul.example", "PRIORITY:1")

    current = opened(calendar(second, first), tmp_path).current("data-platform", NOW)

    assert [responder.email for responder in current.responders] == ["minji@haneul.example", "alex@haneul.example"]


def test_whole_days_and_times_without_a_zone_are_in_the_calendars_zone(opened, tmp_path):
    days = event("DTSTART;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261126", "SUMMARY:minji@haneul.example")
    floating = event("DTSTART:20261126T000000", "DTEND:20261127T000000", "SUMMARY:alex@haneul.example")

    first, second = opened(calendar(days, floating), tmp_path).shifts("data-platform", NOW, NOW + timedelta(days=2))

    assert first.start_at == datetime(2026, 11, 25, tzinfo=SEOUL)
    assert first.end_at == second.start_at == datetime(2026, 11, 26, tzinfo=SEOUL)


def test_handovers_keep_their_wall_time_when_the_clock_changes(opened, tmp_path):
    daily = event(
        "DTSTART;TZID=Europe/Berlin:20261001T100000",
        "DTEND;TZID=Europe/Berlin:20261001T220000",
        "RRULE:FREQ=DAILY",
        "SUMMARY:minji@haneul.example",
    )
    schedules = opened(calendar(daily), tmp_path)

    starts = [
        shift.start_at
        for shift in schedules.shifts(
            "data-platform", datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC)
        )
    ]

    assert [start.hour for start in starts] == [8, 9]


def test_a_cancelled_or_moved_event_counts_as_what_it_became(opened, tmp_path):
    cancelled = event(
        "DTSTART:20261125T000000Z", "DTEND:20261126T000000Z", "SUMMARY:minji@haneul.example", "STATUS:CANCELLED"
    )

    assert isinstance(opened(calendar(cancelled), tmp_path).current("data-platform", NOW), Nobody)


TWO_BEGINNINGS = calendar(event("DTSTART:20261125T000000Z", "DTSTART:20261126T000000Z", "SUMMARY:minji"))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("<html>login</html>", id="a page"),
        pytest.param("", id="nothing"),
        pytest.param("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", id="half"),
        pytest.param(TWO_BEGINNINGS, id="two beginnings"),
    ],
)
def test_what_is_no_calendar_is_no_empty_rota(opened, tmp_path, content):
    with pytest.raises(Unavailable):
        opened(content, tmp_path).current("data-platform", NOW)


def test_a_file_that_is_not_there_is_unavailable(tmp_path):
    schedules = CalendarSchedules({"data-platform": Calendar(SEOUL, file=tmp_path / "none.ics")})

    with pytest.raises(Unavailable, match="No such file"):
        schedules.current("data-platform", NOW)
    schedules.close()


@pytest.mark.parametrize(("status", "error"), [(200, None), (403, Forbidden), (404, NotFound), (500, Unavailable)])
def test_an_address_is_asked_once_in_a_while_and_stands_in_no_error(status, error):
    with scripted() as server:
        server.answer = lambda _: Answer(status, calendar(*map(turn, range(3))).encode())
        schedules = CalendarSchedules({"data-platform": Calendar(SEOUL, url=f"{server.url}/secret-part.ics")})
        if error:
            with stamina.set_testing(True), pytest.raises(error) as caught:
                schedules.current("data-platform", NOW)
            assert "secret-part" not in str(caught.value)
        else:
            answers = [schedules.current("data-platform", NOW) for _ in range(3)]
            assert all(isinstance(answer, Somebody) for answer in answers)
            assert len(server.asked) == 1
        schedules.close()
