"""What people do with a handoff: write it, sign it, take it over, tick off what it left to do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update

from bot import outbox, timeline
from bot.actor import Actor
from bot.handoff import rows, telling
from bot.handoff.front import Front
from bot.handoff.life import Handoff, Said, State
from bot.ref import new_id
from bot.store import Tx
from bot.store.tables import follow_ups, handoffs
from bot.text import Text, text


@dataclass(frozen=True, slots=True)
class Done:
    """It is so now."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It was not done; `why` tells the one who asked, and what to do instead."""

    why: Text


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else has saved another version since; nothing was changed."""

    newer: Handoff


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something left to do, as somebody entered it."""

    words: str
    owner: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What the form says; `revision` is of what its writer saw."""

    said: Said
    revision: int
    is_signed: bool
    to_do: ToDo


Answer = Done | Refused


def write(actor: Actor, tx: Tx, handoff_id: str, written: Written, now: datetime, front: Front) -> Answer | Conflict:
    """Keep what the outgoing person says, and sign it where they do; who changes what another signed signs it."""
    handoff = rows.load(tx, handoff_id, lock=True)
    if handoff is None:
        return Refused(text("handoff.refused.unknown"))
    if why := front.why_not_write(tx, actor, handoff, now):
        return Refused(why)
    if handoff.revision != written.revision:
        return Conflict(handoff)
    _add(tx, actor, handoff, written.to_do, now)
    steps = {**handoff.said.steps, **written.said.steps}  # the form asks for the most urgent only
    said = replace(written.said, steps={ref: step for ref, step in steps.items() if step})
    kept = {"said": rows.said_to(said), "revision": handoff.revision + 1}
    _change(tx, handoff, **kept, edited_by=actor.id, edited_at=now)
    if written.is_signed:
        is_theirs = handoff.signed_by in {None, actor.id}
        _sign(tx, actor, handoff if is_theirs else replace(handoff, signed_at=None), now, front)
    _show(tx, handoff)
    return Done()


def sign(actor: Actor, tx: Tx, handoff_id: str, now: datetime, front: Front) -> Answer:
    """Sign it as it is."""
    handoff = rows.load(tx, handoff_id, lock=True)
    if handoff is None:
        return Refused(text("handoff.refused.unknown"))
    if why := front.why_not_write(tx, actor, handoff, now):
        return Refused(why)
    _sign(tx, actor, handoff, now, front)
    _show(tx, handoff)
    return Done()


def _sign(tx: Tx, actor: Actor, handoff: Handoff, now: datetime, front: Front) -> None:
    """Sign it: at once on its way where the shift is over, on the posted card where it is out already."""
    if handoff.signed_at:
        return
    signed = replace(handoff, signed_at=now, signed_by=actor.id)
    _change(tx, handoff, signed_at=now, signed_by=actor.id)
    timeline.record(tx, rows.card_ref(handoff.id), now, actor, text("handoff.timeline.signed"))
    if handoff.is_out:
        return
    if handoff.is_over:
        telling.post(tx, front.desks[handoff.schedule], signed, now)
    else:
        _change(tx, handoff, state=State.SIGNED)


def accept(actor: Actor, tx: Tx, handoff_id: str, now: datetime, front: Front) -> Answer:
    """Take it over. A second press changes nothing."""
    handoff = rows.load(tx, handoff_id, lock=True)
    if handoff is None:
        return Refused(text("handoff.refused.unknown"))
    if why := front.why_not_accept(tx, actor, handoff, now):
        return Refused(why)
    if handoff.state is State.POSTED:
        _change(tx, handoff, state=State.ACCEPTED, accepted_at=now, accepted_by=actor.id)
        timeline.record(tx, rows.card_ref(handoff.id), now, actor, text("handoff.timeline.accepted"))
        outbox.want_card(tx, rows.card_ref(handoff.id))
    return Done()


def follow_up(
    actor: Actor, tx: Tx, handoff_id: str, done: Sequence[str], to_do: ToDo, now: datetime, front: Front
) -> Answer:
    """Tick off what is done and add what is left; any member of the workspace may."""
    handoff = rows.load(tx, handoff_id)
    if handoff is None:
        return Refused(text("handoff.refused.unknown"))
    if why := front.why_no_member(tx, actor, now):
        return Refused(why)
    ticked = follow_ups.c.id.in_(list(done)) & follow_ups.c.done_at.is_(None)
    mine = ticked & (follow_ups.c.schedule == handoff.schedule)
    tx.execute(update(follow_ups).where(mine).values(done_at=now, done_by=actor.id))
    _add(tx, actor, handoff, to_do, now)
    _show(tx, handoff)
    return Done()


def _add(tx: Tx, actor: Actor, handoff: Handoff, to_do: ToDo, now: datetime) -> None:
    if not to_do.words:
        return
    row = {
        "id": new_id(now),
        "schedule": handoff.schedule,
        "handoff_id": handoff.id,
        "words": to_do.words,
        "owner": to_do.owner,
        "due": to_do.due.isoformat() if to_do.due else None,
        "created_at": now,
        "created_by": actor.id,
    }
    tx.execute(insert(follow_ups), row)


def _show(tx: Tx, handoff: Handoff) -> None:
    outbox.want_card(tx, rows.draft_ref(handoff.id))
    outbox.want_card(tx, rows.card_ref(handoff.id))


def _change(tx: Tx, handoff: Handoff, **values: Any) -> None:
    tx.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))
