"""A task fails, its alert comes, somebody clears it from the thread: once, whatever happens to Baton meanwhile."""

from dataclasses import dataclass, field
from typing import Any

from bot.ports.airflow import TaskKey
from sandbox.person import Json, text_of
from tests import loopback
from tests.kill.office import Effects, Office, offering

DAG, TASK, BEHIND = "orders_daily", "load_orders", ("build_orders_mart", "notify")
ERROR = "RuntimeError: 404 Not found: Table staging.orders_raw"
CHANNEL = "C0ALERTS"


@dataclass
class Clearing:
    """`press` is what its person does whenever they look; `is_over` is what they wait for."""

    office: Office
    number: int
    ts: str = field(init=False)

    def begin(self) -> None:
        self.run_id = f"manual__kill_{self.number}"
        self._tell("break", dag_id=DAG, task_id=TASK, message=ERROR, partition=self.run_id)
        order = {"dag_id": DAG, "task_id": TASK, "message": ERROR, "logical_date": None, "dag_run_id": self.run_id}
        run = self._tell("fail_run", **order)
        words = (
            f":red_circle: Task Failed.\n*Dag*: {DAG}\n*Task*: {TASK}\n*Run*: {self.run_id}\n"
            f"*Exception*: {ERROR}\n*Log Url*: <{self.office.sandbox.airflow_url}{run['log_path']}>"
        )
        self.ts = self.office.sandbox.post_alert("B0AIRFLOW", CHANNEL, {"text": words}, settle=False)

    def press(self) -> None:
        """Fix the cause once the plan is there, and start it; else ask for it. A second press means the first one."""
        replies = self._replies()
        if start := _with(replies, "run.confirm"):
            self._tell("fix", dag_id=DAG, task_id=TASK, partition=self.run_id)
            self.office.click(start, "run.confirm")
        elif again := _with(replies, "run.replan"):
            self.office.click(again, "run.replan")
        elif not self._has_a_run(replies) and (incident := _with(replies, "incident.clear")):
            self.office.click(incident, "incident.clear")

    def seen(self) -> str:
        return "\n".join(text_of(reply) for reply in self._replies())

    def is_over(self) -> bool:
        said = self.seen()
        signs = {reaction["name"] for reaction in self._thread()[0].get("reactions", [])}
        return "3 tasks ran again and succeeded" in said and signs == {"white_check_mark"}

    def check(self) -> Effects:
        """Every task ran once more and no more often, as one run of Baton says, and each message stands there once."""
        tries = {task: self._instance(task).try_number for task in (TASK, *BEHIND)}
        assert tries == {TASK: 2, **dict.fromkeys(BEHIND, 1)}
        self.office.posted_once(0)
        return Effects(wanted=1 + len(BEHIND), seen=sum(tries.values()) - 1)

    def _instance(self, task_id: str) -> Any:
        return self.office.airflow.task_instance(TaskKey(DAG, self.run_id, task_id))

    def _thread(self) -> list[Json]:
        return self.office.person.messages(CHANNEL, self.ts)

    def _replies(self) -> list[Json]:
        return self._thread()[1:]

    @staticmethod
    def _has_a_run(replies: list[Json]) -> bool:
        return any(_with([reply], "run.runbook") for reply in replies)

    def _tell(self, verb: str, **order: Any) -> dict[str, Any]:
        url = f"{self.office.sandbox.airflow_url}/_control/{verb}"
        found: dict[str, Any] = loopback.post(url, json=order, timeout=30).raise_for_status().json()
        return found


def _with(replies: list[Json], action_id: str) -> Json | None:
    """Return the newest reply that offers this."""
    found = offering(replies, action_id)
    return found[-1] if found else None
