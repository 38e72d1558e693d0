"""Alerts by their full id alone; every write is accepted with 202 and done a little later, as whoever calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.routing import Route

from sandbox.opsgenie import wire
from sandbox.opsgenie.alerts import Alert
from sandbox.opsgenie.call import Call
from sandbox.opsgenie.jsm.edge import endpoint, page
from sandbox.opsgenie.refusals import Refused, invalid
from sandbox.opsgenie.search import BadQuery, query
from sandbox.opsgenie.server import Server

ALERTS: Final = "/v1/alerts"
ONE: Final = f"{ALERTS}/{{id}}"
SORTS: Final = ("createdAt", "updatedAt")
LEFT_OUT: Final = frozenset({"integration", "ownerTeamId", "report", "details"})


class Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Responder(Nothing):
    type: Literal["user", "team", "escalation", "schedule"]
    id: str


class Create(Nothing):
    message: Annotated[str, Field(min_length=1, max_length=130)]
    alias: Annotated[str, Field(max_length=512)] | None = None
    description: Annotated[str, Field(max_length=15000)] | None = None
    responders: list[Responder] = []
    tags: Annotated[list[Annotated[str, Field(max_length=50)]], Field(max_length=20)] = []
    extraProperties: dict[str, str] = {}  # noqa: N815  # the API's key
    entity: Annotated[str, Field(max_length=512)] | None = None
    source: Annotated[str, Field(max_length=100)] | None = None
    priority: Literal["P1", "P2", "P3", "P4", "P5"] | None = None


class Snooze(Nothing):
    endTime: AwareDatetime  # noqa: N815  # the API's key


class AddNote(Nothing):
    note: Annotated[str, Field(min_length=1, max_length=25000)]


WRITES: Final[dict[str, tuple[str, type[BaseModel]]]] = {
    "acknowledge": ("Acknowledge", Nothing),
    "close": ("Close", Nothing),
    "snooze": ("Snooze", Snooze),
    "notes": ("AddNote", AddNote),
}


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", ALERTS, list_alerts, domain="Search"),
        endpoint(server, "POST", ALERTS, create, status=202),
        endpoint(server, "GET", f"{ALERTS}/requests/{{requestId}}", request_status),
        endpoint(server, "GET", f"{ALERTS}/alias", by_alias),
        endpoint(server, "GET", ONE, get),
        endpoint(server, "GET", f"{ONE}/notes", list_notes),
        *(endpoint(server, "POST", f"{ONE}/{name}", _write(*what), status=202) for name, what in WRITES.items()),
    ]


def create(call: Call) -> dict[str, Any]:
    wanted = call.body(Create).model_dump(exclude_none=True)
    wanted["details"] = wanted.pop("extraProperties")
    return _accepted(call, "Create", ("alias", wanted.get("alias", "")), wanted)


def _write(action: str, model: type[BaseModel]) -> Callable[[Call], dict[str, Any]]:
    def handler(call: Call) -> dict[str, Any]:
        _found(call)  # an id that is none, such as a tinyId, is refused at once
        return _accepted(call, action, ("id", call.path["id"]), call.body(model).model_dump(exclude_none=True))

    return handler


def _accepted(call: Call, action: str, identifier: tuple[str, str], payload: dict[str, Any]) -> dict[str, Any]:
    signed = payload | {"user": call.server.jsm.email}
    request_id = call.server.alerts.submit(action, identifier, signed)
    return {"result": "Request will be processed", "requestId": request_id, "took": 0.01}


def request_status(call: Call) -> dict[str, Any]:
    outcome = call.server.alerts.outcome(call.path["requestId"])
    if outcome is None:
        raise Refused(404, "Request not found. It might not be processed, yet.", code=40401)
    return {key: value for key, value in wire.outcome(outcome).items() if key != "success"}


def _found(call: Call) -> Alert:
    found = call.server.alerts.find("id", call.path["id"])
    if found is None:
        raise Refused(404, "Alert not found.", code=40401)
    return found


def get(call: Call) -> dict[str, Any]:
    return _shown(call, _found(call), full=True)


def by_alias(call: Call) -> dict[str, Any]:
    alias = call.query.get("alias")
    if not alias:
        raise invalid("alias", "is required")
    found = call.server.alerts.find("alias", alias)
    if found is None:
        raise Refused(404, "Alert not found.", code=40401)
    return _shown(call, found, full=True)


def _shown(call: Call, alert: Alert, *, full: bool) -> dict[str, Any]:
    """As Opsgenie shows it, with the keys that are other ones here; `lastOccuredAt` is spelled so."""
    shown = wire.alert(alert, call.server.clock.now(), full=full)
    other = {"lastOccuredAt": shown.pop("lastOccurredAt"), "seen": shown.pop("isSeen")}
    kept = {key: value for key, value in shown.items() if key not in LEFT_OUT}
    return kept | other | ({"extraProperties": alert.details} if full else {})


def list_alerts(call: Call) -> dict[str, Any]:
    call.server.alerts.process()
    try:
        test = query(call.query.get("query", ""), call.server.clock.now())
    except BadQuery as error:
        raise Refused(422, f"Could not parse query: {error}") from error
    call.choice("sort", SORTS, "createdAt")
    newest_first = call.choice("order", ("asc", "desc"), "desc") == "desc"
    seen = [alert for alert in call.server.alerts.all if test(alert)] if call.server.jsm.is_member else []
    ordered = sorted(seen, key=lambda alert: alert.created_at, reverse=newest_first)
    return page(call, [_shown(call, alert, full=False) for alert in ordered]) | {"count": len(ordered)}


def list_notes(call: Call) -> dict[str, Any]:
    return page(call, [wire.note(note) for note in reversed(_found(call).notes)])
