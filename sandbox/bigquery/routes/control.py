"""The sandbox's own door: loads, accounts that go, permissions that lack, limits, what was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bigquery.errors import ApiError
from sandbox.bigquery.model import Dataset, Job
from sandbox.bigquery.server import Server

Model = TypeVar("Model", bound=BaseModel)


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Limits(Order):
    enforce: bool


class Load(Order):
    """A load of one partition of `project.dataset.table`, as of now: by its id, or by how many days ago it was."""

    table: str
    key: str = ""
    days_ago: int | None = None
    rows: int | None = None


class Table(Order):
    """What a table says of itself, whatever was loaded."""

    table: str
    modified_at: AwareDatetime | None = None
    bytes_per_row: int | None = None
    streaming_rows: int | None = None


class Forget(Order):
    """Delete an account."""

    address: str
    uid: str = "113311331133113311331"


class Welcome(Order):
    """Make an account known."""

    address: str
    kind: Literal["user", "service_account", "group"] = "user"
    members: tuple[str, ...] = ()


class Deny(Order):
    """Take a permission from Baton's account, on a project or on `project:dataset`; or give it back."""

    permission: str
    where: str
    again: bool = False


class Settings(Order):
    query_seconds: float | None = None
    dry_run_bytes: int | None = None
    takes_deleted: bool | None = None
    stale_policy_status: Literal[400, 409, 412] | None = None


class FailedJob(Order):
    """A job of somebody else that failed."""

    project: str
    job_id: str
    reason: str
    message: str
    user: str
    sql: str = "SELECT 1"
    labels: dict[str, str] = {}


def routes(server: Server) -> list[Route]:
    return [
        _order(server, "reset", Order, lambda server, _: server.reset()),
        _order(server, "limits", Limits, _limits),
        _order(server, "load", Load, _load),
        _order(server, "table", Table, _table),
        _order(server, "forget", Forget, lambda server, order: server.state.forget(order.address, order.uid)),
        _order(server, "welcome", Welcome, _welcome),
        _order(server, "deny", Deny, _deny),
        _order(server, "settings", Settings, _settings),
        _order(server, "failed_job", FailedJob, _failed_job),
        _look(server, "requests", _requests),
        _look(server, "readers", _readers),
        _look(server, "may_read", _may_read),
    ]


def _order(server: Server, name: str, model: type[Model], handler: Callable[[Server, Model], None]) -> Route:
    async def serve(request: Request) -> Response:
        try:
            handler(server, model.model_validate_json(await request.body() or b"{}"))
        except ValidationError as error:
            return JSONResponse({"detail": error.errors(include_url=False, include_context=False)}, 422)
        except ApiError as error:
            return JSONResponse(error.body, error.status)
        return JSONResponse({"ok": True})

    return Route(f"/_control/{name}", serve, methods=["POST"])


def _look(server: Server, name: str, handler: Callable[[Server, Request], Any]) -> Route:
    async def serve(request: Request) -> Response:
        try:
            return JSONResponse(handler(server, request))
        except ApiError as error:
            return JSONResponse(error.body, error.status)

    return Route(f"/_control/{name}", serve, methods=["GET"])


def _limits(server: Server, order: Limits) -> None:
    server.pace.is_enforced = order.enforce


def _load(server: Server, order: Load) -> None:
    if order.days_ago is None:
        server.load(order.table, order.key, order.rows)
    else:
        server.load_of(order.table, server.days_ago(order.days_ago), order.rows)


def _table(server: Server, order: Table) -> None:
    found = server.state.table(*order.table.rsplit(".", 2))
    found.modified_at = order.modified_at or found.modified_at
    found.bytes_per_row = order.bytes_per_row or found.bytes_per_row
    if order.streaming_rows is not None:
        rows = str(order.streaming_rows)
        found.streaming = {"estimatedRows": rows, "estimatedBytes": rows} if order.streaming_rows else None


def _welcome(server: Server, order: Welcome) -> None:
    principals, address = server.state.principals, order.address.lower()
    if order.kind == "group":
        principals.groups[address] = tuple(member.lower() for member in order.members)
    else:
        (principals.users if order.kind == "user" else principals.service_accounts).add(address)


def _deny(server: Server, order: Deny) -> None:
    change = server.state.denied.discard if order.again else server.state.denied.add
    change((order.permission, order.where))


def _settings(server: Server, order: Settings) -> None:
    for name, value in order.model_dump(exclude_none=True).items():
        setattr(server.state.principals if name == "takes_deleted" else server.state, name, value)


def _failed_job(server: Server, order: FailedJob) -> None:
    now = server.now()
    configuration = {"query": {"query": order.sql, "useLegacySql": False}, "labels": order.labels}
    job = Job(order.project, order.job_id, "US", configuration, order.user, now, now)
    job.error = {"reason": order.reason, "location": "query", "message": order.message}
    server.state.jobs[order.project, order.job_id] = job


def _requests(server: Server, _: Request) -> Any:
    requests = [{**asdict(each), "at": each.at.isoformat()} for each in server.state.requests]
    return {"requests": requests, "blind_writes": server.state.blind_writes}


def _readers(server: Server, request: Request) -> Any:
    dataset, now = _dataset(server, request), _moment(server, request)
    return {"readers": sorted(server.state.readers(dataset, now)), "at": now.isoformat()}


def _may_read(server: Server, request: Request) -> Any:
    """Whether `person` can read `dataset`, or its `table`, at this moment of the sandbox's clock."""
    dataset, query = _dataset(server, request), request.query_params
    return {"may": server.state.may_read(query["person"], dataset, _moment(server, request), query.get("table"))}


def _dataset(server: Server, request: Request) -> Dataset:
    project, _, dataset_id = request.query_params["dataset"].rpartition(".")
    return server.state.dataset(project, dataset_id)


def _moment(server: Server, request: Request) -> datetime:
    given = request.query_params.get("at")
    return datetime.fromisoformat(given) if given else server.now()
