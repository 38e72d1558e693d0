"""One empty task a day, for tests about backfills: only one backfill of a DAG may go on at a time."""

from datetime import UTC, datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag


@dag(
    dag_id="filled",
    schedule="@daily",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
)
def filled():
    EmptyOperator(task_id="nothing")


filled()
