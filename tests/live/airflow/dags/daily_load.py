"""extract → transform → load → report, every day. `load` fails where a file `bad_<partition>` is without `fixed_…`."""

import os
from datetime import UTC, datetime
from pathlib import Path

try:
    from airflow.sdk import dag, get_current_context, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task
    from airflow.operators.python import get_current_context

MARKERS = Path(os.environ["BATON_MARKERS"])


def partition() -> str:
    context = get_current_context()
    chosen = (context["dag_run"].conf or {}).get("partition")
    logical_date = context.get("logical_date")
    return str(chosen or (logical_date and logical_date.strftime("%Y-%m-%d")) or context["run_id"])


@dag(
    dag_id="daily_load",
    schedule="@daily",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0, "owner": "data-core"},
    tags=["core", "loads"],
)
def daily_load():
    @task
    def extract() -> str:
        return partition()

    @task
    def transform(name: str) -> str:
        return name

    @task
    def load(name: str) -> None:
        if (MARKERS / f"bad_{name}").exists() and not (MARKERS / f"fixed_{name}").exists():
            raise RuntimeError(f"load failed for partition {name}: 404 Not found: Table acme-prod:analytics.orders")

    @task
    def report() -> None:
        """What waits for the load, so that a failure leaves something upstream_failed."""

    load(transform(extract())) >> report()


daily_load()
