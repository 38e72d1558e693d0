"""Faults on demand: one ASGI middleware that makes any vendor slow, wrong or absent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.bigquery.errors import error_body

BIGQUERY_REASONS = {
    403: "accessDenied",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "internalError",
    502: "badGateway",
    503: "backendError",
}


class Fault(BaseModel):
    """One rule. It applies to requests that match, `times` times (None: until removed).

    What it does, in this order: wait `delay_s`; `hang` until the client gives up; `drop` the
    connection before or after the effect; or answer `status` with `body` and `headers` without
    any effect, or with `after_effect` once it has happened. A rule with only `delay_s` lets the
    request through afterwards. BigQuery's answers always hold a `reason`, by which its client
    decides: where no body is given it is written from that, or from the status.
    """

    model_config = ConfigDict(extra="forbid")

    vendor: Literal["slack", "airflow", "opsgenie", "bigquery"]
    method: str = "*"  # HTTP verb pattern
    path: str = "*"  # shell pattern over the URL path: /api/chat.postMessage, /v2/alerts/*
    skip: int = Field(default=0, ge=0)  # let this many matching requests through first
    times: int | None = Field(default=1, ge=1)
    status: int | None = None
    body: Any = None
    reason: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    delay_s: float = Field(default=0, ge=0)
    drop: Literal["before", "after"] | None = None
    hang: bool = False
    after_effect: bool = False

    def covers(self, vendor: str, method: str, path: str) -> bool:
        return vendor == self.vendor and fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    def answer(self) -> Response:
        status = self.status or 200
        if self.vendor == "bigquery" and self.body is None:
            reason = self.reason or BIGQUERY_REASONS.get(status, "invalid")
            return JSONResponse(
                error_body(status, reason, f"A fault on demand: {reason}"), status, headers=self.headers
            )
        if isinstance(self.body, str):
            return PlainTextResponse(self.body, status, headers=self.headers)
        return JSONResponse(self.body if self.body is not None else {}, status, headers=self.headers)


@dataclass
class _Entry:
    id: int
    fault: Fault
    seen: int = 0
    used: int = 0

    @property
    def spent(self) -> bool:
        return self.fault.times is not None and self.used >= self.fault.times


Witness = Callable[[str, str, str, Literal["before", "after"]], None]
"""Told of each request to a vendor (vendor, HTTP verb, path) before it has an effect, and after, before the answer."""


class Faults:
    """The rules in force; the first that matches is used."""

    def __init__(self) -> None:
        self.witness: Witness | None = None
        self._entries: list[_Entry] = []
        self._last_id = 0
        self._cleared = asyncio.Event()

    def add(self, fault: Fault) -> int:
        """Put a rule in force and return its id."""
        self._last_id += 1
        self._entries.append(_Entry(self._last_id, fault))
        return self._last_id

    def clear(self) -> None:
        """Remove all rules and let hanging requests end."""
        self._entries.clear()
        self._cleared.set()
        self._cleared = asyncio.Event()

    def list(self) -> list[dict[str, Any]]:
        return [{"id": e.id, "used": e.used, **e.fault.model_dump(exclude_defaults=True)} for e in self._entries]

    def take(self, vendor: str, method: str, path: str) -> Fault | None:
        """The fault for this request, counted as used; None when it may pass."""
        for entry in self._entries:
            if entry.spent or not entry.fault.covers(vendor, method, path):
                continue
            entry.seen += 1
            if entry.seen > entry.fault.skip:
                entry.used += 1
                return entry.fault
        return None

    async def until_cleared(self) -> None:
        await self._cleared.wait()


class FaultMiddleware:
    """Wrap a vendor's whole app with it, outermost: dropping needs the server's own `send`."""

    def __init__(self, app: ASGIApp, vendor: str, faults: Faults) -> None:
        self.app = app
        self.vendor = vendor
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = None
        if scope["type"] == "http" and not scope["path"].startswith(("/control/", "/_control/", "/ui/")):
            fault = self.faults.take(self.vendor, scope["method"], scope["path"])
            if fault is None and self.faults.witness is not None:
                send = self._watched(self.faults.witness, scope, send)
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await self._apply(fault, scope, receive, send)

    def _watched(self, witness: Witness, scope: Scope, send: Send) -> Send:
        witness(self.vendor, scope["method"], scope["path"], "before")

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                witness(self.vendor, scope["method"], scope["path"], "after")
            await send(message)

        return watched

    async def _apply(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault.hang:
            await _first_of(_disconnected(receive), self.faults.until_cleared())
            await _abort(receive, send)
        elif fault.drop == "before":
            await _abort(receive, send)
        elif fault.drop == "after":
            await self.app(scope, receive, _discard)
            await _abort(receive, send)
        elif fault.status is not None or fault.body is not None:
            if fault.after_effect:
                await self.app(scope, receive, _discard)
            await fault.answer()(scope, receive, send)
        else:
            await self.app(scope, receive, send)


async def _discard(_message: Message) -> None:
    """Swallow the answer of a request whose connection is about to break."""


async def _abort(receive: Receive, send: Send) -> None:
    """Break the TCP connection without an answer; ASGI has no word for it, so ask uvicorn's transport."""
    cycle = getattr(send, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:
        raise RuntimeError("faults that drop connections need uvicorn as the server")
    transport.abort()
    await _disconnected(receive)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _first_of(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    _, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
