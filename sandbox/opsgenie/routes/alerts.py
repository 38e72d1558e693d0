"""Alerts: every write is accepted with 202 and done a little later; reads, search and paging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from starlette.routing import Route

from sandbox.opsgenie import wire
from sandbox.opsgenie.alerts import Alert, Note
from sandbox.opsgenie.bodies import ActionBody, CreateBody, NoteBody, ResponderBody, SnoozeBody
from sandbox.opsgenie.call import Answer, Call, endpoint
from sandbox.opsgenie.refusals import Refused, invalid
from sandbox.opsgenie.search import BadQuery, is_snoozed, query
from sandbox.opsgenie.server import Server

ALERTS: Final = "/v2/alerts"
MAX_REACH: Final = 20_000  # offset + limit
WRITES: Final[dict[str, tuple[str, type[ActionBody]]]] = {
    "acknowledge": ("Acknowledge", ActionBody),
    "unacknowledge": ("UnAcknowledge", ActionBody),
    "close": ("Close", ActionBody),
    "snooze": ("Snooze", SnoozeBody),
    "notes": ("AddNote", NoteBody),
    "responders": ("AddResponder", ResponderBody),
}
SORTS: Final[dict[str, Callable[[Alert, Call], Any]]] = {
    "createdAt": lambda alert, _: alert.created_at,
    "updatedAt": lambda alert, _: alert.updated_at,
    "tinyId": lambda alert, _: int(alert.tiny_id),
    "alias": lambda alert, _: alert.alias,
    "message": lambda alert, _: alert.message,
    "status": lambda alert, _: alert.status,
    "acknowledged": lambda alert, _: alert.acknowledged,
    "isSeen": lambda alert, _: alert.seen,
    "snoozed": lambda alert, call: is_snoozed(alert, call.server.clock.now()),
    "snoozedUntil": lambda alert, _: alert.snoozed_until or alert.created_at,
    "count": lambda alert, _: alert.count,
    "lastOccurredAt": lambda alert, _: alert.last_occurred_at,
    "source": lambda alert, _: alert.source,
    "owner": lambda alert, _: alert.owner,
    "integration.name": lambda _alert, _: 0,  # there is one integration
    "integration.type": lambda _alert, _: 0,
    "report.ackTime": lambda alert, _: wire.report(alert).get("ackTime", -1),
    "report.closeTime": lambda alert, _: wire.report(alert).get("closeTime", -1),
    "report.acknowledgedBy": lambda alert, _: alert.acknowledged_by or "",
    "report.closedBy": lambda alert, _: alert.closed_by or "",
}


def routes(server: Server) -> list[Route]:
    one = f"{ALERTS}/{{identifier}}"
    writes = [
        endpoint(server, "POST", f"{one}/{name}", _write(action, model), domain="Alert")
        for name, (action, model) in WRITES.items()
    ]
    return [
        endpoint(server, "GET", ALERTS, list_alerts, domain="Search"),
        endpoint(server, "POST", ALERTS, create, domain="Alert"),
        endpoint(server, "GET", f"{ALERTS}/count", count, domain="Search"),
        endpoint(server, "GET", f"{ALERTS}/requests/{{requestId}}", request_status, domain="Alert"),
        endpoint(server, "GET", one, get, domain="Alert"),
        endpoint(server, "GET", f"{one}/notes", list_notes, domain="Alert"),
        endpoint(server, "GET", f"{one}/logs", list_logs, domain="Alert"),
        *writes,
    ]


def create(call: Call) -> Answer:
    wanted = call.body(CreateBody).model_dump(exclude_none=True)
    return _accepted(call.server.alerts.submit("Create", ("alias", wanted.get("alias", "")), wanted))


def _accepted(request_id: str) -> Answer:
    return Answer({"result": "Request will be processed", "requestId": request_id}, 202)


def _write(action: str, model: type[ActionBody]) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        wanted = call.body(model).model_dump(exclude_none=True)
        return _accepted(call.server.alerts.submit(action, _identifier(call), wanted))

    return handler


def _identifier(call: Call) -> tuple[str, str]:
    return call.choice("identifierType", ("id", "alias", "tiny"), "id"), call.path["identifier"]


def request_status(call: Call) -> Answer:
    """Not found while it waits in the queue."""
    outcome = call.server.alerts.outcome(call.path["requestId"])
    if outcome is None:
        raise Refused(404, "Request not found. It might not be processed, yet.")
    return Answer({"data": wire.outcome(outcome)})


def _found(call: Call) -> Alert:
    found = call.server.alerts.find(*_identifier(call))
    if found is None:
        raise Refused(404, "Alert does not exist")
    return found


def get(call: Call) -> Answer:
    return Answer({"data": wire.alert(_found(call), call.server.clock.now(), full=True)})


def _matching(call: Call) -> list[Alert]:
    call.server.alerts.process()
    try:
        test = query(call.query.get("query", ""), call.server.clock.now())
    except BadQuery as error:
        raise Refused(422, f"Could not parse query: {error}") from error
    return [alert for alert in call.server.alerts.all if test(alert)]


def count(call: Call) -> Answer:
    return Answer({"data": {"count": len(_matching(call))}})


def list_alerts(call: Call) -> Answer:
    limit, offset = call.number("limit", 20, 1, 100), call.number("offset", 0, 0, MAX_REACH)
    if offset + limit > MAX_REACH:
        raise invalid("offset", f"Sum of offset and limit should be lower than {MAX_REACH}")
    sort = SORTS[call.choice("sort", tuple(SORTS), "createdAt")]
    newest_first = call.choice("order", ("asc", "desc"), "desc") == "desc"
    found = sorted(_matching(call), key=lambda alert: sort(alert, call), reverse=newest_first)
    now = call.server.clock.now()
    page = [wire.alert(alert, now, full=False) for alert in found[offset : offset + limit]]
    return Answer({"data": page, "paging": _paging(call, len(found), limit, offset)})


def _paging(call: Call, total: int, limit: int, offset: int) -> dict[str, str]:
    """Whole addresses of the other pages; `next` and `prev` only where there is one."""
    last = max(0, (total - 1) // limit * limit)
    at = {"first": 0, "last": last}
    if offset + limit < total:
        at["next"] = offset + limit
    if offset > 0:
        at["prev"] = max(0, offset - limit)
    kept = {key: value for key, value in call.query.items() if key not in ("limit", "offset")}
    return {
        name: f"{call.base_url}v2/alerts?{urlencode({**kept, 'limit': limit, 'offset': start})}"
        for name, start in at.items()
    }


def list_notes(call: Call) -> Answer:
    return _entries(call, _found(call).notes, wire.note)


def list_logs(call: Call) -> Answer:
    return _entries(call, _found(call).logs, wire.log)


def _entries(call: Call, entries: list[Note], shown: Callable[[Note], dict[str, Any]]) -> Answer:
    limit = call.number("limit", 20, 1, 100)
    ordered = entries if call.choice("order", ("asc", "desc"), "desc") == "asc" else entries[::-1]
    return Answer({"data": [shown(entry) for entry in ordered[:limit]], "paging": {}})
