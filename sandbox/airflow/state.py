"""All that the fake Airflow knows, and how it finds it; what is not there is refused in the server's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.airflow.errors import no_dag, no_instance, no_run
from sandbox.airflow.model import AuditEntry, Backfill, Broken, Dag, DagRun, Task, TaskInstance, Writes

VERSION = "3.3.2"


@dataclass(slots=True)
class Faults:
    """What goes wrong on demand; the counts say how many more times."""

    lost_clear: int = 0  # the next clears leave the run `success` while its cleared tasks never run
    clear_conflict: int = 0  # the next clears meet another writer: the opaque 409
    dead_scheduler: bool = False


@dataclass(slots=True)
class State:
    dags: dict[str, Dag]
    version: str = VERSION
    runs: list[DagRun] = field(default_factory=list)
    paused: set[str] = field(default_factory=set)
    broken: list[Broken] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    backfills: list[Backfill] = field(default_factory=list)
    import_errors: list[dict[str, Any]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)
    scheduler_seen_at: datetime | None = None

    @property
    def minor(self) -> int:
        return int(self.version.split(".")[1])

    def dag(self, dag_id: str) -> Dag:
        if dag_id not in self.dags:
            raise no_dag(dag_id)
        return self.dags[dag_id]

    def runs_of(self, dag_id: str) -> list[DagRun]:
        return [run for run in self.runs if run.dag_id == dag_id]

    def find_run(self, dag_id: str, run_id: str) -> DagRun | None:
        return next((run for run in self.runs if (run.dag_id, run.run_id) == (dag_id, run_id)), None)

    def run_at(self, dag_id: str, logical_date: datetime) -> DagRun | None:
        return next((run for run in self.runs_of(dag_id) if run.logical_date == logical_date), None)

    def run(self, dag_id: str, run_id: str) -> DagRun:
        run = self.find_run(dag_id, run_id)
        if run is None:
            raise no_run(dag_id, run_id)
        return run

    def instances(self, dag_id: str, run_id: str, task_id: str) -> list[TaskInstance]:
        run = self.find_run(dag_id, run_id)
        return [ti for ti in run.task_instances if ti.task_id == task_id] if run else []

    def instance(self, dag_id: str, run_id: str, task_id: str, map_index: int) -> TaskInstance:
        for found in self.instances(dag_id, run_id, task_id):
            if found.map_index == map_index:
                return found
        raise no_instance(dag_id, run_id, task_id, None if map_index == -1 else map_index)

    def pairs(self) -> Iterator[tuple[DagRun, TaskInstance]]:
        """Every task instance of every run, oldest run first."""
        for run in self.runs:
            for instance in run.task_instances:
                yield run, instance

    def new_run(self, dag: Dag, run_id: str, **facts: Any) -> DagRun:
        """A queued run with one untouched instance for each task and map index."""
        run = DagRun(number=len(self.runs) + 1, dag_id=dag.dag_id, run_id=run_id, **facts)
        run.task_instances = untouched(dag, run_id)
        self.runs.append(run)
        return run

    def error_of(self, run: DagRun, instance: TaskInstance) -> str | None:
        """Why this instance would fail if it ran now; None when nothing is broken."""
        return next((cause.message for cause in self.broken if cause.hits(run, instance)), None)

    def record(self, when: datetime, event: str, owner: str, about: Mapping[str, Any], body: Any) -> None:
        entry = AuditEntry(
            number=len(self.audit) + 1,
            when=when,
            event=event,
            owner=owner,
            extra=json.dumps({**about, **body} if isinstance(body, dict) else dict(about)),
            dag_id=about.get("dag_id") or (body.get("dag_id") if isinstance(body, dict) else None),
            run_id=about.get("dag_run_id") or (body.get("dag_run_id") if isinstance(body, dict) else None),
            task_id=about.get("task_id"),
            map_index=int(about["map_index"]) if "map_index" in about else None,
        )
        self.audit.append(entry)


def untouched(dag: Dag, run_id: str) -> list[TaskInstance]:
    return [
        TaskInstance(dag.dag_id, run_id, task, map_index, max_tries=task.retries)
        for task in dag.tasks
        for map_index in task.map_indexes
    ]


def tasks_of(entries: Iterable[Mapping[str, Any]]) -> tuple[Task, ...]:
    return tuple(
        Task(
            task_id=entry["task_id"],
            after=tuple(entry.get("after", ())),
            seconds=float(entry.get("seconds", 1)),
            mapped=tuple(str(value) for value in entry.get("mapped", ())),
            retries=int(entry.get("retries", 0)),
            operator=entry.get("operator", "PythonOperator"),
            retry_seconds=float(entry.get("retry_seconds", 5)),
            writes=Writes(**entry["writes"]) if "writes" in entry else None,
        )
        for entry in entries
    )
