"""What the API's writes do to runs and task instances."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.airflow.errors import ApiError
from sandbox.airflow.model import ENDED, FAILED, Attempt, Dag, DagRun, TaskInstance
from sandbox.airflow.scheduler import KILL_SECONDS
from sandbox.airflow.simtime import SimTime
from sandbox.airflow.state import State

RUNNING_REFUSED = (
    "AirflowClearRunningTaskException: Disable 'prevent_running_task' to proceed, or wait until the task"
    " is not running, queued, or scheduled state."
)
SIGTERM = "Task received SIGTERM signal"


def clear(
    state: State,
    time: SimTime,
    instances: list[TaskInstance],
    *,
    reset_runs: bool,
    refuse_running: bool,
    note: str | None,
) -> None:
    """Make these instances run again; all of them or, when a running one is refused, none."""
    if refuse_running and any(instance.state == "running" for instance in instances):
        raise ApiError(409, RUNNING_REFUSED)
    for instance in instances:
        _clear_one(instance, time)
        instance.note = note if note is not None else instance.note
    touched = {(instance.dag_id, instance.run_id) for instance in instances}
    for run in state.runs:
        if (run.dag_id, run.run_id) in touched:
            _reset_run(state, run, time.now(), reset=reset_runs)


def _clear_one(instance: TaskInstance, time: SimTime) -> None:
    instance.max_tries = instance.try_number + instance.task.retries
    if instance.state == "running":
        instance.state, instance.changes_at = "restarting", time.seconds() + KILL_SECONDS
        attempt = instance.attempts[-1]
        attempt.state, attempt.end_date, attempt.error = "failed", time.now(), SIGTERM
    else:
        instance.blank()


def _reset_run(state: State, run: DagRun, now: datetime, *, reset: bool) -> None:
    if state.faults.lost_clear:
        state.faults.lost_clear -= 1
        run.state, run.end_date = "success", now
    elif reset and run.state in ENDED:
        requeue(run, now)


def mark(dag: Dag, run: DagRun, instances: list[TaskInstance], new_state: str, time: SimTime) -> None:
    """Set a state by hand; a success lets what failed behind it run again, a failure kills what runs."""
    now = time.now()
    for instance in instances:
        _set_state(instance, new_state, now)
    if new_state != "success":
        return
    behind = dag.downstream({instance.task_id for instance in instances})
    waiting = [ti for ti in run.task_instances if ti.task_id in behind and ti.state in FAILED]
    for instance in waiting:
        _clear_one(instance, time)
    if waiting and run.state in ENDED:
        requeue(run, now)


def _set_state(instance: TaskInstance, new_state: str, now: datetime) -> None:
    if instance.state == "running":
        attempt = instance.attempts[-1]
        attempt.state, attempt.end_date = new_state, now
        attempt.error = SIGTERM if new_state == "failed" else None
    instance.state, instance.changes_at = new_state, None
    instance.start_date, instance.end_date = instance.start_date or now, instance.end_date or now


def requeue(run: DagRun, now: datetime) -> None:
    run.state, run.queued_at = "queued", now
    run.start_date = run.end_date = run.decided_at = run.starts_at = None


def set_run_state(run: DagRun, new_state: str, time: SimTime) -> None:
    """`queued` runs what has no state; `success` and `failed` also settle what has not ended."""
    now = time.now()
    if new_state == "queued":
        requeue(run, now)
        return
    for instance in run.task_instances:
        if new_state == "success" and instance.state != "success":
            _set_state(instance, "success", now)
        elif instance.state in ("running", "restarting"):
            _set_state(instance, "failed", now)
        elif instance.state not in ("success", *FAILED):
            _set_state(instance, "skipped", now)
    run.state, run.end_date = new_state, now


def play_out(run: DagRun, started: datetime, *, fails_at: list[TaskInstance], error: str | None) -> None:
    """Write a run as if it had already happened: `fails_at` failed with `error`, what waits for it did not run."""
    at = started
    blocked: set[str] = set()
    for instance in run.task_instances:
        end = at + timedelta(seconds=instance.task.seconds)
        if blocked & set(instance.task.after):
            blocked.add(instance.task_id)
            instance.state, instance.start_date, instance.end_date = "upstream_failed", at, at
            continue
        failed = instance in fails_at
        _played(instance, at, end, error if failed else None)
        if failed:
            blocked.add(instance.task_id)
        at = end if instance.map_index == instance.task.map_indexes[-1] else at
    run.state = "failed" if blocked else "success"
    run.queued_at = run.start_date = started
    run.end_date = run.decided_at = max((ti.end_date for ti in run.task_instances if ti.end_date), default=started)


def recover(run: DagRun, at: datetime) -> list[TaskInstance]:
    """Write that somebody cleared what had failed and that it succeeded; the instances that ran again."""
    failed = [instance for instance in run.task_instances if instance.state in FAILED]
    for instance in failed:
        instance.max_tries = instance.try_number + instance.task.retries
        instance.blank()
        _played(instance, at, at + timedelta(seconds=instance.task.seconds), None)
    run.state, run.end_date = "success", max((ti.end_date for ti in failed if ti.end_date), default=at)
    return failed


def _played(instance: TaskInstance, at: datetime, end: datetime, error: str | None) -> None:
    instance.try_number += 1
    instance.state = "failed" if error else "success"
    instance.start_date, instance.end_date = at, end
    instance.scheduled_at = instance.queued_at = at
    instance.changes_at = None
    instance.attempts.append(
        Attempt(instance.try_number, at, at, end, instance.state, error, max_tries=instance.max_tries)
    )


def relatives(dag: Dag, task_id: str, *, upstream: bool, downstream: bool) -> set[str]:
    found = {task_id}
    if upstream:
        found |= dag.upstream({task_id})
    if downstream:
        found |= dag.downstream({task_id})
    return found
