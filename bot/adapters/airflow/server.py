"""One Airflow 3 server as the port sees it."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from bot.adapters.airflow import links, logs, parse
from bot.adapters.airflow.api import Api
from bot.adapters.airflow.request import (
    KNOWS_HOW_TO_KILL,
    KNOWS_NOTE,
    KNOWS_PARTITIONS,
    KNOWS_RUNNING_GUARD,
    cancel_backfill,
    clear_tasks,
    dag_runs,
    get,
    queue_run,
    start_backfill,
    start_run,
)
from bot.adapters.airflow.session import Credentials, Session
from bot.adapters.http import READ_SECONDS
from bot.ports.airflow import (
    FAILED_STATES,
    Abilities,
    Backfill,
    Clear,
    Dag,
    DagDetails,
    DagRun,
    Health,
    StartedBackfill,
    Task,
    TaskInstance,
    TaskKey,
    Trigger,
    Window,
)
from bot.ports.errors import Conflict, Unsupported
from bot.text import text

T = TypeVar("T")
Row = Mapping[str, Any]

_RUN = "/dags/{dag_id}/dagRuns/{dag_run_id}"
_TASK = f"{_RUN}/taskInstances/{{task_id}}"


class AirflowServer:
    """`bot.ports.airflow.Airflow` over REST v2. Thread-safe: share one per server."""

    def __init__(self, name: str, web: str, session: Session, api: Api) -> None:
        self._name, self._web, self._session, self._api = name, web, session, api
        self._vendor = f"Airflow {name}"

    @property
    def name(self) -> str:
        return self._name

    def version(self) -> str:
        return self._session.version()

    def health(self) -> Health:
        return self._session.health()

    def abilities(self) -> Abilities:
        version = self._session.minor()
        return Abilities(
            backfills=True,
            clears_one_index=True,
            notes_each_task=version >= KNOWS_NOTE,
            runs_without_date=True,
            partition_keys=version >= KNOWS_PARTITIONS,
        )

    def dags(self) -> Sequence[Dag]:
        return _unique(self._api.pages(get("/dags"), "dags", parse.dag), lambda dag: dag.dag_id)

    def dag(self, dag_id: str) -> Dag:
        return self._api.call(get("/dags/{dag_id}", {"dag_id": dag_id}), parse.dag)

    def details(self, dag_id: str) -> DagDetails:
        return self._api.call(get("/dags/{dag_id}/details", {"dag_id": dag_id}), parse.details)

    def tasks(self, dag_id: str) -> Sequence[Task]:
        request = get("/dags/{dag_id}/tasks", {"dag_id": dag_id})
        return self._api.call(request, lambda answer: tuple(parse.task(row) for row in answer["tasks"]))

    def task(self, dag_id: str, task_id: str) -> Task:
        request = get("/dags/{dag_id}/tasks/{task_id}", {"dag_id": dag_id, "task_id": task_id})
        return self._api.call(request, parse.task)

    def runs(
        self, dag_id: str, *, states: Sequence[str] = (), window: Window | None = None, limit: int = 25
    ) -> Sequence[DagRun]:
        request = dag_runs(dag_id, states, window)
        return _unique(self._api.pages(request, "dag_runs", parse.dag_run, limit), _run_identity)

    def run(self, dag_id: str, dag_run_id: str) -> DagRun:
        return self._api.call(get(_RUN, {"dag_id": dag_id, "dag_run_id": dag_run_id}), parse.dag_run)

    def task_instances(self, dag_id: str, dag_run_id: str) -> Sequence[TaskInstance]:
        request = get(f"{_RUN}/taskInstances", {"dag_id": dag_id, "dag_run_id": dag_run_id})
        return _unique(self._api.pages(request, "task_instances", parse.task_instance), _instance_identity)

    def task_instance(self, key: TaskKey) -> TaskInstance:
        path = f"{_TASK}/{{map_index}}" if key.map_index >= 0 else _TASK
        return self._api.call(get(path, _ids(key)), parse.task_instance)

    def failed(self, since: datetime, *, limit: int = 100) -> Sequence[TaskInstance]:
        # By their end: a task that the executor could not start failed without a start.
        query = {"state": sorted(FAILED_STATES), "end_date_gte": parse.in_utc(since), "order_by": "-end_date"}
        request = get("/dags/~/dagRuns/~/taskInstances", query=query)
        return _unique(self._api.pages(request, "task_instances", parse.task_instance, limit), _instance_identity)

    def error(self, key: TaskKey, try_number: int) -> str:
        query: dict[str, Any] = {"full_content": True, "map_index": key.map_index}
        request = get(f"{_TASK}/logs/{{try_number}}", {**_ids(key), "try_number": str(try_number)}, query)
        return self._api.call(request, logs.exception_line if try_number else logs.last_words)

    def preview_clear(self, clear: Clear) -> Sequence[TaskInstance]:
        request = clear_tasks(clear, self._session.minor(), dry_run=True)
        return self._api.call(request, lambda answer: _rows(answer, parse.task_instance))

    def clear(self, clear: Clear) -> Sequence[TaskKey]:
        request = clear_tasks(clear, self._session.minor(), dry_run=False)
        self._guard_running(clear)
        return self._api.call(request, lambda answer: _rows(answer, parse.task_key))

    def requeue(self, dag_id: str, dag_run_id: str) -> None:
        self._api.call(queue_run(dag_id, dag_run_id), parse.dag_run)

    def trigger(self, trigger: Trigger) -> DagRun:
        if trigger.partition_key and not self.abilities().partition_keys:
            raise Unsupported(self._vendor, text("airflow.unsupported.partition_keys"))
        return self._api.call(start_run(trigger), parse.dag_run)

    def preview_backfill(self, backfill: Backfill) -> Sequence[datetime]:
        request = start_backfill(backfill, dry_run=True)
        return self._api.call(
            request, lambda answer: tuple(parse.known_moment(row["logical_date"]) for row in answer["backfills"])
        )

    def start_backfill(self, backfill: Backfill) -> StartedBackfill:
        return self._api.call(start_backfill(backfill, dry_run=False), parse.backfill)

    def backfills(self, dag_id: str) -> Sequence[StartedBackfill]:
        request = get("/backfills", query={"dag_id": dag_id, "order_by": "-id"})
        return tuple(self._api.pages(request, "backfills", parse.backfill))

    def cancel_backfill(self, backfill_id: int) -> StartedBackfill:
        return self._api.call(cancel_backfill(backfill_id), parse.backfill)

    def close(self) -> None:
        """Close the connections that wait for another call."""
        self._session.close()
        self._api.close()

    def log_url(self, key: TaskKey, try_number: int) -> str:
        return links.log(self._web, key, try_number)

    def dag_url(self, dag_id: str, dag_run_id: str | None = None) -> str:
        return links.dag(self._web, dag_id, dag_run_id)

    def _guard_running(self, clear: Clear) -> None:
        """Look first where the server cannot refuse to clear a running task itself, or would hang on it."""
        version = self._session.minor()
        must_look = version < KNOWS_RUNNING_GUARD if clear.refuse_running else version < KNOWS_HOW_TO_KILL
        if clear.only_failed or not must_look:
            return
        for instance in self.preview_clear(clear):
            if instance.state in {"running", "restarting"}:
                raise Conflict(self._vendor, f"{instance.key} is {instance.state}")


def connect(
    name: str,
    url: str,
    *,
    external_url: str | None = None,
    username: str | None = None,
    password: str | None = None,
    token: str | None = None,
    read_seconds: float = READ_SECONDS,
) -> AirflowServer:
    """Return the Airflow called `name` at `url`; nothing is sent before the first call.

    `external_url` is where people's browsers find it (`url` unless given). With a user name and password Baton
    logs in for a token and renews it; a given `token` is used first, or alone. A read may take `read_seconds`, a clear
    three times as long.
    """
    vendor = f"Airflow {name}"
    session = Session(vendor, url, Credentials(username, password, token), read_seconds)
    return AirflowServer(name, external_url or url, session, Api(vendor, url, session, read_seconds))


def _ids(key: TaskKey) -> dict[str, str]:
    ids = {"dag_id": key.dag_id, "dag_run_id": key.dag_run_id, "task_id": key.task_id}
    return {**ids, "map_index": str(key.map_index)} if key.map_index >= 0 else ids


def _rows(answer: Row, read: Callable[[Row], T]) -> tuple[T, ...]:
    return tuple(read(row) for row in answer["task_instances"])


def _run_identity(run: DagRun) -> Hashable:
    return run.dag_id, run.dag_run_id


def _instance_identity(instance: TaskInstance) -> Hashable:
    return instance.key


def _unique(rows: Iterable[T], identity: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Drop what two pages both show because rows were added in between."""
    return tuple({identity(row): row for row in rows}.values())
