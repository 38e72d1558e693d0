"""A team one of whose tasks Airflow retries: the fake Airflow and Baton on clocks that move together."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.config.load import Config
from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from bot.store.tables import holds, incidents
from sandbox.person import text_of
from tests import loopback
from tests.delivery.bench import SECOND, Bench

DAY = timedelta(days=1)
MINJI = Responder("minji", "minji@haneul.example")
DAG, TASK = "partner_feed", "fetch_feed"  # three retries, five minutes apart


class Feed:
    """The desk of a team one of whose tasks Airflow retries."""

    def __init__(self, desk: Bench) -> None:
        self.desk, self.vendors = desk, desk.sandbox
        self.airflow = desk.airflow
        self.runs = 0
        self.vendors.clock.set(desk.clock.now())
        self.airflow("settings", speed=0)
        staff(desk)

    def breaks(self) -> None:
        self.airflow("break", dag_id=DAG, task_id=TASK, message="TimeoutError: partner.example")

    def pauses(self) -> None:
        account = {"username": "baton", "password": "baton"}
        token = loopback.post(f"{self.vendors.airflow_url}/auth/token", json=account).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.vendors.airflow_url}/api/v2/dags/{DAG}"
        loopback.patch(url, json={"is_paused": True}, headers=headers).raise_for_status()

    def runs_anew(self) -> dict[str, Any]:
        self.runs += 1
        run = self.airflow("run", dag_id=DAG, dag_run_id=f"manual__{self.runs}")
        self.passes(10 * SECOND)
        return run

    def passes(self, span: timedelta) -> None:
        """Let time pass, here and in Airflow, with Airflow being looked at."""
        self.airflow("advance", seconds=span.total_seconds())
        self.desk.clock.advance(span)
        staff(self.desk)
        self.looks()

    def looks(self) -> None:
        self.desk.look()
        self.desk.app.ticks._mentions()
        self.desk.pass_time(5 * SECOND)

    def alerts(self, run: dict[str, Any], *, state: str = "Failed", severity: str = "error", looks: bool = True) -> str:
        words = (
            f":red_circle: Task {state}.\n*Task*: {TASK}\n*Dag*: {DAG}\n*Severity*: {severity}\n"
            f"*Execution Time*: {run['execution_time']}\n*Run Id*: {run['dag_run_id']}\n*Exception*: TimeoutError"
        )
        incident = self.desk.post(words)
        assert incident is not None
        if looks:
            self.looks()
        return incident

    def mentions(self) -> list[str]:
        posted = [each["args"] for each in self.vendors.log.calls("chat.postMessage")]
        return [text_of(each) for each in posted if "<@U0MINJI>" in str(each["blocks"])]

    def row(self, incident: str) -> Any:
        return self.desk.row(incidents, incidents.c.id == incident)

    def held(self) -> list[str]:
        return self.desk.app.store.read(lambda tx: list(tx.execute(select(holds.c.why)).scalars()))

    def fails_at_once(self) -> dict[str, Any]:
        return self.airflow("fail_run", dag_id=DAG, task_id=TASK, message="boom", logical_date=None)


def staff(desk: Bench) -> None:
    at = desk.clock.now()
    on_call, shift = Somebody((MINJI,), at, at + DAY), Shift((MINJI,), at, at + DAY)
    desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", on_call, (shift,), at))


def holding(config: Config) -> Config:
    """Return the configuration with the mention held while Airflow retries."""
    routes = {
        name: route.model_copy(update={"hold_while_retrying": True}) for name, route in config.baton.routes.items()
    }
    return replace(config, baton=config.baton.model_copy(update={"routes": routes}))
