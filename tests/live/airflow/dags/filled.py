"""One task a day that does nothing, for tests about backfills: only one of a DAG may go on at a time."""

from datetime import UTC, datetime

try:
    from airflow.sdk import dag, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task


@dag(
    dag_id="filled",
    schedule="@daily",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
)
def filled():
    @task
    def nothing() -> None:
        """Succeeds at once."""

    nothing()


filled()
