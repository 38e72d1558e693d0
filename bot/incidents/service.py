"""What people and Airflow do to incidents. Functions take the actor first and the transaction second."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from bot import outbox, timeline
from bot.actor import Actor, named
from bot.incidents import feedback, holds, index, paging, queries, repairs, roots
from bot.incidents.fix import Fix
from bot.incidents.model import Incident, IncidentState
from bot.incidents.occurrence import OPEN, Observed, OccurrenceState, Tracked, now_seen
from bot.operations.authority import Authorise
from bot.operations.model import Run
from bot.ref import Ref
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import incidents, occurrences
from bot.text import Code, MessageLink, Text, text

UNRESOLVED = tuple(state for state in IncidentState if state.is_unresolved)

DEEDS = ("incident.acknowledge", "incident.resolve", "incident.search", feedback.DEED)
"""What a policy may allow people to do with incidents."""


@dataclass(frozen=True, slots=True)
class Done:
    """It is so now; `said` tells the one who asked."""

    said: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not done; `why` tells the one who asked, and what to do instead."""

    why: Text


Answer = Done | Refused


def ref(incident_id: str) -> Ref:
    return Ref("incident", incident_id)


def acknowledge(actor: Actor, tx: Tx, incident_id: str, now: datetime, authorise: Authorise) -> Answer:
    """Have the incident acknowledged by this person, also a stale one.

    The first one counts; later clicks are told who it was.
    """
    if why := authorise(tx, actor, "incident.acknowledge"):
        return Refused(why)
    if not seen_acknowledged(actor, tx, incident_id, now, text("incident.moment.acknowledged")):
        return _already(tx, incident_id)
    return Done(text("incident.you_acknowledged"))


def seen_acknowledged(actor: Actor, tx: Tx, incident_id: str, now: datetime, said: Text) -> bool:
    """Write down that somebody has acknowledged it, here or elsewhere; False where somebody had before."""
    changed = tx.execute(
        update(incidents)
        .where(incidents.c.id == incident_id, incidents.c.state.in_((IncidentState.OPEN, IncidentState.STALE)))
        .values(
            state=IncidentState.ACKNOWLEDGED,
            acknowledged_at=now,
            acknowledged_by=str(actor),
            version=incidents.c.version + 1,
        )
    ).rowcount
    if changed:
        paging.acknowledged(tx, ref(incident_id), actor, now)
        _tell(tx, incident_id, now, actor, said)
    return bool(changed)


def resolve(actor: Actor, tx: Tx, incident_id: str, fix: Fix, now: datetime, authorise: Authorise) -> Answer:
    """Have the incident resolved by this person, who dismisses what is still open in it.

    What a run repaired of it is part of the fix, unless they say that something else helped.
    """
    if why := authorise(tx, actor, "incident.resolve"):
        return Refused(why)
    current = queries.locked(tx, incident_id)
    if current is None or current.state not in UNRESOLVED:
        return _already(tx, incident_id)
    dismissed = tx.execute(
        update(occurrences)
        .where(occurrences.c.incident_id == incident_id, occurrences.c.state.in_(OPEN))
        .values(state=OccurrenceState.DISMISSED, settled_at=now, settled_by=str(actor), due_at=None)
    ).rowcount
    said = text("incident.moment.dismissed", n=dismissed) if dismissed else text("incident.moment.resolved")
    run = repairs.of_incident(tx, incident_id, current.opened_at)
    close(actor, tx, current, now, said, fix=fix.completed_by(repairs.fix(run)) if run else fix)
    return Done(text("incident.you_resolved"))


def note_fix(actor: Actor, tx: Tx, incident_id: str, fix: Fix, now: datetime, authorise: Authorise) -> Answer:
    """Write down cause and fix of an incident that is resolved already, or correct them."""
    if why := authorise(tx, actor, "incident.resolve"):
        return Refused(why)
    current = queries.locked(tx, incident_id)
    if current is None or current.state is not IncidentState.RESOLVED:
        return _already(tx, incident_id)
    known = queries.fix(tx, incident_id)
    noted = fix.corrects(known)
    if noted != known:
        tx.execute(update(incidents).where(incidents.c.id == incident_id).values(**noted.columns()))
        index.learn(tx, current.fingerprint, {}, (noted.remark,))
        _tell(tx, incident_id, now, actor, text("incident.moment.fix_noted"), facts=noted.columns())
    return Done(text("incident.you_noted_fix"))


def open_thread(actor: Actor, tx: Tx, incident_id: str, now: datetime, authorise: Authorise) -> Answer:
    """Have an incident told in a thread of its own that was told on another's card. Who may acknowledge may do so."""
    if why := authorise(tx, actor, "incident.acknowledge"):
        return Refused(why)
    outbox.want_card(tx, ref(incident_id))  # the card that told of it until now says so
    if not outbox.stand_alone(tx, ref(incident_id)):
        known = queries.standing(tx, incident_id)
        return Refused(text("incident.has_thread" if known else "incident.unknown"))
    timeline.record(tx, ref(incident_id), now, actor, text("incident.moment.thread_opened"))
    return Done(text("incident.you_opened"))


def close(actor: Actor, tx: Tx, current: Incident, now: datetime, said: Text, *, fix: Fix | None = None) -> None:
    """Write down that the incident is resolved, by whomever or whatever. Without a fix, what was noted before stays."""
    noted = fix.columns() if fix and fix != Fix() else {}
    healed = not actor.is_person and fix is None and queries.healed_by_itself(tx, current.id)
    tx.execute(
        update(incidents)
        .where(incidents.c.id == current.id)
        .values(
            state=IncidentState.RESOLVED,
            open_key=None,
            resolved_at=now,
            resolved_by=str(actor),
            healed=healed,
            version=incidents.c.version + 1,
            **noted,
        )
    )
    index.learn(tx, current.fingerprint, {}, queries.last_words(tx, current.id))
    holds.end(tx, current.id)
    paging.over(tx, ref(current.id), actor)
    known, told_at = queries.fix(tx, current.id), max(now, current.last_alert_at)  # in the order in which it was heard
    _tell(tx, current.id, told_at, actor, said, facts={**known.columns(), "healed": healed})
    roots.say_what_waits(tx, current.id, now)


def observe(actor: Actor, tx: Tx, tracked: Tracked, dag_run_id: str, seen: Observed, now: datetime) -> None:
    """Write down what was seen of one occurrence; when it was the last open one, the incident is resolved."""
    known = now_seen(tracked, seen)
    before = tracked.state, tracked.try_number, tracked.seen, tracked.dag_run_id
    if before == (seen.state, seen.try_number, known, dag_run_id):
        return
    tracked = queries.with_its_incident_locked(tx, tracked)  # before the occurrence itself, as the intake does
    settled = {} if seen.state.is_open else {"settled_at": now, "settled_by": str(actor), "due_at": None}
    changed = tx.execute(
        update(occurrences)
        .where(occurrences.c.id == tracked.id, occurrences.c.state.in_(OPEN))
        .values(
            state=seen.state,
            try_number=seen.try_number,
            dag_run_id=dag_run_id,
            seen=known.to_json() if known else None,
            **settled,
        )
    ).rowcount
    if not changed:
        return
    if seen.state is not tracked.state:
        said = "waiting" if seen.retry and seen.retry.is_waiting else seen.state.value
        task, run = Code(tracked.task or tracked.dag_id), Code(dag_run_id)
        timeline.record(
            tx, ref(tracked.incident_id), now, actor, text(f"incident.moment.occurrence_{said}", task=task, run=run)
        )
    if seen.state is not tracked.state or known != tracked.seen:
        outbox.want_card(tx, ref(tracked.incident_id))
    if not seen.state.is_open:
        resolve_if_all_settled(actor, tx, tracked.incident_id, now)


def resolve_if_all_settled(actor: Actor, tx: Tx, incident_id: str, now: datetime) -> bool:
    """Resolve the incident if none of its occurrences is open any more; return whether it was."""
    current = queries.locked(tx, incident_id)
    if current is None or current.state not in UNRESOLVED or queries.open_occurrences(tx, incident_id):
        return False
    run = repairs.of_incident(tx, incident_id, current.opened_at)
    if run is None:
        close(actor, tx, current, now, text("incident.moment.all_succeeded"))
    else:
        by, operation = run.confirmer or run.requester, text(f"operation.{run.operation}")
        said = text("incident.moment.repaired", operation=operation)
        close(by, tx, current, now, said, fix=repairs.fix(run))
    return True


def look_again(tx: Tx, incident_id: str) -> None:
    """Have the incident's open occurrences looked at in Airflow now: something was just said about them."""
    _look_now(tx, occurrences.c.incident_id == incident_id)


def look_where_it_works(tx: Tx, run: Run) -> None:
    """Have the open occurrences looked at in Airflow now that this run is about to repair."""
    for name, dag_id, dag_run_id in repairs.places(run):
        here = occurrences.c.airflow == name, occurrences.c.dag_id == dag_id, occurrences.c.dag_run_id == dag_run_id
        _look_now(tx, *here)


def _look_now(tx: Tx, *which: ColumnElement[bool]) -> None:
    tx.execute(update(occurrences).where(*which, occurrences.c.state.in_(OPEN)).values(due_at=NEW))


def _already(tx: Tx, incident_id: str) -> Answer:
    row = queries.standing(tx, incident_id)
    if row is None:
        return Refused(text("incident.unknown"))
    if row.next:
        there = MessageLink(row.next.channel, row.next.ts, text("incident.that_one"), row.next.thread_ts)
        return Refused(text("incident.already.superseded_by", link=there))
    return Refused(text(f"incident.already.{row.state}", by=named(row.by), at=row.at))


def _tell(
    tx: Tx, incident_id: str, now: datetime, actor: Actor, said: Text, *, facts: Mapping[str, Any] | None = None
) -> None:
    timeline.record(tx, ref(incident_id), now, actor, said, facts=facts)
    outbox.want_card(tx, ref(incident_id))
