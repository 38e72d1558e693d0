"""The bench with the real ClearTasks, the real adapter, and the sandbox's Airflow at the other end of the wire."""

from typing import Any

from bot.adapters.airflow import Credentials, connect
from bot.adapters.airflow.server import AirflowServer
from bot.config.model import Rerun
from bot.loads import Load, Loads
from bot.operations import service
from bot.operations.catalog import CATALOG
from bot.operations.executor import Executor
from bot.operations.lifecycle import State
from bot.operations.operation import Ports
from bot.operations.turn import Patience
from bot.ports.airflow import TaskKey
from sandbox.running import RunningSandbox
from tests import loopback
from tests.operations.bench import MINA, PLACE, Bench

ORDERS, SHARDS, VACUUM = "orders_daily", "events_shards", "nightly_vacuum"
ERROR = "NotFound: 404 Not found: Table staging.orders"


class AirflowBench(Bench):
    """Time passes at Airflow only as far as the bench's clock is moved."""

    def __init__(self, store, clock, sandbox: RunningSandbox, account: str = "baton") -> None:
        super().__init__(store, clock)
        self.sandbox = sandbox
        self.airflow: AirflowServer = connect("prod", sandbox.airflow_url, Credentials(account, account))
        self.rerun = Rerun.SAFE
        self.load()
        self.rules = {"rules": [{"operation": "clear-tasks", "who": ["on-call"]}]}

    def load(self, *loads: Load) -> None:
        """Say what loads.yaml holds."""
        known = Loads({each.name: each for each in loads})
        self.ports = Ports({"prod": self.airflow}, lambda _airflow, _dag: self.rerun, loads=known)
        self.desk = service.Desk(self.authority, self.ports, CATALOG)
        clocks = self.executor.clocks
        self.executor = Executor(self.store, clocks, self.ports, self.authority, CATALOG, Patience(tries=3))

    def close(self) -> None:
        self.airflow.close()

    def control(self, order: str, **given: Any) -> Any:
        answer = loopback.post(f"{self.sandbox.airflow_url}/_control/{order}", json=given)
        answer.raise_for_status()
        return answer.json()

    def fails(self, dag_id: str = ORDERS, task_id: str = "load_orders", **given: Any) -> str:
        """Have a run that failed at this task; return its id. Whatever runs from now on succeeds."""
        answer = self.control("fail_run", dag_id=dag_id, task_id=task_id, message=ERROR, **given)
        run_id: str = answer["dag_run_id"]
        return run_id

    def clear(self, *runs: str, dag_id: str = ORDERS, **arguments: Any) -> str:
        """Ask for a clear and have it planned."""
        given = {"dag_id": dag_id, "runs": list(runs), **arguments}
        answer = self.write(service.request, MINA, "clear-tasks", given, place=PLACE, now=self.now)
        assert isinstance(answer, service.Accepted), answer
        self.once()
        return answer.run_id

    def started(self, *runs: str, **arguments: Any) -> str:
        run_id = self.clear(*runs, **arguments)
        answer = self.confirm(run_id)
        assert isinstance(answer, service.Accepted), answer
        return run_id

    def skip_to_next(self) -> bool:
        before = self.clock.at
        found = super().skip_to_next()
        self.control("advance", seconds=(self.clock.at - before).total_seconds())
        return found

    def ends(self, run_id: str) -> State:
        self.until_quiet(most=400)
        return self.state(run_id)

    def try_of(self, run_id: str, task: str, dag_id: str = ORDERS) -> tuple[str | None, int]:
        found = self.airflow.task_instance(TaskKey(dag_id, run_id, task))
        return found.state, found.try_number

    def pause(self, *, is_paused: bool, dag_id: str = ORDERS) -> None:
        url = f"{self.sandbox.airflow_url}/api/v2/dags/{dag_id}"
        loopback.patch(url, json={"is_paused": is_paused}, headers=self._headers()).raise_for_status()

    def _headers(self) -> dict[str, str]:
        login = {"username": "baton", "password": "baton"}
        token = loopback.post(f"{self.sandbox.airflow_url}/auth/token", json=login).json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    def clears(self) -> int:
        """Return how many real clears have reached Airflow, by its own event log."""
        answer = loopback.get(
            f"{self.sandbox.airflow_url}/api/v2/eventLogs", params={"limit": 100}, headers=self._headers()
        )
        events = [entry for entry in answer.json()["event_logs"] if entry["event"] == "post_clear_task_instances"]
        return sum('"dry_run": false' in entry["extra"] for entry in events)


def why_empty(bench, run_id):
    run = bench.run(run_id)
    assert run.state is State.NO_CHANGE, run.state
    return run.plan.empty
