"""The main job with a real Airflow: a task fails, its alert comes in, and it is cleared from the thread."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg
import pytest
from pydantic import SecretStr

from bot.config.load import Config
from bot.config.model import AirflowServer, DagRule, Rerun
from bot.config.secrets import AirflowLogin
from bot.ports.airflow import Clear, TaskChoice, TaskKey
from sandbox.person import text_of
from tests.live.airflow.fixtures import MARKS, RealBench
from tests.live.thread import Thread
from tests.product.workplace import Workplace

pytestmark = MARKS
OPEN, RESOLVED = "rotating_light", "white_check_mark"
CHANNEL = "C0ALERTS"


@pytest.fixture
def office(real_airflow: RealBench, sqlite_url: str) -> Iterator[Workplace]:
    with Workplace(sqlite_url, configure=working_with(real_airflow), at=None) as office:
        yield office


def working_with(bench: RealBench) -> Callable[[Config], Config]:
    server = AirflowServer(url=bench.url, dags={"*": DagRule(rerun=Rerun.SAFE)})
    login = AirflowLogin(bench.username, SecretStr(bench.password))

    def configured(config: Config) -> Config:
        baton = config.baton.model_copy(update={"airflow": {"prod": server}})
        return replace(config, baton=baton, secrets=replace(config.secrets, airflow={"prod": login}))

    return configured


def alert(office: Workplace, bench: RealBench, failed: TaskKey, who: str = "minji") -> Thread:
    """Let a callback of Airflow post what it posts about a failed task; return the thread under it."""
    instance = bench.airflow.task_instance(failed)
    words = (
        f":red_circle: Task Failed.\n*Dag*: {failed.dag_id}\n*Task*: {failed.task_id}\n*Run*: {failed.dag_run_id}\n"
        f"*Exception*: {bench.airflow.error(failed, instance.try_number)}\n"
        f"*Log Url*: <{bench.airflow.log_url(failed, instance.try_number)}>"
    )
    ts = office.sandbox.post_alert("B0AIRFLOW", CHANNEL, {"text": words})
    return Thread(office.people[who], CHANNEL, ts, office.until)


def recover_in_airflow(bench: RealBench, failed: TaskKey) -> None:
    """Fix the cause and clear the task in Airflow itself, as somebody without Baton would."""
    bench.fix(failed.dag_run_id)
    assert bench.airflow.clear(Clear(failed.dag_id, failed.dag_run_id, (TaskChoice(failed.task_id),), downstream=True))
    assert bench.ended(failed.dag_id, failed.dag_run_id) == "success"


def test_a_failed_task_is_cleared_from_its_thread_and_the_incident_resolves(office, real_airflow):
    failed = real_airflow.trigger_failed_run()
    thread = alert(office, real_airflow, failed)
    thread.is_shown_as(OPEN)
    thread.press("incident.clear")
    plan = thread.offering("run.confirm")
    untouched = real_airflow.airflow.task_instance(failed)
    real_airflow.fix(failed.dag_run_id)
    thread.press("run.confirm")
    thread.waits_for("2 tasks ran again and succeeded")
    thread.is_shown_as(RESOLVED)

    assert {"load", "report"} <= set(text_of(plan).replace("`", " ").split())
    assert (untouched.state, untouched.try_number) == ("failed", 1)
    load = real_airflow.airflow.task_instance(failed)
    assert (load.state, load.try_number) == ("success", 2)
    assert real_airflow.airflow.run(failed.dag_id, failed.dag_run_id).state == "success"
    assert "incident.clear" not in json.dumps(thread.replies())


def test_a_cause_that_is_still_there_is_told_with_its_error_and_the_incident_stays_open(office, real_airflow):
    failed = real_airflow.trigger_failed_run()
    thread = alert(office, real_airflow, failed)
    thread.press("incident.clear")
    thread.press("run.confirm")
    thread.waits_for("failed again", "try 2")

    assert real_airflow.airflow.task_instance(failed).try_number == 2
    assert thread.reactions() == {OPEN}
    assert f"load failed for partition {failed.dag_run_id}" in thread.said()


def test_an_incident_of_two_dag_runs_stays_open_until_both_have_recovered(office, real_airflow):
    first, second = real_airflow.trigger_failed_run(), real_airflow.trigger_failed_run()
    thread = alert(office, real_airflow, first)
    thread.waits_for("1 open failure")
    alert(office, real_airflow, second)
    thread.waits_for("2 open failures")

    recover_in_airflow(real_airflow, first)
    thread.waits_for("1 open failure* of 2")
    assert thread.reactions() == {OPEN}
    recover_in_airflow(real_airflow, second)
    thread.is_shown_as(RESOLVED)
    thread.waits_for("seen in Airflow")


def test_a_clear_that_airflow_lost_is_noticed_and_repaired(office, real_airflow):
    failed = real_airflow.trigger_failed_run()
    thread = alert(office, real_airflow, failed)
    thread.press("incident.clear")
    real_airflow.fix(failed.dag_run_id)
    with losing_the_clear_of(real_airflow, failed):
        thread.press("run.confirm")
    thread.waits_for("2 tasks ran again and succeeded")
    thread.is_shown_as(RESOLVED)

    assert real_airflow.airflow.task_instance(failed).try_number == 2


@contextmanager
def losing_the_clear_of(bench: RealBench, failed: TaskKey) -> Iterator[None]:
    """Leave the run as the scheduler leaves it when it ends a run whose tasks are cleared at that moment.

    Its open transaction writes the run's end over the clear: the run is over, the cleared tasks have no state, and
    nothing ever runs them. Here the scheduler stands still meanwhile, so that it happens every time.
    """
    scheduler, database = bench.server.scheduler, bench.server.database
    scheduler.suspend()
    try:
        yield
        bench.wait(lambda: bench.airflow.task_instance(failed).state is None)
        with psycopg.connect(host="127.0.0.1", port=database.port, user="postgres", dbname="airflow") as connection:
            connection.execute("UPDATE dag_run SET state = 'failed' WHERE run_id = %s", [failed.dag_run_id])
    finally:
        scheduler.resume()
