"""Business date to run and back, as Airflow's own timetables make the runs."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.dates.cron import Cron
from bot.dates.timetable import CalendarDays, CronTicks, EveryTicks, Kind, Timetable
from bot.loads import BusinessDates, DateIs

SEOUL, BERLIN, NEW_YORK, LORD_HOWE = map(
    ZoneInfo, ("Asia/Seoul", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
)
ZONES = st.sampled_from([SEOUL, BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("UTC"), ZoneInfo("America/Sao_Paulo")])
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
KINDS, MEANINGS = st.sampled_from(Kind), st.sampled_from([each for each in DateIs if each is not DateIs.PARTITION_KEY])


def by_cron(written, zone, kind=Kind.INTERVAL, date_is=DateIs.INTERVAL_START, offset=0):
    timetable = Timetable(CronTicks(Cron.parse(written), zone), kind)
    return BusinessDates(zone, date_is, offset, timetable, schedule=written)


def at(*parts, zone=SEOUL):
    return datetime(*parts, tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("kind", "date_is", "offset", "logical", "interval", "due"),
    [
        pytest.param("interval", "interval_start", 0, (20, 0, 30), ((20, 0, 30), (21, 0, 30)), (21, 0, 30), id="start"),
        pytest.param("interval", "interval_end", 0, (19, 0, 30), ((19, 0, 30), (20, 0, 30)), (20, 0, 30), id="end"),
        pytest.param("interval", "run_after", 1, (20, 0, 30), ((20, 0, 30), (21, 0, 30)), (21, 0, 30), id="due + 1"),
        pytest.param("trigger", "run_after", 0, (20, 0, 30), ((20, 0, 30), (20, 0, 30)), (20, 0, 30), id="trigger"),
        pytest.param("trigger", "run_after", 1, (21, 0, 30), ((21, 0, 30), (21, 0, 30)), (21, 0, 30), id="trigger + 1"),
    ],
)
def test_half_past_midnight_in_seoul_is_that_days_run(kind, date_is, offset, logical, interval, due):
    """In UTC it is the day before: whoever takes the date of the logical date there loads another day."""
    dates = by_cron("30 0 * * *", SEOUL, Kind(kind), DateIs(date_is), offset)

    [slot] = dates.slots(date(2026, 11, 20))
    assert slot.logical_at == at(2026, 11, *logical)
    assert (slot.interval_start, slot.interval_end) == tuple(at(2026, 11, *end) for end in interval)
    assert slot.run_after == at(2026, 11, *due)
    assert slot.logical_at.date() == date(2026, 11, logical[0] - 1)


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        pytest.param(date(2026, 3, 28), 1, id="winter"),
        pytest.param(date(2026, 3, 29), 1, id="the clock skips 02:30: an hour on"),
        pytest.param(date(2026, 3, 30), 0, id="summer"),
        pytest.param(date(2026, 10, 24), 0, id="still summer"),
        pytest.param(date(2026, 10, 25), 1, id="02:30 twice: the later one"),
    ],
)
def test_the_clock_on_the_wall_decides_across_a_change_of_the_clocks(day, hour):
    [slot] = by_cron("30 2 * * *", BERLIN, Kind.TRIGGER, DateIs.RUN_AFTER).slots(day)

    assert slot.run_after == datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_an_hourly_load_has_as_many_runs_as_the_day_has_hours(day, hours):
    slots = by_cron("15 * * * *", BERLIN).slots(day)

    assert len(slots) == hours
    assert {after.run_after - before.run_after for before, after in pairwise(slots)} == {timedelta(hours=1)}


def test_a_weekly_load_has_a_run_only_on_its_day():
    dates = by_cron("0 6 * * mon", SEOUL)

    [slot] = dates.slots(date(2026, 11, 16))
    assert slot.interval_end - slot.interval_start == timedelta(days=7)
    assert dates.slots(date(2026, 11, 17)) == ()


def test_a_length_of_time_is_counted_from_the_start_of_the_dag():
    ticks = EveryTicks(timedelta(days=1), datetime(2026, 1, 1, 0, 30, tzinfo=SEOUL))
    dates = BusinessDates(SEOUL, DateIs.INTERVAL_START, 0, Timetable(ticks, Kind.INTERVAL), schedule="1d")

    [slot] = dates.slots(date(2026, 11, 20))
    assert slot.logical_at == at(2026, 11, 20, 0, 30)
    assert slot.run_after == at(2026, 11, 21, 0, 30)


def test_without_a_schedule_each_calendar_day_is_one_run():
    dates = BusinessDates(SEOUL, timetable=Timetable(CalendarDays(SEOUL), Kind.INTERVAL))

    [slot] = dates.slots(date(2026, 11, 20))
    assert (slot.interval_start, slot.interval_end) == (at(2026, 11, 20), at(2026, 11, 21))


def test_a_partition_key_is_written_as_the_team_writes_it():
    dates = BusinessDates(SEOUL, DateIs.PARTITION_KEY, offset=1, partition_format="%Y%m%d")

    assert dates.key(date(2026, 11, 20)) == "20261121"


MINUTES, HOURS = st.integers(0, 59), st.integers(0, 23)
CRONS = st.one_of(
    st.builds("{} {} * * *".format, MINUTES, HOURS),
    st.builds("{} {} * * {}".format, MINUTES, HOURS, st.integers(0, 6)),
    st.builds("{} {} {} * *".format, MINUTES, HOURS, st.integers(1, 31)),
    st.builds("{} */{} * * *".format, MINUTES, st.sampled_from([2, 3, 6, 12])),
    st.builds("{} * * * *".format, MINUTES),
)
EVERY = st.builds(
    EveryTicks,
    st.timedeltas(timedelta(hours=1), timedelta(days=10)).map(lambda d: timedelta(seconds=d // timedelta(seconds=1))),
    st.builds(datetime.combine, DAYS, st.times(), ZONES),
)


@st.composite
def business_dates(draw):
    zone = draw(ZONES)
    ticks = draw(st.one_of(st.builds(CronTicks, CRONS.map(Cron.parse), st.just(zone)), EVERY))
    return BusinessDates(zone, draw(MEANINGS), draw(st.integers(-3, 3)), Timetable(ticks, draw(KINDS)), schedule="x")


@given(business_dates(), DAYS)
def test_every_run_of_a_date_says_that_date(dates, day):
    assert {dates.date_of(slot) for slot in dates.slots(day)} <= {day}


@given(business_dates(), DAYS)
def test_every_run_of_the_schedule_belongs_to_exactly_one_date(dates, day):
    """None is left out and none is loaded twice, whatever the clocks do."""
    days = [day + timedelta(days=n) for n in range(6)]
    found = [slot for each in days for slot in dates.slots(each)]
    begins, _ = dates.bounds(days[0] + timedelta(days=dates.offset))
    _, ends = dates.bounds(days[-1] + timedelta(days=dates.offset))
    around = dates.timetable.slots(begins - timedelta(days=1), ends + timedelta(days=1))

    assert found == [slot for slot in around if dates.date_of(slot) in days]
    assert len(set(found)) == len(found)


@given(business_dates(), DAYS)
def test_intervals_follow_one_another_without_a_gap(dates, day):
    begins, ends = dates.bounds(day)
    slots = list(dates.timetable.slots(begins, ends + timedelta(days=40)))
    assume(dates.timetable.kind is Kind.INTERVAL)

    assert all(before.interval_end == after.interval_start for before, after in pairwise(slots))
    assert all(slot.run_after == slot.interval_end > slot.logical_at == slot.interval_start for slot in slots)


@given(st.integers(0, 59), st.integers(0, 23), ZONES, DAYS)
def test_a_daily_run_is_due_at_its_time_by_the_clock_on_the_wall(minute, hour, zone, day):
    [slot] = by_cron(f"{minute} {hour} * * *", zone, Kind.TRIGGER, DateIs.RUN_AFTER).slots(day)

    local = slot.run_after.astimezone(zone)
    assert local.date() == day
    assert local.time() == time(hour, minute) or time(hour, minute) < local.time()  # the clock skips it: later


@pytest.mark.parametrize(
    ("written", "days", "times"),
    [
        ("@daily", ["2026-11-20", "2026-11-21"], ["00:00"]),
        ("0 9 * * mon-fri", ["2026-11-20", "2026-11-23"], ["09:00"]),
        ("0 9 * * 5-7", ["2026-11-20", "2026-11-22"], ["09:00"]),
        ("0 0 1,20 * mon", ["2026-11-20", "2026-11-23", "2026-12-01"], ["00:00"]),
        ("*/30 6 29 feb *", ["2028-02-29"], ["06:00", "06:30"]),
        ("5 4/8 * * *", ["2026-11-20"], ["04:05", "12:05", "20:05"]),
    ],
)
def test_cron_is_read_as_airflow_reads_it(written, days, times):
    cron = Cron.parse(written)

    assert all(cron.fits(date.fromisoformat(day)) for day in days)
    assert [f"{at:%H:%M}" for at in cron.times()] == times


@pytest.mark.parametrize(
    "written", ["", "* * * *", "60 0 * * *", "0 0 30 2 *", "0 0 * * fri-mon", "a b c d e", "1-0 * * * *"]
)
def test_what_is_no_cron_or_never_due_is_refused(written):
    with pytest.raises(ValueError, match=r"."):
        Cron.parse(written)
