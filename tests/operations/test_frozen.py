from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.freezes import Freeze
from bot.operations.frozen import frozen_until, windows

WEEKEND = {"weekly": [{"from": "fri 18:00", "to": "mon 09:00"}]}
NIGHTS = {"daily": [{"days": ["mon", "tue"], "from": "22:00", "to": "06:00"}]}
ALL_NIGHTS = {"daily": [{"from": "22:00", "to": "06:00"}]}
NOON = {"daily": [{"from": "12:00", "to": "13:00"}]}
HOLIDAYS = {"dates": [{"from": "2026-12-24", "to": "2026-12-26"}]}
CLOSE = {"dates": [{"from": "2026-12-31 18:00", "to": "2027-01-02 09:00"}]}


def freeze(when, zone="Asia/Seoul"):
    return Freeze.model_validate({"name": "close", "zone": zone, **when})


def local(written, zone="Asia/Seoul", fold=0):
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone), fold=fold)


@pytest.mark.parametrize(
    ("when", "now", "until"),
    [
        pytest.param(WEEKEND, "2026-11-20T18:00", "2026-11-23T09:00", id="from its first minute"),
        pytest.param(WEEKEND, "2026-11-22T12:00", "2026-11-23T09:00", id="over several days"),
        pytest.param(WEEKEND, "2026-11-23T09:00", None, id="its end is no part of it"),
        pytest.param(WEEKEND, "2026-11-20T17:59", None, id="nor is the minute before"),
        pytest.param(NIGHTS, "2026-11-23T23:00", "2026-11-24T06:00", id="over night"),
        pytest.param(NIGHTS, "2026-11-25T05:59", "2026-11-25T06:00", id="the night that began on Tuesday"),
        pytest.param(NIGHTS, "2026-11-25T22:30", None, id="not the night of Wednesday"),
        pytest.param(NIGHTS, "2026-11-23T05:00", None, id="nor the one of Sunday"),
        pytest.param(NOON, "2026-11-22T12:30", "2026-11-22T13:00", id="within a day"),
        pytest.param(HOLIDAYS, "2026-12-26T23:59", "2026-12-27T00:00", id="a date as the end is that whole day"),
        pytest.param(HOLIDAYS, "2026-12-27T00:00", None, id="and no longer"),
        pytest.param(CLOSE, "2026-12-31T18:00", "2027-01-02T09:00", id="between two times of dates"),
        pytest.param(
            ALL_NIGHTS | {"daily": [*ALL_NIGHTS["daily"], {"from": "06:00", "to": "08:00"}]},
            "2026-11-22T23:00",
            "2026-11-23T08:00",
            id="windows that follow on each other are told as one",
        ),
    ],
)
def test_a_freeze_says_until_when(when, now, until):
    assert frozen_until(freeze(when), local(now)) == (local(until) if until else None)


def test_the_clocks_of_its_zone_count():
    now = local("2026-11-20T18:30", "Asia/Seoul")

    assert frozen_until(freeze(WEEKEND), now) is not None
    assert frozen_until(freeze(WEEKEND, "Europe/Berlin"), now) is None


def test_the_night_in_which_clocks_go_back_is_frozen_an_hour_longer():
    night = freeze(ALL_NIGHTS, "Europe/Berlin")
    now = local("2026-10-24T22:00", "Europe/Berlin")
    until = frozen_until(night, now)

    assert until == local("2026-10-25T06:00", "Europe/Berlin")
    assert until - now.astimezone(UTC) == timedelta(hours=9)


@pytest.mark.parametrize(
    ("begin", "end", "now", "fold", "is_frozen"),
    [
        pytest.param("02:30", "05:00", "2026-10-25T02:45", 0, True, id="begins in an hour that comes twice: the first"),
        pytest.param("01:00", "02:30", "2026-10-25T02:15", 1, True, id="ends in an hour that comes twice: the second"),
        pytest.param("01:00", "02:30", "2026-10-25T02:45", 1, False, id="and not later"),
        pytest.param("02:30", "05:00", "2026-03-29T03:30", 0, True, id="begins in the hour that is left out"),
        pytest.param("01:00", "02:30", "2026-03-29T03:15", 0, True, id="ends in the hour that is left out"),
        pytest.param("01:00", "02:30", "2026-03-29T03:30", 0, False, id="and not later than it would have"),
    ],
)
def test_where_clocks_are_changed_a_freeze_is_the_longer_one(begin, end, now, fold, is_frozen):
    night = freeze({"daily": [{"from": begin, "to": end}]}, "Europe/Berlin")

    assert (frozen_until(night, local(now, "Europe/Berlin", fold)) is not None) is is_frozen


def test_what_is_frozen_for_ever_is_frozen_for_a_long_time():
    always = freeze({"daily": [{"from": "09:00", "to": "09:00"}]})
    now = local("2026-11-22T12:00")
    until = frozen_until(always, now)

    assert until is not None
    assert until > now + timedelta(days=60)


BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
TIMES = st.times().map(lambda at: f"{at:%H:%M}")
DAYS = st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
WEEK_MOMENTS = st.tuples(DAYS, TIMES).map(" ".join)
ZONES = st.sampled_from(["Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
WHENS = st.one_of(
    st.tuples(TIMES, TIMES).map(lambda span: {"daily": [{"from": span[0], "to": span[1]}]}),
    st.tuples(WEEK_MOMENTS, WEEK_MOMENTS)
    .filter(lambda span: span[0] != span[1])
    .map(lambda span: {"weekly": [{"from": span[0], "to": span[1]}]}),
)


@given(when=WHENS, zone=ZONES, now=MOMENTS)
def test_it_is_frozen_exactly_within_a_window_and_free_at_the_end(when, zone, now):
    held = freeze(when, zone)
    until = frozen_until(held, now)
    inside = any(begin <= now < end for begin, end in windows(held, now))

    assert (until is not None) is inside
    if until is not None and until < now + timedelta(days=60):
        assert frozen_until(held, until) is None
        assert frozen_until(held, until - timedelta(seconds=1)) is not None


@given(when=WHENS, zone=ZONES, now=MOMENTS)
def test_what_is_frozen_now_is_frozen_at_the_same_time_a_week_later(when, zone, now):
    held, here = freeze(when, zone), ZoneInfo(zone)
    local_now = now.astimezone(here).replace(tzinfo=None, hour=12, minute=0)  # clocks change at night
    this_week, next_week = (
        frozen_until(held, (local_now + timedelta(days=days)).replace(tzinfo=here)) is not None for days in (0, 7)
    )

    assert this_week is next_week
