"""Alerts and the queue through which every change of one goes: accepted at once, done a little later."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import Clock

PROCESSING_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Note:
    note: str
    owner: str
    created_at: datetime
    offset: str


@dataclass(slots=True)
class Alert:
    id: str
    tiny_id: str
    alias: str
    message: str
    created_at: datetime
    updated_at: datetime
    last_occurred_at: datetime
    source: str
    priority: str = "P3"
    description: str = ""
    entity: str = ""
    tags: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    responders: list[dict[str, str]] = field(default_factory=list)
    status: str = "open"
    acknowledged: bool = False
    seen: bool = False
    snoozed_until: datetime | None = None
    count: int = 1
    owner: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    notes: list[Note] = field(default_factory=list)
    logs: list[Note] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an accepted request."""

    action: str
    done: bool
    status: str
    processed_at: datetime
    alert_id: str | None
    alias: str | None


class Rejected(Exception):
    """The action was accepted, but could not be done; the text is the request's status."""


@dataclass(frozen=True, slots=True)
class _Pending:
    request_id: str
    due: float
    action: str
    identifier: tuple[str, str]  # type, value
    payload: Mapping[str, Any]


Tell = Callable[[str, Alert, str, datetime], None]
"""Hear what was done to an alert, and by whom."""
DEDUPLICATED = "Deduplicated alert"


class Alerts:
    """All alerts, newest last, and what is still in the queue."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic, tell: Tell | None = None) -> None:
        self._clock = clock
        self._tell = tell
        self._monotonic = monotonic
        self.all: list[Alert] = []
        self.delay = PROCESSING_SECONDS
        self._queue: list[_Pending] = []
        self._outcomes: dict[str, Outcome] = {}

    def submit(self, action: str, identifier: tuple[str, str], payload: Mapping[str, Any]) -> str:
        """Accept a change; the id under which its outcome can be asked for later."""
        request_id = str(uuid.uuid4())
        self._queue.append(_Pending(request_id, self._monotonic() + self.delay, action, identifier, payload))
        return request_id

    def outcome(self, request_id: str) -> Outcome | None:
        """None while it is queued, and for an id that never was."""
        self.process()
        return self._outcomes.get(request_id)

    def process(self, *, everything: bool = False) -> None:
        """Do what is due, in the order in which it was accepted."""
        now = self._monotonic()
        due = [pending for pending in self._queue if everything or pending.due <= now]
        self._queue = [pending for pending in self._queue if pending not in due]
        for pending in due:
            self._outcomes[pending.request_id] = self._done(pending)

    def find(self, kind: str, value: str) -> Alert | None:
        """By `id`, `tiny`, or `alias`: an alias names the open alert, else the latest closed one."""
        self.process()
        if kind == "alias":
            named = [alert for alert in self.all if alert.alias == value]
            return next((alert for alert in named if alert.status == "open"), named[-1] if named else None)
        return next((alert for alert in self.all if value == (alert.tiny_id if kind == "tiny" else alert.id)), None)

    def _done(self, pending: _Pending) -> Outcome:
        now = self._clock.now()
        alert = None if pending.action == "Create" else self.find(*pending.identifier)
        try:
            if pending.action == "Create":
                alert, status = self._create(pending.payload, now)
            else:
                status = _changed(alert, pending, now)
        except Rejected as why:
            done, status = False, str(why)
        else:
            done = True
            self._say(pending, alert, status, now)
        alert_id, alias = (alert.id, alert.alias) if alert else (None, None)
        return Outcome(pending.action, done, status, now, alert_id, alias)

    def _say(self, pending: _Pending, alert: Alert | None, status: str, now: datetime) -> None:
        """Tell who listens; one more occurrence of what is open already is told to nobody."""
        if self._tell and alert and status != DEDUPLICATED:
            self._tell(pending.action, alert, str(pending.payload.get("user") or "api"), now)

    def _create(self, payload: Mapping[str, Any], now: datetime) -> tuple[Alert, str]:
        """A new alert, or one more occurrence of the open one with this alias."""
        same = next((a for a in self.all if a.alias == payload.get("alias") and a.status == "open"), None)
        if same is not None:
            same.count += 1
            same.last_occurred_at = same.updated_at = now
            return same, DEDUPLICATED
        alert_id = f"{uuid.uuid4()}-{int(now.timestamp() * 1000)}"
        alert = Alert(
            id=alert_id,
            tiny_id=str(len(self.all) + 1),
            alias=payload.get("alias") or alert_id,
            message=payload["message"],
            created_at=now,
            updated_at=now,
            last_occurred_at=now,
            source=payload.get("source") or "127.0.0.1",
            priority=payload.get("priority") or "P3",
            **{key: payload[key] for key in OPTIONAL if payload.get(key)},
        )
        self.all.append(alert)
        _log(alert, "Alert created via API", str(payload.get("user") or "api"), now)
        return alert, "Created alert"


def _changed(alert: Alert | None, pending: _Pending, now: datetime) -> str:
    if alert is None:
        raise Rejected("Alert does not exist")
    status = ACTIONS[pending.action](alert, pending.payload, now)
    owner = str(pending.payload.get("user") or "api")
    _log(alert, status, owner, now)
    if text := pending.payload.get("note"):
        alert.notes.append(Note(text, owner, now, f"{len(alert.notes):06d}"))
    return status


OPTIONAL = ("description", "entity", "tags", "actions", "details", "responders")


def _acknowledge(alert: Alert, payload: Mapping[str, Any], now: datetime) -> str:
    if alert.status == "closed":
        raise Rejected("Alert is already closed")
    if alert.acknowledged:
        raise Rejected("Alert is already acknowledged")
    alert.acknowledged, alert.seen, alert.updated_at = True, True, now
    alert.acknowledged_at, alert.acknowledged_by = now, payload.get("user") or "api"
    alert.owner = payload.get("user") or alert.owner
    return "Acknowledged alert"


def _unacknowledge(alert: Alert, _: Mapping[str, Any], now: datetime) -> str:
    if not alert.acknowledged or alert.status == "closed":
        raise Rejected("Alert is not acknowledged")
    alert.acknowledged, alert.updated_at = False, now
    return "UnAcknowledged alert"


def _close(alert: Alert, payload: Mapping[str, Any], now: datetime) -> str:
    if alert.status == "closed":
        raise Rejected("Alert is already closed")
    alert.status, alert.snoozed_until, alert.updated_at = "closed", None, now
    alert.closed_at, alert.closed_by = now, payload.get("user") or "api"
    return "Closed alert"


def _snooze(alert: Alert, payload: Mapping[str, Any], now: datetime) -> str:
    if alert.status == "closed":
        raise Rejected("Alert is already closed")
    if payload["endTime"] <= now:
        raise Rejected("Snooze end time is in the past")
    alert.snoozed_until, alert.updated_at = payload["endTime"], now
    return "Snoozed alert"


def _add_note(alert: Alert, _: Mapping[str, Any], now: datetime) -> str:
    alert.updated_at = now
    return "Added note to alert"


def _add_responder(alert: Alert, payload: Mapping[str, Any], now: datetime) -> str:
    if alert.status == "closed":
        raise Rejected("Alert is already closed")
    if payload["responder"] not in alert.responders:
        alert.responders.append(payload["responder"])
    alert.updated_at = now
    return "Added responder"


ACTIONS: dict[str, Callable[[Alert, Mapping[str, Any], datetime], str]] = {
    "Acknowledge": _acknowledge,
    "UnAcknowledge": _unacknowledge,
    "Close": _close,
    "Snooze": _snooze,
    "AddNote": _add_note,
    "AddResponder": _add_responder,
}


def _log(alert: Alert, text: str, owner: str, now: datetime) -> None:
    alert.logs.append(Note(text, owner, now, f"{len(alert.logs):06d}"))
