"""What became of each date of a rerun: its tasks ran anew, and its data changed. Reads only.

The tasks' success alone proves nothing about the table, so a date counts as done only when both are seen.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.dates.written import Dates, ordered
from bot.loads import Load
from bot.operations import rerun_load_evidence as evidence
from bot.operations.airflow_following import SIGNS, Fate, error_line, fate_of
from bot.operations.airflow_selection import task_name
from bot.operations.lifecycle import State
from bot.operations.operation import Ports
from bot.operations.plan import Applied, Ended, Item, Repair, Step, Verdict, Waiting
from bot.ports.airflow import TERMINAL_RUN_STATES, Airflow, DagRun, TaskInstance, Window
from bot.ports.errors import NotFound
from bot.text import Code, Link, Param, Text, text

SETTLES_IN = timedelta(minutes=2)  # after the last task; so long BigQuery may take to say that a partition changed
_NEVER_RAN = {"state": None, "try": 0, "started_at": None}


@dataclass(frozen=True, slots=True)
class Seen:
    """One date as it is now. `failed` is the task to look at."""

    applied: Applied
    fate: Fate
    words: Text
    failed: TaskInstance | None = None

    @property
    def target(self) -> str:
        return self.applied.step.changes[0].target

    @property
    def item(self) -> Item:
        return Item(self.applied.step.key, self.target, SIGNS[self.fate], self.words)


def run_of(server: Airflow, step: Step) -> DagRun | None:
    """Return the run of the step: by its id, else by its logical date, which only one run has."""
    body = step.body
    if body["dag_run_id"]:
        try:
            return server.run(body["dag_id"], body["dag_run_id"])
        except NotFound:
            pass
    if not body["logical_at"] or body["action"] == "clear":
        return None
    logical_at = datetime.fromisoformat(body["logical_at"])
    return next(iter(server.runs(body["dag_id"], window=Window(logical_at, logical_at))), None)


def follow(
    done: tuple[Applied, ...], load: Load, rest: Callable[[Dates], Mapping[str, Any] | None], ports: Ports
) -> Verdict:
    """Return the verdict on the dates among these steps; `rest` makes the arguments of a run for what is left."""
    seen = [_look(applied, load, ports) for applied in done if applied.step.changes]
    items = tuple(each.item for each in seen)
    lost = _with(seen, Fate.LOST)
    if lost:
        return replace(_repair(lost[0], items, ports), remaining=rest(_left(seen)))
    if _with(seen, Fate.WAITS, Fate.RUNS):
        return Waiting(_progress(seen, ports), items, remaining=rest(_left(seen)))
    return _ended(seen, items, rest, ports)


def _progress(seen: Sequence[Seen], ports: Ports) -> Text:
    running = _with(seen, Fate.RUNS)
    first = (running or _with(seen, Fate.WAITS))[0]
    body = first.applied.step.body
    if not running and ports.airflow[body["airflow"]].dag(body["dag_id"]).is_paused:
        return text("clear-tasks.waits_for_unpause", dag=Code(body["dag_id"]))
    return text("rerun-load.progress", date=first.target, words=first.words)


def _look(applied: Applied, load: Load, ports: Ports) -> Seen:
    server = ports.airflow[applied.step.body["airflow"]]
    run = run_of(server, applied.step)
    if run is None:
        return Seen(applied, Fate.UNPROVEN, text("clear-tasks.run_gone"))
    instances = {task_name(each.key): each for each in server.task_instances(run.dag_id, run.dag_run_id)}
    fates = dict(_fates(applied.step, run, instances))
    if not fates:
        is_over = run.state in TERMINAL_RUN_STATES
        words = text("rerun-load.nothing_ran" if is_over else "rerun-load.waits")
        return Seen(applied, Fate.UNPROVEN if is_over else Fate.WAITS, words)
    return _sum(applied, run, fates, instances, load, ports)


def _fates(step: Step, run: DagRun, instances: Mapping[str, TaskInstance]) -> Iterator[tuple[str, tuple[Fate, Text]]]:
    """Yield what became of each task that was to run; of a new run, of all."""
    before = step.changes[0].expects.get("tasks")
    if before is None:
        before = dict.fromkeys(instances, _NEVER_RAN)
    for name, attempt in before.items():
        yield name, fate_of(attempt, run, instances.get(name))


def _sum(
    applied: Applied,
    run: DagRun,
    fates: Mapping[str, tuple[Fate, Text]],
    instances: Mapping[str, TaskInstance],
    load: Load,
    ports: Ports,
) -> Seen:
    ran = [name for name, (fate, _) in fates.items() if fate is Fate.RAN]
    for fate in (Fate.FAILED, Fate.LOST):
        if names := _named(fates, fate):
            words = text("rerun-load.task_is", task=Code(names[0]), words=fates[names[0]][1])
            return Seen(applied, fate, words, instances.get(_cause(names, instances)))
    if _named(fates, Fate.RUNS) or _named(fates, Fate.WAITS):
        is_running = bool(ran) or bool(_named(fates, Fate.RUNS))
        words = text("rerun-load.tasks_done", done=len(ran), n=len(fates))
        return Seen(applied, Fate.RUNS if is_running else Fate.WAITS, words)
    doubtful = [name for name in _named(fates, Fate.UNPROVEN) if not _was_skipped(instances.get(name))]
    if doubtful or not ran:
        name = (doubtful or _named(fates, Fate.UNPROVEN))[0]
        return Seen(applied, Fate.UNPROVEN, text("rerun-load.task_is", task=Code(name), words=fates[name][1]))
    return _with_evidence(applied, run, [instances[name] for name in ran], load, ports)


def _named(fates: Mapping[str, tuple[Fate, Text]], wanted: Fate) -> list[str]:
    return [name for name, (fate, _) in fates.items() if fate is wanted]


def _was_skipped(instance: TaskInstance | None) -> bool:
    """A branch that was not taken is no sign of trouble, as long as others ran."""
    return instance is not None and instance.state == "skipped"


def _cause(failed: Sequence[str], instances: Mapping[str, TaskInstance]) -> str:
    own = [name for name in failed if name in instances and instances[name].state == "failed"]
    return (own or list(failed))[0]


def _with_evidence(applied: Applied, run: DagRun, ran: Sequence[TaskInstance], load: Load, ports: Ports) -> Seen:
    """The tasks ran: now the data of the date must have changed after the first of them began."""
    day = date.fromisoformat(applied.step.body["day"])
    now = evidence.look(load, day, ports)
    if now is None:
        return Seen(applied, Fate.UNPROVEN, text("rerun-load.table_unknown", n=len(ran)))
    began_at = min((each.started_at for each in ran if each.started_at), default=run.started_at)
    before = evidence.Shown.from_json(_answer(applied).get("before"))
    is_shared = now.why is None and not evidence.tells_runs_apart(load, day)
    if not is_shared and evidence.has_changed(before, now, began_at):
        return Seen(applied, Fate.RAN, _rows(before, now))
    ended_at = max((each.ended_at for each in ran if each.ended_at), default=None)
    may_come = now.why is None and not is_shared and ended_at is not None and ports.now < ended_at + SETTLES_IN
    if may_come:
        return Seen(applied, Fate.RUNS, text("rerun-load.waits_for_data"))
    words = text("rerun-load.rows_shared", rows=now.words) if is_shared else _doubt(before, now, load)
    return Seen(applied, Fate.UNPROVEN, words)


def _answer(applied: Applied) -> Mapping[str, Any]:
    """Return what was kept when the step was sent; nothing where that answer was lost."""
    return applied.outcome.answer or {}


def _rows(before: evidence.Shown | None, now: evidence.Shown) -> Text:
    if before is None or before.rows is None or now.rows is None:
        return text("rerun-load.loaded", rows=now.words)
    return text("rerun-load.rows_changed", before=before.rows, n=now.rows)


def _doubt(before: evidence.Shown | None, now: evidence.Shown, load: Load) -> Text:
    """Say what was seen and what was not."""
    assert load.evidence is not None, "what was looked at is named in loads.yaml"
    table = Code(load.evidence.table)
    if now.why is not None:
        return text("rerun-load.table_unseen", table=table, why=now.why)
    if load.evidence.column and not load.evidence.loaded_at and before is not None:
        return text("rerun-load.same_rows", table=table, rows=now.words)
    return text("rerun-load.unchanged", table=table, rows=now.words)


def _repair(lost: Seen, items: tuple[Item, ...], ports: Ports) -> Repair:
    """Queue the run: its scheduler ended it while the clear went in, and looks at it no more."""
    step = lost.applied.step
    run = run_of(ports.airflow[step.body["airflow"]], step)
    body = {**step.body, "action": "requeue", "dag_run_id": run.dag_run_id if run else step.body["dag_run_id"]}
    progress = text("clear-tasks.repairing", run=Code(body["dag_run_id"]))
    return Repair(Step(f"requeue {step.key}", step.title, body, ()), progress, items)


def _ended(
    seen: Sequence[Seen],
    items: tuple[Item, ...],
    rest: Callable[[Dates], Mapping[str, Any] | None],
    ports: Ports,
) -> Ended:
    ran, failed, unproven = (_with(seen, fate) for fate in (Fate.RAN, Fate.FAILED, Fate.UNPROVEN))
    remaining = rest(_left(seen))
    if failed:
        state = State.PARTLY_DONE if len(failed) < len(seen) else State.FAILED
        return Ended(state, _failure(failed[0], len(seen) - len(failed), ports), items, remaining)
    if unproven:
        first = unproven[0]
        words = text("rerun-load.unproven", n=len(unproven), date=first.target, why=first.words)
        return Ended(State.UNVERIFIED, words, items, remaining)
    return Ended(State.SUCCEEDED, text("rerun-load.succeeded", n=len(ran)), items, remaining)


def _left(seen: Sequence[Seen]) -> Dates:
    """Return the dates of which not every run that was agreed to has come to its end without a failure.

    A run still under way is among them: it ends before anything is done again.
    """
    planned: dict[str, int] = dict(*(each.applied.step.body["planned"] for each in seen[:1]))
    done = Counter(each.applied.step.body["day"] for each in _with(seen, Fate.RAN, Fate.UNPROVEN))
    return ordered(date.fromisoformat(day) for day, n in planned.items() if done[day] < n)


def _failure(failed: Seen, others: int, ports: Ports) -> Text:
    """Say which date failed, with the error's line and a link to its log."""
    if failed.failed is None:
        return text("rerun-load.failed", n=others, date=failed.target, why=failed.words)
    server = ports.airflow[failed.applied.step.body["airflow"]]
    key, number = failed.failed.key, failed.failed.try_number
    link = Link(server.log_url(key, number), text("clear-tasks.log"))
    error = error_line(server, failed.failed) or text("clear-tasks.no_error_line")
    said: dict[str, Param] = {"date": failed.target, "task": Code(task_name(key)), "error": error, "log": link}
    return text("rerun-load.failed_task", n=others, **said)


def _with(seen: Sequence[Seen], *fates: Fate) -> list[Seen]:
    return [each for each in seen if each.fate in fates]
