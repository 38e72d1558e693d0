"""What BigQuery shows of one business date of a load: before a rerun, and whether it changed. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from bot.dates.written import DAY
from bot.loads import Evidence, Load
from bot.operations.operation import Ports
from bot.ports.bigquery import Between, BigQuery, Grain, Table, TableName
from bot.ports.errors import Forbidden, NotFound, Rejected, VendorError
from bot.text import Code, Text, text

MOST_BYTES = 10 * 1024**3  # what one question about a date may read
_IN_UTC = frozenset({None, "TIMESTAMP"})  # BigQuery's partitions by arrival or by a moment are days in UTC
_FOR_GOOD = (NotFound, Forbidden, Rejected)  # asking again does not help


@dataclass(frozen=True, slots=True)
class Shown:
    """The data of one date as BigQuery has them; `why` says why nothing is known. No `rows`: no such partition."""

    rows: int | None = None
    changed_at: datetime | None = None
    why: Text | None = None

    @property
    def words(self) -> Text:
        if self.why is not None:
            return self.why
        if self.rows is None:
            return text("rerun-load.no_partition")
        return text("rerun-load.rows", n=self.rows)

    def to_json(self) -> dict[str, Any] | None:
        """Return what is compared with later, None where nothing is known."""
        if self.why is not None:
            return None
        return {"rows": self.rows, "changed_at": self.changed_at.isoformat() if self.changed_at else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self | None:
        if data is None:
            return None
        return cls(data["rows"], datetime.fromisoformat(data["changed_at"]) if data["changed_at"] else None)


def look(load: Load, day: date, ports: Ports) -> Shown | None:
    """Return what is there of that date; None for a load whose table loads.yaml does not name.

    What passes (BigQuery is down) raises; what does not becomes the reason.
    """
    if load.evidence is None:
        return None
    table = TableName.parse(load.evidence.table)
    door = ports.bigquery.get(table.project) or _only(ports)
    if door is None:
        return Shown(why=text("rerun-load.no_bigquery", table=Code(load.evidence.table)))
    try:
        return _seen(door, table, load, load.evidence, day)
    except _FOR_GOOD as error:
        return Shown(why=error.words)


def look_for_preview(load: Load, day: date, ports: Ports) -> Shown | None:
    """Return the same for a plan, which does without it where BigQuery does not answer."""
    try:
        return look(load, day, ports)
    except VendorError as error:
        return Shown(why=error.words)


def _only(ports: Ports) -> BigQuery | None:
    return next(iter(ports.bigquery.values())) if len(ports.bigquery) == 1 else None


def _seen(door: BigQuery, table: TableName, load: Load, evidence: Evidence, day: date) -> Shown:
    if evidence.column:
        between = _between(door.table(table), load, evidence, day)
        found = door.rows(table, between, most_bytes=MOST_BYTES)
        return Shown(found.rows, found.loaded_at)
    described = door.table(table)
    partitioning = described.partitioning
    if partitioning is None or partitioning.grain is Grain.HOUR:
        return Shown(why=text("rerun-load.not_partitioned", table=Code(str(table))))
    if _type_of(described, partitioning.column) in _IN_UTC and str(load.dates.zone) not in {"UTC", "Etc/UTC"}:
        zone = str(load.dates.zone)
        return Shown(why=text("rerun-load.partitioned_in_utc", table=Code(str(table)), zone=zone))
    partition = door.partition(table, partitioning.key(day))
    return Shown(partition.rows, partition.modified_at) if partition else Shown()


def _type_of(table: Table, column: str | None) -> str | None:
    """Return the type of that column; None where the time of arrival decides."""
    return next((each.type for each in table.columns if each.name == column), "DATE") if column else None


def _between(table: Table, load: Load, evidence: Evidence, day: date) -> Between:
    """Return the rows of the date, in the way of its column: a date, a moment, or the time on the wall."""
    column = evidence.column or ""
    kind = _type_of(table, column)
    start, end = load.dates.bounds(day)
    if kind == "DATETIME":
        start, end = (moment.astimezone(load.dates.zone).replace(tzinfo=None) for moment in (start, end))
    if kind in {"TIMESTAMP", "DATETIME"}:
        return Between(column, start, end, evidence.loaded_at)
    return Between(column, day, day + DAY, evidence.loaded_at)


def tells_runs_apart(load: Load, day: date) -> bool:
    """Whether it shows which run changed the data of a date: a number of rows does not where several runs load it."""
    only_rows = load.evidence is not None and load.evidence.column and not load.evidence.loaded_at
    return not only_rows or len(load.dates.slots(day)) <= 1


def has_changed(before: Shown | None, now: Shown, began_at: datetime | None) -> bool | None:
    """Tell whether the data changed after that moment; None where this kind of evidence cannot tell."""
    if now.why is not None:
        return None
    if now.changed_at is not None and began_at is not None:
        return now.changed_at > began_at
    if before is None or before.why is not None:
        return None
    return True if before.rows != now.rows else None
