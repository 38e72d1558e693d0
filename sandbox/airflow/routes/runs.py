"""Dag runs: list, read, trigger, set a state or a note, clear."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from starlette.routing import Route

from sandbox.airflow import effects, wire
from sandbox.airflow.bodies import PatchRunBody, RunClearBody, TriggerBody
from sandbox.airflow.call import Call, endpoint
from sandbox.airflow.errors import ApiError, unique_violation
from sandbox.airflow.model import FAILED, DagRun
from sandbox.airflow.query import Columns
from sandbox.airflow.server import Server

API: Final = "/api/v2"
RUN: Final = f"{API}/dags/{{dag_id}}/dagRuns/{{dag_run_id}}"
RUN_ID: Final = re.compile(r"^[A-Za-z0-9_.~:+-]+$")
MOMENTS: Columns[DagRun] = {
    "run_after": lambda run: run.run_after,
    "logical_date": lambda run: run.logical_date,
    "start_date": lambda run: run.start_date,
    "end_date": lambda run: run.end_date,
}
COLUMNS: Columns[DagRun] = {
    **MOMENTS,
    "id": lambda run: run.number,
    "state": lambda run: run.state,
    "dag_id": lambda run: run.dag_id,
    "run_id": lambda run: run.run_id,
    "dag_run_id": lambda run: run.run_id,
    "duration": lambda run: wire.seconds_between(run.start_date, run.end_date),
}


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", f"{API}/dags/{{dag_id}}/dagRuns", list_runs),
        endpoint(server, "GET", RUN, get_run),
        endpoint(server, "POST", f"{API}/dags/{{dag_id}}/dagRuns", trigger, writes=True, event="trigger_dag_run"),
        endpoint(server, "PATCH", RUN, patch_run, writes=True, event="patch_dag_run"),
        endpoint(server, "POST", f"{RUN}/clear", clear_run, writes=True, event="clear_dag_run"),
    ]


def list_runs(call: Call) -> Any:
    state, dag_id = call.server.state, call.path["dag_id"]
    found = state.runs if dag_id == "~" else state.runs_of(state.dag(dag_id).dag_id)
    states, types = call.query.run_states(), call.query.texts("run_type")
    found = [run for run in found if not states or run.state in states]
    found = [run for run in found if not types or run.run_type in types]
    found = call.query.within(found, MOMENTS)
    page = call.query.page(found, COLUMNS, "id")
    return {"dag_runs": [wire.dag_run(state, run) for run in page], "total_entries": len(found)}


def get_run(call: Call) -> Any:
    state = call.server.state
    return wire.dag_run(state, state.run(call.path["dag_id"], call.path["dag_run_id"]))


def trigger(call: Call) -> Any:
    state, dag_id = call.server.state, call.path["dag_id"]
    if dag_id not in state.dags:
        raise ApiError(404, f"Dag with dag_id: '{dag_id}' not found")
    wanted = call.body(TriggerBody)
    now = call.server.time.now()
    run_id = wanted.dag_run_id or f"manual__{now.isoformat()}"
    refuse_run_id(run_id)
    if state.find_run(dag_id, run_id) or (wanted.logical_date and state.run_at(dag_id, wanted.logical_date)):
        raise unique_violation(wire.error_id(run_id))
    run = _queued(call, wanted, run_id, now)
    if wanted.logical_date and wanted.logical_date < state.dags[dag_id].start_date:
        _succeed_empty(run, now)
    return wire.dag_run(state, run)


def _queued(call: Call, wanted: TriggerBody, run_id: str, now: datetime) -> DagRun:
    state, dag_id = call.server.state, call.path["dag_id"]
    return state.new_run(
        state.dags[dag_id],
        run_id,
        run_type="manual",
        triggered_by="rest_api",
        run_after=wanted.run_after or wanted.logical_date or now,
        logical_date=wanted.logical_date,
        interval=_interval(wanted),
        queued_at=now,
        user=call.user.username,
        conf=wanted.conf or {},
        note=wanted.note,
        partition_key=wanted.partition_key,
    )


def refuse_run_id(run_id: str) -> None:
    if not RUN_ID.match(run_id):
        message = f"The run_id provided '{run_id}' does not match regex pattern '^[A-Za-z0-9_.~:+-]+$'"
        raise ApiError(400, message)
    if run_id.startswith(("scheduled__", "backfill__", "asset_triggered__")):
        kind = run_id.partition("__")[0]
        raise ApiError(400, f"A manual DAG run cannot use ID {run_id!r} since it is reserved for {kind} runs")


def _interval(wanted: TriggerBody) -> tuple[datetime, datetime] | None:
    if wanted.data_interval_start and wanted.data_interval_end:
        return wanted.data_interval_start, wanted.data_interval_end
    return (wanted.logical_date, wanted.logical_date) if wanted.logical_date else None


def _succeed_empty(run: DagRun, now: datetime) -> None:
    """Before the dag's start there is nothing to run: success at once, without a task instance."""
    run.task_instances = []
    run.state, run.start_date, run.end_date = "success", now, now


def patch_run(call: Call) -> Any:
    state = call.server.state
    run = state.run(call.path["dag_id"], call.path["dag_run_id"])
    wanted = call.body(PatchRunBody)
    if wanted.state is not None:
        effects.set_run_state(run, wanted.state, call.server.time)
    if "note" in wanted.model_fields_set:
        run.note = wanted.note
    return wire.dag_run(state, run)


def clear_run(call: Call) -> Any:
    server = call.server
    run = server.state.run(call.path["dag_id"], call.path["dag_run_id"])
    wanted = call.body(RunClearBody)
    picked = [ti for ti in run.task_instances if not wanted.only_failed or ti.state in FAILED]
    if wanted.dry_run:
        rows = [wire.task_instance(server.state, run, ti) for ti in picked]
        return {"task_instances": rows, "total_entries": len(rows)}
    effects.clear(server.state, server.time, picked, reset_runs=True, refuse_running=False, note=wanted.note)
    return wire.dag_run(server.state, run)
