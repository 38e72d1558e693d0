"""The calls that Baton makes, as values: path, ids, query and the smallest body that says everything."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.ports.airflow import Clear

NOTE_CHARACTERS = 1000

KNOWS_RUNNING_GUARD = (3, 2)
KNOWS_NOTE = (3, 3)
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
