"""The calls that Baton makes, as values: path, ids, query and the smallest body that says everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.airflow import parse
from bot.ports.airflow import Backfill, Clear, Trigger, Window

NOTE_CHARACTERS = 1000

KNOWS_RUNNING_GUARD = (3, 2)
KNOWS_NOTE = (3, 3)
KNOWS_PARTITIONS = (3, 2)
KNOWS_HOW_TO_KILL = (3, 1)  # 3.0 leaves a cleared running task in `restarting` for ever


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `ids` fill the placeholders of `path`; a list in `query` is sent once per item."""

    method: str
    path: str
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    is_write: bool = False


def get(path: str, ids: Mapping[str, str] | None = None, query: Mapping[str, Any] | None = None) -> Request:
    return Request("GET", f"/api/v2{path}", ids or {}, query or {})


def clear_tasks(clear: Clear, version: tuple[int, int], *, dry_run: bool) -> Request:
    """Return the call that resets exactly these tasks of exactly this run, or previews it.

    Every flag is sent because the server's defaults are not ours: without a run id it would clear every run.
    `run_on_latest_version` is the exception: absent, the team's own setting decides.
    """
    if not clear.dag_run_id or not clear.tasks or not all(choice.task_id for choice in clear.tasks):
        raise ValueError("a clear names one dag run and its tasks")
    body: dict[str, Any] = {
        "dry_run": dry_run,
        "dag_run_id": clear.dag_run_id,
        "task_ids": [
            choice.task_id if choice.map_index is None else [choice.task_id, choice.map_index] for choice in clear.tasks
        ],
        "only_failed": clear.only_failed,
        "only_running": False,
        "include_upstream": False,
        "include_downstream": clear.downstream,
        "include_past": False,
        "include_future": False,
        "reset_dag_runs": True,
    }
    if version >= KNOWS_RUNNING_GUARD:
        body["prevent_running_task"] = clear.refuse_running
    if version >= KNOWS_NOTE and clear.note:
        body["note"] = clear.note[:NOTE_CHARACTERS]
    path, ids = "/api/v2/dags/{dag_id}/clearTaskInstances", {"dag_id": clear.dag_id}
    return Request("POST", path, ids, body=body, is_write=not dry_run)


def queue_run(dag_id: str, dag_run_id: str) -> Request:
    ids = {"dag_id": dag_id, "dag_run_id": dag_run_id}
    return Request("PATCH", "/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}", ids, body={"state": "queued"}, is_write=True)


def dag_runs(dag_id: str, states: Sequence[str], window: Window | None) -> Request:
    query: dict[str, Any] = {"order_by": "-run_after"}
    if states:
        query["state"] = list(states)
    if window:
        query["logical_date_gte"] = parse.in_utc(window.first_at)
        query["logical_date_lte"] = parse.in_utc(window.last_at)
    return get("/dags/{dag_id}/dagRuns", {"dag_id": dag_id}, query)


def start_run(trigger: Trigger) -> Request:
    """Return the call that starts a run; the date is a required key, also where there is none."""
    if not trigger.dag_run_id:
        raise ValueError("a run that is started names its own id, so that it is not started twice")
    body: dict[str, Any] = {
        "dag_run_id": trigger.dag_run_id,
        "logical_date": parse.in_utc(trigger.logical_at) if trigger.logical_at else None,
        "conf": dict(trigger.conf),
    }
    if trigger.interval:
        body["data_interval_start"], body["data_interval_end"] = map(parse.in_utc, trigger.interval)
    if trigger.partition_key:
        body["partition_key"] = trigger.partition_key
    if trigger.note:
        body["note"] = trigger.note[:NOTE_CHARACTERS]
    return Request("POST", "/api/v2/dags/{dag_id}/dagRuns", {"dag_id": trigger.dag_id}, body=body, is_write=True)


def start_backfill(backfill: Backfill, *, dry_run: bool) -> Request:
    body = {
        "dag_id": backfill.dag_id,
        "from_date": parse.in_utc(backfill.window.first_at),
        "to_date": parse.in_utc(backfill.window.last_at),
        "reprocess_behavior": backfill.reprocess.value,
        "run_backwards": False,
        "max_active_runs": backfill.max_active_runs,
        "dag_run_conf": dict(backfill.conf),
    }
    return Request("POST", f"/api/v2/backfills{'/dry_run' if dry_run else ''}", body=body, is_write=not dry_run)


def cancel_backfill(backfill_id: int) -> Request:
    return Request("PUT", "/api/v2/backfills/{backfill_id}/cancel", {"backfill_id": str(backfill_id)}, is_write=True)
