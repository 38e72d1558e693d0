"""Which failure another one is told with: the first of the same dag run, or one of a load that it waits for. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.loads import Load, Loads
from bot.triage.model import Occurrence


@dataclass(frozen=True, slots=True)
class OpenFailure:
    """A failure of an unresolved incident. `root_id` is what that one is told with, if that is unresolved as well."""

    incident_id: str
    root_id: str | None
    dag_id: str
    task_id: str | None
    dag_run_id: str | None
    logical_at: datetime | None

    @property
    def story(self) -> str:
        return self.root_id or self.incident_id


def loads_before(failures: Sequence[Occurrence], airflow: str, loads: Loads) -> tuple[Load, ...]:
    """Return the loads that those wait for which these failures are of."""
    mine = {load.name: load for each in failures for load in loads.made_by(airflow, each.dag_id, each.task_id)}
    return tuple({before.name: before for load in mine.values() for before in loads.before(load)}.values())


def root_of(
    failures: Sequence[Occurrence], airflow: str, known: Sequence[OpenFailure], before: Sequence[Load]
) -> str | None:
    """Return the incident with which these failures are told, of those known, oldest first; None: they stand alone."""
    for other in known:
        if any(_is_of_same_run(each, other) for each in failures):
            return other.story
        if any(load.is_made_by(airflow, other.dag_id, other.task_id) for load in before):
            return other.story
    return None


def _is_of_same_run(failure: Occurrence, other: OpenFailure) -> bool:
    """Whether both are of one dag run, by its id, or by its logical date where one of them names no id."""
    if failure.dag_id != other.dag_id:
        return False
    if failure.dag_run_id and other.dag_run_id:
        return failure.dag_run_id == other.dag_run_id
    return failure.logical_at is not None and failure.logical_at == other.logical_at
