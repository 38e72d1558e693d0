"""What Baton asks of BigQuery: who may read what, and what changed when.

Access entries and policy bindings stay as BigQuery wrote them, key by key: what is written back replaces the whole
list, so that a field which Baton does not know must survive the way through it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from bot.ports.errors import Forbidden, Rejected

Entry = Mapping[str, Any]  # one item of a dataset's `access`, or one binding of a table's policy, as JSON

_PROJECT = r"(?:[a-z0-9.-]{1,62}:)?[a-z][a-z0-9-]{3,61}[a-z0-9]"  # a domain may stand before it: example.com:lab
_DATASET = r"[A-Za-z0-9_]{1,1024}"
_TABLE = r"[\w -]{1,1024}"  # Unicode letters too; never `*`: of a wildcard every answer says "changed just now"
_COLUMN = re.compile(r"[A-Za-z_]\w{0,299}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class DatasetName:
    project: str
    dataset: str

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read `project.dataset`; anything else raises ValueError."""
        found = re.fullmatch(rf"({_PROJECT})\.({_DATASET})", written)
        if not found:
            raise ValueError(f"{written!r} is not written as project.dataset")
        return cls(found[1], found[2])

    def table(self, table: str) -> "TableName":
        return TableName(self.project, self.dataset, table)

    def __str__(self) -> str:
        return f"{self.project}.{self.dataset}"


@dataclass(frozen=True, slots=True, order=True)
class TableName:
    project: str
    dataset: str
    table: str

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read `project.dataset.table`; anything else, a wildcard too, raises ValueError."""
        found = re.fullmatch(rf"({_PROJECT})\.({_DATASET})\.({_TABLE})", written)
        if not found:
            raise ValueError(f"{written!r} is not written as project.dataset.table")
        return cls(found[1], found[2], found[3])

    @property
    def in_dataset(self) -> DatasetName:
        return DatasetName(self.project, self.dataset)

    def __str__(self) -> str:
        return f"{self.project}.{self.dataset}.{self.table}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """`kind` in BigQuery's words; tables of a LINKED or EXTERNAL dataset take no access of their own."""

    name: DatasetName
    location: str = ""
    kind: str = "DEFAULT"
    description: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)  # resource tags: "1234/data_class" -> "personal"


@dataclass(frozen=True, slots=True)
class Acl:
    """Everybody's access to a dataset at one moment. `etag` changes with every write of the dataset."""

    dataset: DatasetName
    entries: tuple[Entry, ...]
    etag: str


@dataclass(frozen=True, slots=True)
class TablePolicy:
    """The access that was given on one table; what its dataset gives is not in it. Conditions do not exist here."""

    table: TableName
    bindings: tuple[Entry, ...]
    etag: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column, or a field inside one (`address.street`). With policy tags, reading it needs more than the dataset."""

    name: str
    type: str
    policy_tags: tuple[str, ...] = ()


class Grain(StrEnum):
    """How wide a partition by time is."""

    HOUR = "HOUR"
    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"


_KEYS = {Grain.HOUR: "%Y%m%d%H", Grain.DAY: "%Y%m%d", Grain.MONTH: "%Y%m", Grain.YEAR: "%Y"}


@dataclass(frozen=True, slots=True)
class Partitioning:
    """By time; `column` is None where the time of arrival decides."""

    grain: Grain
    column: str | None = None

    def key(self, moment: date) -> str:
        """Return the id of the partition that holds this date or UTC time: 20261120."""
        return moment.strftime(_KEYS[self.grain])


@dataclass(frozen=True, slots=True)
class Table:
    """What BigQuery says of a table. While `is_streaming`, rows are still on their way in.

    `modified_at` moves when the table's description changes too: an old one proves that no data came, a new one
    does not prove that some did. It and `rows` are None where BigQuery does not know them (views, external tables).
    """

    name: TableName
    kind: str
    modified_at: datetime | None = None
    rows: int | None = None
    bytes: int | None = None
    columns: tuple[Column, ...] = ()
    partitioning: Partitioning | None = None
    is_streaming: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition; `modified_at` is its last write of data (that rows were deleted may not show)."""

    key: str
    modified_at: datetime
    rows: int


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a stretch of business time, and the newest value of the column that says when they were loaded."""

    rows: int
    loaded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Between:
    """The rows whose `column` is in [start, end): dates, aware moments (TIMESTAMP) or naive ones (DATETIME).

    `loaded_at` names a TIMESTAMP column that each load sets; without one only the rows are counted.
    """

    column: str
    start: date
    end: date
    loaded_at: str | None = None

    def __post_init__(self) -> None:
        for name in (self.column, self.loaded_at or self.column):
            if not _COLUMN.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of a column")


class UnknownPrincipal(Rejected):
    """BigQuery does not know this person, group or service account, or takes no entry for a deleted one (400)."""

    msgid = "vendor.unknown_principal"

    def __init__(self, vendor: str, detail: str, principal: str) -> None:
        super().__init__(vendor, detail)
        self.principal = principal  # as BigQuery names it, `deleted:user:…?uid=…` too


class QuotaExceeded(Forbidden):
    """A quota of this project is used up (403). Waiting a moment does not help."""

    msgid = "vendor.quota_exceeded"


class TooManyBytes(Rejected):
    """The question would read more than Baton may have billed; nothing was read."""

    msgid = "vendor.too_many_bytes"


class BigQuery(Protocol):
    """The BigQuery of one project: its datasets, and the questions that are billed to it.

    Nothing is repeated inside: each method is one bounded exchange (lists: a few), which may raise `bot.ports.errors`.
    A write that may have happened raises OutcomeUnknown: look before trying again.
    """

    @property
    def project(self) -> str: ...

    def datasets(self) -> Sequence[DatasetName]:
        """Return every dataset of the project that this account sees."""
        ...

    def dataset(self, name: DatasetName) -> Dataset: ...

    def acl(self, dataset: DatasetName) -> Acl: ...

    def set_acl(self, dataset: DatasetName, entries: Sequence[Entry], *, etag: str, reason: str) -> Acl:
        """Replace everybody's access by `entries` if it is still that of `etag`; return it as BigQuery wrote it down.

        `reason` goes into Google's audit log (who asked, in which run). A changed dataset raises PreconditionFailed,
        which is true of this exchange only: after an unknown outcome it may be one's own earlier write that changed it.
        At most 5 writes per dataset in 10 seconds; above it RateLimited.
        """
        ...

    def may_set_acl(self, dataset: DatasetName) -> bool:
        """Tell whether this account may change the dataset's access. Changes nothing."""
        ...

    def tables(self, dataset: DatasetName) -> Sequence[TableName]: ...

    def table(self, name: TableName) -> Table: ...

    def table_policy(self, table: TableName) -> TablePolicy: ...

    def set_table_policy(self, table: TableName, bindings: Sequence[Entry], *, etag: str, reason: str) -> TablePolicy:
        """Replace the access given on the table itself; as `set_acl`."""
        ...

    def partition(self, table: TableName, key: str) -> Partition | None:
        """Return that partition as INFORMATION_SCHEMA knows it, None where it has none. Reads no data."""
        ...

    def rows(self, table: TableName, between: Between, *, most_bytes: int) -> Slice:
        """Count the rows between, reading `most_bytes` at most; beyond that TooManyBytes."""
        ...
