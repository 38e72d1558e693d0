"""What a silence covers, and what it may be."""

import fnmatch
import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.oncall.model import WorkingHours
from bot.silences import rules
from bot.silences.model import Matcher, SilenceState, includes_critical, matches
from bot.silences.rules import Reason
from bot.triage.identity import normal
from bot.triage.model import Severity
from tests.conftest import NOW
from tests.oncall.test_mentions import ZONES
from tests.silences.made import ALEX, DAY, HOUR, MINJI, matchers, silence, subject, wish

MINUTE = timedelta(minutes=1)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
SUBJECTS = st.builds(
    lambda route, source, severity, resource: subject(route, source, severity, **resource),
    NAMES,
    NAMES,
    st.sampled_from(Severity),
    st.dictionaries(st.sampled_from(["dag_id", "task_id", "table", "job"]), NAMES, min_size=1),
)
KEYS = st.sampled_from(["source", "severity", "route", "dag_id", "task_id", "table", "job"])
PATTERNS = st.one_of(NAMES, st.text("ab*", min_size=1, max_size=8), st.sampled_from([*Severity, "*", "c*"]))
MATCHERS = st.lists(st.builds(Matcher, KEYS, PATTERNS), max_size=4).map(tuple)


@pytest.mark.parametrize(
    ("conditions", "covered"),
    [
        pytest.param({"dag_id": "orders_daily"}, True, id="the DAG with all of its tasks"),
        pytest.param({"dag_id": "orders_daily", "task_id": "load_orders"}, True, id="one task"),
        pytest.param({"dag_id": "orders_daily", "task_id": "extract"}, False, id="another task"),
        pytest.param({"dag_id": "orders_*"}, True, id="a pattern"),
        pytest.param({"dag_id": "*_daily"}, True, id="a pattern with a beginning"),
        pytest.param({"dag_id": "o*s*y"}, True, id="several stars"),
        pytest.param({"dag_id": "orders"}, False, id="a beginning is no pattern"),
        pytest.param({"dag_id": "orders_dail?"}, False, id="a question mark is itself"),
        pytest.param({"dag_id": "ORDERS_Daily"}, True, id="names fold case"),
        pytest.param({"table": "*"}, False, id="what it does not have"),
        pytest.param({"source": "airflow", "route": "core"}, True, id="source and route"),
        pytest.param({"source": "airflow", "route": "infra"}, False, id="another route"),
        pytest.param({"severity": "error", "dag_id": "*"}, True, id="a severity"),
        pytest.param({"severity": "warning", "dag_id": "*"}, False, id="another severity"),
        pytest.param({}, False, id="no condition covers nothing"),
    ],
)
def test_every_condition_must_fit(conditions, covered):
    assert matches(matchers(**conditions), subject()) is covered


@given(MATCHERS, SUBJECTS)
def test_one_more_condition_never_covers_more(conditions, what):
    for n in range(1, len(conditions)):
        if matches(conditions, what) and not includes_critical(conditions[n:]):
            assert matches(conditions[:n], what)


@given(MATCHERS, SUBJECTS)
def test_critical_alerts_are_muted_only_where_a_condition_says_so(conditions, what):
    if matches(conditions, what) and what.severity is Severity.CRITICAL:
        assert includes_critical(conditions)
        assert rules.reasons(conditions, NOW, NOW + MINUTE) == (Reason.CRITICAL,)


@given(st.text("ab*-", max_size=8), st.text("ab-", max_size=8))
def test_a_star_stands_for_any_characters(pattern, value):
    expected = re.fullmatch(fnmatch.translate(normal(pattern)), normal(value))

    assert Matcher("job", pattern).fits(value) == bool(expected)


@given(NAMES)
def test_a_name_fits_itself_and_every_pattern_made_of_it(name):
    assume("*" not in name)

    assert Matcher("job", name).fits(name)
    assert Matcher("job", f"{name.strip()}*").fits(name)
    assert Matcher("job", f"*{name.strip()}").fits(name)
    assert Matcher("job", "*").fits(name)


def test_a_pattern_of_many_stars_takes_no_longer_than_the_value():
    pattern, value = Matcher("job", "a*" * 100 + "b"), "a" * 100_000
    began = time.perf_counter()
    fits = pattern.fits(value)

    assert not fits
    assert time.perf_counter() - began < 1


def test_a_silence_mutes_up_to_its_end_and_only_while_it_is_in_force():
    found = silence(until=NOW + HOUR)

    assert found.mutes(subject(), NOW + HOUR - MINUTE)
    assert not found.mutes(subject(), NOW + HOUR)
    for state in set(SilenceState) - {SilenceState.ACTIVE}:
        assert not silence(state=state).mutes(subject(), NOW)


def wrong(**conditions):
    return [words.msgid for field, words in rules.problems(wish(**conditions), NOW) if field == "matchers"]


@pytest.mark.parametrize(
    "conditions",
    [
        pytest.param({"source": "airflow"}, id="a whole source"),
        pytest.param({"source": "airflow", "dag_id": "*"}, id="a whole source and a star"),
        pytest.param({"source": "airflow", "severity": "*"}, id="a whole source in every severity"),
        pytest.param({"route": "core"}, id="a whole route"),
        pytest.param({"severity": "warning"}, id="a whole severity"),
        pytest.param({"route": "core", "severity": "warning"}, id="all warnings of a route, whatever they are about"),
        pytest.param({"dag_id": "**"}, id="stars only"),
    ],
)
def test_a_silence_is_never_as_wide_as_a_source(conditions):
    assert wrong(**conditions) == ["silence.wrong.too_wide"]


@pytest.mark.parametrize(
    "conditions",
    [
        pytest.param({"dag_id": "orders_daily"}, id="a name"),
        pytest.param({"dag_id": "orders_*"}, id="a part of a name"),
        pytest.param({"source": "grafana", "severity": "info"}, id="a source in one severity"),
        pytest.param({"source": "grafana", "route": "infra"}, id="a source on one route"),
    ],
)
def test_a_silence_may_be_as_wide_as_this(conditions):
    assert wrong(**conditions) == []


def test_no_conditions_are_too_wide():
    empty = wish()

    assert [words.msgid for _, words in rules.problems(type(empty)((), empty.until, "why"), NOW)] == [
        "silence.wrong.too_wide"
    ]


@pytest.mark.parametrize(
    ("field", "given", "problem"),
    [
        pytest.param("matchers", {"severity": "urgent", "dag_id": "x"}, "severity", id="no such severity"),
        pytest.param("matchers", {"dag_id": " "}, "size", id="a condition without a value"),
        pytest.param("matchers", {"dag_id": "x" * 301}, "size", id="a long value"),
        pytest.param("matchers", {f"k{n}": "x" for n in range(11)}, "too_many", id="eleven conditions"),
        pytest.param("reason", {"reason": " "}, "no_reason", id="no reason"),
        pytest.param("reason", {"reason": "x" * 501}, "long_words", id="a long reason"),
        pytest.param("until", {"until": NOW}, "past", id="an end that is now"),
        pytest.param("until", {"until": NOW - DAY}, "past", id="an end in the past"),
        pytest.param("until", {"until": NOW + 7 * DAY + MINUTE}, "too_long", id="more than a week"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field, given, problem):
    found = [(where, words.msgid) for where, words in rules.problems(wish(**given), NOW)]

    assert (field, f"silence.wrong.{problem}") in found


def test_the_same_key_twice_would_cover_nothing():
    twice = (Matcher("dag_id", "a"), Matcher("dag_id", "b"))
    asked = wish()

    [(field, words)] = rules.problems(type(asked)(twice, asked.until, "why"), NOW)
    assert (field, words.msgid) == ("matchers", "silence.wrong.twice")


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=7)), st.booleans())
def test_up_to_a_day_one_person_is_enough_unless_critical_alerts_are_muted(span, critical):
    conditions = matchers(dag_id="x", severity="*") if critical else matchers(dag_id="x")
    found = rules.reasons(conditions, NOW, NOW + span)

    assert (Reason.LONG in found) == (span > DAY)
    assert (Reason.CRITICAL in found) == critical


@given(st.integers(0, 2 * 365 * 24 * 60), st.sampled_from(ZONES))
def test_the_morning_is_the_next_one_on_the_readers_clock_and_needs_no_second_person(minutes, zone):
    now, hours = NOW + minutes * MINUTE, WorkingHours(ZoneInfo(zone))
    morning = rules.morning(now, hours)

    assert now < morning <= now + DAY
    local = morning.astimezone(hours.zone)
    on_the_hour = (local.hour, local.minute) == (9, 0)
    assert on_the_hour or morning == now + DAY, "a day of 25 hours"


def test_before_breakfast_the_morning_is_today():
    hours = WorkingHours(ZoneInfo("Asia/Seoul"))
    night = datetime(2026, 11, 25, 3, tzinfo=hours.zone)

    assert rules.morning(night, hours) == night.replace(hour=9)
    assert rules.morning(night.replace(hour=9), hours) == night.replace(day=26, hour=9)


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        pytest.param({}, True, id="just now"),
        pytest.param({"ended_at": NOW - rules.UNDO_WITHIN}, False, id="a while ago"),
        pytest.param({"until": NOW}, False, id="it would be over by now"),
        pytest.param({"state": SilenceState.EXPIRED}, False, id="it ran out"),
        pytest.param({"state": SilenceState.DENIED}, False, id="it was denied"),
    ],
)
def test_an_end_can_be_undone_for_a_while(changes, may):
    ended = {"state": SilenceState.ENDED, "ended_at": NOW - MINUTE, "ended_by": ALEX}

    assert rules.may_be_undone(silence(**ended | changes), NOW) is may


def test_only_a_silence_that_was_longer_is_said_to_end_soon():
    long, short = silence(until=NOW + HOUR), silence(until=NOW + rules.ENDS_SOON)

    assert not rules.ends_soon(long, NOW + 44 * MINUTE)
    assert rules.ends_soon(long, NOW + 45 * MINUTE)
    assert not rules.ends_soon(short, NOW + MINUTE)


def test_what_nobody_agreed_to_was_never_in_force():
    long = {"until": NOW + 2 * DAY, "state": SilenceState.EXPIRED}

    assert rules.was_never_in_force(silence(**long))
    assert not rules.was_never_in_force(silence(**long, confirmed_by=ALEX))
    assert not rules.was_never_in_force(silence(state=SilenceState.EXPIRED))
    assert rules.was_never_in_force(silence(state=SilenceState.DENIED, ended_by=MINJI))
