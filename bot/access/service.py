"""Grants begin, last longer, and end: by a run, by the people they concern, by time. Google is written elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import outbox
from bot.access import queries
from bot.access.model import GIVES, TAKES, Ending, Grant, GrantState, Wish
from bot.access.telling import holder, moment
from bot.actor import BATON, Actor, named
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.tables import grants
from bot.store.upsert import insert_if_new
from bot.text import Text, text

Owns = Callable[[Tx, Actor, Grant], Text | None]
"""Return why this actor does not speak for the owner of what was granted, or None where they do."""


@dataclass(frozen=True, slots=True)
class Done:
    grant: Grant
    said: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed."""

    said: Text


Answer = Done | Refused


def begin(tx: Tx, wish: Wish, now: datetime) -> tuple[Grant, ...]:
    """Write down what an agreed run gives, once however often it is called; the lists are written after that."""
    place = outbox.thread_of(tx, Ref("run", wish.run_id))
    for grantee in wish.grantees:
        grant = Grant(
            id=new_id(now),
            run_id=wish.run_id,
            resource=wish.resource,
            member=grantee.member,
            role=wish.role,
            state=GrantState.ACTIVATING,
            expires_at=now + wish.lasts,
            reason=wish.reason,
            asked_by=wish.asked_by,
            created_at=now,
            person=grantee.person,
            self_expiring=wish.self_expiring,
        )
        key = ["run_id", "resource", "member", "role"]
        if insert_if_new(tx, grants, queries.new_row(grant), key=key):
            queries.began(tx, grant)
            if place is not None:
                outbox.want_card(tx, grant.ref, place)
    queries.want(tx, wish.resource)
    members = {grantee.member for grantee in wish.grantees}
    return tuple(each for each in queries.of_run(tx, wish.run_id) if each.member in members)


def extend(tx: Tx, grant_id: str, run_id: str, lasts: timedelta, by: Actor, now: datetime) -> Grant | None:
    """Have a grant end later, once for each run; None where it has ended or is ending by now."""
    grant = queries.load(tx, grant_id, lock=True)
    if grant is None or grant.extended_by == run_id:
        return grant
    if grant.state not in GIVES or grant.expires_at <= now:
        return None
    until = max(grant.expires_at, now + lasts)
    values = {"expires_at": until, "extended_by": run_id, "reminded_at": None}
    said = text("grant.moment.extended", until=until)
    queries.move(tx, grant, grant.state, at=now, by=by, deed="extended", said=said, **values)
    if grant.self_expiring:
        queries.want(tx, grant.resource)
    return queries.load(tx, grant_id)


def end(tx: Tx, grant: Grant, ending: Ending, by: Actor, now: datetime) -> bool:
    """Begin to take the access away; what was never sent to Google is over at once. False: it was moved meanwhile."""
    values: dict[str, Any] = {"ending": ending.value, "ended_by": str(by), "problem": None}
    if grant.state is GrantState.ACTIVATING and grant.sent is None:
        values |= {"ended_at": now}
        said = moment(ending)
        return queries.move(tx, grant, GrantState.ENDED, at=now, by=by, deed=ending.value, said=said, **values)
    values |= {"sent": None, "tries": 0}
    moved = queries.move(
        tx, grant, GrantState.REVOKING, at=now, by=by, deed=ending.value, said=moment(ending), **values
    )
    queries.want(tx, grant.resource)
    return moved


def end_now(actor: Actor, tx: Tx, grant_id: str, now: datetime, owns: Owns) -> Answer:
    """End access before its time: whoever has it or asked for it gives it back, its owner revokes it."""
    grant = queries.load(tx, grant_id, lock=True)
    if grant is None:
        return Refused(text("grant.unknown"))
    is_theirs = actor in {grant.person, grant.asked_by}
    if not is_theirs and (why := owns(tx, actor, grant)):
        return Refused(text("grant.not_yours", who=holder(grant), why=why))
    if grant.state not in GIVES:
        return Refused(elsewhere(grant))
    ending = Ending.GIVEN_BACK if is_theirs else Ending.REVOKED
    end(tx, grant, ending, actor, now)
    return Done(grant, text("grant.ending_now", who=holder(grant)))


def may_extend(actor: Actor, tx: Tx, grant_id: str, owns: Owns) -> Grant | Text:
    """Return the grant that this person may ask to last longer, or why not."""
    grant = queries.load(tx, grant_id)
    if grant is None:
        return text("grant.unknown")
    if actor not in {grant.person, grant.asked_by} and (why := owns(tx, actor, grant)):
        return text("grant.not_yours", who=holder(grant), why=why)
    return grant if grant.state in GIVES else elsewhere(grant)


def expire(tx: Tx, now: datetime) -> int:
    """Begin to take away what is past its time; return how many."""
    over = queries.past(tx, now)
    return sum(end(tx, grant, Ending.EXPIRED, BATON, now) for grant in over)


def elsewhere(grant: Grant) -> Text:
    """Say how it stands, to somebody who pressed a button of an earlier state."""
    if grant.state in TAKES:
        return text("grant.now.ending", who=holder(grant))
    return text("grant.now.ended", who=holder(grant), at=grant.ended_at or grant.expires_at, by=named(grant.ended_by))
