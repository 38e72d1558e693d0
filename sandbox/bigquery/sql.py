"""The few questions that the fake can answer from what it knows of partitions; any other SQL is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sandbox.bigquery.errors import ApiError
from sandbox.bigquery.model import Partition, Table
from sandbox.bigquery.state import State

_PARTITIONS = re.compile(
    r"SELECT (?P<columns>[\w, ]+) "
    r"FROM `?(?P<project>[\w:.-]+?)`?\.`?(?P<dataset>\w+)`?\.`?INFORMATION_SCHEMA\.PARTITIONS`? "
    r"WHERE table_name = (?P<table>@\w+|'[^']+') AND partition_id = (?P<key>@\w+|'[^']+')",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"SELECT COUNT\(\*\) AS (?P<count>\w+)(?:, MAX\(`?(?P<stamp>\w+)`?\) AS (?P<newest>\w+))? "
    r"FROM `(?P<project>[\w:.-]+?)\.(?P<dataset>\w+)\.(?P<table>[^`.]+)`"
    r"(?: WHERE `?(?P<column>\w+)`? >= (?P<start>@\w+) AND `?(?P=column)`? < (?P<end>@\w+))?",
    re.IGNORECASE,
)
_ONE = re.compile(r"SELECT 1", re.IGNORECASE)
_TYPES = {"partition_id": "STRING", "table_name": "STRING", "total_rows": "INTEGER", "last_modified_time": "TIMESTAMP"}


@dataclass(frozen=True, slots=True)
class Answer:
    schema: list[dict[str, Any]]
    rows: list[list[Any]]
    processed: int = 0


def answer(state: State, sql: str, parameters: Mapping[str, Any]) -> Answer:
    """The rows, or BigQuery's refusal of the question."""
    words = " ".join(sql.split()).rstrip("; ")
    if found := _PARTITIONS.fullmatch(words):
        return _partitions(state, found, parameters)
    if found := _COUNT.fullmatch(words):
        return _count(state, found, parameters)
    if _ONE.fullmatch(words):
        return Answer([_field("f0_", "INTEGER")], [[1]])
    message = "Syntax error: the sandbox knows COUNT(*) of a table and INFORMATION_SCHEMA.PARTITIONS of one partition."
    raise ApiError(400, "invalidQuery", message)


def parameters_of(given: Any) -> dict[str, Any]:
    """Named query parameters as values."""
    return {
        each["name"]: _value(each["parameterType"]["type"], each["parameterValue"].get("value")) for each in given or ()
    }


def _value(kind: str, written: str) -> Any:
    if kind == "DATE":
        return date.fromisoformat(written)
    if kind in {"TIMESTAMP", "DATETIME"}:
        moment = datetime.fromisoformat(written)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(written) if kind in {"INT64", "INTEGER"} else written


def _partitions(state: State, found: re.Match[str], parameters: Mapping[str, Any]) -> Answer:
    columns = [column.strip() for column in found["columns"].split(",")]
    if unknown := [column for column in columns if column not in _TYPES]:
        raise ApiError(400, "invalidQuery", f"Unrecognized name: {unknown[0]}")
    dataset = state.dataset(found["project"], found["dataset"])
    table, key = dataset.tables.get(_named(found["table"], parameters)), _named(found["key"], parameters)
    partition = table.partitions.get(key) if table and table.grain else None
    schema = [_field(column, _TYPES[column]) for column in columns]
    if table is None or partition is None:
        return Answer(schema, [])
    values = {
        "partition_id": key,
        "table_name": table.table_id,
        "total_rows": partition.rows,
        "last_modified_time": partition.modified_at,
    }
    return Answer(schema, [[values[column] for column in columns]])


def _count(state: State, found: re.Match[str], parameters: Mapping[str, Any]) -> Answer:
    table = state.table(found["project"], found["dataset"], found["table"])
    for column in (found["column"], found["stamp"]):
        if column and column not in {each["name"] for each in table.fields}:
            raise ApiError(400, "invalidQuery", f"Unrecognized name: {column}")
    chosen = _chosen(table, found, parameters)
    rows = sum(partition.rows for partition in chosen)
    newest = max((partition.modified_at for partition in chosen), default=None)
    schema = [_field(found["count"], "INTEGER")]
    if found["stamp"]:
        schema.append(_field(found["newest"], "TIMESTAMP"))
    return Answer(schema, [[rows, newest][: len(schema)]], rows * table.bytes_per_row)


def _chosen(table: Table, found: re.Match[str], parameters: Mapping[str, Any]) -> list[Partition]:
    """The partitions that begin in the stretch of time; where another column is asked, all of them."""
    if table.grain is None or found["column"] is None or found["column"] != table.column:
        return list(table.partitions.values())
    start, end = (_moment(_named(found[each], parameters)) for each in ("start", "end"))
    return [each for key, each in table.partitions.items() if start <= table.begins(key) < end]


def _named(written: str, parameters: Mapping[str, Any]) -> Any:
    if not written.startswith("@"):
        return written.strip("'")
    if written[1:] not in parameters:
        raise ApiError(400, "invalidQuery", f"Query parameter {written[1:]!r} not found")
    return parameters[written[1:]]


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def _field(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "type": kind, "mode": "NULLABLE"}
