"""A fake Opsgenie over real HTTP, on a business clock that tests set."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from sandbox.clock import Clock
from sandbox.opsgenie.app import app
from sandbox.world import load
from tests import loopback
from tests.sandbox.serving import served

WORLD = load()
NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # a Wednesday noon in Seoul
SCHEDULE = "/v2/schedules/data-platform"
MINJI, JUNHO, ALEX, DANA = (f"{name}@haneul.example" for name in ("minji", "junho", "alex", "dana"))


class Opsgenie:
    """A client with the key, the sandbox's own door, and the clock."""

    def __init__(self, http: httpx.Client, clock: Clock) -> None:
        self.http = http
        self.clock = clock
        http.headers["Authorization"] = f"GenieKey {WORLD.opsgenie['api_key']}"

    def control(self, order: str, **given: Any) -> Any:
        response = self.http.post(f"/_control/{order}", json=given)
        assert response.status_code == 200, response.text
        return response.json()

    def get(self, path: str, **query: Any) -> Any:
        response = self.http.get(path, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def named(self, rest: str, **query: Any) -> Any:
        """Something of the data-platform schedule, found by name."""
        return self.get(f"{SCHEDULE}/{rest}", scheduleIdentifierType="name", **query)["data"]

    def timeline(self, **query: Any) -> Any:
        return self.get(f"{SCHEDULE}/timeline", identifierType="name", **query)["data"]

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(path, json=body)

    def alert(self, **body: Any) -> Any:
        """Create an alert and wait for it."""
        made = self.post("/v2/alerts", **{"message": "orders_daily failed", **body}).json()
        return self.get(f"/v2/alerts/{self.outcome(made)['alertId']}")["data"]

    def act(self, alert: Any, action: str, **body: Any) -> Any:
        """Do something to an alert and wait for the outcome."""
        return self.outcome(self.post(f"/v2/alerts/{alert['id']}/{action}", **body).json())

    def outcome(self, accepted: Any) -> Any:
        self.control("queue", process=True)
        return self.get(f"/v2/alerts/requests/{accepted['requestId']}")["data"]


@pytest.fixture(scope="module")
def server() -> Iterator[Opsgenie]:
    clock = Clock()
    clock.set(NOW)
    with served(app(WORLD, clock)) as url, loopback.Client(base_url=url) as http:
        yield Opsgenie(http, clock)


@pytest.fixture
def opsgenie(server: Opsgenie) -> Opsgenie:
    server.control("reset")
    server.control("queue", delay_seconds=3600)
    server.clock.set(NOW)
    return server
