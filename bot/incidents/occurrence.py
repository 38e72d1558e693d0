"""One concrete failure inside an Airflow incident, and what its task instances say about it now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.incidents.retries import Retry, Seen, retry_of
from bot.ports.airflow import ACTIVE_STATES, FAILED_STATES, DagRun, Task, TaskInstance
from bot.triage.model import Occurrence


class OccurrenceState(StrEnum):
    FAILED = "failed"
    RUNNING = "running"  # it runs again, or waits to
    SUCCEEDED = "succeeded"
    DISMISSED = "dismissed"  # by a named person, who takes responsibility

    @property
    def is_open(self) -> bool:
        return self in {OccurrenceState.FAILED, OccurrenceState.RUNNING}


_OFTEN, _WHILE_IT_WAITS = timedelta(seconds=5), timedelta(minutes=1)
OPEN = tuple(state.value for state in OccurrenceState if state.is_open)


@dataclass(frozen=True, slots=True)
class Tracked:
    """An occurrence as the store keeps it."""

    id: str
    incident_id: str
    airflow: str
    dag_id: str
    task_id: str | None
    dag_run_id: str | None
    logical_at: datetime | None
    map_index: int
    try_number: int | None
    state: OccurrenceState
    failed_at: datetime
    settled_by: str | None = None
    seen: Seen | None = None

    @property
    def is_followed(self) -> bool:
        """Whether Airflow can be asked about it: one is configured, and the alert said which run it was."""
        return bool(self.airflow and (self.dag_run_id or self.logical_at))

    @property
    def task(self) -> str:
        """Return the task as people and `clear-tasks` write it: `load_shard[2]`."""
        index = f"[{self.map_index}]" if self.map_index >= 0 else ""
        return f"{self.task_id or ''}{index}"


def key_of(occurrence: Occurrence) -> str:
    """Return what tells the occurrences of one incident apart: the run, however the alert names it, and the index."""
    moment = occurrence.logical_at.astimezone(UTC).isoformat() if occurrence.logical_at else ""
    run = occurrence.dag_run_id or moment
    return "|".join((occurrence.dag_id, occurrence.task_id or "", run, str(occurrence.map_index)))


@dataclass(frozen=True, slots=True)
class Observed:
    """What Airflow says: the state that follows from it, the greatest try number seen, the retry that it makes."""

    state: OccurrenceState
    try_number: int | None
    retry: Retry | None = None


def observed(
    occurrence: Tracked, run: DagRun | None, instances: Sequence[TaskInstance], task: Task | None = None
) -> Observed | None:
    """Return what the task instances of the run say, or None where they say nothing about this occurrence.

    A whole run (no task named) is as its dag run is. A task is well when each of its instances succeeded; a task
    that was left out of the rerun (skipped, removed) counts as over only when the run succeeded.
    """
    if occurrence.task_id is None:
        return Observed(_of_run(run.state), occurrence.try_number) if run else None
    mine = instances_of(occurrence, instances)
    if not mine:
        return None
    tries = max(instance.try_number for instance in mine)
    states = {instance.state or "none" for instance in mine}
    if states & FAILED_STATES:
        return Observed(OccurrenceState.FAILED, tries)
    if states & ACTIVE_STATES or "none" in states:
        return Observed(OccurrenceState.RUNNING, tries, retry_of(mine, task))
    if states == {"success"} or (run is not None and run.state == "success"):
        return Observed(OccurrenceState.SUCCEEDED, tries)
    return Observed(OccurrenceState.FAILED, tries)


def instances_of(occurrence: Tracked, instances: Sequence[TaskInstance]) -> list[TaskInstance]:
    """Return those of the run's task instances that the occurrence is about."""
    return [
        instance
        for instance in instances
        if instance.key.task_id == occurrence.task_id and occurrence.map_index in {-1, instance.key.map_index}
    ]


def now_seen(occurrence: Tracked, found: Observed) -> Seen | None:
    """Return what is known of the failure after this look: that Airflow gave up stays true, whatever runs later.

    One that was over at the first look says nothing of how it ended.
    """
    before = occurrence.seen
    if not found.state.is_open:
        return before
    gave_up = found.state is OccurrenceState.FAILED or (before is not None and before.gave_up)
    return Seen(gave_up, found.retry)


def _of_run(state: str) -> OccurrenceState:
    if state == "success":
        return OccurrenceState.SUCCEEDED
    return OccurrenceState.FAILED if state == "failed" else OccurrenceState.RUNNING


def next_look(occurrence: Tracked, state: OccurrenceState, now: datetime, retry: Retry | None = None) -> timedelta:
    """Return how long to wait before Airflow is asked again: often while it runs, rarely when it failed long ago.

    Somebody may end the wait for a retry before its time.
    """
    if retry and retry.at:
        return min(max(retry.at - now, _OFTEN), _WHILE_IT_WAITS)
    if state is OccurrenceState.RUNNING:
        return _OFTEN
    age = now - occurrence.failed_at
    if age < timedelta(hours=1):
        return timedelta(seconds=20)
    return timedelta(minutes=2) if age < timedelta(days=1) else timedelta(minutes=15)
