"""Dags, their tasks, pausing them; import errors, the audit log and assets."""

from __future__ import annotations

import re
from typing import Any

from starlette.routing import Route

from sandbox.airflow import wire
from sandbox.airflow.bodies import PatchDagBody
from sandbox.airflow.call import Call, endpoint
from sandbox.airflow.errors import ApiError
from sandbox.airflow.model import AuditEntry, Dag
from sandbox.airflow.query import Columns
from sandbox.airflow.server import Server

API = "/api/v2"
DAG_COLUMNS: Columns[Dag] = {"dag_id": lambda dag: dag.dag_id, "dag_display_name": lambda dag: dag.dag_id}
AUDIT_COLUMNS: Columns[AuditEntry] = {
    "id": lambda entry: entry.number,
    "when": lambda entry: entry.when,
    "dag_id": lambda entry: entry.dag_id,
    "event": lambda entry: entry.event,
    "owner": lambda entry: entry.owner,
}


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", f"{API}/dags", list_dags),
        endpoint(server, "GET", f"{API}/dags/{{dag_id}}", get_dag),
        endpoint(server, "GET", f"{API}/dags/{{dag_id}}/details", get_details),
        endpoint(server, "GET", f"{API}/dags/{{dag_id}}/tasks", list_tasks),
        endpoint(server, "GET", f"{API}/dags/{{dag_id}}/tasks/{{task_id}}", get_task),
        endpoint(server, "PATCH", f"{API}/dags/{{dag_id}}", patch_dag, writes=True, event="patch_dag"),
        endpoint(server, "GET", f"{API}/importErrors", list_import_errors),
        endpoint(server, "GET", f"{API}/eventLogs", list_event_logs),
        endpoint(server, "GET", f"{API}/assets", list_assets),
        endpoint(server, "GET", f"{API}/assets/events", list_asset_events),
    ]


def list_dags(call: Call) -> Any:
    state = call.server.state
    found = [dag for dag in state.dags.values() if _wanted(call, dag)]
    page = call.query.page(found, DAG_COLUMNS, "dag_id")
    now = call.server.time.now()
    return {"dags": [wire.dag(state, dag, now) for dag in page], "total_entries": len(found)}


def _wanted(call: Call, dag: Dag) -> bool:
    query, state = call.query, call.server.state
    paused, pattern, tags = query.flag("paused"), query.text("dag_id_pattern"), query.texts("tags")
    last_state = query.text("last_dag_run_state")
    last = max(state.runs_of(dag.dag_id), key=lambda run: run.run_after, default=None)
    return (
        paused in (None, dag.dag_id in state.paused)
        and (pattern is None or like(pattern, dag.dag_id))
        and (not tags or bool(set(tags) & set(dag.tags)))
        and (last_state is None or (last is not None and last.state == last_state))
        and (not (owners := query.texts("owners")) or dag.owner in owners)
    )


def like(pattern: str, text: str) -> bool:
    """SQL's ILIKE '%pattern%': `%` is any text, `_` any one character."""
    parts = re.escape(pattern).replace("%", ".*").replace("_", ".")
    return re.search(parts, text, re.IGNORECASE) is not None


def get_dag(call: Call) -> Any:
    state = call.server.state
    return wire.dag(state, state.dag(call.path["dag_id"]), call.server.time.now())


def get_details(call: Call) -> Any:
    state = call.server.state
    return wire.dag_details(state, state.dag(call.path["dag_id"]), call.server.time.now())


def list_tasks(call: Call) -> Any:
    dag = call.server.state.dag(call.path["dag_id"])
    return {"tasks": [wire.task(dag, task) for task in dag.tasks], "total_entries": len(dag.tasks)}


def get_task(call: Call) -> Any:
    dag = call.server.state.dag(call.path["dag_id"])
    task = dag.task(call.path["task_id"])
    if task is None:
        raise ApiError(404, f"Task with id {call.path['task_id']} was not found")
    return wire.task(dag, task)


def patch_dag(call: Call) -> Any:
    state, dag_id = call.server.state, call.path["dag_id"]
    wanted = call.body(PatchDagBody)
    if dag_id not in state.dags:
        raise ApiError(404, f"Dag with id: {dag_id} was not found")
    (state.paused.add if wanted.is_paused else state.paused.discard)(dag_id)
    return wire.dag(state, state.dags[dag_id], call.server.time.now())


def list_import_errors(call: Call) -> Any:
    found = call.server.state.import_errors
    return {"import_errors": found, "total_entries": len(found)}


def list_event_logs(call: Call) -> Any:
    keys = ("dag_id", "run_id", "task_id", "owner", "event")
    wanted = {key: call.query.text(key) for key in keys}
    found = [
        entry
        for entry in call.server.state.audit
        if all(value is None or getattr(entry, key) == value for key, value in wanted.items())
    ]
    found = call.query.within(found, {"when": lambda entry: entry.when})
    page = call.query.page(found, AUDIT_COLUMNS, "id")
    return {"event_logs": [wire.event_log(entry) for entry in page], "total_entries": len(found)}


def list_assets(_: Call) -> Any:
    """The made-up workplace schedules by time only: it has no assets."""
    return {"assets": [], "total_entries": 0}


def list_asset_events(_: Call) -> Any:
    return {"asset_events": [], "total_entries": 0}
