"""Which task instances a person means, and what to write instead where there are none. Reads only."""

import difflib
import re
from collections.abc import Iterable, Sequence

from bot.operations.operation import Ports
from bot.ports.airflow import (
    ACTIVE_STATES,
    FAILED_STATES,
    TERMINAL_RUN_STATES,
    Airflow,
    DagRun,
    Task,
    TaskChoice,
    TaskInstance,
    TaskKey,
)
from bot.text import Code, Text, text

_NAMED = re.compile(r"(.+?)(?:\[(\d+)\])?")
_SUGGESTIONS = 3


def task_name(key: TaskKey) -> str:
    """Return the task as people write it: `load`, or `load_shard[1]` for one map index."""
    return f"{key.task_id}[{key.map_index}]" if key.map_index >= 0 else key.task_id


def parse_task(name: str) -> TaskChoice:
    match = _NAMED.fullmatch(name)
    assert match, "an argument is never empty"
    return TaskChoice(match[1], int(match[2]) if match[2] else None)


def task_state(instance: TaskInstance) -> Text:
    """Say the state in Airflow's word, with the try."""
    if instance.state is None:
        return text("airflow.not_started")
    if instance.try_number < 1:
        return text("airflow.state", state=Code(instance.state))
    return text("airflow.state_try", state=Code(instance.state), number=instance.try_number)


def run_title(run: DagRun) -> Text:
    if run.logical_at is None:
        return text("airflow.run", run=Code(run.dag_run_id))
    return text("airflow.run_of", run=Code(run.dag_run_id), at=run.logical_at)


def given(ports: Ports, name: str) -> Airflow | None:
    """Return the server of that name; without a name, the only one that there is."""
    if name:
        return ports.airflow.get(name)
    return next(iter(ports.airflow.values())) if len(ports.airflow) == 1 else None


def choices(names: Sequence[str], instances: Sequence[TaskInstance], *, failed_only: bool) -> tuple[TaskChoice, ...]:
    """Return the tasks to clear: of the named ones, or of all, those that failed; the others only when asked for.

    Airflow finds what runs after a task even where that task itself is fine or is not there: that was not meant.
    """
    picked = [each for each in instances if not failed_only or each.state in FAILED_STATES]
    if names:
        return tuple(parse_task(name) for name in names if any(_is_meant(each, (name,)) for each in picked))
    return tuple(parse_task(task_name(each.key)) for each in picked)


def not_chosen(names: Sequence[str], chosen: Sequence[TaskChoice]) -> tuple[Code, ...]:
    """Return the named tasks that are not cleared, since they have not failed or are not there."""
    return tuple(Code(name) for name in names if parse_task(name) not in chosen)


# Why there is nothing to clear


def no_such_server(ports: Ports, name: str) -> Text:
    names = tuple(Code(each) for each in sorted(ports.airflow))
    if not names:
        return text("clear-tasks.no_airflow")
    return text("clear-tasks.unknown_airflow" if name else "clear-tasks.which_airflow", name=Code(name), names=names)


def no_such_dag(server: Airflow, dag_id: str) -> Text:
    near = _nearest(dag_id, [dag.dag_id for dag in server.dags()])
    return text("clear-tasks.unknown_dag", dag=Code(dag_id), airflow=server.name, near=near)


def no_such_run(server: Airflow, dag_id: str, run_id: str) -> Text:
    failed = server.runs(dag_id, states=("failed",))
    runs = [run.dag_run_id for run in failed or server.runs(dag_id, limit=_SUGGESTIONS)]
    near = difflib.get_close_matches(run_id, runs, n=_SUGGESTIONS, cutoff=0.6) or runs[:_SUGGESTIONS]
    return text("clear-tasks.unknown_run", dag=Code(dag_id), run=Code(run_id), near=_listed(near))


def no_such_tasks(names: Sequence[str], tasks: Sequence[Task]) -> Text | None:
    """Return what is wrong with the names of tasks, or None: Airflow itself answers unknown ones with silence."""
    known = {task.task_id: task for task in tasks}
    for name in names:
        choice = parse_task(name)
        task = known.get(choice.task_id)
        if task is None:
            return text("clear-tasks.unknown_task", task=Code(name), near=_nearest(choice.task_id, list(known)))
        if choice.map_index is not None and not task.is_mapped:
            return text("clear-tasks.not_mapped", task=Code(choice.task_id))
    return None


def nothing_to_clear(run: DagRun, instances: Sequence[TaskInstance], names: Sequence[str]) -> Text:
    """Say why this run has nothing to clear among the named tasks, or among all of them."""
    meant = [each for each in instances if not names or _is_meant(each, names)]
    title = Code(run.dag_run_id)
    if not instances:
        return text("clear-tasks.run_is_empty", run=title)
    if not meant:
        return text("clear-tasks.no_such_index", run=title, tasks=_listed(names))
    active = [each for each in meant if _is_under_way(each, run)]
    if active:
        first = active[0]
        said = text("clear-tasks.under_way", run=title, task=Code(task_name(first.key)), state=task_state(first))
        return text("clear-tasks.with_note", words=said, note=first.note) if first.note else said
    return text("clear-tasks.nothing_failed", run=title, state=Code(run.state))


def _is_meant(instance: TaskInstance, names: Iterable[str]) -> bool:
    return bool({task_name(instance.key), instance.key.task_id} & set(names))


def _is_under_way(instance: TaskInstance, run: DagRun) -> bool:
    waits = instance.state is None and run.state not in TERMINAL_RUN_STATES
    return waits or instance.state in ACTIVE_STATES


def _nearest(name: str, known: Sequence[str]) -> tuple[Code, ...] | str:
    return _listed(difflib.get_close_matches(name, known, n=_SUGGESTIONS, cutoff=0.5))


def _listed(names: Sequence[str]) -> tuple[Code, ...] | str:
    return tuple(Code(each) for each in names) if names else "–"
