"""What Baton asks of an Airflow, whichever version answers.

States stay plain strings: one that we do not know yet must not lose a page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

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
    """One run of a DAG. `logical_at` is None for runs that have no logical date (Airflow 3).

    `interval_start` and `interval_end` are equal where the timetable knows no intervals.
    `run_after` is when it was due.
    """

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
    partition_key: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A closed stretch of logical dates: both ends belong to it."""

    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Dag:
    dag_id: str
    is_paused: bool
    is_stale: bool = False
    schedule: str = ""
    owners: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    next_run_after: datetime | None = None
    max_active_runs: int | None = None


@dataclass(frozen=True, slots=True)
class DagDetails:
    """What only one DAG's own page tells. A run whose logical date is before `start_at` succeeds and does nothing."""

    dag_id: str
    start_at: datetime | None = None
    zone: str = "UTC"
    catchup: bool = False


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
    depends_on_past: bool = False


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
class Trigger:
    """A run to start. Its id is ours, so that what was sent twice is one run: the second is a Conflict.

    Without an interval the DAG's timetable infers one, and versions differ in which: where a date is meant, give it.
    Only Airflow 3 has runs without a logical date, and partition keys.
    """

    dag_id: str
    dag_run_id: str
    logical_at: datetime | None = None
    interval: tuple[datetime, datetime] | None = None
    partition_key: str = ""
    conf: Mapping[str, Any] = field(default_factory=dict)
    note: str = field(default="", compare=False)


class Reprocess(StrEnum):
    """Which existing runs a backfill runs again; those that are missing it always makes."""

    NONE = "none"
    FAILED = "failed"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Backfill:
    """A stretch of logical dates to run. It clears whole runs, and there is one at a time for each DAG."""

    dag_id: str
    window: Window
    reprocess: Reprocess = Reprocess.NONE
    max_active_runs: int = 1
    conf: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StartedBackfill:
    backfill_id: int
    dag_id: str
    window: Window
    is_paused: bool = False
    created_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What this server's version can do; what it cannot is refused with `errors.Unsupported`, before anything is sent.

    `clears_one_index`: one map index of a task; else every index that qualifies is cleared together.
    `clears_running`: a running task that is cleared starts over; else such a clear is a Conflict.
    `notes_each_task`: a clear's note stays with each task instance; else it is added to the dag run's.
    """

    backfills: bool
    clears_one_index: bool
    clears_running: bool
    notes_each_task: bool
    runs_without_date: bool
    partition_keys: bool


class Right(StrEnum):
    """What Baton needs its account to be allowed."""

    READ = "read"
    CLEAR = "clear"
    TRIGGER = "trigger"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True)
class Introduction:
    """Who answers, and as whom we come. `said_at` is the server's clock as it answered; None where it does not say.

    `rights` holds what was found out: True, False, or None where the server does not tell.
    """

    version: str
    api: str
    auth: str
    said_at: datetime | None = None
    rights: Mapping[Right, bool | None] = field(default_factory=dict)


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

    def abilities(self) -> Abilities: ...

    def introduction(self) -> Introduction:
        """Return who answers, and what our account may do there. Changes nothing; takes several calls."""
        ...

    def dags(self) -> Sequence[Dag]:
        """Return every DAG that this account sees."""
        ...

    def dag(self, dag_id: str) -> Dag: ...

    def details(self, dag_id: str) -> DagDetails: ...

    def tasks(self, dag_id: str) -> Sequence[Task]: ...

    def task(self, dag_id: str, task_id: str) -> Task: ...

    def runs(
        self, dag_id: str, *, states: Sequence[str] = (), window: Window | None = None, limit: int = 25
    ) -> Sequence[DagRun]:
        """Return runs, newest first; with a window, only those whose logical date is in it."""
        ...

    def runs_due(self, dag_id: str, window: Window, limit: int) -> Sequence[DagRun]:
        """Return the runs that were due in the window, newest first, with or without a logical date.

        Raises Unsupported where the abilities say that every run has one.
        """
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

    def trigger(self, trigger: Trigger) -> DagRun:
        """Start the run. Raises Conflict where its id or its logical date is taken: look at both."""
        ...

    def preview_backfill(self, backfill: Backfill) -> Sequence[datetime]:
        """Return the logical dates that would run; those that are done or under way are left out without a word."""
        ...

    def start_backfill(self, backfill: Backfill) -> StartedBackfill:
        """Start what the preview shows. Raises Conflict while another one of the DAG goes on.

        Preview first: from nothing to do, some servers make a backfill that never ends.
        """
        ...

    def backfills(self, dag_id: str) -> Sequence[StartedBackfill]:
        """Return the backfills of the DAG, newest first."""
        ...

    def cancel_backfill(self, backfill_id: int) -> StartedBackfill:
        """End it: runs that wait are failed, those that run go on. Raises Conflict where it was over."""
        ...

    def log_url(self, key: TaskKey, try_number: int) -> str: ...

    def dag_url(self, dag_id: str, dag_run_id: str | None = None) -> str: ...
