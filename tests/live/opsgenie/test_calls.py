"""Every call that Baton makes to Opsgenie, and every answer of the sandbox's, as Atlassian describes them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.adapters import opsgenie
from bot.ports.errors import Unavailable
from sandbox.clock import Clock
from sandbox.opsgenie.app import app
from sandbox.world import load
from tests.contract.paging.alerts_suite import AlertsContract
from tests.contract.paging.opsgenie_fixtures import another, order
from tests.contract.paging.suite import CoverContract, GapContract, OverrideContract, SchedulesContract
from tests.live.opsgenie.proxy import ValidatingProxy
from tests.sandbox.serving import served

pytestmark = pytest.mark.live

SCHEDULE, BY_NAME = "/v2/schedules/data-platform", {"scheduleIdentifierType": "name"}
OWN_DOORS = re.compile(r"/_control/|/jsm/|/_edge/|/rest/api/")
DANA = {"type": "user", "username": "dana@haneul.example"}


class TestSchedules(SchedulesContract): ...


class TestOverrides(OverrideContract): ...


class TestGaps(GapContract): ...


class TestCovers(CoverContract): ...


class TestAlerts(AlertsContract): ...


@dataclass
class Caller:
    """Calls every route of the sandbox's Opsgenie once, through the proxy."""

    http: httpx.Client
    sandbox_url: str

    def call(self, method: str, path: str, body: object = None, **query: object) -> httpx.Response:
        answer = self.http.request(method, path, params=query, json=body)
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        return answer

    def all(self) -> Iterator[tuple[str, str]]:
        """Make every call, yielding each as the sandbox names the route."""
        yield from self.of_alerts()
        yield from self.of_schedules()
        for path, given in (("/v2/users", "/v2/users"), ("/v2/users/{identifier}", "/v2/users/dana@haneul.example")):
            self.call("GET", given)
            yield "GET", path

    def of_alerts(self) -> Iterator[tuple[str, str]]:
        made = self.call("POST", "/v2/alerts", {"message": "m", "alias": "inc-1", "priority": "P1", "tags": ["etl"]})
        yield "POST", "/v2/alerts"
        httpx.post(f"{self.sandbox_url}/_control/queue", json={"process": True}).raise_for_status()
        outcome = self.call("GET", f"/v2/alerts/requests/{made.json()['requestId']}").json()["data"]
        yield "GET", "/v2/alerts/requests/{requestId}"
        one = f"/v2/alerts/{outcome['alertId']}"
        until = "2030-01-01T00:00:00Z"
        bodies = {
            "acknowledge": {"user": "x"},
            "snooze": {"endTime": until},
            "notes": {"note": "n"},
            "responders": {"responder": DANA},
            "unacknowledge": {},
        }
        for action, body in (bodies | {"close": {}}).items():
            self.call("POST", f"{one}/{action}", body)
            httpx.post(f"{self.sandbox_url}/_control/queue", json={"process": True}).raise_for_status()
            yield "POST", f"/v2/alerts/{{identifier}}/{action}"
        for rest in ("", "/notes", "/logs"):
            self.call("GET", f"{one}{rest}")
            yield "GET", f"/v2/alerts/{{identifier}}{rest}"
        for path in ("/v2/alerts", "/v2/alerts/count"):
            self.call("GET", path, query="status: closed")
            yield "GET", path

    def of_schedules(self) -> Iterator[tuple[str, str]]:
        one = "/v2/schedules/{identifier}"
        for path in ("/v2/schedules", "/v2/schedules/on-calls"):
            self.call("GET", path)
            yield "GET", path
        self.call("GET", SCHEDULE, identifierType="name")
        yield "GET", one
        for name in ("data-platform", "forwarding", "with a gap", "escalating"):
            of_name = {"identifierType": "name", "interval": 3, "expand": "base,override,forwarding"}
            self.call("GET", f"/v2/schedules/{quote(name)}/timeline", **of_name)
        yield "GET", f"{one}/timeline"
        for rest in ("on-calls", "next-on-calls"):
            for flat in ("true", "false"):
                self.call("GET", f"{SCHEDULE}/{rest}", flat=flat, **BY_NAME)
            yield "GET", f"{one}/{rest}"
        rotations = self.call("GET", f"{SCHEDULE}/rotations", **BY_NAME).json()["data"]
        yield "GET", f"{one}/rotations"
        self.call("GET", f"{SCHEDULE}/rotations/{rotations[0]['id']}", **BY_NAME)
        yield "GET", f"{one}/rotations/{{id}}"
        times = {"startDate": "2030-01-01T00:00:00Z", "endDate": "2030-01-02T00:00:00Z"}
        self.call("POST", f"{SCHEDULE}/overrides", {"user": DANA, "alias": "cover-1", **times}, **BY_NAME)
        yield "POST", f"{one}/overrides"
        self.call("GET", f"{SCHEDULE}/overrides", **BY_NAME)
        yield "GET", f"{one}/overrides"
        for method, body in (("GET", None), ("PUT", {"user": DANA, **times}), ("DELETE", None)):
            self.call(method, f"{SCHEDULE}/overrides/cover-1", body, **BY_NAME)
            yield method, f"{one}/overrides/{{alias}}"


@pytest.fixture
def caller(sandbox, proxy, plan, now):
    """A caller of a sandbox in which everything that a schedule can show is shown somewhere."""
    order(sandbox, "reset")
    another(sandbox, "forwarding", 1)
    order(sandbox, "forward", schedule="forwarding", from_user=plan(now), to_user="dana@haneul.example")
    another(sandbox, "with a gap", 2)
    order(sandbox, "gap", schedule="with a gap", hours=3)
    levels = {"type": "escalation", "name": "core", "members": ["alex@haneul.example", "minji@haneul.example"]}
    turns = {"type": "weekly", "starts": "Monday 10:00"}
    rotations = [
        {"id": str(n), "name": str(n), "participants": [who], **turns} for n, who in enumerate((levels, "none"))
    ]
    order(sandbox, "schedule", id="e0", name="escalating", timezone="Asia/Seoul", rotations=rotations)
    key = {"Authorization": f"GenieKey {sandbox.world.opsgenie['api_key']}"}
    with httpx.Client(base_url=proxy.url, headers=key, timeout=30, trust_env=False) as http:
        yield Caller(http, sandbox.opsgenie_url)


def test_every_answer_of_the_sandbox_is_as_described(caller):
    routes = {
        (method, route.path)
        for route in app(load(), Clock()).routes
        for method in route.methods - {"HEAD"}
        if not OWN_DOORS.match(route.path)
    }

    assert set(caller.all()) == routes


class Flawed:
    """The sandbox's Opsgenie with one field of one answer spoilt."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            parts.append(message.get("body", b""))

        await self._inner(scope, receive, collect)
        answer = json.loads(b"".join(parts))
        if scope["path"].endswith("/timeline"):
            answer["data"]["finalTimeline"]["rotations"][0]["periods"][0]["startDate"] = "last Monday"
        await JSONResponse(answer)(scope, receive, send)


def test_a_wrong_answer_of_the_sandbox_is_found(tmp_path):
    world, clock = load(), Clock()
    with served(Flawed(app(world, clock))) as flawed, ValidatingProxy(flawed, tmp_path) as judge:
        schedules = opsgenie.connect(world.opsgenie["api_key"], judge.url)
        judge.forget()
        with pytest.raises(Unavailable):
            schedules.shifts("data-platform", clock.now(), clock.now() + timedelta(weeks=1))
        schedules.close()

        (violation,) = judge.violations()
        assert "/timeline" in violation
        assert "errors#VIOLATIONS" in violation


def test_a_wrong_call_is_found(tmp_path):
    world, clock = load(), Clock()
    with served(app(world, clock)) as url, ValidatingProxy(url, tmp_path) as judge:
        judge.forget()
        key = {"Authorization": f"GenieKey {world.opsgenie['api_key']}"}
        answer = httpx.get(f"{judge.url}{SCHEDULE}/on-calls", params={"date": "tomorrow"}, headers=key)

        assert answer.status_code == 422
        (violation,) = judge.violations()
        assert "errors#UNPROCESSABLE_ENTITY" in violation
