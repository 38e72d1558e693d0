"""Backfills: what one would run, creating it, pausing and cancelling it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.routing import Route

from sandbox.airflow import cron, effects, wire
from sandbox.airflow.bodies import BackfillBody
from sandbox.airflow.call import Call, endpoint
from sandbox.airflow.errors import ApiError, invalid
from sandbox.airflow.model import ENDED, Backfill, Dag, DagRun
from sandbox.airflow.query import Columns
from sandbox.airflow.server import Server

BACKFILLS: Final = "/api/v2/backfills"
COLUMNS: Columns[Backfill] = {"id": lambda fill: fill.number}
REPROCESSED: Final = {"none": frozenset[str](), "failed": frozenset({"failed"}), "completed": ENDED}


def routes(server: Server) -> list[Route]:
    one = f"{BACKFILLS}/{{backfill_id}}"
    return [
        endpoint(server, "GET", BACKFILLS, list_backfills),
        endpoint(server, "POST", BACKFILLS, create, writes=True, event="create_backfill"),
        endpoint(server, "POST", f"{BACKFILLS}/dry_run", preview, writes=True),
        endpoint(server, "GET", one, get_backfill),
        endpoint(server, "PUT", f"{one}/pause", _change(_pause), writes=True, event="pause_backfill"),
        endpoint(server, "PUT", f"{one}/unpause", _change(_unpause), writes=True, event="unpause_backfill"),
        endpoint(server, "PUT", f"{one}/cancel", _change(_cancel), writes=True, event="cancel_backfill"),
    ]


def list_backfills(call: Call) -> Any:
    dag_id = call.query.text("dag_id")
    if dag_id is None:
        raise invalid(["query", "dag_id"], "missing", "Field required", None)
    found = [fill for fill in call.server.state.backfills if fill.dag_id == dag_id]
    return {
        "backfills": [wire.backfill(fill) for fill in call.query.page(found, COLUMNS, "id")],
        "total_entries": len(found),
    }


def get_backfill(call: Call) -> Any:
    return wire.backfill(_found(call, "Backfill not found"))


def preview(call: Call) -> Any:
    """Only what would run; dates that are done or in flight are missing without a word."""
    wanted = call.body(BackfillBody)
    dag = _backfillable(call, wanted)
    dates = [{"logical_date": wire.stamp(due)} for due, _ in _to_run(call, dag, wanted)]
    if call.server.state.minor >= 3:
        dates = [{**date, "partition_key": None, "partition_date": None} for date in dates]
    return {"backfills": dates, "total_entries": len(dates)}


def create(call: Call) -> Any:
    server = call.server
    wanted = call.body(BackfillBody)
    dag = _backfillable(call, wanted)
    if any(fill.dag_id == dag.dag_id and fill.completed_at is None for fill in server.state.backfills):
        raise ApiError(409, f"There is already a running backfill for dag {dag.dag_id}")
    runs = [_queued(call, dag, due, run, wanted) for due, run in _to_run(call, dag, wanted)]
    now = server.time.now()
    fill = Backfill(
        number=len(server.state.backfills) + 1,
        dag_id=dag.dag_id,
        from_date=wanted.from_date,
        to_date=wanted.to_date,
        reprocess_behavior=wanted.reprocess_behavior,
        max_active_runs=wanted.max_active_runs,
        conf=wanted.dag_run_conf or {},
        created_at=now,
        updated_at=now,
        run_ids=tuple(run.run_id for run in runs),
        completed_at=None if runs else now,
    )
    server.state.backfills.append(fill)
    return wire.backfill(fill)


def _backfillable(call: Call, wanted: BackfillBody) -> Dag:
    dag = call.server.state.dags.get(wanted.dag_id)
    if dag is None:
        raise ApiError(404, f"Could not find dag {wanted.dag_id}")
    if dag.schedule is None:
        raise ApiError(422, f"{wanted.dag_id} has a non-periodic schedule and cannot be backfilled")
    if wanted.from_date > wanted.to_date:
        raise ApiError(422, "Backfill from_date must not be later than to_date")
    if wanted.from_date > call.server.time.now():
        raise ApiError(422, "Backfill cannot be executed for future dates.")
    return dag


def _to_run(call: Call, dag: Dag, wanted: BackfillBody) -> list[tuple[datetime, DagRun | None]]:
    """The due dates of the window, both ends included, that have no run or one that may be repeated."""
    state = call.server.state
    end = min(wanted.to_date, call.server.time.now())
    due = cron.next_due(dag.schedule or "", dag.timezone, wanted.from_date - timedelta(microseconds=1))
    found: list[tuple[datetime, DagRun | None]] = []
    while due <= end:
        run = state.run_at(dag.dag_id, due)
        if run is None or run.state in REPROCESSED[wanted.reprocess_behavior]:
            found.append((due, run))
        due = cron.next_due(dag.schedule or "", dag.timezone, due)
    return found[::-1] if wanted.run_backwards else found


def _queued(call: Call, dag: Dag, due: datetime, run: DagRun | None, wanted: BackfillBody) -> DagRun:
    """A new run, or an old one with all of its tasks cleared; both now belong to the backfill."""
    server = call.server
    if run is None:
        return server.state.new_run(
            dag,
            f"backfill__{due.isoformat()}",
            run_type="backfill",
            triggered_by="backfill",
            run_after=due,
            logical_date=due,
            interval=(due, due),
            queued_at=server.time.now(),
            user=call.user.username,
            conf=wanted.dag_run_conf or {},
        )
    effects.clear(server.state, server.time, run.task_instances, reset_runs=True, refuse_running=False, note=None)
    run.run_type, run.triggered_by = "backfill", "backfill"
    return run


def _found(call: Call, missing: str) -> Backfill:
    number = call.path["backfill_id"]
    for fill in call.server.state.backfills:
        if str(fill.number) == number:
            return fill
    raise ApiError(404, missing)


def _change(effect: Callable[[Call, Backfill], None]) -> Callable[[Call], Any]:
    def handler(call: Call) -> Any:
        fill = _found(call, f"Could not find backfill with id {call.path['backfill_id']}")
        if fill.completed_at is not None:
            raise ApiError(409, "Backfill is already completed.")
        effect(call, fill)
        fill.updated_at = call.server.time.now()
        return wire.backfill(fill)

    return handler


def _pause(_: Call, fill: Backfill) -> None:
    fill.is_paused = True


def _unpause(_: Call, fill: Backfill) -> None:
    fill.is_paused = False


def _cancel(call: Call, fill: Backfill) -> None:
    """Queued runs fail; running ones go on."""
    now = call.server.time.now()
    fill.is_paused, fill.completed_at = True, now
    for run in call.server.state.runs_of(fill.dag_id):
        if run.run_id in fill.run_ids and run.state == "queued":
            run.state, run.end_date = "failed", now
