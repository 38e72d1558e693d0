"""shards → load_shard × 4 → publish, on demand. A shard fails where `bad_<partition>_<index>` is without `fixed_…`."""

import os
from datetime import UTC, datetime
from pathlib import Path

try:
    from airflow.sdk import dag, get_current_context, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task
    from airflow.operators.python import get_current_context

MARKERS = Path(os.environ["BATON_MARKERS"])


@dag(
    dag_id="mapped_load",
    schedule=None,
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=16,
    is_paused_upon_creation=False,
    default_args={"retries": 0},
)
def mapped_load():
    @task
    def shards() -> list[str]:
        return ["a", "b", "c", "d"]

    @task
    def load_shard(shard: str) -> None:
        context = get_current_context()
        place = f"{(context['dag_run'].conf or {}).get('partition')}_{context['ti'].map_index}"
        if (MARKERS / f"bad_{place}").exists() and not (MARKERS / f"fixed_{place}").exists():
            raise ValueError(f"shard {shard} is broken")

    @task
    def publish() -> None:
        """Waits for every shard."""

    load_shard.expand(shard=shards()) >> publish()


mapped_load()
