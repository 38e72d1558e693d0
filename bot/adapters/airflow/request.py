"""One call as a value: path, ids, query and the smallest body that says everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.airflow.parse import in_utc
from bot.ports.airflow import Clear, Trigger

NOTE_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `ids` fill the placeholders of `path`; a list in `query` is sent once per item."""

    method: str
    path: str
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    is_write: bool = False


def clear_body(clear: Clear, task_ids: list[Any], *, dry_run: bool) -> dict[str, Any]:
    """Return what every version is told about a clear.

    Every flag is said because the servers' defaults are not ours: without a run id each would clear every run, and
    Airflow 2 would leave the run as it is, so that nothing ever ran.
    """
    if not clear.dag_run_id or not task_ids or not all(choice.task_id for choice in clear.tasks):
        raise ValueError("a clear names one dag run and its tasks")
    return {
        "dry_run": dry_run,
        "dag_run_id": clear.dag_run_id,
        "task_ids": task_ids,
        "only_failed": clear.only_failed,
        "only_running": False,
        "include_upstream": False,
        "include_downstream": clear.downstream,
        "include_past": False,
        "include_future": False,
        "reset_dag_runs": True,
    }


def trigger_body(trigger: Trigger) -> dict[str, Any]:
    """Return what every version is told about a new run; its date and its partition are for the dialects to add."""
    if not trigger.dag_run_id:
        raise ValueError("a run that is started names its own id, so that it is not started twice")
    body: dict[str, Any] = {"dag_run_id": trigger.dag_run_id, "conf": dict(trigger.conf)}
    if trigger.interval:
        body["data_interval_start"], body["data_interval_end"] = map(in_utc, trigger.interval)
    if trigger.note:
        body["note"] = trigger.note[:NOTE_CHARACTERS]
    return body
