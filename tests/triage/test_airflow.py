"""Airflow's forms: ten public callbacks, nine Korean ones, the notifiers, SLA misses and deadline alerts."""

import pytest

from tests.triage.slack import says, webhook


def callback(dag: str, task: str, head: str = ":red_circle: Task Failed.", **more: str) -> str:
    lines = [head, f"*Task*: {task}", f"*Dag*: {dag}", "*Execution Time*: 2026-11-19 15:00:00+00:00"]
    lines += [f"*{key}*: {value}" for key, value in more.items()]
    return "\n" + "\n".join(f"            {line} " for line in lines)


@pytest.mark.parametrize(
    ("error", "topic"),
    [
        ("MemoryError", "oom"),
        ("google.api_core.exceptions.Forbidden: 403 Quota exceeded", "quota"),
        ("psycopg2.OperationalError: permission denied for table x", "permission-denied"),
        ("AirflowTaskTimeout: Timeout, PID: 1", "dag-timeout"),
        ("Failure in test unique_orders_id (models/x.yml)", "dbt-test"),
        ("ValueError: x", "airflow-task-failure"),
    ],
)
def test_the_cause_chooses_the_runbook(error, topic):
    assert says(webhook("airflow", callback("d", "t", Exception=error))).topic == topic


def test_a_missed_sla_and_a_failure_of_one_dag_end_apart():
    failed = says(webhook("airflow", ":fire: *DAG Failed*: `kpi_mart` (run: `manual__1`)"))
    late = says(webhook("airflow", ":warning: *SLA Miss*\n• DAG: `kpi_mart`\n• Tasks: `a`"))

    assert failed.resource == late.resource
    assert failed.aspect != late.aspect
