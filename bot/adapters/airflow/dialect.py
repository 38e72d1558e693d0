"""What the REST APIs of Airflow 2 and 3 have in common; `v1` and `v2` hold what they say differently."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

import structlog

from bot.adapters.airflow import parse
from bot.adapters.airflow.api import Api
from bot.adapters.airflow.request import NOTE_CHARACTERS, Request
from bot.ports.airflow import (
    Abilities,
    Backfill,
    Clear,
    Dag,
    DagDetails,
    DagRun,
    Right,
    StartedBackfill,
    Task,
    TaskChoice,
    TaskInstance,
    TaskKey,
    Trigger,
    Window,
)
from bot.ports.errors import Conflict, Forbidden, NotFound, Rejected, Unsupported, VendorError

_log = structlog.get_logger(__name__)

T = TypeVar("T")
Row = Mapping[str, Any]

RUN = "/dags/{dag_id}/dagRuns/{dag_run_id}"
TASK = f"{RUN}/taskInstances/{{task_id}}"
_LONG_AGO = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC))
_NOBODY = "baton-doctor-asks"  # no DAG has this name: what is asked of it changes nothing, whatever we may do


class Dialect(ABC):
    """One server in one version of its API. Thread-safe."""

    name: ClassVar[str]

    def __init__(self, vendor: str, api: Api, version: Callable[[], tuple[int, int]]) -> None:
        self._vendor, self._api, self._version = vendor, api, version

    @abstractmethod
    def abilities(self) -> Abilities: ...

    def dags(self) -> Sequence[Dag]:
        return unique(self._api.pages(self._get("/dags"), "dags", parse.dag), lambda dag: dag.dag_id)

    def dag(self, dag_id: str) -> Dag:
        return self._api.call(self._get("/dags/{dag_id}", {"dag_id": dag_id}), parse.dag)

    def details(self, dag_id: str) -> DagDetails:
        return self._api.call(self._get("/dags/{dag_id}/details", {"dag_id": dag_id}), parse.details)

    def tasks(self, dag_id: str) -> Sequence[Task]:
        request = self._get("/dags/{dag_id}/tasks", {"dag_id": dag_id})
        return self._api.call(request, lambda answer: tuple(parse.task(row) for row in answer["tasks"]))

    def task(self, dag_id: str, task_id: str) -> Task:
        request = self._get("/dags/{dag_id}/tasks/{task_id}", {"dag_id": dag_id, "task_id": task_id})
        return self._api.call(request, parse.task)

    @abstractmethod
    def runs(self, dag_id: str, states: Sequence[str], window: Window | None, limit: int) -> Sequence[DagRun]: ...

    @abstractmethod
    def runs_due(self, dag_id: str, window: Window, limit: int) -> Sequence[DagRun]: ...

    def run(self, dag_id: str, dag_run_id: str) -> DagRun:
        return self._api.call(self._get(RUN, {"dag_id": dag_id, "dag_run_id": dag_run_id}), parse.dag_run)

    @abstractmethod
    def task_instances(self, dag_id: str, dag_run_id: str) -> Sequence[TaskInstance]: ...

    def task_instance(self, key: TaskKey) -> TaskInstance:
        path = f"{TASK}/{{map_index}}" if key.map_index >= 0 else TASK
        return self._api.call(self._get(path, ids_of(key)), parse.task_instance)

    @abstractmethod
    def failed(self, since: datetime, limit: int) -> Sequence[TaskInstance]: ...

    @abstractmethod
    def error(self, key: TaskKey, try_number: int) -> str: ...

    @abstractmethod
    def preview_clear(self, clear: Clear) -> Sequence[TaskInstance]: ...

    @abstractmethod
    def clear(self, clear: Clear) -> Sequence[TaskKey]: ...

    def requeue(self, dag_id: str, dag_run_id: str) -> None:
        ids = {"dag_id": dag_id, "dag_run_id": dag_run_id}
        self._api.call(self._write("PATCH", RUN, ids, {"state": "queued"}), parse.dag_run)

    @abstractmethod
    def trigger(self, trigger: Trigger) -> DagRun: ...

    @abstractmethod
    def preview_backfill(self, backfill: Backfill) -> Sequence[datetime]: ...

    @abstractmethod
    def start_backfill(self, backfill: Backfill) -> StartedBackfill: ...

    @abstractmethod
    def backfills(self, dag_id: str) -> Sequence[StartedBackfill]: ...

    @abstractmethod
    def cancel_backfill(self, backfill_id: int) -> StartedBackfill: ...

    def rights(self) -> Mapping[Right, bool | None]:
        """Return what our account may do, found out by asking for what does not exist: a refusal comes first."""
        return {
            Right.READ: _may(lambda: list(self._api.pages(self._get("/dags"), "dags", parse.dag, limit=1))),
            Right.CLEAR: _may(lambda: self.preview_clear(Clear(_NOBODY, _NOBODY, (TaskChoice(_NOBODY),)))),
            Right.TRIGGER: _may(lambda: self.trigger(Trigger(_NOBODY, _NOBODY))),
            Right.BACKFILL: _may(lambda: self.preview_backfill(Backfill(_NOBODY, _LONG_AGO))),
        }

    def _get(self, path: str, ids: Mapping[str, str] | None = None, query: Mapping[str, Any] | None = None) -> Request:
        return Request("GET", f"/api/{self.name}{path}", ids or {}, query or {})

    def _write(
        self, method: str, path: str, ids: Mapping[str, str], body: Row | None = None, *, changes: bool = True
    ) -> Request:
        """Return a call that changes something, or whose answer only says what would be changed."""
        return Request(method, f"/api/{self.name}{path}", ids, body=body, is_write=changes)

    def _leave_note(self, clear: Clear) -> None:
        """Add the note to the run's, which people write too. The clear is done: without its note it stays done."""
        try:
            present = self.run(clear.dag_id, clear.dag_run_id).note
            note = f"{present}\n{clear.note}" if present else clear.note
            if clear.note not in present and len(note) <= NOTE_CHARACTERS:
                self._set_note(clear.dag_id, clear.dag_run_id, note)
        except VendorError as error:
            _log.warning("airflow.note_lost", vendor=self._vendor, run=clear.dag_run_id, why=str(error))

    @abstractmethod
    def _set_note(self, dag_id: str, dag_run_id: str, note: str) -> None: ...

    def _refuse_running(self, instances: Iterable[TaskInstance]) -> None:
        """Look first where the server cannot refuse to clear a running task itself, or would hang on it."""
        for instance in instances:
            if instance.state in {"running", "restarting"}:
                raise Conflict(self._vendor, f"{instance.key} is {instance.state}")


def ids_of(key: TaskKey) -> dict[str, str]:
    ids = {"dag_id": key.dag_id, "dag_run_id": key.dag_run_id, "task_id": key.task_id}
    return {**ids, "map_index": str(key.map_index)} if key.map_index >= 0 else ids


def run_identity(run: DagRun) -> Hashable:
    return run.dag_id, run.dag_run_id


def instance_identity(instance: TaskInstance) -> Hashable:
    return instance.key


def unique(rows: Iterable[T], identity: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Drop what two pages both show because rows were added in between."""
    return tuple({identity(row): row for row in rows}.values())


def _may(ask: Callable[[], object]) -> bool | None:
    try:
        ask()
    except Forbidden:
        return False
    except Unsupported:
        return None
    except (NotFound, Rejected):
        return True
    return True
