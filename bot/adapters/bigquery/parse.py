"""BigQuery's JSON into the port's values. A strange form raises, and is reported as such."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.ports.bigquery import (
    Acl,
    Column,
    Dataset,
    DatasetName,
    Grain,
    Partitioning,
    Table,
    TableName,
    TablePolicy,
)

Row = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HAS_DATA = frozenset({"TABLE", "SNAPSHOT", "CLONE", "MATERIALIZED_VIEW"})


def dataset_name(row: Row) -> DatasetName:
    reference = row["datasetReference"]
    return DatasetName(reference["projectId"], reference["datasetId"])


def dataset(row: Row) -> Dataset:
    return Dataset(
        dataset_name(row),
        location=row.get("location", ""),
        kind=row.get("type", "DEFAULT"),
        description=row.get("description", ""),
        labels=dict(row.get("labels", {})),
        tags=dict(row.get("resourceTags", {})),
    )


def acl(name: DatasetName, row: Row) -> Acl:
    return Acl(name, tuple(dict(entry) for entry in row.get("access", ())), str(row["etag"]))


def policy(name: TableName, row: Row) -> TablePolicy:
    return TablePolicy(name, tuple(dict(binding) for binding in row.get("bindings", ())), str(row["etag"]))


def table_name(row: Row) -> TableName:
    reference = row["tableReference"]
    return TableName(reference["projectId"], reference["datasetId"], reference["tableId"])


def table(row: Row) -> Table:
    kind = str(row["type"])
    has_data = kind in _HAS_DATA
    return Table(
        table_name(row),
        kind,
        modified_at=moment(row["lastModifiedTime"]) if has_data else None,
        rows=int(row["numRows"]) if has_data and "numRows" in row else None,
        bytes=int(row["numBytes"]) if has_data and "numBytes" in row else None,
        columns=tuple(_columns(row.get("schema", {}).get("fields", ()))),
        partitioning=_partitioning(row.get("timePartitioning")),
        is_streaming="streamingBuffer" in row,
        labels=dict(row.get("labels", {})),
    )


def moment(milliseconds: str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(milliseconds))


def _columns(fields: Sequence[Row], above: str = "") -> Iterator[Column]:
    for each in fields:
        name = f"{above}{each['name']}"
        yield Column(name, str(each["type"]), tuple(each.get("policyTags", {}).get("names", ())))
        yield from _columns(each.get("fields", ()), f"{name}.")


def _partitioning(given: Row | None) -> Partitioning | None:
    return Partitioning(Grain(given["type"]), given.get("field")) if given else None
