"""The sandbox's own door: break and fix causes, write failed runs, move time, cause faults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.airflow import effects, wire
from sandbox.airflow.model import Broken, Dag, DagRun, TaskInstance
from sandbox.airflow.routes.page import log_path
from sandbox.airflow.seed import scheduled_run
from sandbox.airflow.server import Server
from sandbox.airflow.state import untouched

Model = TypeVar("Model", bound=BaseModel)
LogicalDate = AwareDatetime | Annotated[str, Field(pattern=r"^latest(-\d+)?$")] | None


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Break(Order):
    dag_id: str
    task_id: str
    message: str = "RuntimeError: broken on purpose"
    map_index: int | None = None
    partition: str | None = None  # a partition key, a day (2026-01-31) or a run id


class Fix(Order):
    dag_id: str
    task_id: str | None = None
    map_index: int | None = None
    partition: str | None = None


class FailRun(Order):
    """`logical_date`: a moment, null for a manual run, or `latest`, `latest-1`, … of the schedule."""

    dag_id: str
    task_id: str
    message: str
    logical_date: LogicalDate = "latest"
    dag_run_id: str | None = None
    map_index: int | None = None
    partition_key: str | None = None


class Run(Order):
    dag_id: str
    dag_run_id: str | None = None
    logical_date: LogicalDate = None


class RecoverRun(Order):
    dag_id: str
    dag_run_id: str


class Fault(Order):
    name: Literal["lost_clear", "clear_conflict", "dead_scheduler"]
    times: int = 1  # 0 ends it


class Settings(Order):
    speed: float | None = None
    token_seconds: int | None = None
    version: str | None = None


class Advance(Order):
    seconds: float


class Restart(Order):
    keep_secret: bool = False


class AddImportError(Order):
    filename: str
    stack_trace: str


def routes(server: Server) -> list[Route]:
    return [
        _order(server, "break", Break, break_task),
        _order(server, "fix", Fix, fix_task),
        _order(server, "fail_run", FailRun, fail_run),
        _order(server, "recover_run", RecoverRun, recover_run),
        _order(server, "run", Run, start_run),
        _order(server, "fault", Fault, set_fault),
        _order(server, "settings", Settings, change_settings),
        _order(server, "advance", Advance, advance),
        _order(server, "restart", Restart, restart),
        _order(server, "reset", Order, reset),
        _order(server, "import_error", AddImportError, add_import_error),
    ]


def _order(server: Server, name: str, model: type[Model], handler: Callable[[Server, Model], Any]) -> Route:
    async def serve(request: Request) -> Response:
        try:
            order = model.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            return JSONResponse({"detail": error.errors(include_url=False, include_context=False)}, 422)
        server.scheduler.catch_up()
        answer = handler(server, order)
        server.scheduler.catch_up()
        return JSONResponse(answer if answer is not None else {"ok": True})

    return Route(f"/_control/{name}", serve, methods=["POST"])


def break_task(server: Server, order: Break) -> None:
    """From now on this task fails, whenever it runs."""
    server.state.dag(order.dag_id)
    server.state.broken.append(Broken(order.dag_id, order.task_id, order.message, order.map_index, order.partition))


def fix_task(server: Server, order: Fix) -> Any:
    """Remove the causes that match; a key that is not given matches all."""
    wanted = {key: value for key, value in order.model_dump().items() if value is not None}
    fixed = [
        cause for cause in server.state.broken if all(getattr(cause, key) == value for key, value in wanted.items())
    ]
    server.state.broken = [cause for cause in server.state.broken if cause not in fixed]
    return {"ok": True, "fixed": len(fixed)}


def fail_run(server: Server, order: FailRun) -> Any:
    """Write a run that has already failed at this task, with what waits for it `upstream_failed`."""
    dag = server.state.dag(order.dag_id)
    task = dag.task(order.task_id)
    if task is None:
        return {"ok": False, "error": f"no task {order.task_id} in {order.dag_id}"}
    run = _run(server, dag, order.logical_date, order.dag_run_id)
    run.task_instances = untouched(dag, run.run_id)
    run.partition_key = order.partition_key or run.partition_key
    failing = [
        ti for ti in run.task_instances if ti.task_id == task.task_id and order.map_index in (None, ti.map_index)
    ]
    started = server.time.now() - timedelta(seconds=sum(listed.seconds for listed in dag.tasks))
    effects.play_out(run, started, fails_at=failing, error=order.message)
    return described(run, failing[0])


def recover_run(server: Server, order: RecoverRun) -> Any:
    """Somebody has cleared the failed tasks in Airflow itself, and they went well."""
    run = server.state.run(order.dag_id, order.dag_run_id)
    again = effects.recover(run, server.time.now())
    return described(run, again[0] if again else run.task_instances[0])


def start_run(server: Server, order: Run) -> Any:
    """Queue a run, or queue an existing one again with every task blank."""
    dag = server.state.dag(order.dag_id)
    run = _run(server, dag, order.logical_date, order.dag_run_id)
    effects.clear(server.state, server.time, run.task_instances, reset_runs=True, refuse_running=False, note=None)
    return described(run, run.task_instances[0])


def _run(server: Server, dag: Dag, logical_date: datetime | str | None, run_id: str | None) -> DagRun:
    now = server.time.now()
    if isinstance(logical_date, str):
        return scheduled_run(server.state, dag, now, back=int(logical_date.removeprefix("latest") or "0") * -1)
    existing = server.state.run_at(dag.dag_id, logical_date) if logical_date else None
    if run_id is not None:
        existing = server.state.find_run(dag.dag_id, run_id) or existing
    return existing or server.state.new_run(
        dag,
        run_id or (f"scheduled__{logical_date.isoformat()}" if logical_date else f"manual__{now.isoformat()}"),
        run_type="scheduled" if logical_date else "manual",
        triggered_by="timetable" if logical_date else "ui",
        run_after=logical_date or now,
        logical_date=logical_date,
        interval=(logical_date, logical_date) if logical_date else None,
        queued_at=now,
    )


def described(run: DagRun, instance: TaskInstance) -> dict[str, Any]:
    """What an alert about this instance would say."""
    return {
        "ok": True,
        "dag_id": run.dag_id,
        "dag_run_id": run.run_id,
        "logical_date": wire.stamp(run.logical_date),
        "execution_time": str(run.logical_date or run.run_after),
        "task_id": instance.task_id,
        "map_index": instance.map_index,
        "try_number": instance.try_number,
        "state": run.state,
        "log_path": log_path(instance),
    }


def set_fault(server: Server, order: Fault) -> None:
    if order.name == "dead_scheduler":
        server.state.faults.dead_scheduler = order.times > 0
    else:
        setattr(server.state.faults, order.name, order.times)


def change_settings(server: Server, order: Settings) -> None:
    if order.speed is not None:
        server.time.set_speed(order.speed)
    if order.token_seconds is not None:
        server.auth.lifetime = timedelta(seconds=order.token_seconds)
    if order.version is not None:
        server.state.version = order.version


def advance(server: Server, order: Advance) -> None:
    """Let simulated seconds pass at once."""
    server.time.skip(order.seconds)


def restart(server: Server, order: Restart) -> None:
    """Without a fixed secret every token that was issued before is refused as invalid."""
    if not order.keep_secret:
        server.auth.change_secret()


def reset(server: Server, _: Order) -> None:
    server.reset()


def add_import_error(server: Server, order: AddImportError) -> None:
    found = server.state.import_errors
    found.append(
        {
            "import_error_id": len(found) + 1,
            "timestamp": wire.stamp(server.time.now()),
            "filename": order.filename,
            "bundle_name": "dags-folder",
            "stack_trace": order.stack_trace,
        }
    )
