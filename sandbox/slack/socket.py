"""Socket Mode: each payload goes to one of the app's connections, which acknowledges it."""

import asyncio
import contextlib
import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from sandbox.slack.people import Json
from sandbox.slack.transport import Ack, Attempt, Kind

MOST_LINKS = 10
CONNECTION_SECONDS = 18_060
WARNING_SECONDS = 10.0  # an announcement comes about this long before the connection ends


@dataclass(eq=False)
class _Link:
    websocket: WebSocket
    waiting: dict[str, asyncio.Future[Any]] = field(default_factory=dict)
    gone: asyncio.Event = field(default_factory=asyncio.Event)


class SocketHub:
    """The open Socket Mode connections of the app."""

    def __init__(self, app_id: str, ack_seconds: float) -> None:
        self._app_id = app_id
        self._ack_seconds = ack_seconds
        self._tickets: set[str] = set()
        self._links: list[_Link] = []
        self._turn = 0

    @property
    def connected(self) -> int:
        return len(self._links)

    def new_ticket(self) -> str:
        """A single-use key for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """Hold one connection until either side ends it."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(4401)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        if self.connected >= MOST_LINKS:
            await self._say_goodbye(websocket, "too_many_websockets")
            return
        link = _Link(websocket)
        self._links.append(link)
        try:
            await websocket.send_json(self._hello())
            await _listen(link)
        finally:
            self._remove(link)

    async def send(self, kind: Kind, payload: Json, attempt: Attempt) -> Ack:
        """Give the payload to the next connection in turn and wait for its acknowledgement."""
        if not self._links:
            return Ack(ok=False, problem="no_app")
        self._turn += 1
        link = self._links[self._turn % len(self._links)]
        envelope = _envelope(kind, payload, attempt)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        link.waiting[envelope["envelope_id"]] = answer
        try:
            await link.websocket.send_json(envelope)
            return Ack(ok=True, body=await asyncio.wait_for(answer, self._ack_seconds))
        except TimeoutError:
            return Ack(ok=False, problem="http_timeout")
        except (ConnectionError, WebSocketDisconnect, RuntimeError):
            return Ack(ok=False, problem="connection_failed")
        finally:
            link.waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str, after_s: float) -> int:
        """Announce the end of all connections; end those that are still there `after_s` later; returns how many."""
        links = list(self._links)
        for link in links:
            await link.websocket.send_json(self._goodbye(reason))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(after_s):
                await asyncio.gather(*(link.gone.wait() for link in links))
        for link in links:
            self._remove(link)
            await _close(link.websocket)
        return len(links)

    async def close(self) -> None:
        """End all connections without a word, as a crash would."""
        for link in list(self._links):
            self._remove(link)
            await _close(link.websocket)

    async def _say_goodbye(self, websocket: WebSocket, reason: str) -> None:
        await websocket.send_json(self._goodbye(reason))
        await _close(websocket)

    def _remove(self, link: _Link) -> None:
        if link in self._links:
            self._links.remove(link)
        link.gone.set()
        for answer in link.waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the connection ended before the acknowledgement"))

    def _hello(self) -> Json:
        debug = {"host": "sandbox", "started": "", "build_number": 1}
        return {
            "type": "hello",
            "num_connections": self.connected,
            "debug_info": {**debug, "approximate_connection_time": CONNECTION_SECONDS},
            "connection_info": {"app_id": self._app_id},
        }

    def _goodbye(self, reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}


def _envelope(kind: Kind, payload: Json, attempt: Attempt) -> Json:
    envelope = {
        "envelope_id": str(uuid.uuid4()),
        "payload": payload,
        "type": kind.value,
        "accepts_response_payload": kind is not Kind.EVENT,
    }
    if kind is Kind.EVENT:
        envelope |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
    return envelope


async def _listen(link: _Link) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            said = await link.websocket.receive_json()
            answer = link.waiting.get(said.get("envelope_id", ""))
            if answer is not None and not answer.done():
                answer.set_result(said.get("payload"))


async def _close(websocket: WebSocket) -> None:
    if websocket.application_state is WebSocketState.CONNECTED:
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close()
