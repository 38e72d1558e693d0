from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.oncall.hours import is_working, last_start, next_start
from bot.oncall.model import Covered, Duty, Engineer, Held, MentionRules, Notify, Quiet, When, Why, WorkingHours
from bot.oncall.rules import mention
from bot.triage.model import Severity

SEOUL = ZoneInfo("Asia/Seoul")
HOURS = WorkingHours(SEOUL)
RULES = MentionRules()
DUTY = Duty("data-platform", "S0ONCALL", Covered((Engineer("김민지", "U0MINJI"),)))
NIGHT = datetime(2026, 11, 25, 3, tzinfo=SEOUL)  # a Wednesday
MORNING = datetime(2026, 11, 25, 9, tzinfo=SEOUL)

# Clocks that change at night, at midnight, by half an hour, twice in Ramadan, and never.
ZONES = [
    "America/New_York",
    "America/Santiago",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Europe/Berlin",
    "Asia/Seoul",
    "UTC",
]


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.ERROR])
def test_what_is_serious_mentions_at_night(severity):
    assert mention(RULES, severity, NIGHT, HOURS, DUTY) == Notify(("U0MINJI",))


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.INFO])
def test_what_is_not_serious_waits_for_the_morning(severity):
    assert mention(RULES, severity, NIGHT, HOURS, DUTY) == Held(MORNING, Why.MORNING)


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.ERROR, Severity.WARNING])
def test_warnings_and_worse_mention_in_working_hours(severity):
    assert mention(RULES, severity, MORNING, HOURS, DUTY) == Notify(("U0MINJI",))


def test_what_only_informs_waits_for_the_next_morning_at_any_time():
    assert mention(RULES, Severity.INFO, MORNING, HOURS, DUTY) == Held(MORNING + timedelta(days=1), Why.MORNING)


def test_friday_evening_waits_for_monday():
    friday = datetime(2026, 11, 27, 18, tzinfo=SEOUL)

    assert mention(RULES, Severity.INFO, friday, HOURS, DUTY) == Held(
        datetime(2026, 11, 30, 9, tzinfo=SEOUL), Why.MORNING
    )


def test_a_route_may_keep_a_severity_quiet_for_good():
    rules = MentionRules({Severity.INFO: When.NEVER})

    assert mention(rules, Severity.INFO, MORNING, HOURS, DUTY) == Quiet()


def test_what_pages_without_a_mention_waits_as_a_mention_would():
    rules = MentionRules({Severity.ERROR: When.NEVER})
    later = MORNING + timedelta(minutes=10)
    pages = partial(mention, rules, Severity.ERROR, MORNING, HOURS, DUTY, wakes=True)

    assert pages() == Quiet()
    assert pages(silenced_until=later) == Held(later, Why.SILENCED)
    assert pages(healing_until=later) == Held(later, Why.RETRYING)


def test_a_severity_that_a_route_forgets_mentions_at_once():
    assert mention(MentionRules({}), Severity.WARNING, NIGHT, HOURS, DUTY) == Notify(("U0MINJI",))


def test_an_incident_that_reopens_mentions_at_most_once_an_hour():
    before = NIGHT - timedelta(minutes=59)

    assert mention(RULES, Severity.ERROR, NIGHT, HOURS, DUTY, mentioned_at=before) == Held(
        before + timedelta(hours=1), Why.AGAIN
    )
    assert mention(RULES, Severity.ERROR, NIGHT + timedelta(minutes=1), HOURS, DUTY, mentioned_at=before) == Notify(
        ("U0MINJI",)
    )


def test_a_warning_that_comes_back_after_work_belongs_to_the_morning_though_it_mentioned_within_the_hour():
    evening = datetime(2026, 11, 25, 18, 10, tzinfo=SEOUL)
    decided = mention(RULES, Severity.WARNING, evening, HOURS, DUTY, mentioned_at=evening - timedelta(minutes=20))

    assert decided == Held(MORNING + timedelta(days=1), Why.MORNING)


def test_what_may_heal_by_itself_waits_for_that_but_not_when_it_is_critical():
    later = NIGHT + timedelta(minutes=30)

    assert mention(RULES, Severity.ERROR, NIGHT, HOURS, DUTY, healing_until=later) == Held(later, Why.RETRYING)
    assert mention(RULES, Severity.ERROR, later, HOURS, DUTY, healing_until=later) == Notify(("U0MINJI",))
    assert mention(RULES, Severity.CRITICAL, NIGHT, HOURS, DUTY, healing_until=later) == Notify(("U0MINJI",))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        pytest.param(time(18), time(9), {0}, id="over midnight"),
        pytest.param(time(9), time(9), {0}, id="no time at all"),
        pytest.param(time(9), time(18), set(), id="no day"),
        pytest.param(time(9), time(18), {7}, id="an eighth day"),
    ],
)
def test_working_hours_that_make_no_sense_are_refused(start, end, days):
    with pytest.raises(ValueError, match="working hours"):
        WorkingHours(SEOUL, start, end, frozenset(days))


moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
minutes = st.integers(0, 24 * 60 - 1)


@st.composite
def working_hours(draw):
    first, last = sorted(draw(st.lists(minutes, min_size=2, max_size=2, unique=True)))
    days = draw(st.frozensets(st.integers(0, 6), min_size=1))
    start, end = (time(minute // 60, minute % 60) for minute in (first, last))
    return WorkingHours(ZoneInfo(draw(st.sampled_from(ZONES))), start, end, days)


@given(moments, working_hours())
def test_work_begins_again_within_two_weeks_and_never_before_the_time_said(at, hours):
    begins = next_start(at, hours)

    assert at < begins <= at + timedelta(days=15)
    assert is_working(begins, hours)
    if not is_working(at, hours):
        between = (at + (begins - at) * n / 50 for n in range(50))
        assert not any(is_working(moment, hours) for moment in between)


@given(moments, working_hours())
def test_of_two_starts_there_is_none_in_between(at, hours):
    last, coming = last_start(at, hours), next_start(at, hours)

    assert last <= at < coming
    assert next_start(last, hours) == coming
    assert last_start(coming, hours) == coming
    assert last_start(coming - timedelta(microseconds=1), hours) == last


@given(moments, working_hours(), st.sets(st.integers(-20, 20)))
def test_on_days_off_nobody_works_and_work_begins_after_them(at, hours, away):
    today = at.astimezone(hours.zone).date()
    hours = replace(hours, off=frozenset(today + timedelta(days=n) for n in away))
    last, coming = last_start(at, hours), next_start(at, hours)

    assert last <= at < coming
    for start in (last, coming):
        assert is_working(start, hours)
        assert start.astimezone(hours.zone).date() not in hours.off
    assert not any(is_working(at, hours) for n in away if n == 0)


def test_when_every_day_is_off_the_morning_still_comes():
    class Everything:
        def __contains__(self, _day):
            return True

    assert next_start(NIGHT, replace(HOURS, off=Everything())) == MORNING


@given(moments, working_hours())
def test_working_is_what_the_wall_clock_shows_except_around_a_change_of_clocks(at, hours):
    local = at.astimezone(hours.zone)
    offsets = {(at + timedelta(days=n)).astimezone(hours.zone).utcoffset() for n in (-1, 0, 1)}

    if len(offsets) == 1:
        shown = local.weekday() in hours.days and hours.start <= local.time() < hours.end
        assert is_working(at, hours) is shown


minutes_ago = st.none() | st.integers(0, 200)
whiles = st.none() | st.integers(-60, 60)


@given(st.sampled_from(list(Severity)), moments, working_hours(), minutes_ago, whiles)
def test_every_incident_is_mentioned_or_held_for_a_reason_that_ends(severity, at, hours, mentioned, healing):
    mentioned_at = None if mentioned is None else at - timedelta(minutes=mentioned)
    until = None if healing is None else at + timedelta(minutes=healing)

    match mention(RULES, severity, at, hours, DUTY, mentioned_at=mentioned_at, healing_until=until):
        case Notify(ids):
            assert ids == ("U0MINJI",)
            assert RULES.when[severity] is When.ALWAYS or is_working(at, hours)
        case Held(until=end, why=Why.MORNING):
            assert end == next_start(at, hours)
            assert severity in {Severity.WARNING, Severity.INFO}
        case Held(until=end, why=Why.AGAIN):
            assert at < end == mentioned_at + timedelta(hours=1)
        case Held(until=end, why=Why.RETRYING):
            assert severity is not Severity.CRITICAL
            assert at < end == until
        case decided:
            raise AssertionError(f"{decided} forgets it")
