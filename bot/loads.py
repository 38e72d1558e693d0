"""Loads: which DAG makes them, and which of them wait for which. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Load:
    """A named load. Without `tasks`, every task of the DAG is part of it."""

    name: str
    airflow: str
    dag_id: str
    owner: str
    tasks: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = ()

    def is_made_by(self, airflow: str, dag_id: str, task_id: str | None) -> bool:
        """Whether a failure there is one of this load; where no task is named, the whole DAG has failed."""
        is_its_task = not self.tasks or task_id is None or task_id in self.tasks
        return (airflow, dag_id) == (self.airflow, self.dag_id) and is_its_task


@dataclass(frozen=True, slots=True)
class Loads:
    by_name: Mapping[str, Load] = field(default_factory=dict)

    def made_by(self, airflow: str, dag_id: str, task_id: str | None) -> tuple[Load, ...]:
        return tuple(load for load in self.by_name.values() if load.is_made_by(airflow, dag_id, task_id))

    def before(self, load: Load) -> tuple[Load, ...]:
        """Return all that this load waits for, near and far, each once."""
        found: dict[str, Load] = {}
        waiting = list(load.depends_on)
        while waiting:
            name = waiting.pop(0)
            if name not in found and name != load.name:
                found[name] = self.by_name[name]
                waiting += found[name].depends_on
        return tuple(found.values())
