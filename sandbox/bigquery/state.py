"""All that the fake BigQuery knows, and how it finds it; what is not there is refused in the server's words."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.bigquery import access, conditions
from sandbox.bigquery.errors import ApiError, denied, not_found
from sandbox.bigquery.model import Dataset, Entry, Job, Recorded, Table
from sandbox.bigquery.principals import Principals

RECORDED_AT_MOST = 5000


@dataclass(slots=True)
class State:
    """`members` says by project who stands behind projectOwners, projectWriters and projectReaders."""

    principals: Principals
    members: dict[str, dict[str, list[str]]]
    account: str
    datasets: dict[tuple[str, str], Dataset] = field(default_factory=dict)
    jobs: dict[tuple[str, str], Job] = field(default_factory=dict)
    requests: list[Recorded] = field(default_factory=list)
    answered: dict[tuple[str, str], str] = field(default_factory=dict)  # (project, requestId) -> job id
    denied: set[tuple[str, str]] = field(default_factory=set)  # (permission, project or project:dataset)
    blind_writes: int = 0
    query_seconds: float = 0.0
    dry_run_bytes: int | None = None
    stale_policy_status: int = 409
    _writes: int = 0

    def next_etag(self) -> str:
        """An etag that nothing has had before."""
        self._writes += 1
        return base64.b64encode(f"sandbox/{self._writes}".encode()).decode()

    def record(self, request: Recorded) -> None:
        self.requests.append(request)
        del self.requests[:-RECORDED_AT_MOST]

    def project(self, project: str) -> str:
        if project not in self.members:
            raise not_found(f"Project {project}")
        return project

    def allow(self, permission: str, project: str, dataset: str = "") -> None:
        """Refuse what a test has taken from Baton's account."""
        for where in (project, f"{project}:{dataset}"):
            if (permission, where) in self.denied:
                raise denied(permission, f"Dataset {project}:{dataset}" if dataset else f"Project {project}")

    def datasets_of(self, project: str) -> list[Dataset]:
        return sorted(
            (each for (owner, _), each in self.datasets.items() if owner == project), key=lambda each: each.dataset_id
        )

    def dataset(self, project: str, dataset_id: str) -> Dataset:
        found = self.datasets.get((self.project(project), dataset_id))
        if found is None:
            raise not_found(f"Dataset {project}:{dataset_id}")
        return found

    def table(self, project: str, dataset_id: str, table_id: str) -> Table:
        dataset = self.dataset(project, dataset_id)
        if "*" in table_id or "$" in table_id:
            raise ApiError(
                400, "invalid", f"Invalid table ID {table_id!r}: the sandbox has neither wildcards nor decorators."
            )
        found = dataset.tables.get(table_id)
        if found is None:
            raise not_found(f"Table {project}:{dataset_id}.{table_id}")
        return found

    def job(self, project: str, job_id: str) -> Job:
        found = self.jobs.get((self.project(project), job_id))
        if found is None:
            raise not_found(f"Job {project}:{job_id}")
        return found

    def set_access(self, dataset: Dataset, entries: list[Entry], now: datetime) -> None:
        """Replace everybody's access by entries that were written down already."""
        dataset.access = entries
        self.touch(dataset, now)

    def touch(self, dataset: Dataset, now: datetime) -> None:
        dataset.etag, dataset.modified_at = self.next_etag(), now

    def forget(self, address: str, uid: str) -> None:
        """Delete an account: where it had access, BigQuery goes on to show it as deleted."""
        gone = address.lower()
        self.principals.users.discard(gone)
        self.principals.service_accounts.discard(gone)
        self.principals.groups.pop(gone, None)
        for dataset in self.datasets.values():
            dataset.access = [access.forgotten(entry, gone, uid) for entry in dataset.access]
            dataset.etag = self.next_etag()

    def readers(self, dataset: Dataset, now: datetime) -> dict[str, list[Entry]]:
        """Who may read the dataset at this moment, each with the entries that let them."""
        found: dict[str, list[Entry]] = {}
        for person, entry in access.let_in(dataset.access, self.principals, self.members[dataset.project], now):
            found.setdefault(person, []).append(entry)
        return found

    def table_readers(self, table: Table) -> Iterator[str]:
        """Who may read this table by its own policy."""
        for binding in table.bindings:
            if binding["role"] in access.READS:
                yield from self._policy_people(binding["members"])

    def may_read(self, person: str, dataset: Dataset, now: datetime, table_id: str | None = None) -> bool:
        table = dataset.tables.get(table_id or "")
        by_table = table is not None and person.lower() in self.table_readers(table)
        return by_table or person.lower() in self.readers(dataset, now)

    def _policy_people(self, members: Iterable[str]) -> Iterator[str]:
        for member in members:
            kind, _, address = member.partition(":")
            yield from self.principals.members(address) if kind == "group" else (address.lower(),)


def is_over(entry: Entry, now: datetime) -> bool:
    """Whether an entry stands in the list without effect, since its condition has ended."""
    return not conditions.holds(entry.get("condition"), now)
