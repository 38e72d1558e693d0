"""What the fake Airflow is made of: dags as written, runs and task instances as they change."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

TASK_STATES: Final = (
    "removed", "scheduled", "queued", "running", "success", "restarting", "failed", "up_for_retry",
    "up_for_reschedule", "upstream_failed", "skipped", "deferred", "awaiting_input",
)  # fmt: skip
RUN_STATES: Final = ("queued", "running", "success", "failed")
FAILED: Final = frozenset({"failed", "upstream_failed"})
SETTLED: Final = frozenset({"success", "failed", "upstream_failed", "skipped", "removed"})
ENDED: Final = frozenset({"success", "failed"})


@dataclass(frozen=True, slots=True)
class Writes:
    """What a task loads when it succeeds: a table's partition of the business date, so many days before the run's."""

    table: str
    days_back: int = 0


@dataclass(frozen=True, slots=True)
class Task:
    task_id: str
    after: tuple[str, ...]
    seconds: float
    mapped: tuple[str, ...]  # the values it is expanded over; empty = an ordinary task
    retries: int
    operator: str
    retry_seconds: float = 5.0
    writes: Writes | None = None

    @property
    def map_indexes(self) -> range:
        return range(len(self.mapped)) if self.mapped else range(-1, 0)


@dataclass(frozen=True, slots=True)
class Dag:
    dag_id: str
    schedule: str | None
    timezone: str
    owner: str
    tags: tuple[str, ...]
    tasks: tuple[Task, ...]
    start_date: datetime
    max_active_runs: int
    version_id: str

    def task(self, task_id: str) -> Task | None:
        return next((task for task in self.tasks if task.task_id == task_id), None)

    def downstream(self, task_ids: set[str]) -> set[str]:
        """Every task that directly or indirectly waits for one of these, without themselves."""
        found: set[str] = set()
        for task in self.tasks:  # written in an order that respects the dependencies
            if set(task.after) & (task_ids | found):
                found.add(task.task_id)
        return found - task_ids

    def upstream(self, task_ids: set[str]) -> set[str]:
        """Every task that one of these directly or indirectly waits for, without themselves."""
        found: set[str] = set()
        for task in reversed(self.tasks):
            if task.task_id in task_ids | found:
                found.update(task.after)
        return found - task_ids


@dataclass(slots=True)
class Attempt:
    """One execution of a task instance, kept after it ended."""

    try_number: int
    queued_at: datetime
    start_date: datetime | None = None
    end_date: datetime | None = None
    state: str | None = None
    error: str | None = None
    max_tries: int = 0


@dataclass(slots=True)
class TaskInstance:
    dag_id: str
    run_id: str
    task: Task
    map_index: int
    max_tries: int
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str | None = None
    try_number: int = 0
    start_date: datetime | None = None
    end_date: datetime | None = None
    scheduled_at: datetime | None = None
    queued_at: datetime | None = None
    note: str | None = None
    changes_at: float | None = None  # in seconds of the simulation
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def task_id(self) -> str:
        return self.task.task_id

    def blank(self) -> None:
        """Forget the last execution, as a clear does; the row gets a new id."""
        self.uuid = str(uuid.uuid4())
        self.state = self.start_date = self.end_date = None
        self.queued_at = self.scheduled_at = self.changes_at = None


@dataclass(slots=True)
class DagRun:
    number: int
    dag_id: str
    run_id: str
    run_type: str
    triggered_by: str
    run_after: datetime
    logical_date: datetime | None
    interval: tuple[datetime, datetime] | None
    queued_at: datetime | None
    state: str = "queued"
    start_date: datetime | None = None
    end_date: datetime | None = None
    decided_at: datetime | None = None
    starts_at: float | None = None  # while it is queued: when the scheduler will take it, in simulated seconds
    user: str | None = None
    conf: Mapping[str, Any] = field(default_factory=dict)
    note: str | None = None
    partition_key: str | None = None
    task_instances: list[TaskInstance] = field(default_factory=list)


@dataclass(slots=True)
class Backfill:
    number: int
    dag_id: str
    from_date: datetime
    to_date: datetime
    reprocess_behavior: str
    max_active_runs: int
    conf: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
    run_ids: tuple[str, ...]
    is_paused: bool = False
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A cause that makes one task fail, until it is fixed; `None` matches every map index or partition."""

    dag_id: str
    task_id: str
    message: str
    map_index: int | None = None
    partition: str | None = None

    def hits(self, run: DagRun, instance: TaskInstance) -> bool:
        return (
            (self.dag_id, self.task_id) == (instance.dag_id, instance.task_id)
            and self.map_index in (None, instance.map_index)
            and self.partition in (None, run.partition_key, run.run_id, day_of(run))
        )


@dataclass(frozen=True, slots=True)
class AuditEntry:
    number: int
    when: datetime
    event: str
    owner: str
    extra: str
    dag_id: str | None
    run_id: str | None
    task_id: str | None
    map_index: int | None


def day_of(run: DagRun) -> str | None:
    return run.logical_date.date().isoformat() if run.logical_date else None
