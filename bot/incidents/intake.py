"""A message becomes an incident: one transaction, before Slack gets its answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import Actor
from bot.incidents import queries, rules, service, statements
from bot.incidents.model import Incident, IncidentState
from bot.incidents.occurrence import OPEN, OccurrenceState, key_of
from bot.oncall.model import Duty, MentionRules, Notify, WorkingHours
from bot.oncall.rules import called, mention
from bot.outbox import Place
from bot.ref import new_id
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import incidents, occurrences
from bot.store.upsert import insert_if_new
from bot.text import Mention, text
from bot.triage.identity import fingerprint
from bot.triage.model import Alert, Kind, Message, Severity

_EVENT_ID, _ID, _TS = 80, 20, 32  # what the columns hold; Slack's own ids are far shorter


@dataclass(frozen=True, slots=True)
class Route:
    """What a watched channel's alerts are treated by. `card_channel` None: in the thread of the first alert."""

    name: str
    schedule: str
    language: str
    windows: rules.Windows
    mentions: MentionRules
    hours: WorkingHours
    card_channel: str | None = None
    airflow: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """`routes` by channel id; `duty(tx, schedule, now)` tells who is on call."""

    routes: Mapping[str, Route]
    duty: Callable[[Tx, str, datetime], Duty]

    def receive(self, tx: Tx, event_id: str, message: Message, alert: Alert, now: datetime) -> str | None:
        """Write down the message and what follows from it; return the incident's id, if it belongs to one.

        The same event twice changes nothing the second time.
        """
        route = self.routes[message.channel]
        message_id = new_id(now)
        if not statements.KEEP_MESSAGE.count(tx, **_message_row(message_id, event_id, message, alert, now)):
            return None
        if alert.kind not in {Kind.ALERT, Kind.RESOLVED}:
            return None
        print_ = fingerprint(alert)
        latest = queries.latest(tx, route.name, print_)
        incident_id = self._place(tx, route, print_, latest, message, alert)
        statements.KEEP_ALERT.count(tx, **_alert_row(message_id, incident_id, print_, message, alert))
        return incident_id

    def _place(
        self, tx: Tx, route: Route, print_: str, latest: Incident | None, message: Message, alert: Alert
    ) -> str | None:
        if latest is None:
            still_open = 0
        else:
            _settle_what_it_names(tx, latest, message, alert)
            still_open = queries.open_occurrences(tx, latest.id) if alert.kind is Kind.RESOLVED else 0
        match rules.place(alert, latest, message.at, route.windows, open_occurrences=still_open), latest:
            case rules.Open(), _:
                return self._open(tx, route, print_, message, alert)
            case rules.Recur(), Incident():
                _supersede(tx, latest)
                return self._open(tx, route, print_, message, alert)
            case rules.Repeat(), Incident():
                _repeat(tx, route, latest, message, alert)
            case rules.Reopen(), Incident():
                self._reopen(tx, route, latest, message, alert)
            case rules.Resolve(), Incident():
                said = text("incident.moment.source_says_over")
                service.close(Actor.seen_in(alert.source), tx, latest, message.at, said)
            case rules.Ignore(incident_id=str()), Incident():  # some of its failures are still open
                service.look_again(tx, latest.id)
                outbox.want_card(tx, service.ref(latest.id))
            case _:
                return None
        return latest.id if latest else None

    def _open(self, tx: Tx, route: Route, print_: str, message: Message, alert: Alert) -> str | None:
        incident_id, at = new_id(message.at), message.at
        severity = alert.severity or Severity.ERROR
        duty = self.duty(tx, route.schedule, at)
        decided = mention(route.mentions, severity, at, route.hours, duty)
        row = {
            "id": incident_id,
            "route": route.name,
            "fingerprint": print_,
            "open_key": _open_key(route, print_),
            "source": alert.source,
            "resource": dict(alert.resource),
            **_told(alert, severity),
            "state": IncidentState.OPEN,
            "team": message.team[:_ID],
            "channel": message.channel,
            "message_ts": message.ts[:_TS],
            "opened_at": at,
            "last_alert_at": at,
            "alert_count": 1,
            "called": list(called(duty)),
            "mentioned_at": at if isinstance(decided, Notify) else None,
        }
        if not insert_if_new(tx, incidents, row, key=["open_key"]):  # another process has just opened it
            return self._place(tx, route, print_, queries.latest(tx, route.name, print_), message, alert)
        _track(tx, route, incident_id, alert, at)
        outbox.want_card(tx, service.ref(incident_id), _place_of_card(route, message))
        timeline.record(tx, service.ref(incident_id), at, Actor.seen_in(alert.source), text("incident.moment.opened"))
        _end_if_said_already(tx, incident_id, print_, message, alert)
        return incident_id

    def _reopen(self, tx: Tx, route: Route, latest: Incident, message: Message, alert: Alert) -> None:
        at, ref = message.at, service.ref(latest.id)
        duty = self.duty(tx, route.schedule, at)
        severity = alert.severity or Severity.ERROR
        mentioned_at = queries.mentioned_at(tx, latest.id)
        decided = mention(route.mentions, severity, at, route.hours, duty, mentioned_at=mentioned_at)
        _repeat(tx, route, latest, message, alert)
        values: dict[str, Any] = {
            "state": IncidentState.OPEN,
            "open_key": _open_key(route, latest.fingerprint),
            "reopen_count": incidents.c.reopen_count + 1,
            "resolved_at": None,
            "resolved_by": None,
            "called": list(called(duty)),
            "acknowledged_at": None,
            "acknowledged_by": None,
        }
        if isinstance(decided, Notify):
            values["mentioned_at"] = at
        tx.execute(update(incidents).where(incidents.c.id == latest.id).values(**values))
        timeline.record(tx, ref, at, Actor.seen_in(alert.source), text("incident.moment.reopened"))
        if isinstance(decided, Notify) and (place := outbox.thread_of(tx, ref)):
            who = tuple(Mention(each, notify=True) for each in decided.ids)
            outbox.add_note(tx, ref, at, place, text("incident.note.reopened"), mention=who)


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
    _track(tx, route, latest.id, alert, message.at)
    outbox.want_card(tx, service.ref(latest.id))


def _end_if_said_already(tx: Tx, incident_id: str, print_: str, message: Message, alert: Alert) -> None:
    """End what the same tool has already called over: Slack delivered its two messages in the wrong order.

    Failures in Airflow are looked up there instead.
    """
    over_at = None if alert.occurrences else queries.said_over_at(tx, print_, message.channel, message.at)
    opened = queries.locked(tx, incident_id) if over_at else None
    if over_at and opened:
        service.close(Actor.seen_in(alert.source), tx, opened, over_at, text("incident.moment.source_says_over"))


def _settle_what_it_names(tx: Tx, latest: Incident, message: Message, alert: Alert) -> None:
    """Settle the occurrences that a tool's good news is about: one run that recovered says nothing of another."""
    if alert.kind is not Kind.RESOLVED:
        return
    actor = Actor.seen_in(alert.source)
    settled = {"state": OccurrenceState.SUCCEEDED, "settled_at": message.at, "settled_by": str(actor), "due_at": None}
    for occurrence in alert.occurrences:
        mine = (occurrences.c.incident_id == latest.id) & (occurrences.c.key == key_of(occurrence))
        tx.execute(update(occurrences).where(mine, occurrences.c.state.in_(OPEN)).values(**settled))


def _open_key(route: Route, print_: str) -> str:
    return f"{route.name}|{print_}"


def _message_row(message_id: str, event_id: str, message: Message, alert: Alert, now: datetime) -> dict[str, Any]:
    chatter = alert.kind is Kind.NOISE and message.bot_id is None
    return {
        "id": message_id,
        "event_id": event_id[:_EVENT_ID],
        "team": message.team[:_ID],
        "channel": message.channel,
        "ts": message.ts[:_TS],
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
        "body": {"title": alert.title, "error": alert.error, "resource": dict(alert.resource)},
    }


def _told(alert: Alert, severity: Severity) -> dict[str, Any]:
    return {
        "title": alert.title,
        "error": alert.error,
        "severity": severity,
        "topic": alert.topic,
        "owner": alert.owner,
        "links": dict(alert.links),
    }


def _track(tx: Tx, route: Route, incident_id: str, alert: Alert, at: datetime) -> None:
    """Keep the alert's occurrences, to be followed in Airflow; one that failed again is open again."""
    for each in alert.occurrences:
        statements.TRACK.count(
            tx,
            id=new_id(at),
            incident_id=incident_id,
            key=key_of(each),
            airflow=route.airflow,
            dag_id=each.dag_id,
            task_id=each.task_id,
            dag_run_id=each.dag_run_id,
            logical_at=each.logical_at,
            map_index=each.map_index,
            try_number=each.try_number,
            state=OccurrenceState.FAILED,
            failed_at=at,
            settled_at=None,
            settled_by=None,
            seen=None,
            due_at=NEW,
            lease_until=None,
            lease_owner=None,
            attempts=0,
            version=0,
        )


def _supersede(tx: Tx, previous: Incident) -> None:
    tx.execute(
        update(incidents)
        .where(incidents.c.id == previous.id)
        .values(state=IncidentState.SUPERSEDED, open_key=None, version=incidents.c.version + 1)
    )
    outbox.want_card(tx, service.ref(previous.id))


def _place_of_card(route: Route, message: Message) -> Place:
    if route.card_channel:
        return Place(route.card_channel, language=route.language)
    ts = message.ts[:_TS]
    thread_ts = message.thread_ts[:_TS] if message.thread_ts else ts
    return Place(message.channel, thread_ts=thread_ts or None, language=route.language, state_on_ts=ts or None)
