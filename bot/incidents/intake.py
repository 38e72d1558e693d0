"""A message becomes an incident: one transaction, before Slack gets its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import Actor
from bot.incidents import joining, queries, rules, service, statements, succession
from bot.incidents.mentions import Mentions
from bot.incidents.model import Incident, IncidentState
from bot.incidents.occurrence import OccurrenceState
from bot.incidents.opening import Opener, track
from bot.incidents.route import Route
from bot.incidents.settling import names_a_run, settled
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.tables import occurrences
from bot.text import text
from bot.triage.identity import fingerprint, inherit, is_told_above
from bot.triage.model import Alert, Kind, Message, Severity

_EVENT_ID, _ID, _TS = 80, 20, 32  # what the columns hold; Slack's own ids are far shorter


@dataclass(frozen=True, slots=True)
class Intake:
    """`routes` by channel id; `overrides` by channel id and name: the routes to which team rules send alerts.

    `pager` is the on-call provider whose own posts the channels hold, if one with alerts is configured.
    """

    routes: Mapping[str, Route]
    mentions: Mentions
    overrides: Mapping[tuple[str, str], Route] = field(default_factory=dict)
    pager: str = ""

    def receive(self, tx: Tx, event_id: str, message: Message, alert: Alert, now: datetime) -> str | None:
        """Write down the message and what follows from it; return the incident's id, if it belongs to one.

        The same event twice changes nothing the second time, nor does a message that the channel's history gave.
        """
        message_id = new_id(now)
        if not statements.KEEP_MESSAGE.count(tx, **_message_row(message_id, event_id, message, alert, now)):
            return None
        if told_of := joining.subject_of(tx, message, alert):
            return _join(tx, message_id, told_of, message, alert)
        if alert.kind not in {Kind.ALERT, Kind.RESOLVED}:
            return None
        alert, print_ = _identified(tx, message, alert)
        route = self._route(message.channel, alert.route)
        latest = queries.latest(tx, route.name, print_)
        incident_id = self._place(tx, route, print_, latest, message, alert)
        statements.KEEP_ALERT.count(tx, **_alert_row(message_id, incident_id, print_, message, alert))
        if incident_id and alert.source == joining.SOURCE and self.pager:
            joining.know_alert(tx, self.pager, message, service.ref(incident_id))
        return incident_id

    def _place(
        self, tx: Tx, route: Route, print_: str, latest: Incident | None, message: Message, alert: Alert
    ) -> str | None:
        still_open = _settle(tx, latest, message, alert) if latest and alert.kind is Kind.RESOLVED else 0
        match rules.place(alert, latest, message.at, route.windows, open_occurrences=still_open), latest:
            case rules.Open(), _:
                return self._open(tx, route, print_, message, alert)
            case rules.Recur(), Incident():
                succession.step_aside(tx, latest)
                return self._open(tx, route, print_, message, alert, predecessor=latest)
            case rules.Repeat(), Incident():
                _repeat(tx, route, latest, message, alert)
                if latest.state is IncidentState.STALE:  # the alert was posted before it went stale
                    said = text("incident.moment.not_stale")
                    timeline.record(tx, service.ref(latest.id), message.at, Actor.seen_in(alert.source), said)
                if alert.severity is Severity.CRITICAL:  # such a one is told on no other card
                    outbox.stand_alone(tx, service.ref(latest.id))
                self.mentions.repeated(tx, route, latest, alert.severity, message.at)
            case rules.Reopen(), Incident():
                _repeat(tx, route, latest, message, alert)
                self._opener.reopen(tx, route, latest, message, alert)
            case rules.Resolve(), Incident():
                said = text("incident.moment.source_says_over")
                service.close(Actor.seen_in(alert.source), tx, latest, message.at, said)
            case rules.Ignore(incident_id=str()), Incident():  # some of its failures are still open
                service.look_again(tx, latest.id)
                outbox.want_card(tx, service.ref(latest.id))
            case _:
                return None
        return latest.id if latest else None

    def _open(
        self, tx: Tx, route: Route, print_: str, message: Message, alert: Alert, *, predecessor: Incident | None = None
    ) -> str | None:
        opened = self._opener.open(tx, route, print_, message, alert, predecessor=predecessor)
        if opened is None:  # another process has just opened it
            return self._place(tx, route, print_, queries.latest(tx, route.name, print_), message, alert)
        return opened

    def _route(self, channel: str, override: str) -> Route:
        return self.overrides.get((channel, override)) or self.routes[channel]

    @property
    def _opener(self) -> Opener:
        return Opener(self.mentions)


def _join(tx: Tx, message_id: str, told_of: Ref, message: Message, alert: Alert) -> str | None:
    """Keep the provider's post about an alert with the incident that this is about: it says nothing that is new."""
    if told_of.kind != "incident":
        return None
    echo = replace(alert, kind=Kind.NOISE)
    statements.KEEP_ALERT.count(tx, **_alert_row(message_id, told_of.id, fingerprint(alert), message, echo))
    return told_of.id


def _repeat(tx: Tx, route: Route, latest: Incident, message: Message, alert: Alert) -> None:
    """Write down one more alert: the newest error and links, never the title by which people know it."""
    statements.REPEAT.count(
        tx,
        incident_id=latest.id,
        at=message.at,
        links=dict(alert.links),
        error=alert.error or None,
        severity=alert.severity,
    )
    track(tx, route, latest.id, alert, message.at)
    outbox.want_own_card(tx, service.ref(latest.id))


def _identified(tx: Tx, message: Message, alert: Alert) -> tuple[Alert, str]:
    """Return the alert with its fingerprint; a tool's own reply may be about the message above it."""
    if message.thread_ts and message.thread_ts != message.ts:
        above = queries.said_above(tx, message.channel, message.thread_ts)
        if above and is_told_above(alert, above[0]):
            return inherit(alert, above[0]), above[1]
    return alert, fingerprint(alert)


def _settle(tx: Tx, latest: Incident, message: Message, alert: Alert) -> int:
    """Settle the failures that a tool's good news is about; return how many of the incident stay open.

    Good news that names no run ends what Airflow cannot be asked about; the rest is looked up there.
    """
    failures = queries.open_failures(tx, latest.id)
    over = settled(failures, alert.occurrences)
    if not names_a_run(alert.occurrences):
        over = [failure for failure in over if not failure.is_followed]
    if over:
        actor = Actor.seen_in(alert.source)
        values = {
            "state": OccurrenceState.SUCCEEDED,
            "settled_at": message.at,
            "settled_by": str(actor),
            "due_at": None,
        }
        tx.execute(update(occurrences).where(occurrences.c.id.in_([each.id for each in over])).values(**values))
    return len(failures) - len(over)


def _message_row(message_id: str, event_id: str, message: Message, alert: Alert, now: datetime) -> dict[str, Any]:
    chatter = alert.kind is Kind.NOISE and message.bot_id is None
    return {
        "id": message_id,
        "event_id": event_id[:_EVENT_ID],
        "team": message.team[:_ID],
        "channel": message.channel,
        "ts": message.ts[:_TS],
        "revision": message.revision if message.ts else event_id[:_EVENT_ID],
        "thread_ts": message.thread_ts[:_TS] if message.thread_ts else None,
        "kind": alert.kind,
        "sender": message.sender,
        "at": message.at,
        "received_at": now,
        "payload": {} if chatter else dict(message.payload),  # what colleagues chat about is not kept
    }


def _alert_row(message_id: str, incident_id: str | None, print_: str, message: Message, alert: Alert) -> dict[str, Any]:
    return {
        "id": new_id(message.at),
        "message_id": message_id,
        "incident_id": incident_id,
        "kind": alert.kind,
        "source": alert.source,
        "fingerprint": print_,
        "severity": alert.severity,
        "at": message.at,
        "body": {
            "title": alert.title,
            "error": alert.error,
            "resource": dict(alert.resource),
            **({"route": alert.route} if alert.route else {}),
        },
    }
