"""Clearing task instances, and setting their state or note by hand."""

from __future__ import annotations

from typing import Any, Final

from starlette.routing import Route

from sandbox.airflow import effects, wire
from sandbox.airflow.bodies import ClearBody, PatchInstanceBody
from sandbox.airflow.call import Call, endpoint
from sandbox.airflow.errors import ApiError, unique_violation
from sandbox.airflow.model import DagRun, TaskInstance
from sandbox.airflow.routes.instances import ONE, row_of
from sandbox.airflow.selection import Selector, selected
from sandbox.airflow.server import Server

CLEAR: Final = "/api/v2/dags/{dag_id}/clearTaskInstances"


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "POST", CLEAR, clear, writes=True, event="post_clear_task_instances"),
        endpoint(server, "PATCH", f"{ONE}/dry_run", preview_patch, writes=True),
        endpoint(server, "PATCH", f"{ONE}/{{map_index}}/dry_run", preview_patch, writes=True),
        endpoint(server, "PATCH", ONE, patch, writes=True, event="patch_task_instance"),
        endpoint(server, "PATCH", f"{ONE}/{{map_index}}", patch, writes=True, event="patch_task_instance"),
    ]


def clear(call: Call) -> Any:
    """A dry run answers what is; the real one what has become of it."""
    state = call.server.state
    dag = state.dag(call.path["dag_id"])
    wanted = call.body(ClearBody)
    run = None
    if wanted.dag_run_id is not None:
        run = state.find_run(dag.dag_id, wanted.dag_run_id)
        if run is None:
            raise ApiError(404, f"Dag Run id {wanted.dag_run_id} not found in dag {dag.dag_id}")
    picked = selected(dag, state.runs_of(dag.dag_id), _selector(wanted, run))
    if not wanted.dry_run:
        _clear_for_real(call, wanted, picked)
    rows = [wire.task_instance(state, state.run(dag.dag_id, ti.run_id), ti) for ti in picked]
    return {"task_instances": rows, "total_entries": len(rows)}


def _selector(wanted: ClearBody, run: DagRun | None) -> Selector:
    return Selector(
        task_ids=wanted.task_ids,
        run=run,
        start=wanted.start_date,
        end=wanted.end_date,
        only_failed=wanted.only_failed,
        only_running=wanted.only_running,
        upstream=wanted.include_upstream,
        downstream=wanted.include_downstream,
        past=wanted.include_past,
        future=wanted.include_future,
    )


def _clear_for_real(call: Call, wanted: ClearBody, picked: list[TaskInstance]) -> None:
    server = call.server
    if server.state.faults.clear_conflict and picked:
        server.state.faults.clear_conflict -= 1
        raise unique_violation(wire.error_id(picked[0].uuid))
    effects.clear(
        server.state,
        server.time,
        picked,
        reset_runs=wanted.reset_dag_runs,
        refuse_running=wanted.prevent_running_task,
        note=wanted.note,
    )


def preview_patch(call: Call) -> Any:
    wanted = call.body(PatchInstanceBody)
    run, named = _instances(call)
    changing = [] if wanted.new_state is None else _with_relatives(call, run, named, wanted)
    return _rows(call, run, [ti for ti in changing if ti.state != wanted.new_state])


def patch(call: Call) -> Any:
    wanted = call.body(PatchInstanceBody)
    run, named = _instances(call)
    if wanted.new_state is not None:
        if all(instance.state == wanted.new_state for instance in named):
            raise ApiError(409, f"Task id {named[0].task_id} is already in {wanted.new_state} state")
        changing = _with_relatives(call, run, named, wanted)
        effects.mark(call.server.state.dag(run.dag_id), run, changing, wanted.new_state, call.server.time)
    if "note" in wanted.model_fields_set:
        for instance in named:
            instance.note = wanted.note
    return _rows(call, run, named)


def _instances(call: Call) -> tuple[DagRun, list[TaskInstance]]:
    """The instances that the path names: one, or without an index every index of a mapped task."""
    state = call.server.state
    place = call.path["dag_id"], call.path["dag_run_id"], call.path["task_id"]
    if call.map_index() is None and (found := state.instances(*place)):
        return state.run(*place[:2]), found
    run, instance = row_of(call)
    return run, [instance]


def _with_relatives(
    call: Call, run: DagRun, named: list[TaskInstance], wanted: PatchInstanceBody
) -> list[TaskInstance]:
    dag = call.server.state.dag(run.dag_id)
    related = effects.relatives(
        dag, named[0].task_id, upstream=wanted.include_upstream, downstream=wanted.include_downstream
    )
    others = [ti for ti in run.task_instances if ti.task_id in related - {named[0].task_id}]
    return [*named, *others]


def _rows(call: Call, run: DagRun, instances: list[TaskInstance]) -> dict[str, Any]:
    rows = [wire.task_instance(call.server.state, run, instance) for instance in instances]
    return {"task_instances": rows, "total_entries": len(rows)}
