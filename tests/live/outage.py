"""orders_daily of the sandbox's Airflow breaks: the run, what its callback posts, and the repair."""

from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.running import RunningSandbox

DAG, TASK = "orders_daily", "load_orders"
ERROR = "RuntimeError: 404 Not found: Table staging.orders_raw"


@dataclass(frozen=True)
class Outage:
    sandbox: RunningSandbox

    def begin(self) -> str:
        """Break the load and have its run fail; return what Airflow's callback posts about that."""
        order = {"dag_id": DAG, "task_id": TASK, "message": ERROR}
        self._tell("break", order)
        run = self._tell("fail_run", order)
        return (
            f":red_circle: Task Failed.\n*Task*: {TASK}\n*Dag*: {DAG}\n*Execution Time*: {run['execution_time']}\n"
            f"*Exception*: {ERROR}\n*Log Url*: <{self.sandbox.airflow_url}{run['log_path']}>"
        )

    def end(self) -> None:
        """Remove the cause: what runs again succeeds."""
        self._tell("fix", {"dag_id": DAG})

    def _tell(self, verb: str, order: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.sandbox.airflow_url}/_control/{verb}"
        found: dict[str, Any] = httpx.post(url, json=order, timeout=10).raise_for_status().json()
        return found
