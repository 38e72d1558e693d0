"""The vendors together: Slack with its page, Airflow, Opsgenie and BigQuery, each on a port, in one process."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from sandbox.airflow.app import app as airflow_app
from sandbox.bigquery.app import app as bigquery_app
from sandbox.clock import Clock
from sandbox.faults import FaultMiddleware, Faults
from sandbox.opsgenie.app import app as opsgenie_app
from sandbox.slack.app import app as slack_app
from sandbox.slack.core import Settings, Slack
from sandbox.stagehand import Addresses
from sandbox.stories import Stories
from sandbox.story import StoryError
from sandbox.world import World

HOST = "127.0.0.1"
STOP_SECONDS = 2


@dataclass(frozen=True)
class Ports:
    """Where each vendor listens; 0 is any free port."""

    slack: int = 0
    airflow: int = 0
    opsgenie: int = 0
    bigquery: int = 0

    @classmethod
    def following(cls, first: int) -> "Ports":
        """Four ports in a row; all free ones for 0."""
        return cls(first, first + 1, first + 2, first + 3) if first else cls()


class _Server(uvicorn.Server):
    """A server that leaves signals to the process that runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Player:
    """The stories as the page plays them: open pages are told of each beginning and end."""

    def __init__(self, stories: Stories, slack: Slack) -> None:
        self._stories = stories
        self._slack = slack
        self._watch: asyncio.Task[None] | None = None

    def list(self) -> list[dict[str, Any]]:
        return self._stories.list()

    async def play(self, story_id: str, speed: float = 1.0) -> None:
        """Begin a story; ValueError when there is no such story or speed."""
        await self.stop()
        try:
            await self._stories.play(story_id, speed)
        except StoryError as error:
            raise ValueError(str(error)) from error
        self._slack.stream.publish("story", {"id": story_id, "playing": True})
        self._watch = asyncio.create_task(self._tell_end(story_id))

    def pause(self, *, paused: bool) -> None:
        self._stories.pause(paused=paused)
        self._slack.stream.publish("scene", {})

    def skip(self) -> None:
        self._stories.skip()
        self._slack.stream.publish("scene", {})

    async def stop(self) -> None:
        await self._stories.stop()
        if self._watch is not None:
            await self._watch
            self._watch = None

    async def _tell_end(self, story_id: str) -> None:
        problem = None
        try:
            await self._stories.finished()
        except StoryError as error:
            problem = str(error)
        except asyncio.CancelledError:
            problem = None  # the story was stopped; this task was not
        self._slack.stream.publish("story", {"id": story_id, "playing": False, "error": problem})


class Sandbox:
    """The running whole. `start` returns when every port answers; `stop` ends all connections."""

    def __init__(
        self, world: World, settings: Settings, ports: Ports, *, airflow_speed: float = 1.0, at: datetime | None = None
    ) -> None:
        self.clock = Clock()
        if at:
            self.clock.set(at)
        self.faults = Faults()
        self.slack = Slack(world, self.clock, self.faults, settings)
        opsgenie = opsgenie_app(world, self.clock)
        bigquery = bigquery_app(world, self.clock)
        on_load = bigquery.state.bigquery.load_of
        self._apps: dict[str, ASGIApp] = {
            "slack": slack_app(self.slack),
            "airflow": airflow_app(world, self.clock, speed=airflow_speed, on_load=on_load),
            "opsgenie": opsgenie,
            "bigquery": bigquery,
        }
        self._sockets = {name: _listen(getattr(ports, name)) for name in self._apps}
        self._servers: list[_Server] = []
        self._running: list[asyncio.Task[None]] = []
        self.slack.base_url = self.url("slack")
        opsgenie.state.opsgenie.integrations.slack_url = self.url("slack")
        self.slack.elsewhere = {"Who may read what": self.url("bigquery")}
        self.stories = Player(self._stories(), self.slack)
        self.slack.stories = self.stories

    def _stories(self) -> Stories:
        urls = {vendor: self.url(vendor) for vendor in self._apps}
        return Stories(Addresses(**urls), tell=self.slack.stream.publish)

    def url(self, vendor: str) -> str:
        return f"http://{HOST}:{self._sockets[vendor].getsockname()[1]}"

    async def start(self) -> None:
        for name, app in self._apps.items():
            server = _Server(_config(FaultMiddleware(app, name, self.faults)))
            self._servers.append(server)
            self._running.append(asyncio.create_task(server.serve(sockets=[self._sockets[name]])))
        while not all(server.started for server in self._servers):
            self._raise_failures()
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        await self.stories.stop()
        self.slack.stream.close()
        self.faults.clear()
        await self.slack.close()
        for server in self._servers:
            server.should_exit = True
        await asyncio.gather(*self._running)

    def _raise_failures(self) -> None:
        for task in self._running:
            if task.done():
                task.result()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise OSError(error.errno, f"port {port} of {HOST} cannot be used: {error.strerror}") from error
    return listener


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="websockets-sansio",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
