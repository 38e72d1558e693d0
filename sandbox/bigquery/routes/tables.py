"""Tables: list, create, read, and change what describes them."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.bigquery import rules, wire
from sandbox.bigquery.call import Call, endpoint
from sandbox.bigquery.errors import ApiError, invalid
from sandbox.bigquery.model import KEY_FORMATS, Partition, Table
from sandbox.bigquery.routes.datasets import DATASET
from sandbox.bigquery.server import Server

TABLES = f"{DATASET}/tables"
TABLE = f"{TABLES}/{{table}}"


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", TABLES, list_tables),
        endpoint(server, "POST", TABLES, create),
        endpoint(server, "GET", TABLE, get),
        endpoint(server, "PATCH", TABLE, patch),
    ]


def list_tables(call: Call) -> Any:
    dataset = call.state.dataset(call.path["project"], call.path["dataset"])
    tables = sorted(dataset.tables.values(), key=lambda each: each.table_id)
    found, more = call.page(tables)
    items = [wire.table_item(each) for each in found]
    return {"kind": "bigquery#tableList", "tables": items, "totalItems": len(tables), **more}


def create(call: Call) -> Any:
    body, now = call.body(), call.server.now()
    dataset = call.state.dataset(call.path["project"], call.path["dataset"])
    table_id = body.get("tableReference", {}).get("tableId")
    if not isinstance(table_id, str) or not table_id:
        raise invalid(f"Invalid table ID {table_id!r}.")
    if table_id in dataset.tables:
        raise ApiError(409, "duplicate", f"Already Exists: Table {dataset.name}.{table_id}")
    grain, column = _partitioning(body)
    kind = "VIEW" if "view" in body else "TABLE"
    made = Table(dataset.project, dataset.dataset_id, table_id, kind, now, now, call.state.next_etag())
    made.grain, made.column, made.view = grain, column, (body.get("view") or {}).get("query")
    made.partitions = {} if grain or made.view is not None else {"": Partition(0, now)}
    _describe(made, body)
    dataset.tables[table_id] = made
    return wire.table(made)


def get(call: Call) -> Any:
    call.state.allow("bigquery.tables.get", call.path["project"], call.path["dataset"])
    return wire.table(found(call))


def patch(call: Call) -> Any:
    table = found(call)
    rules.match(table.etag, call.if_match)
    _describe(table, call.body())
    table.etag, table.modified_at = call.state.next_etag(), call.server.now()
    return wire.table(table)


def found(call: Call) -> Table:
    return call.state.table(call.path["project"], call.path["dataset"], call.path["table"])


def _describe(table: Table, body: dict[str, Any]) -> None:
    if "schema" in body:
        table.fields = list(body["schema"].get("fields", ()))
    if "labels" in body:
        table.labels = dict(body["labels"] or {})


def _partitioning(body: dict[str, Any]) -> tuple[str | None, str | None]:
    given = body.get("timePartitioning")
    if given is None:
        return None, None
    if given.get("type") not in KEY_FORMATS:
        raise invalid(f"Invalid value for timePartitioning.type: {given.get('type')}")
    return given["type"], given.get("field")
