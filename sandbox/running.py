"""The sandbox for tests: started in the background on free ports, with people to act and things to look at.

with RunningSandbox() as sandbox:
    sandbox.app_url = "http://127.0.0.1:3000/slack/events"
    minji = sandbox.person("U0MINJI")
    sandbox.post_alert("B0AIRFLOW", "C0ALERTS", {"text": ":red_circle: Task Failed."})
    card = sandbox.until(lambda: minji.messages("C0ALERTS")[1:])[0]
    minji.click(card, "incident.acknowledge")
"""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import httpx

from sandbox import world as worlds
from sandbox.faults import Witness
from sandbox.http import certificates
from sandbox.person import Json, Person
from sandbox.server import Ports, Sandbox
from sandbox.slack.core import Settings
from sandbox.world import World

START_SECONDS = 30.0
ELSEWHERE_SECONDS = 0.25
T = TypeVar("T")


class RunningSandbox:
    """Slack, Airflow, Opsgenie and BigQuery, running until the `with` block ends.

    `settings` says how strictly and how quickly (`Settings(retry_scale=0.001, ack_seconds=0.2)`
    makes retries and timeouts quick); `airflow_speed` divides how long tasks take; `at` is what the
    business clock says when the history of the vendors is made (default: now).
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        world: World | None = None,
        airflow_speed: float = 1.0,
        at: datetime | None = None,
    ) -> None:
        self.world = world or worlds.load()
        self._settings = settings or Settings()
        self._airflow_speed, self._at = airflow_speed, at
        self._ready = threading.Event()
        self._failure: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._thread.start()
        if not self._ready.wait(START_SECONDS):
            raise TimeoutError("the sandbox did not start")
        if self._failure is not None:
            raise self._failure
        self._http = httpx.Client(base_url=self.page_url, timeout=30, trust_env=False, verify=certificates())
        self.faults = FaultControl(self._http)
        self.clock = ClockControl(self._http)
        self.log = LogView(self._http)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    # Where things are

    @property
    def page_url(self) -> str:
        return self._sandbox.url("slack")

    @property
    def slack_api_url(self) -> str:
        """For slack_sdk's `base_url`."""
        return f"{self.page_url}/api/"

    @property
    def airflow_url(self) -> str:
        return self._sandbox.url("airflow")

    @property
    def opsgenie_url(self) -> str:
        return self._sandbox.url("opsgenie")

    @property
    def bigquery_url(self) -> str:
        return self._sandbox.url("bigquery")

    @property
    def app_url(self) -> str | None:
        """The request URL to which events, commands and interactions go; set it when the app listens."""
        url: str | None = self._get("/control/app")["url"]
        return url

    @app_url.setter
    def app_url(self, url: str | None) -> None:
        self._post("/control/app", {"url": url})

    # People, tools, faults

    def person(self, user_id: str) -> Person:
        """Somebody of the workspace, to act as."""
        return Person(self._http, user_id)

    def post_alert(
        self,
        tool: str,
        channel: str,
        payload: Json,
        *,
        ts: str | None = None,
        settle: bool = True,
    ) -> str:
        """Let a tool post (or with `ts` edit) an alert; returns its ts, after the app took the event."""
        query = {"bot": tool, "channel": channel} | ({"ts": ts} if ts else {})
        answer = self._http.post("/services/T0/B0/x", params=query, json=payload)
        answer.raise_for_status()
        if settle:
            self.settle()
        return answer.headers["X-Sandbox-Ts"]

    def settle(self, timeout: float = 10) -> None:
        """Wait until everything sent to the app has its first outcome; TimeoutError otherwise."""
        if self._http.get("/control/idle", params={"timeout": timeout}).status_code != 200:
            raise TimeoutError(f"the app did not answer everything within {timeout} s")

    def until(self, look: Callable[[], T], timeout: float = 10) -> T:
        """Look again after each change in the workspace until it is true; returns what was seen.

        What happens elsewhere (in Airflow, in the app's store) is looked at four times a second.
        AssertionError after `timeout` seconds, with what was seen last.
        """
        stream, deadline = self._sandbox.slack.stream, time.monotonic() + timeout
        before = stream.changes
        while not (seen := look()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not true within {timeout} s; last seen: {seen!r}")
            stream.wait(before, min(left, ELSEWHERE_SECONDS))
            before = stream.changes
        return seen

    def watch(self, witness: Witness | None) -> None:
        """Have each request to a vendor told, in the sandbox's own thread."""
        self._sandbox.faults.witness = witness

    def limits(self, *, enforce: bool) -> None:
        """Switch rate limits on or off."""
        self._post("/control/limits", {"enforce": enforce})

    def reset(self) -> None:
        """Start all vendors again: messages, views, limits, log, faults, clock; the app's URL stays."""
        self._post("/control/reset", {})
        for url in (self.airflow_url, self.opsgenie_url, self.bigquery_url):
            self._http.post(f"{url}/_control/reset", json={}).raise_for_status()

    @property
    def sockets(self) -> int:
        """How many Socket Mode connections are open."""
        return int(self._get("/control/app")["sockets"])

    def disconnect(self, reason: str | None = None, after_s: float = 10) -> int:
        """End all sockets; returns how many.

        With a reason (`warning`, `refresh_requested`, `link_disabled`) it is announced, and the
        app has `after_s` seconds to leave by itself; without one the connections just end.
        """
        return int(self._post("/control/disconnect", {"reason": reason, "after_s": after_s})["ended"])

    def _get(self, path: str) -> Json:
        answer: Json = self._http.get(path).raise_for_status().json()
        return answer

    def _post(self, path: str, body: Json) -> Json:
        answer: Json = self._http.post(path, json=body).raise_for_status().json()
        return answer

    def _serve(self) -> None:
        asyncio.run(self._main())

    async def _main(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        try:
            self._sandbox = Sandbox(self.world, self._settings, Ports(), airflow_speed=self._airflow_speed, at=self._at)
            await self._sandbox.start()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked for it
            self._failure = error
            return
        finally:
            self._ready.set()
        await self._ended.wait()
        await self._sandbox.stop()


class ClockControl:
    """The business clock of the whole sandbox."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def now(self) -> datetime:
        return datetime.fromisoformat(self._http.get("/control/clock").json()["now"])

    def advance(self, by: timedelta) -> datetime:
        return self._moved({"advance_s": by.total_seconds()})

    def set(self, moment: datetime) -> datetime:
        return self._moved({"set": moment.isoformat()})

    def _moved(self, body: Json) -> datetime:
        answer = self._http.post("/control/clock", json=body).raise_for_status().json()
        return datetime.fromisoformat(answer["now"])


class FaultControl:
    """What goes wrong: see `sandbox.faults.Fault` for the fields."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def add(self, vendor: Literal["slack", "airflow", "opsgenie", "bigquery"], path: str = "*", **fault: Any) -> None:
        """For example `faults.add("slack", "/api/chat.postMessage", drop="after", times=1)`."""
        body = {"vendor": vendor, "path": path, **fault}
        self._http.post("/control/faults", json=body).raise_for_status()

    def list(self) -> list[Json]:
        rules: list[Json] = self._http.get("/control/faults").json()["faults"]
        return rules

    def clear(self) -> None:
        self._http.delete("/control/faults").raise_for_status()


class LogView:
    """The traffic between the workspace and the app, in order."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def entries(self, kind: str | None = None, method: str | None = None, since: int = 0) -> list[Json]:
        """All, or those of one kind (`api`, `deliver`, `hook`) and method (`chat.postMessage`, `events_api`)."""
        found: list[Json] = self._http.get("/control/log", params={"since": since}).json()["entries"]
        return [e for e in found if kind in {None, e["kind"]} and method in {None, e["method"]}]

    def calls(self, method: str) -> list[Json]:
        """The app's calls of one Web API method."""
        return self.entries("api", method)

    def last(self) -> int:
        """The number to pass as `since` later."""
        return int(self._http.get("/control/log", params={"since": 10**9}).json()["last"])
