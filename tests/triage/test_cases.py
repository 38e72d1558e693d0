"""What each tool's messages are read as: the tables of `tables/`, and what the tables must hold."""

from collections import Counter

import pytest

from bot.triage.sources import SOURCES
from tests.triage.slack import says
from tests.triage.table import FOLDER, Case, cases

GRADES = ("S", "M", "R", "D", "U")
DEEP = ("airflow", "alertmanager", "grafana", "dbt_cloud", "kafka_connect", "scripts_korean")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_message_is_read_as_it_is_meant(case: Case):
    alert = says(case.event)

    assert (alert.kind, alert.severity) == (case.kind, case.severity), alert.explanation
    if case.kind != "noise":
        assert (alert.source, dict(alert.resource)) == (case.source, case.names), alert.explanation


@pytest.mark.parametrize("tool", DEEP)
def test_a_table_of_a_main_tool_is_deep(tool):
    table = [case for case in cases() if case.tool == tool]

    assert len(table) >= 15
    assert any(case.kind == "resolved" for case in table)
    assert any(case.is_edit for case in table)
    assert any("cut" in case.name or "잘림" in case.name for case in table)


def test_each_parser_has_its_table():
    assert {source.name for source in SOURCES} <= {path.stem for path in FOLDER.glob("*.yaml")}


def test_each_shape_says_where_it_is_known_from():
    assert not [case.id for case in cases() if not case.known.startswith(tuple(f"{grade}:" for grade in GRADES))]


def test_no_two_cases_have_one_name():
    assert not [name for name, count in Counter(case.id for case in cases()).items() if count > 1]
