"""Incidents in memory, fed message by message: what the store would hold, as far as messages alone decide.

Of what is over only the newest is remembered, so that memory grows with the open incidents alone.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.actor import Actor
from bot.incidents.model import Incident, IncidentState
from bot.incidents.occurrence import key_of
from bot.incidents.route import Route
from bot.incidents.rules import Ignore, Open, Placement, Recur, Reopen, Repeat, Resolve, place
from bot.incidents.settling import settled
from bot.oncall.model import Decision, Duty, Notify, Unclear
from bot.oncall.rules import mention
from bot.replay.setup import Setup
from bot.triage import envelope
from bot.triage.identity import fingerprint, inherit, is_told_above
from bot.triage.model import Alert, Kind, Message, Occurrence, Severity
from bot.triage.triage import triage

_EPOCH = datetime.fromtimestamp(0, UTC)
_ENDED = 20_000  # incidents that are remembered after their end: they may come back
_PARENTS = 5_000  # messages whose threads are remembered
_EARLY_ENDS = 5_000  # things of which a tool said too early that they are over
_ENDS_OF_ONE = 8  # how often of each
_SOMEBODY = Duty("", "", Unclear())

Key = tuple[str, str]
V = TypeVar("V")


class Newest(OrderedDict[Key, V]):
    """What was put last, at most so many."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def put(self, key: Key, value: V) -> Key | None:
        """Put it at the end; return what had to go for it."""
        self[key] = value
        self.move_to_end(key)
        return self.popitem(last=False)[0] if len(self) > self._most else None


@dataclass(slots=True)
class Track:
    """The latest incident of one fingerprint on one route, its failures by key, and which of them are open."""

    incident: Incident
    failures: dict[str, Occurrence] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def fails(self, alert: Alert) -> None:
        """Add the alert's failures; a later try of one run is the same failure."""
        for each in alert.occurrences:
            key = key_of(each)
            known = self.failures.setdefault(key, each)
            self.failures[key] = replace(known, logical_at=each.logical_at or known.logical_at)
            self.open.add(key)

    def settle(self, alert: Alert) -> None:
        over = settled([self.failures[key] for key in self.open], alert.occurrences)
        self.open -= {key_of(each) for each in over}


@dataclass(frozen=True, slots=True)
class Reading:
    """One message with all that was decided about it. `decision` and `mention` are None where there was none."""

    message: Message
    alert: Alert
    kind: Kind
    route: Route
    group: str | None = None
    decision: Placement | None = None
    mention: Decision | None = None


@dataclass(slots=True)
class Memory:
    """`taken` counts messages, `opened` incidents, `unwatched` the messages of channels that no route watches."""

    setup: Setup
    taken: int = 0
    opened: int = 0
    unwatched: Counter[str] = field(default_factory=Counter)
    _tracks: dict[Key, Track] = field(default_factory=dict)
    _ended: Newest[None] = field(default_factory=lambda: Newest(_ENDED))
    _parents: Newest[tuple[datetime, Alert]] = field(default_factory=lambda: Newest(_PARENTS))
    _early_ends: Newest[deque[datetime]] = field(default_factory=lambda: Newest(_EARLY_ENDS))

    def take(self, event: Mapping[str, Any]) -> Reading:
        """Decide about one event as the intake would."""
        message = envelope.read(event, team="", received_at=_EPOCH)
        self.taken += 1
        if self.setup.channels and message.channel not in self.setup.channels:
            self.unwatched[message.channel] += 1
        alert = triage(message, self.setup.own, team=self.setup.team)
        if alert.kind in {Kind.ALERT, Kind.RESOLVED}:
            alert = self._named(message, alert)
            return self._placed(message, alert, self.setup.route(message.channel, alert.route))
        group = f"request:{message.channel}:{message.ts}" if alert.kind is Kind.REQUEST else None
        return Reading(message, alert, alert.kind, self.setup.route(message.channel), group)

    def _named(self, message: Message, alert: Alert) -> Alert:
        """A tool's own reply may be about the message above it."""
        if message.thread_ts and message.thread_ts != message.ts:
            above = self._parents.get((message.channel, message.thread_ts))
            if above is not None and is_told_above(alert, above[1]):
                alert = inherit(alert, above[1])
        known = self._parents.get((message.channel, message.ts))
        if known is None or known[0] <= message.at:  # an edit that is older than what it edits came late
            self._parents.put((message.channel, message.ts), (message.at, alert))
        return alert

    def _placed(self, message: Message, alert: Alert, route: Route) -> Reading:
        key = (route.name, fingerprint(alert))
        track = self._tracks.get(key)
        if track and alert.kind is Kind.RESOLVED:
            track.settle(alert)
        incident, still_open = (track.incident, len(track.open)) if track else (None, 0)
        decision = place(alert, incident, message.at, route.windows, open_occurrences=still_open)
        decided: Decision | None = None
        match decision, track:
            case Open() | Recur(), _:
                track, decided = self._opened(key, message, alert, route)
            case Resolve(), Track():
                self._resolve(key, track, alert, message.at)
            case Repeat() | Reopen(), Track():
                decided = self._again(key, track, message, alert, route)
        if track is None or (isinstance(decision, Ignore) and decision.incident_id is None):
            self._keep_early_end((message.channel, key[1]), message.at)
            return Reading(message, alert, Kind.NOISE, route, decision=decision)
        return Reading(message, alert, alert.kind, route, track.incident.id, decision, decided)

    def _opened(self, key: Key, message: Message, alert: Alert, route: Route) -> tuple[Track, Decision]:
        severity, at = alert.severity or Severity.ERROR, message.at
        where = f"{route.name}/" if route.name else ""
        name = f"{where}{alert.source}:{key[1][:12]}@{at:%Y%m%dT%H%M%S.%f}"
        incident = Incident(name, *key, IncidentState.OPEN, at, at, first_ts=message.ts, severity=severity)
        decided = mention(route.mentions, severity, at, route.hours, _SOMEBODY)
        self.opened += 1
        self._ended.pop(key, None)
        self._tracks[key] = track = Track(_after(incident, decided, at))
        track.fails(alert)
        self._end_if_said_already(key, track, message, alert)
        return track, decided

    def _end_if_said_already(self, key: Key, track: Track, message: Message, alert: Alert) -> bool:
        """End what the tool has already called over, and return whether it has."""
        ends = [each for each in self._early_ends.get((message.channel, key[1]), ()) if each > message.at]
        is_over = bool(ends) and not alert.occurrences
        if is_over:
            self._resolve(key, track, alert, min(ends))
        return is_over

    def _again(self, key: Key, track: Track, message: Message, alert: Alert, route: Route) -> Decision | None:
        """Add one more alert; it mentions where the incident comes back or gets worse."""
        was, at = track.incident, message.at
        severity = alert.severity or was.severity
        is_newer, is_back = at >= was.last_alert_at, was.state is IncidentState.RESOLVED
        track.incident = replace(
            was,
            state=IncidentState.OPEN,
            resolved_at=None,
            resolved_by=None,
            last_alert_at=max(at, was.last_alert_at),
            severity=severity if is_newer else was.severity,
        )
        track.fails(alert)
        self._ended.pop(key, None)
        if is_back and self._end_if_said_already(key, track, message, alert):
            return None
        if not is_back and not (is_newer and severity.is_worse_than(was.severity)):
            return None
        decided = mention(route.mentions, severity, at, route.hours, _SOMEBODY, mentioned_at=was.mentioned_at)
        track.incident = _after(track.incident, decided, at)
        return decided

    def _keep_early_end(self, where: Key, at: datetime) -> None:
        """Remember good news about what is not open: Slack may have delivered it before the bad news."""
        ends = self._early_ends.get(where) or deque(maxlen=_ENDS_OF_ONE)
        ends.append(at)
        self._early_ends.put(where, ends)

    def _resolve(self, key: Key, track: Track, alert: Alert, at: datetime) -> None:
        by = str(Actor.seen_in(alert.source))
        track.incident = replace(track.incident, state=IncidentState.RESOLVED, resolved_at=at, resolved_by=by)
        if forgotten := self._ended.put(key, None):
            del self._tracks[forgotten]


def _after(incident: Incident, decided: Decision, at: datetime) -> Incident:
    return replace(incident, mentioned_at=at) if isinstance(decided, Notify) else incident
