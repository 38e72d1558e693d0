"""A BigQuery in memory with the real meaning of etags, and with faults in the order in which a test wants them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.access.members import role_of
from bot.ports.bigquery import Acl, Dataset, DatasetName, Table, TableName, TablePolicy, UnknownPrincipal
from bot.ports.errors import Forbidden, OutcomeUnknown, PreconditionFailed, RateLimited, Unavailable

_LEGACY = {role_of(name): name for name in ("READER", "WRITER", "OWNER")}


class Fault(StrEnum):
    """What becomes of one write."""

    CONFLICT = "somebody else writes first: 412"
    LOST_ANSWER = "written, then 503"
    HANG = "never arrives, and no answer either"
    LATE = "no answer; it arrives before the write after it"
    LIMITED = "429"
    DOWN = "503 before anything was written"
    FORBIDDEN = "403"


@dataclass
class Google:
    """One project. `somebody_else` changes a list by the side, as other tools do."""

    project: str = "haneul-lab"
    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[Fault | None] = field(default_factory=list)
    reads: list[Exception | None] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    takes_deleted: bool = True
    described: dict[str, Dataset] = field(default_factory=dict)
    of_tables: dict[str, Table] = field(default_factory=dict)
    writes: list[tuple[str, str]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    before_write: Callable[[], None] = lambda: None
    _version: int = 0
    _late: list[Callable[[], None]] = field(default_factory=list)

    # As the port says

    def acl(self, dataset: DatasetName) -> Acl:
        self._read()
        return Acl(dataset, tuple(self._list(str(dataset))), self.etag)

    def set_acl(self, dataset: DatasetName, entries: Sequence[Any], *, etag: str, reason: str) -> Acl:
        self._write(str(dataset), [normal(each) for each in entries], etag, reason)
        return Acl(dataset, tuple(self._list(str(dataset))), self.etag)

    def table_policy(self, table: TableName) -> TablePolicy:
        self._read()
        return TablePolicy(table, tuple(self._list(str(table))), self.etag)

    def set_table_policy(self, table: TableName, bindings: Sequence[Any], *, etag: str, reason: str) -> TablePolicy:
        self._write(str(table), [dict(each) for each in bindings], etag, reason)
        return TablePolicy(table, tuple(self._list(str(table))), self.etag)

    def dataset(self, name: DatasetName) -> Dataset:
        return self.described.get(str(name), Dataset(name))

    def datasets(self) -> Sequence[DatasetName]:
        return [DatasetName.parse(name) for name in self.described]

    def tables(self, dataset: DatasetName) -> Sequence[TableName]:
        return [each.name for each in self.of_tables.values() if each.name.in_dataset == dataset]

    def table(self, name: TableName) -> Table:
        return self.of_tables.get(str(name), Table(name, "TABLE"))

    # What a test does

    @property
    def etag(self) -> str:
        return f"etag-{self._version}"

    def somebody_else(self, name: str, entries: Sequence[Any]) -> None:
        self._put(name, list(entries))

    def arrive(self) -> None:
        """Let every write that was under way arrive."""
        late, self._late = self._late, []
        for write in late:
            write()

    def _list(self, name: str) -> list[dict[str, Any]]:
        return self.lists.setdefault(name, [])

    def _read(self) -> None:
        if error := self.reads.pop(0) if self.reads else None:
            raise error

    def _write(self, name: str, wanted: list[dict[str, Any]], etag: str, reason: str) -> None:
        self.arrive()
        self.before_write()
        fault = self.faults.pop(0) if self.faults else None
        match fault:
            case Fault.CONFLICT:
                self._version += 1  # somebody changed the description
            case Fault.HANG:
                raise OutcomeUnknown("BigQuery", "timeout")
            case Fault.LATE:
                self._late.append(lambda: self._put(name, wanted) if etag == self.etag else None)
                raise OutcomeUnknown("BigQuery", "timeout")
            case Fault.LIMITED:
                raise RateLimited("BigQuery", retry_after=3)
            case Fault.DOWN:
                raise Unavailable("BigQuery", "503")
            case Fault.FORBIDDEN:
                raise Forbidden("BigQuery", "bigquery.datasets.setIamPolicy")
            case _:
                pass
        if etag != self.etag:
            raise PreconditionFailed("BigQuery", "412")
        self._check(wanted)
        self._put(name, wanted)
        self.writes.append((name, reason))
        if fault is Fault.LOST_ANSWER:
            raise OutcomeUnknown("BigQuery", "503")

    def _check(self, wanted: list[dict[str, Any]]) -> None:
        for entry in wanted:
            address = str(entry.get("userByEmail", "")).lower()
            if address in self.unknown:
                raise UnknownPrincipal("BigQuery", f"User {address} does not exist.", address)
            if not self.takes_deleted and str(entry.get("iamMember", "")).startswith("deleted:"):
                raise UnknownPrincipal("BigQuery", "deleted", entry["iamMember"])

    def _put(self, name: str, wanted: list[dict[str, Any]]) -> None:
        self.lists[name] = wanted
        self._version += 1


def normal(entry: Any) -> dict[str, Any]:
    """Write an entry of ours down as BigQuery does: the old names of the roles."""
    return {**entry, "role": _LEGACY.get(entry["role"], entry["role"])} if "role" in entry else dict(entry)
