"""nap → after, on demand: a task that runs for a minute, for tests about running tasks."""

import time
from datetime import UTC, datetime, timedelta

try:
    from airflow.sdk import dag, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task

NAP_SECONDS = 60


@dag(
    dag_id="slow",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    # A task that is cleared while its process still starts fails, and waits so long: five minutes, unless it is told.
    default_args={"retries": 0, "retry_delay": timedelta(seconds=1)},
)
def slow():
    @task
    def nap() -> None:
        for _ in range(NAP_SECONDS):
            time.sleep(1)

    @task
    def after() -> None:
        """Waits for the nap."""

    nap() >> after()


slow()
