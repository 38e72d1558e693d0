"""Covers in the database, and whose shifts could be covered: read, and given back as they are by now."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, or_, select, update

from bot.covers import rules
from bot.covers.model import Cover, Slot, Stage, State
from bot.oncall import snapshots
from bot.oncall.model import Engineer
from bot.oncall.queries import Roster, candidates
from bot.oncall.rules import engineer
from bot.ports.shifts import key_of
from bot.store import Tx
from bot.store.claim import NEW, Claim, finish
from bot.store.tables import covers, oncall
from bot.text import text_from_json

AHEAD = timedelta(days=56)  # how far a cover may be asked for


def load(tx: Tx, cover_id: str, *, lock: bool = False) -> Cover | None:
    found = select(covers).where(covers.c.id == cover_id)
    row = tx.execute(found.with_for_update() if lock else found).first()
    return cover_of(row) if row else None


def cover_of(row: Row[Any]) -> Cover:
    relieved = Engineer(row.relieved_name, row.relieved) if row.relieved_name or row.relieved else None
    return Cover(
        id=row.id,
        schedule=row.schedule,
        is_direct=row.is_direct,
        team=row.team,
        requester=row.requester,
        relieved=relieved,
        rotations=tuple(row.rotations),
        start_at=row.start_at,
        end_at=row.end_at,
        expires_at=row.expires_at,
        why=row.why,
        stage=Stage(row.stage),
        state=State(row.state),
        asked=row.asked,
        taker=row.taker,
        person=row.person,
        ended_by=row.ended_by,
        override_id=row.override_id,
        sent_at=row.sent_at,
        tries=row.tries,
        problem=text_from_json(row.problem) if row.problem else None,
    )


def take_turns(tx: Tx, schedule: str) -> None:
    """Let whoever begins a cover of the same schedule wait until this is committed, and then see it."""
    tx.execute(select(oncall.c.schedule).where(oncall.c.schedule == schedule).with_for_update())


def overlapping(tx: Tx, slot: Slot) -> Cover | None:
    """Return what is asked for already, or agreed, of the same person in a part of the same time."""
    user, name = (slot.engineer.user, slot.engineer.name) if slot.engineer else (None, "")
    same = covers.c.relieved == user if user else covers.c.relieved_name == name
    here = covers.c.schedule == slot.schedule, covers.c.end_at > slot.start_at, covers.c.start_at < slot.end_at
    stands = or_(covers.c.stage == Stage.ASKED, (covers.c.stage == Stage.TAKEN) & (covers.c.state != State.FAILED))
    row = tx.execute(select(covers).where(*here, same, stands).order_by(covers.c.id).limit(1)).first()
    return cover_of(row) if row else None


def of_person(tx: Tx, user: str, now: datetime) -> tuple[Cover, ...]:
    """Return the covers that concern somebody and whose time is not over, the soonest first."""
    theirs = or_(covers.c.relieved == user, covers.c.taker == user, covers.c.asked == user)
    alive = covers.c.stage.in_((Stage.ASKED, Stage.TAKEN)), covers.c.end_at > now
    rows = tx.execute(select(covers).where(theirs, *alive).order_by(covers.c.start_at, covers.c.id))
    return tuple(cover_of(row) for row in rows)


def expired(tx: Tx, now: datetime) -> tuple[Cover, ...]:
    """Return what nobody took in time."""
    late = covers.c.stage == Stage.ASKED, covers.c.expires_at <= now
    return tuple(cover_of(row) for row in tx.execute(select(covers).where(*late).order_by(covers.c.id)))


def slots(tx: Tx, roster: Roster, schedule: str, now: datetime) -> tuple[Slot, ...]:
    """Return everybody's places in the shifts that run or come, and the gaps, as the provider told them last."""
    snapshot = snapshots.load(tx, schedule)
    if snapshot is None:
        return ()
    until = min(snapshot.known_until, now + AHEAD)
    responders = {responder for shift in snapshot.shifts for responder in shift.responders}
    known = candidates(tx, responders, roster.identities)
    people = {key_of(each): engineer(each, roster.identities, known) for each in responders}
    return tuple(rules.slots(schedule, snapshot.shifts, people, now, until))


def provider_ids(tx: Tx, roster: Roster, schedule: str, user: str) -> Iterator[str]:
    """Yield by which names the provider itself has spoken of this Slack user, as somebody of this rota."""
    snapshot = snapshots.load(tx, schedule)
    responders = {responder for shift in snapshot.shifts for responder in shift.responders} if snapshot else set()
    known = candidates(tx, responders, roster.identities)
    for responder in sorted(responders, key=key_of):
        if engineer(responder, roster.identities, known).user == user:
            yield responder.email or responder.provider_id


def change(tx: Tx, cover: Cover, **values: Any) -> bool:
    """Write down what people made of it, unless somebody was faster: then nothing, and False."""
    mine = covers.c.id == cover.id, covers.c.stage == cover.stage, covers.c.state == cover.state
    changed = update(covers).where(*mine).values(**values, wanted=covers.c.wanted + 1)
    return tx.execute(changed).rowcount == 1


def is_as_claimed(tx: Tx, claim: Claim) -> bool:
    """Tell whether people still want what they wanted when the row was claimed; they wait until this is committed."""
    wanted = select(covers.c.wanted).where(covers.c.id == claim.row.id).with_for_update()
    return bool(tx.execute(wanted).scalar() == claim.row.wanted)


def send_ahead(tx: Tx, claim: Claim, state: State, now: datetime) -> bool:
    """Write down what is about to be sent while the row is ours and wanted as it was claimed; else nothing is sent."""
    mine = (
        covers.c.id == claim.row.id,
        covers.c.version == claim.version,
        covers.c.lease_owner == claim.owner,
        covers.c.wanted == claim.row.wanted,
    )
    return tx.execute(update(covers).where(*mine).values(state=state.value, sent_at=now)).rowcount == 1


def give_back(tx: Tx, claim: Claim, due_at: datetime | None, **values: Any) -> bool:
    """Give the row back until `due_at`; at once where something else was wanted meanwhile. False: it was lost."""
    return finish(tx, claim, due_at=case((covers.c.wanted > claim.row.wanted, NEW), else_=due_at), **values)
