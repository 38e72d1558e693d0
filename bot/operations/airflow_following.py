"""What became of cleared task instances: ran again, failed again, lost, or not to be seen. Reads only.

Airflow's yes to a clear proves nothing, and the run's own state may be old: each instance must show a new attempt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.operations.airflow_selection import task_name, task_state
from bot.operations.lifecycle import State
from bot.operations.operation import Ports
from bot.operations.plan import Applied, Change, Ended, Item, Repair, Sign, Step, Verdict, Waiting
from bot.ports.airflow import TERMINAL_RUN_STATES, Airflow, DagRun, TaskInstance
from bot.ports.errors import NotFound, VendorError
from bot.text import Code, Link, Param, Text, text


class Fate(StrEnum):
    RAN = "ran"
    WAITS = "waits"
    RUNS = "runs"
    FAILED = "failed"
    LOST = "lost"  # cleared, and nobody will ever run it: its run ended without noticing
    UNPROVEN = "unproven"


SIGNS = {
    Fate.RAN: Sign.DONE,
    Fate.WAITS: Sign.WAITING,
    Fate.RUNS: Sign.RUNNING,
    Fate.FAILED: Sign.FAILED,
    Fate.LOST: Sign.WAITING,
    Fate.UNPROVEN: Sign.SKIPPED,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One cleared instance as it is now."""

    applied: Applied
    target: str
    fate: Fate
    words: Text
    run: DagRun | None = None
    instance: TaskInstance | None = None

    @property
    def item(self) -> Item:
        return Item(self.applied.step.key, self.target, SIGNS[self.fate], self.words)


def observed(server: Airflow, step: Step) -> Mapping[str, TaskInstance]:
    """Return the task instances of the step's dag run by the names that people use."""
    instances = server.task_instances(step.body["dag_id"], step.body["dag_run_id"])
    return {task_name(each.key): each for each in instances}


def follow(done: tuple[Applied, ...], ports: Ports) -> Verdict:
    """Return the verdict on the clears among these steps."""
    seen = [each for applied in done if applied.step.body["action"] == "clear" for each in _look(applied, ports)]
    items = tuple(each.item for each in seen)
    lost = _with(seen, Fate.LOST)
    if lost:
        return _repair(lost[0], items)
    if _with(seen, Fate.WAITS, Fate.RUNS):
        return Waiting(_progress(seen, ports), items)
    return _ended(seen, items, ports)


def _look(applied: Applied, ports: Ports) -> list[Seen]:
    """See every instance of one run. The run is read first: what is terminal before is not lost by a late look."""
    server, body = ports.airflow[applied.step.body["airflow"]], applied.step.body
    try:
        run = server.run(body["dag_id"], body["dag_run_id"])
        now = observed(server, applied.step)
    except NotFound:
        gone = text("clear-tasks.run_gone")
        return [Seen(applied, change.target, Fate.UNPROVEN, gone) for change in applied.step.changes]
    return [_seen(applied, change, run, now.get(change.target)) for change in applied.step.changes]


def _seen(applied: Applied, change: Change, run: DagRun, now: TaskInstance | None) -> Seen:
    fate, words = fate_of(change.expects, run, now)
    return Seen(applied, change.target, fate, words, run, now)


def fate_of(before: Mapping[str, Any], run: DagRun, now: TaskInstance | None) -> tuple[Fate, Text]:
    """Return what became of an instance that was cleared when it was as `before` says."""
    if now is None or now.state == "removed":
        return Fate.UNPROVEN, text("clear-tasks.gone")
    match now.state:
        case "success":
            ran = _is_new_attempt(before, now)
            words = task_state(now) if ran else text("clear-tasks.marked", state=task_state(now))
            return (Fate.RAN if ran else Fate.UNPROVEN), words
        case "failed" | "upstream_failed":
            return Fate.FAILED, task_state(now)
        case "skipped":
            return Fate.UNPROVEN, task_state(now)
        case None if run.state in TERMINAL_RUN_STATES:
            return Fate.LOST, text("clear-tasks.lost")
        case None | "scheduled" | "queued":
            return Fate.WAITS, task_state(now)
        case _:
            return Fate.RUNS, task_state(now)


def _is_new_attempt(before: Mapping[str, Any], now: TaskInstance) -> bool:
    """A greater try proves it; operators that never reach a worker keep their try and only start anew."""
    if now.try_number > before["try"]:
        return True
    started_at = datetime.fromisoformat(before["started_at"]) if before["started_at"] else None
    return now.started_at is not None and (started_at is None or now.started_at > started_at)


def _repair(lost: Seen, items: tuple[Item, ...]) -> Repair:
    """Queue the run: its scheduler ended it while the clear went in, and looks at it no more."""
    body = {**lost.applied.step.body, "action": "requeue"}
    progress = text("clear-tasks.repairing", run=Code(body["dag_run_id"]))
    return Repair(Step(f"requeue {body['dag_run_id']}", lost.applied.step.title, body, ()), progress, items)


def _progress(seen: Sequence[Seen], ports: Ports) -> Text:
    ran, failed = len(_with(seen, Fate.RAN)), len(_with(seen, Fate.FAILED))
    counts = {"done": ran, "running": len(_with(seen, Fate.RUNS)), "failed": failed, "n": len(seen)}
    said = text("clear-tasks.progress_failed" if failed else "clear-tasks.progress", **counts)
    body = seen[0].applied.step.body
    nothing_moves = ran == counts["running"] == failed == 0
    if nothing_moves and ports.airflow[body["airflow"]].dag(body["dag_id"]).is_paused:
        return text("clear-tasks.waits_for_unpause", dag=Code(body["dag_id"]))
    return said


def _ended(seen: Sequence[Seen], items: tuple[Item, ...], ports: Ports) -> Ended:
    ran, failed, unproven = (_with(seen, fate) for fate in (Fate.RAN, Fate.FAILED, Fate.UNPROVEN))
    if failed:
        state = State.PARTLY_DONE if ran else State.FAILED
        return Ended(state, _failure(failed, len(ran), ports), items)
    if unproven:
        first = unproven[0]
        words = text("clear-tasks.unproven", n=len(unproven), task=Code(first.target), why=first.words)
        return Ended(State.UNVERIFIED, words, items)
    return Ended(State.SUCCEEDED, text("clear-tasks.succeeded", n=len(ran)), items)


def _failure(failed: Sequence[Seen], ran: int, ports: Ports) -> Text:
    """Say what failed again, with the error's line and a link to its log: the cause, not what waited for it."""
    own = [each for each in failed if each.instance is not None and each.instance.state == "failed"]
    first = (own or failed)[0]
    assert first.instance is not None, "what failed was seen"
    server = ports.airflow[first.applied.step.body["airflow"]]
    key, number = first.instance.key, first.instance.try_number
    said: dict[str, Param] = {
        "n": len(failed),
        "task": Code(first.target),
        "run": Code(key.dag_run_id),
        "error": error_line(server, first.instance) or text("clear-tasks.no_error_line"),
        "log": Link(server.log_url(key, number), text("clear-tasks.log")),
        "ran": ran,
    }
    return text("clear-tasks.failed_again_partly" if ran else "clear-tasks.failed_again", **said)


def error_line(server: Airflow, instance: TaskInstance) -> str:
    """Return the error's line; empty where its log cannot be read, which must not hide that the task failed."""
    try:
        return server.error(instance.key, instance.try_number)
    except VendorError:
        return ""


def _with(seen: Sequence[Seen], *fates: Fate) -> list[Seen]:
    return [each for each in seen if each.fate in fates]
