"""The whole product in one test: the sandbox's vendors over real HTTP, and Baton as it runs, in a thread."""

import socket
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

import httpx
import uvicorn

from bot.app import App
from bot.cli.common import known_operations
from bot.cli.demo import WORLD_SECRETS
from bot.clock import Clocks, ShiftedClock, SystemClock
from bot.config.load import Config, load
from sandbox.running import RunningSandbox
from sandbox.slack.core import Settings
from sandbox.world import World
from tests import loopback

ERROR = "RuntimeError: 404 Not found: Table staging.orders_raw"
DEMO = Path(__file__).parents[2] / "config" / "demo"
WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=ZoneInfo("Asia/Seoul"))  # working hours, far from any change of shift


def config_for(sandbox: RunningSandbox, database_url: str, directory: Path = DEMO) -> Config:
    environ = WORLD_SECRETS | {
        "BATON_DATABASE_URL": database_url,
        "BATON_DEMO_SLACK_URL": sandbox.slack_api_url,
        "BATON_DEMO_AIRFLOW_URL": sandbox.airflow_url,
        "BATON_DEMO_OPSGENIE_URL": sandbox.opsgenie_url,
        "BATON_DEMO_BIGQUERY_URL": sandbox.bigquery_url,
    }
    return load(directory, environ, known_operations())


class RunningBaton:
    """Baton serving and reconciling on a free port until the `with` block ends."""

    def __init__(self, config: Config, clocks: Clocks | None = None) -> None:
        self.app = App(config, clocks)

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # so, with TCP_NODELAY
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.app.start_reconciling()
        settings = uvicorn.Config(self.app.web(), log_config=None, access_log=False, lifespan="on")
        self._server = uvicorn.Server(settings)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "Baton did not start"
            self._server_ready()
        return self

    def _server_ready(self) -> None:
        try:
            loopback.get(f"{self.url}/healthz", timeout=5)
        except httpx.TransportError:
            threading.Event().wait(0.02)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()


class Workplace:
    """A sandbox with Baton in it, and its people by name.

    `at` is what the business clocks of both say at the beginning, None for the time that it is; they run on from there.
    """

    def __init__(
        self,
        database_url: str,
        *,
        settings: Settings | None = None,
        airflow_speed: float = 20,
        configure: Callable[[Config], Config] = lambda config: config,
        at: datetime | None = WEDNESDAY,
        world: World | None = None,
    ) -> None:
        self._database_url, self._configure = database_url, configure
        self._time = ShiftedClock()
        self.sandbox = RunningSandbox(settings, world=world, airflow_speed=airflow_speed, at=at)

    def __enter__(self) -> Self:
        self.sandbox.__enter__()
        self._time.offset = self.sandbox.clock.now() - SystemClock().now()
        self.config = self._configure(config_for(self.sandbox, self._database_url))
        self.start()
        people = {person.name: person.id for person in self.sandbox.world.users}
        self.people = {name: self.sandbox.person(user) for name, user in people.items()}
        self.until(self._is_ready, 60)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self.sandbox.__exit__(None, None, None)

    def start(self) -> None:
        """Start Baton, as its host does after `stop`."""
        self.baton = self.another().__enter__()
        self.sandbox.app_url = f"{self.baton.url}/slack/events"

    def stop(self) -> None:
        self.baton.__exit__(None, None, None)

    def another(self) -> RunningBaton:
        """Return one more process on the same store, to be entered."""
        return RunningBaton(self.config, Clocks(business=self._time))

    def let_it_be(self, moment: datetime) -> None:
        """Move the business clocks of the workplace and of Baton."""
        now = self.sandbox.clock.set(moment)
        self._time.offset = now - SystemClock().now()

    def _is_ready(self) -> bool:
        """Whether everything that Baton must know has been fetched once."""
        from sqlalchemy import func, select

        from bot.store.tables import dags, oncall, people, user_groups

        def known(tx: Any) -> bool:
            return all(
                tx.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (people, user_groups, oncall, dags)
            )

        return self.baton.app.store.read(known)

    def until(self, look: Any, seconds: float = 30) -> Any:
        """Return what `look` returns as soon as it is something."""
        return self.sandbox.until(look, seconds)

    def fail_run(self, dag_id: str, task_id: str, **more: Any) -> dict[str, Any]:
        """Break a task in the fake Airflow and have a run fail there; return what an alert says of it."""
        self._airflow("break", dag_id=dag_id, task_id=task_id, message=ERROR)
        return self._airflow("fail_run", dag_id=dag_id, task_id=task_id, message=ERROR, **more)

    def fix(self, dag_id: str) -> None:
        """Remove the cause: what runs again succeeds."""
        self._airflow("fix", dag_id=dag_id)

    def _airflow(self, verb: str, **body: Any) -> dict[str, Any]:
        answer = loopback.post(f"{self.sandbox.airflow_url}/_control/{verb}", json=body, timeout=5)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def recover(self, run: dict[str, Any]) -> None:
        """Have somebody clear the run in Airflow itself, and all go well."""
        self._airflow("recover_run", dag_id=run["dag_id"], dag_run_id=run["dag_run_id"])

    def airflow_alert(self, run: dict[str, Any], dag_id: str, task_id: str, channel: str = "C0ALERTS") -> str:
        """Let Airflow's callback post about a failed task, in the form that is commonest in the field."""
        words = (
            f":red_circle: Task Failed.\n*Task*: {task_id}\n*Dag*: {dag_id}\n"
            f"*Execution Time*: {run['execution_time']}\n*Exception*: {ERROR}\n"
            f"*Log Url*: <{self.sandbox.airflow_url}{run['log_path']}>"
        )
        return self.sandbox.post_alert("B0AIRFLOW", channel, {"text": words})
