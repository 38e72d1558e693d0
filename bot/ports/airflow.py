"""What Baton asks of an Airflow, whichever version answers.

States stay plain strings: one that we do not know yet must not lose a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

FAILED_STATES = frozenset({"failed", "upstream_failed"})
ACTIVE_STATES = frozenset(
    ["queued", "running", "restarting", "scheduled", "deferred", "up_for_retry", "up_for_reschedule", "awaiting_input"]
)
TERMINAL_RUN_STATES = frozenset({"success", "failed"})


@dataclass(frozen=True, slots=True, order=True)
class TaskKey:
    """One task instance. `map_index` is -1 for a task that is not mapped."""

    dag_id: str
    dag_run_id: str
    task_id: str
    map_index: int = -1

    def __str__(self) -> str:
        index = f"[{self.map_index}]" if self.map_index >= 0 else ""
        return f"{self.dag_id}.{self.task_id}{index} @ {self.dag_run_id}"


@dataclass(frozen=True, slots=True)
class TaskInstance:
    """One task of one run. It may be tried `max_tries + 1` times; a clear adds to them.

    While it waits for a retry, `ended_at` is when its last try failed.
    """

    key: TaskKey
    state: str | None
    try_number: int
    max_tries: int = 0
    operator: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DagRun:
    """One run of a DAG. `logical_at` is None for runs that have no logical date (Airflow 3)."""

    dag_id: str
    dag_run_id: str
    state: str
    run_type: str = ""
    logical_at: datetime | None = None
    interval_start: datetime | None = None
    interval_end: datetime | None = None
    run_after: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dag:
    dag_id: str
    is_paused: bool
    is_stale: bool = False
    schedule: str = ""
    owners: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    next_run_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task as its DAG is written. `retry_delay` is the pause before each retry, or before the first if it grows."""

    task_id: str
    is_mapped: bool = False
    retries: int = 0
    retry_delay: timedelta | None = None
    retry_delay_grows: bool = False
    downstream: tuple[str, ...] = ()
    operator: str = ""


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """A task to clear: every map index of it, or just one."""

    task_id: str
    map_index: int | None = None


@dataclass(frozen=True, slots=True)
class Clear:
    """Which task instances of exactly one dag run to clear. There is no way to say "every run"."""

    dag_id: str
    dag_run_id: str
    tasks: tuple[TaskChoice, ...]
    only_failed: bool = True
    downstream: bool = False
    refuse_running: bool = True
    note: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Health:
    """`scheduler` and `database` in the server's words: healthy, unhealthy, or "unknown"."""

    scheduler: str
    database: str
    scheduler_seen_at: datetime | None = None


class Airflow(Protocol):
    """One Airflow server by name. Reads are bounded and paged; every method may raise `bot.ports.errors`."""

    @property
    def name(self) -> str: ...

    def version(self) -> str:
        """Return the server's version, such as `3.3.2`."""
        ...

    def health(self) -> Health: ...

    def dags(self) -> Sequence[Dag]:
        """Return every DAG that this account sees."""
        ...

    def dag(self, dag_id: str) -> Dag: ...

    def tasks(self, dag_id: str) -> Sequence[Task]: ...

    def task(self, dag_id: str, task_id: str) -> Task: ...

    def runs(
        self, dag_id: str, *, states: Sequence[str] = (), logical_at: datetime | None = None, limit: int = 25
    ) -> Sequence[DagRun]:
        """Return runs, newest first; with `logical_at`, only the run of exactly that logical date."""
        ...

    def run(self, dag_id: str, dag_run_id: str) -> DagRun: ...

    def task_instances(self, dag_id: str, dag_run_id: str) -> Sequence[TaskInstance]:
        """Return every task instance of the run, mapped ones one by one."""
        ...

    def task_instance(self, key: TaskKey) -> TaskInstance: ...

    def failed(self, since: datetime, *, limit: int = 100) -> Sequence[TaskInstance]:
        """Return failed and upstream_failed task instances that ended at or after `since`, newest first."""
        ...

    def error(self, key: TaskKey, try_number: int) -> str:
        """Return the exception line of that try's log, or an empty string when the log has none."""
        ...

    def preview_clear(self, clear: Clear) -> Sequence[TaskInstance]:
        """Return what `clear` would reset, in its present state. Changes nothing. Empty is a true answer."""
        ...

    def clear(self, clear: Clear) -> Sequence[TaskKey]:
        """Reset those task instances and queue the run; return their keys. A 200 does not prove a rerun: verify."""
        ...

    def requeue(self, dag_id: str, dag_run_id: str) -> None:
        """Set the run to queued: the repair of a lost clear (cleared tasks wait while their run is terminal)."""
        ...

    def log_url(self, key: TaskKey, try_number: int) -> str: ...

    def dag_url(self, dag_id: str, dag_run_id: str | None = None) -> str: ...
