"""Which task instances a clear selects. Pure: it reads, and changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sandbox.airflow.errors import ApiError
from sandbox.airflow.model import FAILED, Dag, DagRun, TaskInstance

TaskRef = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Selector:
    """The part of a clear's body that says what is meant."""

    task_ids: Collection[TaskRef] | None
    run: DagRun | None
    start: datetime | None
    end: datetime | None
    only_failed: bool
    only_running: bool
    upstream: bool
    downstream: bool
    past: bool
    future: bool


def selected(dag: Dag, runs: list[DagRun], selector: Selector) -> list[TaskInstance]:
    """Without a run or a window this is every run of the dag, as on the real server."""
    wanted = None if selector.task_ids is None else _with_relatives(dag, selector)
    return [
        instance
        for run in _runs(runs, selector)
        for instance in run.task_instances
        if _state_fits(instance, selector)
        and (wanted is None or instance.task_id in wanted or (instance.task_id, instance.map_index) in wanted)
    ]


def _runs(runs: list[DagRun], selector: Selector) -> list[DagRun]:
    if selector.run is None:
        start, end = selector.start, selector.end
    elif not (selector.past or selector.future):
        return [selector.run]
    elif selector.run.logical_date is None:
        raise ApiError(
            400, "Cannot use include_past or include_future with no logical_date(e.g. manually or asset-triggered)."
        )
    else:
        start = end = selector.run.logical_date
    start = None if selector.past else start
    end = None if selector.future else end
    return [run for run in runs if _in_window(run.logical_date, start, end)]


def _in_window(moment: datetime | None, start: datetime | None, end: datetime | None) -> bool:
    """Both ends count. A run without a logical date is in no window, but in the absence of one."""
    if moment is None:
        return start is None and end is None
    return (start is None or start <= moment) and (end is None or moment <= end)


def _with_relatives(dag: Dag, selector: Selector) -> set[TaskRef]:
    refs = set(selector.task_ids or ())
    names = {ref if isinstance(ref, str) else ref[0] for ref in refs}
    whole: set[str] = set()
    if selector.downstream:
        whole |= dag.downstream(names)
    if selector.upstream:
        whole |= dag.upstream(names)
        # what expands a mapped task is upstream of it, so every sibling comes along
        whole |= {ref[0] for ref in refs if not isinstance(ref, str) and dag.upstream({ref[0]})}
    return refs | whole


def _state_fits(instance: TaskInstance, selector: Selector) -> bool:
    if selector.only_failed:
        return instance.state in FAILED
    if selector.only_running:
        return instance.state == "running"
    return True
