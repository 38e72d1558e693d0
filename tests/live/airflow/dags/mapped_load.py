"""shards → load_shard × 4 → publish, on demand. Shards b and d fail until `fixed_<partition>_<shard>` is there."""

import os
from datetime import UTC, datetime
from pathlib import Path

from airflow.sdk import dag, get_current_context, task

MARKERS = Path(os.environ["BATON_MARKERS"])
FRAGILE = {"b", "d"}


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
        partition = (get_current_context()["dag_run"].conf or {}).get("partition", "")
        if shard in FRAGILE and not (MARKERS / f"fixed_{partition}_{shard}").exists():
            raise ValueError(f"shard {shard} is broken")

    @task
    def publish() -> None:
        """Waits for every shard."""

    load_shard.expand(shard=shards()) >> publish()


mapped_load()
