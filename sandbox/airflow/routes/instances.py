"""Task instances: lists across runs, single and mapped ones, tries, logs."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.airflow import logs, wire
from sandbox.airflow.bodies import ListInstancesBody
from sandbox.airflow.call import Call, endpoint
from sandbox.airflow.errors import ApiError, invalid
from sandbox.airflow.model import Attempt, DagRun, TaskInstance
from sandbox.airflow.query import BOUNDS, Columns, bounded, cut, in_order
from sandbox.airflow.routes.dags import like
from sandbox.airflow.server import Server

ALL: Final = "/api/v2/dags/{dag_id}/dagRuns/{dag_run_id}/taskInstances"
ONE: Final = f"{ALL}/{{task_id}}"
Row = tuple[DagRun, TaskInstance]
MOMENTS: Columns[Row] = {
    "run_after": lambda row: row[0].run_after,
    "logical_date": lambda row: row[0].logical_date,
    "start_date": lambda row: row[1].start_date,
    "end_date": lambda row: row[1].end_date,
}
COLUMNS: Columns[Row] = {
    **MOMENTS,
    "id": lambda row: row[1].uuid,
    "state": lambda row: row[1].state,
    "duration": lambda row: wire.seconds_between(row[1].start_date, row[1].end_date),
    "map_index": lambda row: row[1].map_index,
    "try_number": lambda row: row[1].try_number,
    "rendered_map_index": lambda row: str(row[1].map_index),
    "operator": lambda row: row[1].task.operator,
}


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", ALL, list_instances),
        endpoint(server, "POST", f"{ALL}/list", list_batch, event="get_task_instances_batch"),
        endpoint(server, "GET", ONE, get_instance),
        endpoint(server, "GET", f"{ONE}/listMapped", list_mapped),
        endpoint(server, "GET", f"{ONE}/tries", list_tries),
        endpoint(server, "GET", f"{ONE}/logs/{{try_number}}", get_log),
        endpoint(server, "GET", f"{ONE}/{{map_index}}", get_instance),
        endpoint(server, "GET", f"{ONE}/{{map_index}}/tries", list_tries),
    ]


def list_instances(call: Call) -> Any:
    state, dag_id, run_id = call.server.state, call.path["dag_id"], call.path["dag_run_id"]
    if run_id != "~" and not any(run.run_id == run_id for run in state.runs):
        raise ApiError(404, f"DagRun with run_id: `{run_id}` was not found")
    if dag_id != "~":
        state.dag(dag_id)
    rows = [row for row in state.pairs() if dag_id in ("~", row[0].dag_id) and run_id in ("~", row[0].run_id)]
    return _page(call, _filtered(call, rows))


def _filtered(call: Call, rows: list[Row]) -> list[Row]:
    query = call.query
    states, tasks, indexes = query.task_states(), query.texts("task_id"), query.texts("map_index")
    pattern, tries = query.text("dag_id_pattern"), query.texts("try_number")
    rows = [(run, ti) for run, ti in rows if not states or ti.state in states]
    rows = [(run, ti) for run, ti in rows if not tasks or ti.task_id in tasks]
    rows = [(run, ti) for run, ti in rows if not indexes or str(ti.map_index) in indexes]
    rows = [(run, ti) for run, ti in rows if not tries or str(ti.try_number) in tries]
    rows = [(run, ti) for run, ti in rows if pattern is None or like(pattern, run.dag_id)]
    return query.within(rows, MOMENTS)


def _page(call: Call, rows: list[Row]) -> dict[str, Any]:
    page = call.query.page(rows, COLUMNS, "map_index")
    return _collection(call, page, len(rows))


def _collection(call: Call, page: list[Row], total: int) -> dict[str, Any]:
    shown = [wire.task_instance(call.server.state, run, instance) for run, instance in page]
    cursors = {"next_cursor": None, "previous_cursor": None} if call.server.state.minor >= 3 else {}
    return {"task_instances": shown, "total_entries": total, **cursors}


def list_batch(call: Call) -> Any:
    for key in ("dag_id", "dag_run_id"):
        if call.path[key] != "~":
            raise invalid(["path", key], "literal_error", "Input should be '~'", call.path[key])
    wanted = call.body(ListInstancesBody)
    rows = [row for row in call.server.state.pairs() if _in_batch(row, wanted)]
    for name, value_of in {**MOMENTS, "duration": COLUMNS["duration"]}.items():
        for suffix in BOUNDS:
            bound = getattr(wanted, f"{name}_{suffix}")
            rows = rows if bound is None else bounded(rows, value_of, suffix, bound)
    ordered = in_order(rows, COLUMNS, [wanted.order_by or "map_index"])
    return _collection(call, cut(ordered, wanted.page_limit, wanted.page_offset), len(rows))


def _in_batch(row: Row, wanted: ListInstancesBody) -> bool:
    run, instance = row
    return (
        (wanted.dag_ids is None or run.dag_id in wanted.dag_ids)
        and (wanted.dag_run_ids is None or run.run_id in wanted.dag_run_ids)
        and (wanted.task_ids is None or instance.task_id in wanted.task_ids)
        and (not wanted.state or instance.state in wanted.state)
        and (wanted.pool is None or "default_pool" in wanted.pool)
        and (wanted.queue is None or "default" in wanted.queue)
        and not wanted.executor
    )


def get_instance(call: Call) -> Any:
    return wire.task_instance(call.server.state, *row_of(call))


def row_of(call: Call) -> Row:
    """The run and the instance that the path names; a mapped one needs its index."""
    state, map_index = call.server.state, call.map_index()
    place = call.path["dag_id"], call.path["dag_run_id"], call.path["task_id"]
    instances = state.instances(*place)
    if map_index is None and any(instance.map_index != -1 for instance in instances):
        raise ApiError(404, "Task instance is mapped, add the map_index value to the URL")
    instance = state.instance(*place, -1 if map_index is None else map_index)
    return state.run(*place[:2]), instance


def list_mapped(call: Call) -> Any:
    state, dag_id, task_id = call.server.state, call.path["dag_id"], call.path["task_id"]
    task = state.dag(dag_id).task(task_id)
    if task is None:
        raise ApiError(404, f"Task id {task_id} not found")
    if not task.mapped:
        raise ApiError(404, f"Task id {task_id} is not mapped")
    run = state.run(dag_id, call.path["dag_run_id"])
    return _page(call, _filtered(call, [(run, ti) for ti in run.task_instances if ti.task_id == task_id]))


def list_tries(call: Call) -> Any:
    """Every execution that began; while a cleared instance waits, its blank row is listed as well."""
    given = call.map_index()
    map_index = call.query.number("map_index", 0) if call.query.text("map_index") else -1
    place = call.path["dag_id"], call.path["dag_run_id"], call.path["task_id"]
    instance = call.server.state.instance(*place, map_index if given is None else given)
    tried = list(instance.attempts)
    if instance.state is None or not tried:
        tried.append(Attempt(instance.try_number, call.server.time.now(), max_tries=instance.max_tries))
    rows = [wire.attempt(call.server.state, instance, attempt) for attempt in tried]
    return {"task_instances": rows, "total_entries": len(rows)}


def get_log(call: Call) -> Response:
    if not _accepts_json(call.headers.get("accept", "*/*")):
        raise ApiError(406, "Only application/json or application/x-ndjson is supported")
    map_index = int(call.query.text("map_index") or -1)
    try:
        number = int(call.path["try_number"])
        place = call.path["dag_id"], call.path["dag_run_id"], call.path["task_id"]
        instance = call.server.state.instance(*place, map_index)
        content = _log_lines(call, instance, number)
    except (ValueError, ApiError, StopIteration) as error:
        raise ApiError(404, "TaskInstance not found") from error
    return JSONResponse({"content": content, "continuation_token": None})


def _accepts_json(accept: str) -> bool:
    offered = {part.partition(";")[0].strip() for part in accept.split(",")}
    return bool(offered & {"*/*", "application/*", "application/json", "application/x-ndjson"})


def _log_lines(call: Call, instance: TaskInstance, number: int) -> list[dict[str, Any]]:
    if number == 0 and instance.state == "upstream_failed":
        return logs.not_run(instance.end_date or call.server.time.now())
    return logs.lines(instance, next(tried for tried in instance.attempts if tried.try_number == number))
