"""One Airflow server as the port sees it, whichever version it is today."""

from collections.abc import Sequence
from datetime import datetime

from bot.adapters.airflow import links
from bot.adapters.airflow.access import Credentials
from bot.adapters.airflow.api import Api
from bot.adapters.airflow.dialect import Dialect
from bot.adapters.airflow.session import Session
from bot.adapters.airflow.v1 import V1
from bot.adapters.airflow.v2 import V2
from bot.adapters.http import READ_SECONDS
from bot.ports.airflow import (
    Abilities,
    Backfill,
    Clear,
    Dag,
    DagDetails,
    DagRun,
    Health,
    Introduction,
    StartedBackfill,
    Task,
    TaskInstance,
    TaskKey,
    Trigger,
    Window,
)


class AirflowServer:
    """`bot.ports.airflow.Airflow` in the dialect that the server speaks. Thread-safe: share one per server."""

    def __init__(self, name: str, web: str, session: Session, api: Api) -> None:
        self._name, self._web, self._session, self._api = name, web, session, api
        vendor = f"Airflow {name}"
        self._dialects: dict[str, Dialect] = {dialect.name: dialect(vendor, api, session.minor) for dialect in (V1, V2)}

    @property
    def name(self) -> str:
        return self._name

    def version(self) -> str:
        return self._session.version()

    def health(self) -> Health:
        return self._session.health()

    def abilities(self) -> Abilities:
        return self._dialect.abilities()

    def introduction(self) -> Introduction:
        version, said_at = self._session.ask()
        dialect = self._dialect
        return Introduction(version, dialect.name, self._session.credentials.word, said_at, dialect.rights())

    def dags(self) -> Sequence[Dag]:
        return self._dialect.dags()

    def dag(self, dag_id: str) -> Dag:
        return self._dialect.dag(dag_id)

    def details(self, dag_id: str) -> DagDetails:
        return self._dialect.details(dag_id)

    def tasks(self, dag_id: str) -> Sequence[Task]:
        return self._dialect.tasks(dag_id)

    def task(self, dag_id: str, task_id: str) -> Task:
        return self._dialect.task(dag_id, task_id)

    def runs(
        self, dag_id: str, *, states: Sequence[str] = (), window: Window | None = None, limit: int = 25
    ) -> Sequence[DagRun]:
        return self._dialect.runs(dag_id, states, window, limit)

    def runs_due(self, dag_id: str, window: Window, limit: int) -> Sequence[DagRun]:
        return self._dialect.runs_due(dag_id, window, limit)

    def run(self, dag_id: str, dag_run_id: str) -> DagRun:
        return self._dialect.run(dag_id, dag_run_id)

    def task_instances(self, dag_id: str, dag_run_id: str) -> Sequence[TaskInstance]:
        return self._dialect.task_instances(dag_id, dag_run_id)

    def task_instance(self, key: TaskKey) -> TaskInstance:
        return self._dialect.task_instance(key)

    def failed(self, since: datetime, *, limit: int = 100) -> Sequence[TaskInstance]:
        return self._dialect.failed(since, limit)

    def error(self, key: TaskKey, try_number: int) -> str:
        return self._dialect.error(key, try_number)

    def preview_clear(self, clear: Clear) -> Sequence[TaskInstance]:
        return self._dialect.preview_clear(clear)

    def clear(self, clear: Clear) -> Sequence[TaskKey]:
        return self._dialect.clear(clear)

    def requeue(self, dag_id: str, dag_run_id: str) -> None:
        self._dialect.requeue(dag_id, dag_run_id)

    def trigger(self, trigger: Trigger) -> DagRun:
        return self._dialect.trigger(trigger)

    def preview_backfill(self, backfill: Backfill) -> Sequence[datetime]:
        return self._dialect.preview_backfill(backfill)

    def start_backfill(self, backfill: Backfill) -> StartedBackfill:
        return self._dialect.start_backfill(backfill)

    def backfills(self, dag_id: str) -> Sequence[StartedBackfill]:
        return self._dialect.backfills(dag_id)

    def cancel_backfill(self, backfill_id: int) -> StartedBackfill:
        return self._dialect.cancel_backfill(backfill_id)

    def log_url(self, key: TaskKey, try_number: int) -> str:
        if self._session.last_api() == V1.name:
            return links.grid_log(self._web, key)
        return links.log(self._web, key, try_number)

    def dag_url(self, dag_id: str, dag_run_id: str | None = None) -> str:
        page = links.grid if self._session.last_api() == V1.name else links.dag
        return page(self._web, dag_id, dag_run_id)

    def close(self) -> None:
        """Close the connections that wait for another call."""
        self._session.close()
        self._api.close()

    @property
    def _dialect(self) -> Dialect:
        return self._dialects[self._session.api()]


def connect(
    name: str,
    url: str,
    credentials: Credentials,
    *,
    external_url: str | None = None,
    api: str | None = None,
    read_seconds: float = READ_SECONDS,
) -> AirflowServer:
    """Return the Airflow called `name` at `url`; nothing is sent before the first call.

    `external_url` is where people's browsers find it (`url` unless given); `api` is `v1` or `v2`, found out unless
    given. A read may take `read_seconds`, a clear three times as long.
    """
    vendor = f"Airflow {name}"
    session = Session(vendor, url, credentials, read_seconds, api)
    return AirflowServer(name, external_url or url, session, Api(vendor, url, session, read_seconds))
