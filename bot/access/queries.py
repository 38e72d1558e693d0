"""Grants in the database: load, move along the table, ask their lists to be written."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, or_, select, update

from bot import timeline
from bot.access.members import Member, MemberKind
from bot.access.model import ARROWS, GIVES, OPEN, Ending, Grant, GrantState, Resource, Sent, resource_of
from bot.actor import Actor
from bot.audit import service as audit
from bot.outbox import want_card
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import access_lists, grants
from bot.store.upsert import insert_into
from bot.text import Text, text, text_from_json, to_json

REMEMBERED = timedelta(days=14)  # how long lists show what has ended
_OPEN = [state.value for state in OPEN]


def load(tx: Tx, grant_id: str, *, lock: bool = False) -> Grant | None:
    query = select(grants).where(grants.c.id == grant_id)
    row = tx.execute(query.with_for_update() if lock else query).first()
    return _grant(row) if row else None


def of_run(tx: Tx, run_id: str) -> tuple[Grant, ...]:
    """Return what a run has given or made longer, in a fixed order."""
    mine = or_(grants.c.run_id == run_id, grants.c.extended_by == run_id)
    return grants_in(tx, select(grants).where(mine).order_by(grants.c.resource, grants.c.member))


def open_on(tx: Tx, resource: Resource, *, lock: bool = False) -> tuple[Grant, ...]:
    """Return every grant on that list which has not ended, the oldest first."""
    query = select(grants).where(grants.c.resource == str(resource), grants.c.state.in_(_OPEN)).order_by(grants.c.id)
    return grants_in(tx, query.with_for_update() if lock else query)


def leaving(tx: Tx, ids: Collection[str]) -> frozenset[str]:
    """Return which of these are ids of grants of this install that leave nothing to anybody, unlike a widened one."""
    ours = or_(grants.c.ending.is_(None), grants.c.ending != Ending.WIDENED)
    return frozenset(tx.execute(select(grants.c.id).where(grants.c.id.in_(ids), ours)).scalars() if ids else ())


def of_person(tx: Tx, person: Actor, now: datetime) -> tuple[Grant, ...]:
    """Return what somebody has, or asked for on behalf of others, open ones first by their end."""
    theirs = or_(grants.c.person == str(person), grants.c.asked_by == str(person))
    return _listed(tx, select(grants).where(theirs), now)


def recent(tx: Tx, now: datetime) -> tuple[Grant, ...]:
    """Return every open grant, and those that ended lately."""
    return _listed(tx, select(grants), now)


def past(tx: Tx, now: datetime) -> tuple[Grant, ...]:
    """Return the grants whose time is over and that nobody has begun to end."""
    query = select(grants).where(grants.c.state.in_([state.value for state in GIVES]), grants.c.expires_at <= now)
    return grants_in(tx, query.with_for_update())


def not_reminded(tx: Tx, until: datetime) -> tuple[Grant, ...]:
    """Return what is active, ends before `until`, and nobody was reminded of."""
    mine = grants.c.state == GrantState.ACTIVE, grants.c.expires_at <= until, grants.c.reminded_at.is_(None)
    return grants_in(tx, select(grants).where(*mine).with_for_update())


def move(
    tx: Tx, grant: Grant, to: GrantState, *, at: datetime, by: Actor, deed: str, said: Text, **values: Any
) -> bool:
    """Move the grant along an arrow if it still is what it was, with its audit entry and its moment for people.

    False means that somebody else moved it meanwhile, and nothing was written.
    """
    if to not in ARROWS[grant.state]:
        raise ValueError(f"no arrow leads from {grant.state} to {to}")
    if not note(tx, grant, state=to.value, **values):
        return False
    body = {"from": grant.state.value, "to": to.value, "meaning": ARROWS[grant.state][to], "run": grant.run_id}
    audit.append(tx, at, by, f"grant.{deed}", grant.ref, body | for_the_record(grant))
    timeline.record(tx, grant.ref, at, by, said)
    want_card(tx, grant.ref)
    return True


def note(tx: Tx, grant: Grant, **values: Any) -> bool:
    """Write something down of the grant, if it still is what it was."""
    same = grants.c.id == grant.id, grants.c.version == grant.version
    return tx.execute(update(grants).where(*same).values(**values, version=grant.version + 1)).rowcount == 1


def trouble(tx: Tx, troubled: Iterable[Grant], problem: Text | None) -> None:
    """Show on these grants what is in the way, or that nothing is any more."""
    written = to_json(problem) if problem else None
    for grant in troubled:
        if (to_json(grant.problem) if grant.problem else None) != written:
            tx.execute(update(grants).where(grants.c.id == grant.id).values(problem=written))
            want_card(tx, grant.ref)


def want(tx: Tx, resource: Resource) -> None:
    """Have the list looked at and written now. Whoever holds it sees that more was wanted meanwhile."""
    first = {"resource": str(resource), "wanted": 1, "due_at": NEW, "attempts": 0, "version": 0}
    again = {"wanted": access_lists.c.wanted + 1, "due_at": NEW}
    statement = insert_into(tx.dialect.name, access_lists)
    tx.execute(statement.on_conflict_do_update(index_elements=["resource"], set_=again), first)


def for_the_record(grant: Grant) -> dict[str, Any]:
    return {
        "resource": str(grant.resource),
        "member": str(grant.member),
        "role": grant.role,
        "expires_at": grant.expires_at.isoformat(),
    }


def _listed(tx: Tx, query: Select[Any], now: datetime) -> tuple[Grant, ...]:
    lately = or_(grants.c.state.in_(_OPEN), grants.c.ended_at >= now - REMEMBERED)
    found = grants_in(tx, query.where(lately).order_by(grants.c.expires_at, grants.c.id))
    return tuple(sorted(found, key=lambda each: each.state not in OPEN))


def grants_in(tx: Tx, query: Select[Any]) -> tuple[Grant, ...]:
    """Return the grants that a query for whole rows finds, in its order."""
    return tuple(_grant(row) for row in tx.execute(query))


def _grant(row: Row[Any]) -> Grant:
    told = dict(zip(grants.c.keys(), row, strict=True))
    kind, _, email = row.member.partition(":")
    read = {
        "resource": resource_of(row.resource),
        "member": Member(MemberKind(kind), email),
        "state": GrantState(row.state),
        "asked_by": Actor.parse(row.asked_by),
        "person": Actor.parse(row.person) if row.person else None,
        "sent": Sent(row.sent) if row.sent else None,
        "ending": Ending(row.ending) if row.ending else None,
        "ended_by": Actor.parse(row.ended_by) if row.ended_by else None,
        "problem": text_from_json(row.problem) if row.problem else None,
    }
    return Grant(**{**told, **read})


def new_row(grant: Grant) -> dict[str, Any]:
    """Return the row of a grant that begins."""
    return {
        "id": grant.id,
        "run_id": grant.run_id,
        "resource": str(grant.resource),
        "member": str(grant.member),
        "person": str(grant.person) if grant.person else None,
        "role": grant.role,
        "state": grant.state.value,
        "expires_at": grant.expires_at,
        "self_expiring": grant.self_expiring,
        "reason": grant.reason,
        "asked_by": str(grant.asked_by),
        "created_at": grant.created_at,
    }


def same_versions(one: Sequence[Grant], other: Sequence[Grant]) -> bool:
    return [(each.id, each.version) for each in one] == [(each.id, each.version) for each in other]


def began(tx: Tx, grant: Grant) -> None:
    said = text("grant.moment.agreed", until=grant.expires_at)
    audit.append(tx, grant.created_at, grant.asked_by, "grant.agreed", grant.ref, for_the_record(grant))
    timeline.record(tx, grant.ref, grant.created_at, grant.asked_by, said)
