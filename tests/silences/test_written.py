"""What people write to a silence, in both languages."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.oncall.model import WorkingHours
from bot.silences.model import Matcher, Wish
from bot.silences.written import Entered, Written, for_incident, read_command, read_lines, write_lines
from bot.text import Text
from bot.triage.model import Severity
from tests.conftest import NOW
from tests.silences.made import DAY, HOUR, matchers

HOURS = WorkingHours(ZoneInfo("Asia/Seoul"))
ORDERS = matchers(dag_id="orders_daily")


@pytest.mark.parametrize(
    ("words", "read"),
    [
        pytest.param(
            "dag=orders_daily 2h late upstream file",
            Written(ORDERS, 2 * HOUR, reason="late upstream file"),
            id="the usual",
        ),
        pytest.param(
            "dag=orders_daily 2시간 원본 파일 지연", Written(ORDERS, 2 * HOUR, reason="원본 파일 지연"), id="in Korean"
        ),
        pytest.param(
            "dag_id=orders_daily 30분동안 점검", Written(ORDERS, HOUR / 2, reason="점검"), id="with a particle"
        ),
        pytest.param("2h dag=orders_daily why", Written(ORDERS, 2 * HOUR, reason="why"), id="in another order"),
        pytest.param(
            "dag=orders_daily 내일까지 점검", Written(ORDERS, until_morning=True, reason="점검"), id="until the morning"
        ),
        pytest.param(
            'dag="orders daily" severity=경고 1d it\'s late',
            Written(matchers(dag_id="orders daily", severity="warning"), DAY, reason="it's late"),
            id="quoted, a Korean severity, an apostrophe",
        ),
        pytest.param(
            "dag=orders_daily ticket=OPS-1 1h30m why",
            Written(ORDERS, 1.5 * HOUR, reason="why", ticket="OPS-1"),
            id="a ticket",
        ),
        pytest.param(
            "dag=orders_daily 2h retry after 3h", Written(ORDERS, 2 * HOUR, reason="retry after 3h"), id="two lengths"
        ),
        pytest.param(
            "dag=orders_daily 2h see a=b &amp; c", Written(ORDERS, 2 * HOUR, reason="see a=b & c"), id="Slack's escapes"
        ),
        pytest.param("dag=orders_daily", Written(ORDERS), id="no time and no reason"),
        pytest.param("dag=orders_daily 2h", Written(ORDERS, 2 * HOUR), id="no reason"),
        pytest.param("why", Written(reason="why"), id="a reason alone"),
        pytest.param("", Written(), id="nothing"),
    ],
)
def test_a_command_is_read_as_it_is_typed(words, read):
    assert read_command(words) == read


@given(st.text(max_size=60))
def test_no_command_is_too_strange_to_be_read(words):
    read_command(words).entered(NOW)


def test_a_complete_command_has_all_three():
    assert read_command("dag=x 2h why").is_complete
    assert not any(read_command(words).is_complete for words in ("dag=x 2h", "dag=x why", "2h why", ""))


@pytest.mark.parametrize(
    ("words", "choice", "at"),
    [
        pytest.param("dag=x 1h why", "1h", None, id="a choice of the form"),
        pytest.param("dag=x 1d why", "24h", None, id="a choice in other words"),
        pytest.param("dag=x 내일 왜", "morning", None, id="the morning"),
        pytest.param("dag=x 2h why", "1h", NOW + 2 * HOUR, id="another length"),
    ],
)
def test_the_form_has_what_was_typed(words, choice, at):
    entered = read_command(words).entered(NOW)

    assert (entered.choice, entered.at, entered.conditions) == (choice, at, "dag_id=x")


def test_lines_are_conditions():
    read = read_lines('dag = orders_daily \n\n  심각도=오류\ntable="raw table"\nexpr=a=b')

    assert read == matchers(dag_id="orders_daily", severity="error", table="raw table", expr="a=b")


@pytest.mark.parametrize("line", ["orders_daily", "=x", "dag orders"])
def test_a_line_that_is_no_condition_is_named(line):
    found = read_lines(f"dag=x\n{line}")

    assert isinstance(found, Text)
    assert line in found.params["line"].value


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=20)
KEYS = st.from_regex(r"[a-z][a-z_]{0,10}", fullmatch=True)


@given(st.lists(st.tuples(KEYS, WORDS), max_size=5))
def test_what_is_written_into_the_form_is_read_back(pairs):
    assume(not any(char in value for _, value in pairs for char in "“”\u00a0\x85"))
    conditions = tuple(Matcher(key, " ".join(value.split())) for key, value in pairs if key not in {"dag", "task"})
    assume(all(each.key != "severity" for each in conditions))

    assert read_lines(write_lines(conditions)) == conditions


@given(st.dictionaries(KEYS, WORDS, max_size=4), st.sampled_from(Severity))
def test_the_form_of_an_incident_asks_for_what_the_incident_is_called(resource, severity):
    entered = for_incident("airflow", resource, severity)

    assert isinstance(entered, Entered)
    assert entered.critical is (severity is Severity.CRITICAL)
    assert not isinstance(entered.matchers, Text)


def test_what_is_ticked_adds_critical_alerts_unless_a_condition_names_a_severity():
    ticked = Entered("dag_id=x", critical=True)
    named = Entered("dag_id=x\nseverity=warning", critical=True)

    assert ticked.matchers == matchers(dag_id="x", severity="*")
    assert named.matchers == matchers(dag_id="x", severity="warning")


def test_an_exact_end_wins_over_the_choice():
    exact = Entered("dag_id=x", choice="24h", at=NOW + 3 * HOUR, reason="why")
    chosen = Entered("dag_id=x", choice="4h", reason="why")

    assert exact.wish(NOW, HOURS, None) == Wish(matchers(dag_id="x"), NOW + 3 * HOUR, "why")
    assert chosen.wish(NOW + timedelta(seconds=7), HOURS, None) == Wish(matchers(dag_id="x"), NOW + 4 * HOUR, "why")
