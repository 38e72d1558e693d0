"""An incident opens, and comes back: who is called, where its card goes, which failures are followed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import Actor
from bot.incidents import queries, service, statements
from bot.incidents.mentions import Mentions, carry_out, hold_if_decided
from bot.incidents.model import Incident, IncidentState
from bot.incidents.occurrence import OccurrenceState, key_of
from bot.incidents.route import Route
from bot.outbox import Place
from bot.ref import new_id
from bot.silences.model import Subject
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import incidents
from bot.store.upsert import insert_if_new
from bot.text import text
from bot.triage.model import Alert, Message, Severity

_ID, _TS = 20, 32  # what the columns hold; Slack's own ids are far shorter


@dataclass(frozen=True, slots=True)
class Opener:
    mentions: Mentions

    def open(self, tx: Tx, route: Route, print_: str, message: Message, alert: Alert) -> str | None:
        """Open an incident and return its id, or None where another process has just opened it."""
        incident_id, at = new_id(message.at), message.at
        severity = alert.severity or Severity.ERROR
        verdict = self.mentions.decide(tx, route, Subject(route.name, alert.source, severity, alert.resource), at)
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
            "mentioned_at": None,
            **verdict.columns(at),
        }
        if not insert_if_new(tx, incidents, row, key=["open_key"]):
            return None
        track(tx, route, incident_id, alert, at)
        hold_if_decided(tx, incident_id, verdict, at)
        outbox.want_card(tx, service.ref(incident_id), _place_of_card(route, message))
        timeline.record(tx, service.ref(incident_id), at, Actor.seen_in(alert.source), text("incident.moment.opened"))
        _end_if_said_already(tx, incident_id, print_, message, alert)
        return incident_id

    def reopen(self, tx: Tx, route: Route, latest: Incident, message: Message, alert: Alert) -> None:
        """Have an incident open again that was resolved; whoever is on call now is called for it."""
        at, ref = message.at, service.ref(latest.id)
        closed_for = max(at - (latest.resolved_at or at), timedelta(0))
        values = {
            "state": IncidentState.OPEN,
            "open_key": _open_key(route, latest.fingerprint),
            "reopen_count": incidents.c.reopen_count + 1,
            "reopened_at": [*queries.reopened_within_a_day(tx, latest.id, at), at.isoformat()],
            "closed_seconds": incidents.c.closed_seconds + round(closed_for.total_seconds()),
            "resolved_at": None,
            "resolved_by": None,
            "acknowledged_at": None,
            "acknowledged_by": None,
            "remedy": None,  # what helped has not held; the cause may well be the same
            "operation": None,
        }
        tx.execute(update(incidents).where(incidents.c.id == latest.id).values(**values))
        timeline.record(tx, ref, at, Actor.seen_in(alert.source), text("incident.moment.reopened"))
        subject = Subject(route.name, alert.source, alert.severity or Severity.ERROR, alert.resource)
        if not _end_if_said_already(tx, latest.id, latest.fingerprint, message, alert):
            verdict = self.mentions.decide(tx, route, subject, at, mentioned_at=latest.mentioned_at)
            carry_out(tx, latest.id, verdict, at, text("incident.note.reopened", after=closed_for))


def track(tx: Tx, route: Route, incident_id: str, alert: Alert, at: datetime) -> None:
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


def _end_if_said_already(tx: Tx, incident_id: str, print_: str, message: Message, alert: Alert) -> bool:
    """End what the same tool has already called over, and return whether it has.

    So it is where Slack delivered its two messages in the wrong order. Failures in Airflow are looked up there instead.
    """
    over_at = None if alert.occurrences else queries.said_over_at(tx, print_, message.channel, message.at)
    opened = queries.locked(tx, incident_id) if over_at else None
    if over_at and opened:
        service.close(Actor.seen_in(alert.source), tx, opened, over_at, text("incident.moment.source_says_over"))
    return bool(over_at and opened)


def _open_key(route: Route, print_: str) -> str:
    return f"{route.name}|{print_}"


def _told(alert: Alert, severity: Severity) -> dict[str, Any]:
    return {
        "title": alert.title,
        "error": alert.error,
        "severity": severity,
        "topic": alert.topic,
        "owner": alert.owner,
        "links": dict(alert.links),
    }


def _place_of_card(route: Route, message: Message) -> Place:
    if route.card_channel:
        return Place(route.card_channel, language=route.language)
    ts = message.ts[:_TS]
    thread_ts = message.thread_ts[:_TS] if message.thread_ts else ts
    return Place(message.channel, thread_ts=thread_ts or None, language=route.language, state_on_ts=ts or None)
