"""Runs of operations as repairs of incidents: which failures a run works on, and whether one repaired an incident."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from bot.incidents import queries
from bot.incidents.fix import Fix
from bot.incidents.occurrence import OccurrenceState, Tracked
from bot.operations.catalog import CATALOG
from bot.operations.lifecycle import ENDED, State
from bot.operations.model import Run
from bot.operations.queries import run_of
from bot.store import Tx
from bot.store.tables import runs

NEWEST = 20  # runs that are looked through

_LEFT_ALONE = (State.DENIED, State.CANCELLED, State.EXPIRED, State.NO_CHANGE, State.PLAN_CHANGED)


def of_incident(tx: Tx, incident_id: str, opened_at: datetime) -> Run | None:
    """Return the newest run that somebody started since then and that worked on a failure which succeeded."""
    succeeded = [
        each
        for each in queries.occurrences_of(tx, incident_id)
        if each.state is OccurrenceState.SUCCEEDED and each.failed_at >= opened_at
    ]
    return next((run for run in _started_since(tx, opened_at) if any(works_on(run, each) for each in succeeded)), None)


def fix(run: Run) -> Fix:
    """Return what a run that repaired an incident did for it."""
    operation = CATALOG.get(run.operation)
    return Fix.by_run(run.operation, operation.effect if operation else None)


def is_under_way(tx: Tx, occurrence: Tracked) -> bool:
    """Whether a run that has begun and not ended works on this failure."""
    started = _started_since(tx, occurrence.failed_at)
    return any(run.state not in ENDED and works_on(run, occurrence) for run in started)


def works_on(run: Run, occurrence: Tracked) -> bool:
    """Whether the run clears this task instance, or anything of the dag run where the alert named no task."""
    here = (occurrence.airflow, occurrence.dag_id, occurrence.dag_run_id)
    return any(
        place == here and (occurrence.task_id is None or _is_among(occurrence, targets))
        for place, targets in _targets(run)
    )


def places(run: Run) -> Iterator[tuple[str, str, str]]:
    """Yield each dag run that the plan changes: the Airflow, the DAG, the run."""
    return (place for place, _ in _targets(run))


def _started_since(tx: Tx, since: datetime) -> list[Run]:
    left_alone = [state.value for state in _LEFT_ALONE]
    query = select(runs).where(runs.c.confirmed_at >= since, runs.c.state.not_in(left_alone))
    return [run_of(row) for row in tx.execute(query.order_by(runs.c.confirmed_at.desc()).limit(NEWEST))]


def _targets(run: Run) -> Iterator[tuple[tuple[str, str, str], frozenset[str]]]:
    for step in run.plan.steps if run.plan else ():
        body = step.body
        if {"airflow", "dag_id", "dag_run_id"} <= set(body):
            targets = frozenset(body.get("tasks") or (change.target for change in step.changes))
            yield (body["airflow"], body["dag_id"], body["dag_run_id"]), targets


def _is_among(occurrence: Tracked, targets: frozenset[str]) -> bool:
    """Whether the task is among the targets; one without an index stands for all of its indexes."""
    if occurrence.map_index >= 0:
        return occurrence.task in targets
    return any(target.partition("[")[0] == occurrence.task_id for target in targets)
