"""The scheduler and the workers: what becomes of runs and task instances as simulated seconds pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sandbox.airflow.model import ENDED, FAILED, SETTLED, Attempt, DagRun, TaskInstance
from sandbox.airflow.simtime import SimTime
from sandbox.airflow.state import State

PICKUP_SECONDS = 0.5  # from a run's request to the scheduler's decision
QUEUED_SECONDS = 0.3  # from the scheduler's decision to the worker's start
KILL_SECONDS = 3.0  # a cleared running task is stopped before it can run again

OnLoad = Callable[[str, datetime], None]
"""Takes a table and the business time that was loaded into it."""


class Scheduler:
    """Brings the state to the present. It creates no runs: what runs was asked for."""

    def __init__(self, state: State, time: SimTime, on_load: OnLoad | None = None) -> None:
        self._state, self._on_load = state, on_load
        self._time = time
        self._reached = time.seconds()

    def catch_up(self) -> None:
        """Do everything that was due until this moment, in the order in which it was due."""
        until = self._time.seconds()
        if self._state.faults.dead_scheduler:
            self._reached = until
            return
        self._decide(self._reached)
        while (due := self._next_change(until)) is not None:
            self._reached = max(self._reached, due)
            for run, instance in self._changing(due):
                self._change(run, instance, due)
            self._decide(due)
        self._reached = until
        self._time.settle()
        self._state.scheduler_seen_at = self._time.now()

    def _next_change(self, until: float) -> float | None:
        due = [ti.changes_at for _, ti in self._state.pairs()] + [run.starts_at for run in self._state.runs]
        return min((at for at in due if at is not None and at <= until), default=None)

    def _changing(self, due: float) -> list[tuple[DagRun, TaskInstance]]:
        return [(run, ti) for run, ti in self._state.pairs() if ti.changes_at == due]

    def _change(self, run: DagRun, instance: TaskInstance, at: float) -> None:
        instance.changes_at = None
        if instance.state == "queued":
            self._start(instance, at)
        elif instance.state == "running":
            self._finish(run, instance, at)
        elif instance.state == "restarting" and self._state.minor > 0:  # 3.0 hangs there for ever
            instance.blank()
        elif instance.state == "up_for_retry":
            instance.state = None

    def _start(self, instance: TaskInstance, at: float) -> None:
        instance.state = "running"
        instance.start_date = instance.attempts[-1].start_date = self._time.stamp(at)
        instance.end_date = None
        instance.changes_at = at + instance.task.seconds

    def _finish(self, run: DagRun, instance: TaskInstance, at: float) -> None:
        error = self._state.error_of(run, instance)
        attempt = instance.attempts[-1]
        attempt.error = error
        instance.end_date = attempt.end_date = self._time.stamp(at)
        if error is None:
            instance.state = "success"
            self._load(run, instance)
        elif instance.try_number <= instance.max_tries:
            instance.state, instance.changes_at = "up_for_retry", at + instance.task.retry_seconds
        else:
            instance.state = "failed"
        attempt.state = "failed" if error else "success"

    def _load(self, run: DagRun, instance: TaskInstance) -> None:
        writes = instance.task.writes
        if writes and self._on_load:
            zone = ZoneInfo(self._state.dags[run.dag_id].timezone)
            moment = (run.logical_date or run.run_after).astimezone(zone)
            self._on_load(writes.table, moment - timedelta(days=writes.days_back))

    def _decide(self, at: float) -> None:
        """Start runs that wait, queue tasks whose upstream is done, end runs that have nothing left."""
        for run in self._state.runs:
            if run.state in ENDED or run.dag_id in self._state.paused:
                continue
            if run.state == "queued" and not self._started(run, at):
                continue
            run.decided_at = self._time.stamp(at)
            for instance in run.task_instances:  # upstream first: one pass settles a chain of failures
                if instance.state is None:
                    self._consider(run, instance, at)
            self._end_if_done(run, at)

    def _started(self, run: DagRun, at: float) -> bool:
        """Take a queued run when its time has come and its dag has room; whether it runs now."""
        if run.starts_at is None:
            run.starts_at = at + PICKUP_SECONDS
        if run.starts_at > at:
            return False
        run.starts_at = None if self._may_start(run) else at + PICKUP_SECONDS
        if run.starts_at is None:
            run.state, run.start_date = "running", self._time.stamp(at)
        return run.starts_at is None

    def _may_start(self, run: DagRun) -> bool:
        active = sum(other.state == "running" for other in self._state.runs_of(run.dag_id))
        held = any(fill.is_paused and run.run_id in fill.run_ids for fill in self._state.backfills)
        return active < self._state.dags[run.dag_id].max_active_runs and not held

    def _consider(self, run: DagRun, instance: TaskInstance, at: float) -> None:
        upstream = [ti.state for ti in run.task_instances if ti.task_id in instance.task.after]
        stamp = self._time.stamp(at)
        if any(state in FAILED for state in upstream):
            instance.state, instance.start_date, instance.end_date = "upstream_failed", stamp, stamp
        elif all(state == "success" for state in upstream):
            instance.state, instance.changes_at = "queued", at + QUEUED_SECONDS
            instance.scheduled_at = instance.queued_at = stamp
            instance.try_number += 1
            instance.attempts.append(Attempt(instance.try_number, stamp, max_tries=instance.max_tries))
        elif all(state in SETTLED for state in upstream):
            instance.state, instance.start_date, instance.end_date = "skipped", stamp, stamp

    def _end_if_done(self, run: DagRun, at: float) -> None:
        if all(ti.state in SETTLED for ti in run.task_instances):
            run.state = "failed" if any(ti.state in FAILED for ti in run.task_instances) else "success"
            run.end_date = self._time.stamp(at)
            self._complete_backfill(run)

    def _complete_backfill(self, run: DagRun) -> None:
        for fill in self._state.backfills:
            runs = [other for other in self._state.runs_of(fill.dag_id) if other.run_id in fill.run_ids]
            if run in runs and fill.completed_at is None and all(other.state in ENDED for other in runs):
                fill.completed_at = fill.updated_at = self._time.now()
