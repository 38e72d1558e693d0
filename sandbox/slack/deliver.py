"""What the app is sent: events with Slack's retries, and questions that want an answer within three seconds."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Literal

from sandbox.slack.log import TrafficLog
from sandbox.slack.people import Json
from sandbox.slack.socket import SocketHub
from sandbox.slack.transport import Ack, Attempt, HttpDoor, Kind

RETRY_AFTER = (0.0, 60.0, 300.0)  # seconds before the first, second and third repeat
Mode = Literal["auto", "http", "socket"]


class Deliverer:
    """Sends to the app by HTTP or by Socket Mode.

    `mode` auto uses a socket as soon as one is connected. `retry_scale` shortens the waits
    between repeats (0.01 makes a minute 0.6 s).
    """

    def __init__(self, http: HttpDoor, sockets: SocketHub, log: TrafficLog, mode: Mode, retry_scale: float) -> None:
        self._http = http
        self._sockets = sockets
        self._log = log
        self.mode = mode
        self.retry_scale = retry_scale
        self.app_url: str | None = None
        self._background: set[asyncio.Task[Any]] = set()
        self._busy: set[asyncio.Future[Any]] = set()

    async def ask(self, kind: Kind, payload: Json) -> Ack:
        """Send a command or an interaction once; Slack never repeats these."""
        return await self._counted(self._send(kind, payload, Attempt()))

    def tell(self, payload: Json) -> asyncio.Future[Ack]:
        """Send an event and, in the background, its repeats; the future is the first attempt's outcome."""
        first: asyncio.Future[Ack] = asyncio.ensure_future(self._send(Kind.EVENT, payload, Attempt()))
        self._busy.add(first)
        first.add_done_callback(self._busy.discard)
        self._keep(self._repeat(payload, first))
        return first

    def in_flight(self) -> frozenset[asyncio.Future[Any]]:
        return frozenset(self._busy)

    async def settle(self, since: frozenset[asyncio.Future[Any]]) -> bool:
        """Wait for what was sent after `since` was taken; True if the app took all of it."""
        sent = self._busy - since
        return all([(await one).ok for one in sent])

    async def idle(self) -> None:
        """Wait until every first attempt and every question has its outcome."""
        while self._busy:
            await asyncio.wait(set(self._busy))

    async def forget(self) -> None:
        """Drop all repeats that are still to come."""
        for task in [*self._background, *self._busy]:
            task.cancel()
        await asyncio.gather(*self._background, *self._busy, return_exceptions=True)

    async def _repeat(self, payload: Json, first: asyncio.Future[Ack]) -> None:
        ack = await first
        for number, wait in enumerate(RETRY_AFTER, 1):
            if ack.ok or ack.no_retry or ack.problem == "no_app":
                return
            await asyncio.sleep(wait * self.retry_scale)
            ack = await self._send(Kind.EVENT, payload, Attempt(number, ack.problem))

    async def _send(self, kind: Kind, payload: Json, attempt: Attempt) -> Ack:
        ack = await self._carry(kind, payload, attempt)
        outcome = {"ok": ack.ok, "problem": ack.problem, "body": ack.body}
        self._log.add("deliver", kind.value, payload, outcome, attempt=attempt.number)
        return ack

    async def _carry(self, kind: Kind, payload: Json, attempt: Attempt) -> Ack:
        by_socket = self.mode == "socket" or (self.mode == "auto" and self._sockets.connected)
        if by_socket:
            return await self._sockets.send(kind, payload, attempt)
        if self.app_url is None:
            return Ack(ok=False, problem="no_app")
        return await self._http.send(self.app_url, kind, payload, attempt)

    async def _counted(self, work: Coroutine[Any, Any, Ack]) -> Ack:
        task = asyncio.ensure_future(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        return await task

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
