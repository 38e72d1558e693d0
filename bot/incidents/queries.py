"""Rows into the values of `bot.incidents`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from bot.actor import Actor
from bot.incidents import feedback, holds, memory, roots
from bot.incidents.card import IncidentCard
from bot.incidents.fix import Fix, Thread
from bot.incidents.model import Incident, IncidentState
from bot.incidents.occurrence import OPEN, OccurrenceState, Tracked
from bot.incidents.retries import Seen
from bot.incidents.statements import LATEST, LATEST_COLUMNS, PARENT
from bot.oncall.model import Calling
from bot.pages.standing import of as standing_of_alert
from bot.ref import Ref, new_id
from bot.silences.model import Subject
from bot.silences.queries import covering
from bot.store import Tx
from bot.store.tables import alerts, dags, incidents, messages, occurrences
from bot.triage.model import Alert, Kind, Severity

SHOWN_OCCURRENCES = 200
MOST_REOPENINGS = 300  # that one incident remembers
_MILLISECONDS = 11  # characters at the beginning of an id


def latest(tx: Tx, route: str, fingerprint: str) -> Incident | None:
    """Return the newest incident of this fingerprint on this route, resolved or not, and lock it."""
    rows = LATEST.rows(tx, route=route, fingerprint=fingerprint)
    return _incident(rows[0]) if rows else None


def locked(tx: Tx, incident_id: str) -> Incident | None:
    """Return the incident, and let nobody else change it or its occurrences before this transaction ends."""
    row = tx.execute(select(*LATEST_COLUMNS).where(incidents.c.id == incident_id).with_for_update()).first()
    return _incident(row) if row else None


def _incident(row: Sequence[Any]) -> Incident:
    """Read the columns that `statements.LATEST` and `locked` ask for; the prepared one knows no names."""
    told = dict(zip((column.name for column in LATEST_COLUMNS), row, strict=True))
    return Incident(**told | {"state": IncidentState(told["state"]), "severity": Severity(told["severity"])})


def said_above(tx: Tx, channel: str, thread_ts: str) -> tuple[Alert, str] | None:
    """Return what a tool's message said that a thread hangs under, with its fingerprint."""
    rows = PARENT.rows(tx, channel=channel, ts=thread_ts)
    if not rows:
        return None
    kind, source, print_, body = rows[0]
    return Alert(kind=Kind(kind), source=source, resource=body["resource"], route=body.get("route", "")), print_


def subject(tx: Tx, incident_id: str) -> Subject:
    """Return what a silence is asked about. Raises NoResultFound for no incident."""
    columns = (incidents.c.route, incidents.c.source, incidents.c.severity, incidents.c.resource)
    route, source, severity, resource = tx.execute(select(*columns).where(incidents.c.id == incident_id)).one()
    return Subject(route, source, Severity(severity), resource)


def reopened_within_a_day(tx: Tx, incident_id: str, at: datetime) -> list[str]:
    """Return when it came back in the 24 hours before `at`, as the store keeps it; the newest hundreds at most."""
    kept = tx.execute(select(incidents.c.reopened_at).where(incidents.c.id == incident_id)).scalar_one()
    return [each for each in kept[-MOST_REOPENINGS:] if datetime.fromisoformat(each) > at - timedelta(days=1)]


def said_over_at(tx: Tx, fingerprint: str, channel: str, at: datetime) -> datetime | None:
    """Return when a tool said after `at` that this is over, in a message that belonged to no incident then.

    An id begins with its time in milliseconds, so that of all alerts only the newer ones are looked through.
    """
    return tx.execute(
        select(alerts.c.at)
        .join(messages, messages.c.id == alerts.c.message_id)
        .where(
            alerts.c.id >= new_id(at)[:_MILLISECONDS],
            alerts.c.kind == Kind.RESOLVED,
            alerts.c.fingerprint == fingerprint,
            alerts.c.incident_id.is_(None),
            alerts.c.at > at,
            messages.c.channel == channel,
        )
        .order_by(alerts.c.at)
        .limit(1)
    ).scalar()


def open_occurrences(tx: Tx, incident_id: str) -> int:
    return tx.execute(
        select(func.count())
        .select_from(occurrences)
        .where(occurrences.c.incident_id == incident_id, occurrences.c.state.in_(OPEN))
    ).scalar_one()


def open_failures(tx: Tx, incident_id: str) -> list[Tracked]:
    mine = select(occurrences).where(occurrences.c.incident_id == incident_id, occurrences.c.state.in_(OPEN))
    return [_tracked(row) for row in tx.execute(mine)]


def healed_by_itself(tx: Tx, incident_id: str) -> bool:
    """Whether each of its failures succeeded before Airflow gave up on it, so that nobody had to do anything."""
    found = occurrences_of(tx, incident_id)
    return bool(found) and all(
        each.state is OccurrenceState.SUCCEEDED and each.seen is not None and not each.seen.gave_up for each in found
    )


def with_its_incident_locked(tx: Tx, tracked: Tracked) -> Tracked:
    """Return the occurrence with the incident that it belongs to now, locked: a later one may have taken it on."""
    locked(tx, tracked.incident_id)
    now = occurrence(tx, tracked.id).incident_id
    if now != tracked.incident_id:
        locked(tx, now)
    return replace(tracked, incident_id=now)


def occurrence(tx: Tx, occurrence_id: str) -> Tracked:
    return _tracked(tx.execute(select(occurrences).where(occurrences.c.id == occurrence_id)).one())


def occurrences_of(tx: Tx, incident_id: str, *, limit: int = SHOWN_OCCURRENCES) -> tuple[Tracked, ...]:
    rows = tx.execute(
        select(occurrences)
        .where(occurrences.c.incident_id == incident_id)
        .order_by(occurrences.c.failed_at, occurrences.c.id)
        .limit(limit)
    )
    return tuple(_tracked(row) for row in rows)


def _tracked(row: Row[Any]) -> Tracked:
    return Tracked(
        id=row.id,
        incident_id=row.incident_id,
        airflow=row.airflow,
        dag_id=row.dag_id,
        task_id=row.task_id,
        dag_run_id=row.dag_run_id,
        logical_at=row.logical_at,
        map_index=row.map_index,
        try_number=row.try_number,
        state=OccurrenceState(row.state),
        failed_at=row.failed_at,
        settled_by=row.settled_by,
        seen=Seen.from_json(row.seen),
    )


def card(tx: Tx, incident_id: str, topics_with_a_page: frozenset[str]) -> IncidentCard | None:
    """Return what the incident's card shows. `topics_with_a_page` are the topics that have a runbook."""
    row = tx.execute(select(incidents).where(incidents.c.id == incident_id)).first()
    if row is None:
        return None
    hold, state = holds.of(tx, incident_id), IncidentState(row.state)
    found = occurrences_of(tx, incident_id)
    is_superseded = state is IncidentState.SUPERSEDED
    subject = Subject(row.route, row.source, Severity(row.severity), row.resource)
    return IncidentCard(
        id=row.id,
        state=state,
        severity=Severity(row.severity),
        source=row.source,
        resource=row.resource,
        title=row.title,
        error=row.error,
        owner=row.owner,
        topic=row.topic,
        links=row.links,
        opened_at=row.opened_at,
        last_alert_at=row.last_alert_at,
        alert_count=row.alert_count,
        reopen_count=row.reopen_count,
        calling=Calling.from_json(row.called),
        notified=row.mentioned_at is not None,
        noticed_at=row.noticed_at,
        held=hold.held if hold else None,
        next_run_at=next_run_at(tx, found),
        acknowledged_by=_actor(row.acknowledged_by),
        acknowledged_at=row.acknowledged_at,
        resolved_by=_actor(row.resolved_by),
        resolved_at=row.resolved_at,
        fix=Fix.of(row),
        occurrences=found,
        earlier=memory.earlier(tx, row.route, row.fingerprint, row.opened_at),
        opinions=feedback.opinions(tx, incident_id),
        silence=covering(tx, subject) if state.is_unresolved else None,
        predecessor=memory.neighbour(tx, incidents.c.id == row.supersedes) if row.supersedes else None,
        successor=memory.neighbour(tx, incidents.c.supersedes == row.id) if is_superseded else None,
        reopened_at=tuple(datetime.fromisoformat(each) for each in row.reopened_at),
        closed_for=timedelta(seconds=row.closed_seconds),
        has_runbook=row.topic in topics_with_a_page,
        root=roots.root(tx, row.root_id),
        waiting=roots.waiting(tx, incident_id),
        alert=standing_of_alert(tx, Ref("incident", incident_id), row.last_alert_at),
    )


def next_run_at(tx: Tx, failures: Sequence[Tracked]) -> datetime | None:
    """Return when Airflow runs their DAG again by its schedule, as far as that is known."""
    if not failures:
        return None
    its_dag = (dags.c.airflow == failures[0].airflow) & (dags.c.dag_id == failures[0].dag_id)
    return tx.execute(select(dags.c.next_run_at).where(its_dag)).scalar()


def _actor(written: str | None) -> Actor | None:
    return Actor.parse(written) if written else None


def fix(tx: Tx, incident_id: str) -> Fix:
    """Return what is noted of an incident's cause and fix, perhaps nothing."""
    return Fix.of(tx.execute(select(incidents).where(incidents.c.id == incident_id)).one()) or Fix()


def last_words(tx: Tx, incident_id: str) -> tuple[str, str]:
    """Return the newest error, and what people remarked."""
    row = tx.execute(select(incidents.c.error, incidents.c.remark).where(incidents.c.id == incident_id)).one()
    return row.error, row.remark or ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an incident stands, and through whom since when."""

    state: IncidentState
    by: Actor | None
    at: datetime
    next: Thread | None = None  # of the incident that took over


def standing(tx: Tx, incident_id: str) -> Standing | None:
    row = tx.execute(select(incidents).where(incidents.c.id == incident_id)).first()
    if row is None:
        return None
    state = IncidentState(row.state)
    by, at = {
        IncidentState.ACKNOWLEDGED: (row.acknowledged_by, row.acknowledged_at),
        IncidentState.RESOLVED: (row.resolved_by, row.resolved_at),
    }.get(state, (None, row.last_alert_at))
    after = memory.neighbour(tx, incidents.c.supersedes == row.id) if state is IncidentState.SUPERSEDED else None
    return Standing(state, _actor(by), at, after.thread if after else None)
