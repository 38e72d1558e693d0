"""fetch, on demand: it always fails, and Airflow tries it three more times, five minutes apart."""

from datetime import UTC, datetime, timedelta

try:
    from airflow.sdk import dag, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task


@dag(
    dag_id="retried",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
)
def retried():
    @task
    def fetch() -> None:
        raise TimeoutError("partner.example does not answer")

    fetch()


retried()
