"""The contract against the sandbox's fake Airflow, and what only a fake does on demand."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.ports.airflow import Clear
from bot.ports.errors import Conflict
from sandbox import world
from sandbox.airflow.app import app
from sandbox.clock import Clock
from tests import loopback
from tests.contract.airflow import suite
from tests.contract.airflow.bench import Bench
from tests.contract.airflow.contract import LOAD

SPEED = 20  # simulated seconds a second


class FakeBench(Bench):
    def break_(self, partition, shard=None):
        if shard is None:
            message = f"RuntimeError: load failed for partition {partition}: 404 Not found: Table orders"
            self.control("break", dag_id=self.daily, task_id="load", partition=partition, message=message)
        else:
            cause = {"dag_id": self.mapped, "task_id": "load_shard", "map_index": shard}
            self.control("break", partition=partition, message=f"ValueError: shard {shard} is broken", **cause)

    def fix(self, partition, shard=None):
        cause = {"dag_id": self.daily} if shard is None else {"dag_id": self.mapped, "map_index": shard}
        self.control("fix", partition=partition, **cause)

    def control(self, order, **details):
        loopback.post(f"{self.url}/_control/{order}", json=details).raise_for_status()


def served(application: Starlette) -> Iterator[str]:
    """Serve on a free port of loopback until the generator is closed."""
    config = uvicorn.Config(application, host="127.0.0.1", port=0, log_level="warning", ws="none", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def task(task_id, **facts):
    return {"task_id": task_id, "seconds": 0.5} | facts


AIRFLOW = {
    "jwt_secret": "a-secret-of-the-tests",
    "users": [{"username": name, "password": name, "role": name} for name in ("op", "viewer")],
    "dags": [
        {
            "dag_id": Bench.daily,
            "schedule": "@daily",
            "owner": "data-core",
            "tags": ["core"],
            "tasks": [
                task("extract"),
                task("transform", after=["extract"]),
                task("load", after=["transform"]),
                task("report", after=["load"]),
            ],
        },
        {
            "dag_id": Bench.mapped,
            "schedule": None,
            "tasks": [
                task("shards"),
                task("load_shard", after=["shards"], mapped=list("abcd")),
                task("publish", after=["load_shard"]),
            ],
        },
        {
            "dag_id": Bench.slow,
            "schedule": None,
            "tasks": [{**task("nap"), "seconds": 6000}, task("after", after=["nap"])],
        },
        {"dag_id": Bench.retried, "schedule": None, "tasks": [task("fetch", retries=3, retry_seconds=300)]},
        {"dag_id": Bench.filled, "schedule": "@daily", "tasks": [task("nothing")]},
    ],
}


@pytest.fixture(scope="module")
def bench():
    workplace = world.load().model_copy(update={"airflow": AIRFLOW})
    for url in served(app(workplace, Clock(), speed=SPEED)):
        fake = FakeBench(url)
        fake.control("break", dag_id=Bench.retried, task_id="fetch", message="TimeoutError: no answer")
        yield fake
        fake.close()


class TestReading(suite.Reading):
    pass


class TestClearing(suite.Clearing):
    def test_a_lost_clear_is_seen_and_mended(self, bench, airflow):
        failed = bench.trigger_failed_run()
        bench.fix(failed.dag_run_id)
        bench.control("fault", name="lost_clear")
        airflow.clear(Clear(bench.daily, failed.dag_run_id, LOAD, downstream=True))
        assert airflow.run(bench.daily, failed.dag_run_id).state == "success"
        assert airflow.task_instance(failed).state is None

        airflow.requeue(bench.daily, failed.dag_run_id)
        bench.wait(lambda: airflow.task_instance(failed).state == "success")

    def test_somebody_else_clearing_the_same_is_a_conflict(self, bench, airflow):
        failed = bench.trigger_failed_run()
        bench.control("fault", name="clear_conflict")

        with pytest.raises(Conflict, match="Unique constraint violation"):
            airflow.clear(Clear(bench.daily, failed.dag_run_id, LOAD))


class TestRefusing(suite.Refusing):
    def test_a_server_with_a_new_secret_is_logged_in_to_again(self, bench, airflow):
        airflow.dags()
        bench.control("restart")

        assert airflow.dags()


class TestStarting(suite.Starting):
    pass
