"""Run recorded Slack messages through triage and the incident rules, with their timestamps as the clock."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.incidents.model import Incident, IncidentState
from bot.incidents.rules import Ignore, Open, Placement, Recur, Reopen, Repeat, Resolve, Windows, place
from bot.triage import envelope
from bot.triage.escape import escape, neutralise, shorten
from bot.triage.identity import fingerprint, inherit
from bot.triage.model import Alert, Kind, Message, Occurrence, Own
from bot.triage.triage import triage

_ROUTE = "replay"
_EPOCH = datetime.fromtimestamp(0, UTC)
_NOBODY = Own()
_TITLE_LIMIT = 300
_ERROR_LIMIT = 900
_PARENTS = 5_000  # threads that are remembered


@dataclass(slots=True)
class _Track:
    """The latest incident of one fingerprint, how many there were, and which occurrences of it are open."""

    incident: Incident
    count: int = 1
    open: list[frozenset[str]] = field(default_factory=list)


@dataclass(slots=True)
class Replay:
    """Incidents in memory, fed message by message."""

    own: Own = _NOBODY
    windows: Windows = field(default_factory=Windows)
    _tracks: dict[str, _Track] = field(default_factory=dict)
    _parents: dict[tuple[str, str], Alert] = field(default_factory=dict)

    def take(self, key: str, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the result line for one event."""
        message = envelope.read(event, team="", received_at=_EPOCH)
        alert = self._named(message, triage(message, self.own))
        group, kind = self._place(message, alert)
        return {
            "id": key,
            "kind": kind.value,
            "source": alert.source or None,
            "severity": alert.severity.value if alert.severity and kind is Kind.ALERT else None,
            "resource": dict(alert.resource),
            "group": group,
            "runbook_topic": alert.topic if kind in {Kind.ALERT, Kind.REQUEST} else None,
            "rendered": rendered(alert) if kind is not Kind.NOISE else "",
        }

    def _named(self, message: Message, alert: Alert) -> Alert:
        """A tool's reply that names nothing is about the message above it."""
        if alert.kind in {Kind.NOISE, Kind.REQUEST}:
            return alert
        parent = self._parents.get((message.channel, message.thread_ts or ""))
        if parent is not None and parent.source == alert.source and not _has_name(alert):
            return inherit(alert, parent)
        self._parents[message.channel, message.ts] = alert
        if len(self._parents) > _PARENTS:
            del self._parents[next(iter(self._parents))]
        return alert

    def _place(self, message: Message, alert: Alert) -> tuple[str | None, Kind]:
        if alert.kind is Kind.REQUEST:
            return f"request:{message.channel}:{message.ts}", Kind.REQUEST
        print_ = fingerprint(alert)
        track = self._tracks.get(print_)
        remaining = _after(track.open, alert) if track else []
        decision = place(
            alert, track.incident if track else None, message.at, self.windows, open_occurrences=len(remaining)
        )
        if isinstance(decision, Ignore) and decision.incident_id is None:
            return None, Kind.NOISE
        track = _apply(decision, track, alert, message, print_)
        if alert.kind is Kind.RESOLVED:
            track.open = remaining
        self._tracks[print_] = track
        return f"{alert.source}:{print_[:12]}#{track.count}", alert.kind


def replay(lines: Iterable[str], out: TextIO, own: Own = _NOBODY, windows: Windows | None = None) -> int:
    """Write one JSON result a line for each input line, in order; return how many.

    A line is a Slack message event, or `{"id", "event"}`. One that is no JSON object raises ValueError with its number.
    """
    state = Replay(own, windows or Windows())
    count = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        key, event = _event(line, number)
        out.write(json.dumps(state.take(key, event), ensure_ascii=False) + "\n")
        count += 1
    return count


def explain(event: Mapping[str, Any], own: Own = _NOBODY) -> list[str]:
    """Return every decision about one event with its reason, a line each."""
    message = envelope.read(event, team="", received_at=_EPOCH)
    alert = triage(message, own)
    named = ", ".join(f"{key}={value}" for key, value in alert.resource.items()) or "nothing"
    lines = [
        f"sender: {message.sender or 'no name'} ({'bot' if message.bot_id else 'person'})",
        *(f"because: {reason}" for reason in alert.explanation),
        f"kind: {alert.kind}",
        f"source: {alert.source or 'none'}",
        f"severity: {alert.severity or 'none'}",
        f"names: {named}",
        f"runbook topic: {alert.topic or 'none'}",
        f"fingerprint: {fingerprint(alert)}",
    ]
    return lines + [f"occurrence: {_said(occurrence)}" for occurrence in alert.occurrences]


def rendered(alert: Alert) -> str:
    """Return the text that a card shows of the alert: no live mention, no markup, no secret."""
    named = " · ".join(f"{key}: {value}" for key, value in alert.resource.items())
    error = "" if alert.error in alert.title else shorten(alert.error, _ERROR_LIMIT)
    parts = (shorten(alert.title, _TITLE_LIMIT), named, error)
    return escape(neutralise("\n".join(part for part in parts if part)))


def _event(line: str, number: int) -> tuple[str, Mapping[str, Any]]:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise ValueError(f"line {number} is not a JSON object")  # noqa: TRY004 - the input is wrong, not the call
    event = data.get("event")
    if not isinstance(event, dict):
        return str(data.get("id") or data.get("client_msg_id") or data.get("ts") or number), data
    return str(data.get("id") or data.get("event_id") or number), event


def _apply(decision: Placement, track: _Track | None, alert: Alert, message: Message, print_: str) -> _Track:
    if track is None or isinstance(decision, Open | Recur):
        count = track.count + 1 if track else 1
        incident = Incident(
            id=f"{print_[:12]}#{count}",
            route=_ROUTE,
            fingerprint=print_,
            state=IncidentState.OPEN,
            opened_at=message.at,
            last_alert_at=message.at,
            first_ts=message.ts,
        )
        return _Track(incident, count, _with([], alert))
    match decision:
        case Resolve():
            track.incident = replace(track.incident, state=IncidentState.RESOLVED, resolved_at=message.at)
        case Repeat() | Reopen():
            track.open = _with(track.open, alert)
            track.incident = replace(
                track.incident, state=IncidentState.OPEN, last_alert_at=message.at, resolved_at=None
            )
    return track


def _has_name(alert: Alert) -> bool:
    return bool(alert.resource) and "title" not in alert.resource


def _keys(occurrence: Occurrence) -> frozenset[str]:
    """Return the names of its run: the id, the logical date, and the date inside a scheduled run's id."""
    run_id = occurrence.dag_run_id or ""
    dates = [occurrence.logical_at] if occurrence.logical_at else []
    if "__" in run_id:
        dates += _dates(run_id.split("__", 1)[1])
    keys = {date.isoformat() for date in dates} | ({run_id} if run_id else set())
    index = f"[{occurrence.map_index}]" if occurrence.map_index >= 0 else ""
    return frozenset(keys | ({index} if index else set()))


def _dates(text: str) -> list[datetime]:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return []
    return [moment if moment.tzinfo else moment.replace(tzinfo=UTC)]


def _with(open_: list[frozenset[str]], alert: Alert) -> list[frozenset[str]]:
    """Add the alert's occurrences; a later try of one run is the same occurrence."""
    added = [keys for keys in map(_keys, alert.occurrences) if keys and keys not in open_]
    return open_ + added


def _after(open_: list[frozenset[str]], alert: Alert) -> list[frozenset[str]]:
    """Return the occurrences that stay open. A success that names no run ends them all."""
    over = [keys for keys in map(_keys, alert.occurrences) if keys]
    if not over:
        return []
    return [keys for keys in open_ if not any(_covers(ended, keys) for ended in over)]


def _covers(ended: frozenset[str], keys: frozenset[str]) -> bool:
    """A success of the run ends its occurrences; one with a map index ends only that index."""
    index = {key for key in ended if key.startswith("[")}
    return bool((ended - index) & keys) and (not index or bool(index & keys))


def _said(occurrence: Occurrence) -> str:
    named = {
        "dag": occurrence.dag_id,
        "task": occurrence.task_id,
        "run": occurrence.dag_run_id,
        "logical date": occurrence.logical_at.isoformat() if occurrence.logical_at else None,
        "map index": occurrence.map_index if occurrence.map_index >= 0 else None,
        "try": occurrence.try_number,
    }
    return ", ".join(f"{key} {value}" for key, value in named.items() if value is not None)
