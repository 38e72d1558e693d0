"""What the fake BigQuery holds. Access entries and policy bindings are JSON, as on the wire."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Entry = dict[str, Any]

KEY_FORMATS = {"HOUR": "%Y%m%d%H", "DAY": "%Y%m%d", "MONTH": "%Y%m", "YEAR": "%Y"}


@dataclass(slots=True)
class Partition:
    """One partition by time, or a whole table that has none."""

    rows: int
    modified_at: datetime


@dataclass(slots=True)
class Table:
    """`partitions` by id; a table that is not partitioned has the one partition `""`."""

    project: str
    dataset_id: str
    table_id: str
    kind: str
    created_at: datetime
    modified_at: datetime
    etag: str
    fields: list[dict[str, Any]] = field(default_factory=list)
    grain: str | None = None
    column: str | None = None
    partitions: dict[str, Partition] = field(default_factory=dict)
    usual_rows: int = 0  # of one load
    bytes_per_row: int = 100
    labels: dict[str, str] = field(default_factory=dict)
    streaming: dict[str, str] | None = None
    view: str | None = None
    bindings: list[Entry] = field(default_factory=list)
    policy_etag: str = "BwAAAAAAAAE="

    @property
    def has_data(self) -> bool:
        return self.kind == "TABLE"

    @property
    def rows(self) -> int:
        return sum(partition.rows for partition in self.partitions.values())

    @property
    def name(self) -> str:
        return f"{self.project}:{self.dataset_id}.{self.table_id}"

    def begins(self, key: str) -> datetime:
        """When the time of a partition begins."""
        assert self.grain is not None
        return datetime.strptime(key, KEY_FORMATS[self.grain]).replace(tzinfo=UTC)

    def key_of(self, moment: datetime) -> str:
        """The partition that holds this moment."""
        return moment.strftime(KEY_FORMATS[self.grain]) if self.grain else ""

    def usual(self, key: str) -> int:
        """How many rows a load of this partition brings: much the same each time, and the same when repeated."""
        return self.usual_rows + (sum(key.encode()) * 37 % 101 if key else 0)

    def write(self, key: str, at: datetime, rows: int | None = None) -> None:
        """Replace a partition by a load, which brings as many rows as ever unless told otherwise."""
        self.partitions[key] = Partition(self.usual(key) if rows is None else rows, at)
        self.modified_at = at


@dataclass(slots=True)
class Dataset:
    project: str
    dataset_id: str
    etag: str
    access: list[Entry]
    created_at: datetime
    modified_at: datetime
    location: str = "US"
    kind: str = "DEFAULT"
    description: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.project}:{self.dataset_id}"

    @property
    def is_conditional(self) -> bool:
        return any("condition" in entry for entry in self.access)


@dataclass(slots=True)
class Job:
    """A query, ended or (with `ends_at`) still running."""

    project: str
    job_id: str
    location: str
    configuration: dict[str, Any]
    user: str
    created_at: datetime
    ends_at: datetime
    schema: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    processed: int = 0
    error: dict[str, str] | None = None
    is_cancelled: bool = False

    def is_done(self, now: datetime) -> bool:
        return self.is_cancelled or now >= self.ends_at


@dataclass(frozen=True, slots=True)
class Recorded:
    """One request as a test may ask about it."""

    at: datetime
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int
