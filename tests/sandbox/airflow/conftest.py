"""A fake Airflow over real HTTP, for tests that hold it to the real one's shapes, refusals and traps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sandbox.airflow.app import app
from sandbox.clock import Clock
from sandbox.world import World, load
from tests import loopback
from tests.sandbox.serving import served

WORLD = load()
NOT_FOUND = "google.api_core.exceptions.NotFound: 404 Not found: Table haneul-prod:staging.orders"


class Airflow:
    """A client that is logged in, and the sandbox's own door."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.login("baton")

    def login(self, name: str) -> None:
        token = self.http.post("/auth/token", json={"username": name, "password": name}).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def control(self, order: str, **given: Any) -> Any:
        response = self.http.post(f"/_control/{order}", json=given)
        assert response.status_code == 200, response.text
        return response.json()

    def get(self, path: str, **query: Any) -> Any:
        response = self.http.get(f"/api/v2{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def fail(self, dag_id: str = "orders_daily", task_id: str = "load_orders", **given: Any) -> str:
        answer = self.control("fail_run", dag_id=dag_id, task_id=task_id, message=NOT_FOUND, **given)
        return answer["dag_run_id"]

    def clear(self, dag_id: str = "orders_daily", **body: Any) -> httpx.Response:
        return self.http.post(f"/api/v2/dags/{dag_id}/clearTaskInstances", json=body)

    def run(self, run_id: str, dag_id: str = "orders_daily") -> Any:
        return self.get(f"/dags/{dag_id}/dagRuns/{quote(run_id)}")

    def states(self, run_id: str, dag_id: str = "orders_daily") -> dict[Any, Any]:
        found = self.get(f"/dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances")["task_instances"]
        return {(ti["task_id"], ti["map_index"]): (ti["state"], ti["try_number"]) for ti in found}

    def state(self, run_id: str, task_id: str, dag_id: str = "orders_daily") -> Any:
        return self.states(run_id, dag_id)[task_id, -1]

    def at(self, run_id: str, rest: str, dag_id: str = "orders_daily") -> str:
        return f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}/{rest}"


@contextmanager
def a_server(world: World = WORLD, **settings: Any) -> Iterator[Airflow]:
    with (
        served(app(world, Clock(), **({"speed": 0} | settings))) as url,
        loopback.Client(base_url=url) as http,
    ):
        yield Airflow(http)


@pytest.fixture(scope="module")
def server() -> Iterator[Airflow]:
    with a_server() as server:
        yield server


@pytest.fixture
def airflow(server: Airflow) -> Airflow:
    server.control("reset")
    server.login("baton")
    return server


def named(response: httpx.Response) -> list[tuple[str, int, str | None]]:
    assert response.status_code == 200, response.text
    body = response.json()
    assert body["total_entries"] == len(body["task_instances"])
    return [(ti["task_id"], ti["map_index"], ti["state"]) for ti in body["task_instances"]]
