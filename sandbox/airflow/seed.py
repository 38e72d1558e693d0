"""The dags of the made-up workplace, and a little history so that its runs look lived in."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.airflow import cron
from sandbox.airflow.effects import play_out
from sandbox.airflow.model import Dag, DagRun
from sandbox.airflow.state import State, tasks_of

START_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def dags_of(config: Mapping[str, Any]) -> dict[str, Dag]:
    return {
        entry["dag_id"]: Dag(
            dag_id=entry["dag_id"],
            schedule=entry.get("schedule"),
            timezone=entry.get("timezone", "UTC"),
            owner=entry.get("owner", "airflow"),
            tags=tuple(entry.get("tags", ())),
            tasks=tasks_of(entry["tasks"]),
            start_date=START_DATE,
            max_active_runs=int(entry.get("max_active_runs", 16)),
            version_id=str(uuid.uuid5(uuid.NAMESPACE_URL, entry["dag_id"])),
        )
        for entry in config["dags"]
    }


def history(state: State, now: datetime, length: int) -> None:
    """The last `length` scheduled runs of every scheduled dag, all successful, oldest first."""
    for dag in state.dags.values():
        for run in [scheduled_run(state, dag, now, back) for back in reversed(range(length)) if dag.schedule]:
            play_out(run, run.run_after + timedelta(seconds=1), fails_at=[], error=None)


def scheduled_run(state: State, dag: Dag, now: datetime, back: int) -> DagRun:
    """The run of the latest due moment, or the one `back` moments before; existing or new.

    As in Airflow 3, a cron schedule makes a run whose logical date is the due moment itself.
    """
    assert dag.schedule is not None
    due = now
    for _ in range(back + 1):
        due = cron.previous_due(dag.schedule, dag.timezone, due)
    run_id = f"scheduled__{due.isoformat()}"
    return state.find_run(dag.dag_id, run_id) or state.new_run(
        dag,
        run_id,
        run_type="scheduled",
        triggered_by="timetable",
        run_after=due,
        logical_date=due,
        interval=(due, due),
        queued_at=due,
    )
