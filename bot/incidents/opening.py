"""An incident opens, and comes back: whom it calls, where it is told, which failures are followed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import Actor
from bot.incidents import index, queries, roots, service, statements, storms, succession
from bot.incidents.mentions import Mentions, Verdict, carry_out, hold_if_decided, mention_on, page_as_decided
from bot.incidents.model import Incident, IncidentState
from bot.incidents.occurrence import OccurrenceState, key_of
from bot.incidents.route import Route
from bot.incidents.storm_rules import Begins, Lasts, Weather
from bot.oncall.model import Notify
from bot.outbox import Place
from bot.ref import Ref, new_id
from bot.silences.model import Subject
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import incidents
from bot.store.upsert import insert_if_new
from bot.text import Code, text
from bot.triage.identity import name_of
from bot.triage.model import Alert, Message, Severity
from bot.workload import Interruption, interrupted

FIRST_LOOK = timedelta(minutes=1)  # by then Airflow has said whether it tries again, or nobody knows
_ID, _TS = 20, 32  # what the columns hold; Slack's own ids are far shorter


@dataclass(frozen=True, slots=True)
class Raised:
    """How an incident that opens or reopens is told.

    `at` is when the tool said it, `raised_at` when Baton heard of it: storms are of what comes now, also when that
    was said long ago. `whole` is the card that shows it instead of one of its own.
    """

    at: datetime
    raised_at: datetime
    severity: Severity
    verdict: Verdict
    weather: Weather
    root_id: str | None
    whole: Ref | None

    @property
    def storm_id(self) -> str | None:
        return self.weather.storm.id if isinstance(self.weather, Lasts) else None


@dataclass(frozen=True, slots=True)
class Opener:
    mentions: Mentions

    def open(
        self, tx: Tx, route: Route, print_: str, message: Message, alert: Alert, *, predecessor: Incident | None = None
    ) -> str | None:
        """Open an incident and return its id, or None where another process has just opened it.

        `predecessor` is the one about the same thing that it takes over from.
        """
        incident_id, raised = new_id(message.at), self._raise(tx, route, message, alert)
        row = {"id": incident_id, "fingerprint": print_, "open_key": _open_key(route, print_)}
        row |= _row(route, message, alert, raised) | succession.inherited(tx, predecessor, alert.owner)
        if not insert_if_new(tx, incidents, row, key=["open_key"]):
            return None
        if predecessor:
            succession.take_on(tx, incident_id, predecessor, raised.at)
        track(tx, route, incident_id, alert, raised.at)
        index.learn(tx, print_, alert.resource, (alert.title, alert.error, alert.source, alert.owner))
        ref = service.ref(incident_id)
        outbox.want_card(tx, ref, replace(_place_of_card(route, message), part_of=raised.whole))
        timeline.record(tx, ref, raised.at, Actor.seen_in(alert.source), text("incident.moment.opened"))
        _mention(tx, incident_id, alert, raised)
        page_as_decided(tx, incident_id, raised.verdict, raised.at, raised.whole)
        _begin_storm(tx, route, message.channel, raised)
        _end_if_said_already(tx, incident_id, print_, message, alert)
        return incident_id

    def reopen(self, tx: Tx, route: Route, latest: Incident, message: Message, alert: Alert) -> None:
        """Have an incident open again that was resolved; whoever is on call now is called for it."""
        ref, raised = service.ref(latest.id), self._raise(tx, route, message, alert, latest)
        closed_for = max(raised.at - (latest.resolved_at or raised.at), timedelta(0))
        values = {
            "state": IncidentState.OPEN,
            "open_key": _open_key(route, latest.fingerprint),
            "reopen_count": incidents.c.reopen_count + 1,
            "reopened_at": [*queries.reopened_within_a_day(tx, latest.id, raised.at), raised.at.isoformat()],
            "closed_seconds": incidents.c.closed_seconds + round(closed_for.total_seconds()),
            "raised_at": raised.raised_at,
            "resolved_at": None,
            "resolved_by": None,
            "healed": False,
            "acknowledged_at": None,
            "acknowledged_by": None,
            "remedy": None,  # what helped has not held; the cause may well be the same
            "operation": None,
            "storm_id": raised.storm_id,
            "root_id": raised.root_id,
        }
        tx.execute(update(incidents).where(incidents.c.id == latest.id).values(**values))
        came_back_at = max(raised.at, latest.resolved_at or raised.at)  # its alert may have been posted before that
        timeline.record(tx, ref, came_back_at, Actor.seen_in(alert.source), text("incident.moment.reopened"))
        if _end_if_said_already(tx, latest.id, latest.fingerprint, message, alert):
            return
        if raised.whole:
            outbox.move(tx, ref, raised.whole)
        else:
            outbox.stand_alone(tx, ref)
        carry_out(tx, latest.id, raised.verdict, raised.at, text("incident.note.reopened", after=closed_for))
        _begin_storm(tx, route, message.channel, raised)

    def _raise(self, tx: Tx, route: Route, message: Message, alert: Alert, again: Incident | None = None) -> Raised:
        at, severity = message.at, alert.severity or Severity.ERROR
        subject = Subject(route.name, alert.source, severity, alert.resource)
        healing_until = _may_heal_until(route, alert, at)
        mentioned_at, but = (again.mentioned_at, again.id) if again else (None, None)
        verdict = self.mentions.decide(tx, route, subject, at, mentioned_at=mentioned_at, healing_until=healing_until)
        root_id = roots.find(tx, message.channel, route.airflow, alert.occurrences, route.loads, but=but)
        weather = storms.look(tx, route, message.channel, message.received_at)
        whole = _whole(weather, root_id, severity)
        return Raised(at, message.received_at, severity, verdict, weather, root_id, whole)


def _whole(weather: Weather, root_id: str | None, severity: Severity) -> Ref | None:
    """Return the card that shows an incident instead of one of its own, which critical ones always have."""
    if severity is Severity.CRITICAL:
        return None
    if root_id:
        return service.ref(root_id)
    return storms.ref(weather.storm.id) if isinstance(weather, Lasts) else None


def _mention(tx: Tx, incident_id: str, alert: Alert, raised: Raised) -> None:
    """Have a mention wait that is held, or made on the card that shows the incident; its own card makes its own."""
    hold_if_decided(tx, incident_id, raised.verdict, raised.at)
    if raised.whole is None and isinstance(raised.verdict.decision, Notify):
        ids, schedule = raised.verdict.decision.ids, raised.verdict.schedule
        interrupted(tx, raised.at, ids, Interruption.MENTION, service.ref(incident_id), schedule=schedule)
    if raised.root_id:
        outbox.want_card(tx, service.ref(raised.root_id))  # which lists this one
    if raised.whole and isinstance(raised.verdict.decision, Notify) and not _is_told(raised):
        words = text("incident.note.follows", what=Code(name_of(alert.resource, alert.title, alert.source)))
        mention_on(tx, raised.whole, raised.verdict, raised.at, words)


def _is_told(raised: Raised) -> bool:
    """Whether the storm that shows it has mentioned somebody already."""
    return raised.root_id is None and isinstance(raised.weather, Lasts) and raised.weather.storm.mentioned


def _begin_storm(tx: Tx, route: Route, channel: str, raised: Raised) -> None:
    if isinstance(raised.weather, Begins) and not raised.root_id:
        storms.begin(tx, route, channel, raised.verdict.calling, raised.raised_at)


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


def _may_heal_until(route: Route, alert: Alert, at: datetime) -> datetime | None:
    """Return until when the mention waits for the first look at Airflow, None where nothing can be looked up."""
    patience = min(FIRST_LOOK, route.mentions.while_retrying)
    return at + patience if patience and route.airflow and alert.occurrences else None


def _open_key(route: Route, print_: str) -> str:
    return f"{route.name}|{print_}"


def _row(route: Route, message: Message, alert: Alert, raised: Raised) -> dict[str, Any]:
    return {
        "route": route.name,
        "source": alert.source,
        "resource": dict(alert.resource),
        "title": alert.title,
        "error": alert.error,
        "severity": raised.severity,
        "topic": alert.topic,
        "owner": alert.owner or _owner(route, alert),
        "links": dict(alert.links),
        "state": IncidentState.OPEN,
        "team": message.team[:_ID],
        "channel": message.channel,
        "message_ts": message.ts[:_TS],
        "opened_at": raised.at,
        "raised_at": raised.raised_at,
        "last_alert_at": raised.at,
        "alert_count": 1,
        "storm_id": raised.storm_id,
        "root_id": raised.root_id,
        "mentioned_at": None,
        **raised.verdict.columns(raised.at, whole=raised.whole),
    }


def _owner(route: Route, alert: Alert) -> str:
    """Return who owns the load that has failed, where loads.yaml knows it."""
    made = (route.loads.made_by(route.airflow, each.dag_id, each.task_id) for each in alert.occurrences)
    return next((load.owner for loads in made for load in loads), "")


def _place_of_card(route: Route, message: Message) -> Place:
    if route.card_channel:
        return Place(route.card_channel, language=route.language)
    ts = message.ts[:_TS]
    thread_ts = message.thread_ts[:_TS] if message.thread_ts else ts
    return Place(message.channel, thread_ts=thread_ts or None, language=route.language, state_on_ts=ts or None)
