"""How much working time passes, over nights, weekends and changes of the clock."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.oncall.hours import after_working, is_working, worked
from bot.oncall.model import WorkingHours

SEOUL = WorkingHours(ZoneInfo("Asia/Seoul"), time(9), time(18))
BERLIN = WorkingHours(ZoneInfo("Europe/Berlin"), time(9), time(17))
HOUR = timedelta(hours=1)


def at(words, hours=SEOUL):
    return datetime.fromisoformat(words).replace(tzinfo=hours.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("since", "span", "until"),
    [
        pytest.param("2026-11-23T10:00", HOUR, "2026-11-23T11:00", id="within a day"),
        pytest.param("2026-11-23T17:30", HOUR, "2026-11-24T09:30", id="into the next morning"),
        pytest.param("2026-11-20T17:30", HOUR, "2026-11-23T09:30", id="over a weekend"),
        pytest.param("2026-11-21T03:00", HOUR, "2026-11-23T10:00", id="asked on a Saturday night"),
        pytest.param("2026-11-23T09:00", 9 * HOUR, "2026-11-23T18:00", id="the last moment of the same day"),
        pytest.param("2026-11-23T19:00", 0 * HOUR, "2026-11-24T09:00", id="no time, at night"),
    ],
)
def test_working_time_passes_only_in_working_hours(since, span, until):
    assert after_working(at(since), span, SEOUL) == at(until)


def test_a_change_of_the_clock_between_two_days_changes_nothing():
    friday = at("2026-10-23T16:00", BERLIN)

    assert after_working(friday, 2 * HOUR, BERLIN) == at("2026-10-26T10:00", BERLIN)


def test_what_lies_at_night_is_no_working_time():
    assert worked(at("2026-11-23T17:00"), at("2026-11-24T10:00"), SEOUL) == 2 * HOUR
    assert worked(at("2026-11-24T10:00"), at("2026-11-23T17:00"), SEOUL) == timedelta(0)


@settings(max_examples=60, deadline=None)
@given(
    minutes=st.integers(0, 60 * 24 * 400),
    span=st.integers(1, 60 * 60).map(lambda n: timedelta(minutes=n)),
    hours=st.sampled_from([SEOUL, BERLIN]),
)
def test_so_much_has_been_worked_as_was_to_pass(minutes, span, hours):
    since = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    until = after_working(since, span, hours)

    assert worked(since, until, hours) == span
    assert is_working(until - timedelta(seconds=1), hours)
