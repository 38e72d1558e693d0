"""Which run, task and try of Airflow an alert is about: from its text and from the links to the log."""

from datetime import UTC, datetime

from bot.triage.model import Occurrence
from tests.triage.slack import says, webhook
from tests.triage.test_airflow import callback

_DEADLINE = (
    "🚨 Dag kpi_mart missed deadline at 2026-11-19 16:00:00+00:00. DagRun: &lt;DagRun kpi_mart @ "
    "2026-11-19 15:00:00+00:00: scheduled__2026-11-19T15:00:00+00:00, state:running, "
    "queued_at: 2026-11-19 15:00:01+00:00. run_type: scheduled&gt;"
)


def test_the_log_of_airflow_2_names_the_occurrence():
    link = "<https://af.corp/log?execution_date=2026-11-19T15%3A00%3A00%2B00%3A00&amp;task_id=t&amp;dag_id=d&amp;map_index=4&amp;try=2>"

    alert = says(webhook("airflow", callback("d", "t", **{"Log Url": link})))

    at = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
    assert alert.occurrences == (Occurrence("d", "t", None, at, map_index=4, try_number=2),)
    assert alert.links["log"].startswith("https://af.corp/log?execution_date=")


def test_the_log_of_airflow_3_names_the_occurrence():
    url = "https://af.corp/dags/d/runs/manual__2026-11-19T15%3A31%3A12.55%2B00%3A00/tasks/t/mapped/7?try_number=3"

    alert = says(webhook("airflow", callback("d", "t", Log=f"<{url}|log>")))

    assert alert.occurrences[0].dag_run_id == "manual__2026-11-19T15:31:12.55+00:00"
    assert (alert.occurrences[0].map_index, alert.occurrences[0].try_number) == (7, 3)
    assert alert.links["dag"] == "https://af.corp/dags/d"


def test_the_text_names_the_run():
    text = "[DAG 실패]\ndag_id=d\ntask_id=t\nrun_id=manual__2026-11-19T15:31:12.55+00:00\ntry_number=2"

    alert = says(webhook("Airflow 알림", f"{text}\nexecution_date=2026-11-19 15:00"))

    occurrence = alert.occurrences[0]
    assert occurrence.dag_run_id == "manual__2026-11-19T15:31:12.55+00:00"
    assert occurrence.try_number == 2
    assert occurrence.logical_at == datetime(2026, 11, 19, 15, 0, tzinfo=UTC)


def test_a_deadline_alert_names_its_run():
    alert = says(webhook("Airflow", _DEADLINE))

    assert alert.topic == "dag-timeout"
    assert "scheduled__2026-11-19T15:00:00+00:00" in alert.title
