"""The sandbox's own door: gaps, overrides, forwarding, more schedules, refusals, outages, the queue."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.opsgenie.integrations import Webhook
from sandbox.opsgenie.rota import Forwarding, Override, Schedule
from sandbox.opsgenie.seed import participant, schedule
from sandbox.opsgenie.server import Server, Throttle

Model = TypeVar("Model", bound=BaseModel)


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Window(Order):
    """A stretch of a schedule: from `start` (default: now) for `hours`, or until `end`."""

    schedule: str | None = None  # id or name; default: the first
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None
    hours: float = 8

    def bounds(self, now: datetime) -> tuple[datetime, datetime]:
        start = self.start or now
        return start, self.end or start + timedelta(hours=self.hours)


class AddOverride(Window):
    user: str
    rotation: str | None = None


class Forward(Window):
    from_user: str
    to_user: str


class AddSchedule(Order):
    id: str
    name: str
    timezone: str
    rotations: list[dict[str, Any]]


class RateLimit(Order):
    requests: int
    domain: str | None = None
    period_seconds: int = 60
    reason: str = "ACCOUNT"


class Outage(Order):
    status: int | None = 503  # null ends it


class AtAtlassian(Order):
    """What Jira Service Management knows of the site and of whoever calls."""

    has_operations: bool = True
    is_member: bool = True
    hidden: list[str] = []


class Calls(Order):
    """The outgoing webhook: where it calls, with which header."""

    url: str
    header: str = "X-Baton-Secret"
    secret: str


class Integrate(Order):
    """Whom Opsgenie tells: the channel that its app posts to, the webhook that it calls; null: nobody."""

    slack_channel: str | None = None
    webhook: Calls | None = None


class Queue(Order):
    delay_seconds: float | None = None
    process: bool = False  # do everything that waits, at once


def routes(server: Server) -> list[Route]:
    return [
        _order(server, "gap", Window, add_gap),
        _order(server, "on_call", Window, on_call),
        _order(server, "override", AddOverride, add_override),
        _order(server, "forward", Forward, forward),
        _order(server, "reset", Order, reset),
        _order(server, "schedule", AddSchedule, add_schedule),
        _order(server, "rate_limit", RateLimit, rate_limit),
        _order(server, "outage", Outage, set_outage),
        _order(server, "queue", Queue, set_queue),
        _order(server, "jsm", AtAtlassian, set_jsm),
        _order(server, "integrate", Integrate, integrate),
    ]


def _order(server: Server, name: str, model: type[Model], handler: Callable[[Server, Model], Any]) -> Route:
    async def serve(request: Request) -> Response:
        try:
            order = model.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            return JSONResponse({"errors": error.errors(include_url=False, include_context=False)}, 422)
        return JSONResponse(handler(server, order) or {"ok": True})

    return Route(f"/_control/{name}", serve, methods=["POST"])


def _schedule(server: Server, wanted: str | None) -> Schedule:
    return next(one for one in server.schedules if wanted in (None, one.id, one.name))


def add_gap(server: Server, order: Window) -> None:
    """Nobody is on call in this window, whatever the rotations say; an override still counts."""
    _schedule(server, order.schedule).gaps.append(order.bounds(server.clock.now()))


def on_call(server: Server, order: Window) -> dict[str, str | None]:
    """Who is on call at `start` in each rotation, by its name."""
    found = _schedule(server, order.schedule)
    start, _ = order.bounds(server.clock.now())
    people = {rotation.name: found.on_call(rotation, start) for rotation in found.rotations}
    return {name: person.name if person else None for name, person in people.items()}


def add_override(server: Server, order: AddOverride) -> Any:
    found = _schedule(server, order.schedule)
    start, end = order.bounds(server.clock.now())
    only = tuple(one.id for one in found.rotations if order.rotation in (one.id, one.name))
    made = Override(str(uuid.uuid4()), participant(order.user), start, end, only)
    found.overrides.append(made)
    return {"ok": True, "alias": made.alias}


def forward(server: Server, order: Forward) -> None:
    start, end = order.bounds(server.clock.now())
    rule = Forwarding(order.from_user, participant(order.to_user), start, end)
    _schedule(server, order.schedule).forwardings.append(rule)


def reset(server: Server, _: Order) -> None:
    server.reset()


def add_schedule(server: Server, order: AddSchedule) -> None:
    server.schedules.append(schedule(order.model_dump(), server.clock.now()))


def rate_limit(server: Server, order: RateLimit) -> None:
    """The next requests of the domain are answered 429."""
    server.throttle = Throttle(order.domain, order.requests, order.period_seconds, order.reason)


def set_outage(server: Server, order: Outage) -> None:
    server.outage = order.status


def set_jsm(server: Server, order: AtAtlassian) -> None:
    server.jsm = replace(server.jsm, **order.model_dump())


def integrate(server: Server, order: Integrate) -> None:
    given = order.webhook
    server.integrations.channel = order.slack_channel
    server.integrations.webhook = Webhook(given.url, given.header, given.secret) if given else None


def set_queue(server: Server, order: Queue) -> None:
    if order.delay_seconds is not None:
        server.alerts.delay = order.delay_seconds
    server.alerts.process(everything=order.process)
