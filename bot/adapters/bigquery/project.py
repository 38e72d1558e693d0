"""The BigQuery of one project as the port sees it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from bot.adapters.bigquery import parse
from bot.adapters.bigquery.connection import Account, Connection, Request
from bot.adapters.bigquery.refusals import of_policy
from bot.adapters.http import READ_SECONDS, patiently, understood
from bot.ports.bigquery import (
    Acl,
    Between,
    Dataset,
    DatasetName,
    Entry,
    Partition,
    Slice,
    Table,
    TableName,
    TablePolicy,
)
from bot.ports.errors import Forbidden, PreconditionFailed

T = TypeVar("T")
Row = Mapping[str, Any]

PAGE = 500
_VERSION = {"accessPolicyVersion": 3}  # without it conditions are hidden, and writing beside one is refused
_NEVER = "baton-asks-only-whether-it-may"  # an etag that no dataset has
_PARTITION = """
SELECT total_rows, last_modified_time FROM `{project}`.`{dataset}`.INFORMATION_SCHEMA.PARTITIONS
WHERE table_name = @table AND partition_id = @key
"""


class BigQueryProject:
    """`bot.ports.bigquery.BigQuery` over REST v2. Thread-safe: share one per project."""

    def __init__(self, project: str, connection: Connection) -> None:
        self._project, self._connection = project, connection
        self._vendor = vendor_of(project)

    @property
    def project(self) -> str:
        return self._project

    def datasets(self) -> Sequence[DatasetName]:
        return tuple(self._pages(f"/projects/{self._project}/datasets", "datasets", parse.dataset_name))

    def dataset(self, name: DatasetName) -> Dataset:
        return self._read(_dataset(name), {"datasetView": "METADATA"}, parse.dataset)

    def acl(self, dataset: DatasetName) -> Acl:
        query = {**_VERSION, "datasetView": "ACL"}
        return self._read(_dataset(dataset), query, lambda row: parse.acl(dataset, row))

    def set_acl(self, dataset: DatasetName, entries: Sequence[Entry], *, etag: str, reason: str) -> Acl:
        answer = self._connection.send(_replace_access(dataset, entries, etag, reason))
        return understood(self._vendor, answer, lambda row: parse.acl(dataset, row), is_write=True)

    def may_set_acl(self, dataset: DatasetName) -> bool:
        entries = self.acl(dataset).entries
        try:  # a write that must fail: for its etag if the account may write, for the account if not
            self._connection.send(_replace_access(dataset, entries, _NEVER, "asks whether it may"))
        except PreconditionFailed:
            return True
        except Forbidden:
            return False
        return True

    def tables(self, dataset: DatasetName) -> Sequence[TableName]:
        return tuple(self._pages(f"{_dataset(dataset)}/tables", "tables", parse.table_name))

    def table(self, name: TableName) -> Table:
        return self._read(_table(name), None, parse.table)

    def table_policy(self, table: TableName) -> TablePolicy:
        request = Request("POST", f"{_table(table)}:getIamPolicy", body={"options": {"requestedPolicyVersion": 1}})
        return self._ask(request, lambda row: parse.policy(table, row))

    def set_table_policy(self, table: TableName, bindings: Sequence[Entry], *, etag: str, reason: str) -> TablePolicy:
        policy = {"version": 1, "etag": etag, "bindings": [dict(binding) for binding in bindings]}
        request = Request(
            "POST",
            f"{_table(table)}:setIamPolicy",
            body={"policy": policy},
            headers={"x-goog-request-reason": _header(reason)},
            is_write=True,
            means=of_policy,
        )
        answer = self._connection.send(request)
        return understood(self._vendor, answer, lambda row: parse.policy(table, row), is_write=True)

    def partition(self, table: TableName, key: str) -> Partition | None:
        sql = _PARTITION.format(project=table.project, dataset=table.dataset)
        rows = self._rows(sql, {"table": table.table, "key": key}, most_bytes=None)
        return understood(self._vendor, rows, lambda found: _partition(key, found), is_write=False)

    def rows(self, table: TableName, between: Between, *, most_bytes: int) -> Slice:
        newest = f", MAX(`{between.loaded_at}`) AS loaded_at" if between.loaded_at else ""
        sql = (
            f"SELECT COUNT(*) AS n{newest} FROM `{table}` "  # noqa: S608 - the port lets no other characters into names
            f"WHERE `{between.column}` >= @start AND `{between.column}` < @end"
        )
        found = self._rows(sql, {"start": between.start, "end": between.end}, most_bytes=most_bytes)
        return understood(self._vendor, found, _slice, is_write=False)

    def close(self) -> None:
        self._connection.close()

    def _rows(self, sql: str, parameters: Row, *, most_bytes: int | None) -> list[Row]:
        return patiently(lambda: self._connection.rows(sql, parameters, most_bytes=most_bytes))

    def _read(self, path: str, query: Row | None, read: Callable[[Row], T]) -> T:
        return self._ask(Request("GET", path, query), read)

    def _ask(self, request: Request, read: Callable[[Row], T]) -> T:
        """Return what `read` makes of the answer to a request that changes nothing, so that it may be repeated."""
        answer = patiently(lambda: self._connection.send(request))
        return understood(self._vendor, answer, read, is_write=False)

    def _pages(self, path: str, key: str, read: Callable[[Row], T]) -> Iterator[T]:
        token: dict[str, Any] = {}
        while True:
            answer = self._read(path, {"maxResults": PAGE, **token}, dict)
            yield from understood(
                self._vendor, answer, lambda page: [read(row) for row in page.get(key, ())], is_write=False
            )
            if not answer.get("nextPageToken"):
                return
            token = {"pageToken": answer["nextPageToken"]}


def connect(project: str, account: Account, *, read_seconds: float = READ_SECONDS) -> BigQueryProject:
    """Return the BigQuery of `project`; nothing is sent before the first call. A read may take `read_seconds`."""
    return BigQueryProject(project, Connection(vendor_of(project), project, account, read_seconds))


def vendor_of(project: str) -> str:
    return f"BigQuery {project}"


def _replace_access(dataset: DatasetName, entries: Sequence[Entry], etag: str, reason: str) -> Request:
    return Request(
        "PATCH",
        _dataset(dataset),
        {**_VERSION, "updateMode": "UPDATE_ACL"},
        {"access": [dict(entry) for entry in entries]},
        {"If-Match": etag, "x-goog-request-reason": _header(reason)},
        is_write=True,
    )


def _dataset(name: DatasetName) -> str:
    return f"/projects/{name.project}/datasets/{name.dataset}"


def _table(name: TableName) -> str:
    return f"{_dataset(name.in_dataset)}/tables/{quote(name.table)}"


def _header(reason: str) -> str:
    """Return the reason as a header can carry it: one line of ASCII, names in other letters percent-encoded."""
    return quote(" ".join(reason.split()), safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~")[:500]


def _partition(key: str, found: Sequence[Row]) -> Partition | None:
    return Partition(key, found[0]["last_modified_time"], int(found[0]["total_rows"])) if found else None


def _slice(found: Sequence[Row]) -> Slice:
    return Slice(int(found[0]["n"]), found[0].get("loaded_at"))
