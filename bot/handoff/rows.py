"""Handoffs and what they leave to do, from their tables."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, or_, select, true

from bot import outbox
from bot.handoff.life import Effort, FollowUp, Handoff, Said, State, users
from bot.oncall.model import Doubt, Engineer
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import follow_ups, handoffs

LOOKED_BACK = timedelta(days=7)  # for handoffs that still wait for something


@dataclass(frozen=True, slots=True)
class Canvased:
    """A handoff with its canvas."""

    handoff: Handoff
    canvas_id: str


def card_ref(handoff_id: str) -> Ref:
    """Return what the posted handoff goes by."""
    return Ref("handoff", handoff_id)


def draft_ref(handoff_id: str) -> Ref:
    """Return what the draft that its writer sees goes by."""
    return Ref("handoff-draft", handoff_id)


def load(tx: Tx, handoff_id: str, *, lock: bool = False) -> Handoff | None:
    return _one(tx, select(handoffs).where(handoffs.c.id == handoff_id), lock=lock)


def open_one(tx: Tx, schedule: str, *, lock: bool = False) -> Handoff | None:
    """Return the handoff of the running turn: the next one of this schedule."""
    return _one(tx, select(handoffs).where(handoffs.c.open_key == schedule), lock=lock)


def last_one(tx: Tx, schedule: str) -> Handoff | None:
    """Return the newest handoff whose shift has ended."""
    ended = handoffs.c.schedule == schedule, handoffs.c.open_key.is_(None)
    return _one(tx, select(handoffs).where(*ended).order_by(handoffs.c.shift_start.desc()).limit(1), lock=False)


def posted_between(tx: Tx, schedule: str, start: datetime, end: datetime) -> tuple[str, ...]:
    """Return the ids of the posted handoffs whose turns reach into [start, end), the oldest first."""
    of_it = handoffs.c.schedule == schedule, handoffs.c.posted_at.is_not(None)
    here = handoffs.c.since < end, handoffs.c.boundary_at > start
    return tuple(tx.execute(select(handoffs.c.id).where(*of_it, *here).order_by(handoffs.c.since)).scalars())


def waiting(tx: Tx, schedule: str, now: datetime) -> tuple[Handoff, ...]:
    """Return what is unposted or unaccepted of this schedule, the oldest first, locked."""
    of_it = handoffs.c.schedule == schedule, handoffs.c.state != State.ACCEPTED
    recent = or_(handoffs.c.posted_at.is_(None), handoffs.c.posted_at > now - LOOKED_BACK)
    found = select(handoffs).where(*of_it, recent).order_by(handoffs.c.shift_start).with_for_update()
    return tuple(handoff_of(row) for row in tx.execute(found))


def unpictured(tx: Tx, now: datetime) -> tuple[Handoff, ...]:
    """Return what was posted lately without its picture, and whose picture is to be tried by now."""
    posted = handoffs.c.state.in_((State.POSTED, State.ACCEPTED)), handoffs.c.posted_at > now - LOOKED_BACK
    due = or_(handoffs.c.picture_due_at.is_(None), handoffs.c.picture_due_at <= now)
    found = tx.execute(select(handoffs).where(*posted, handoffs.c.pictured_at.is_(None), due))
    return tuple(handoff_of(row) for row in found)


def uncanvased(tx: Tx, now: datetime) -> tuple[Handoff, ...]:
    """Return what was posted lately and for which no canvas was asked yet."""
    posted = handoffs.c.state.in_((State.POSTED, State.ACCEPTED)), handoffs.c.posted_at > now - LOOKED_BACK
    rows = tx.execute(select(handoffs).where(*posted, handoffs.c.canvased_at.is_(None)))
    return tuple(handoff_of(row) for row in rows)


def outdated_canvases(tx: Tx, now: datetime) -> tuple[Canvased, ...]:
    """Return what was posted lately and whose card was wanted again since its canvas was written."""
    posted = handoffs.c.canvas_id.is_not(None), handoffs.c.posted_at > now - LOOKED_BACK
    found = tx.execute(select(handoffs).where(*posted)).all()
    changed = (each for each in found if outbox.times_wanted(tx, card_ref(each.id)) > each.canvas_shows)
    return tuple(Canvased(handoff_of(each), each.canvas_id) for each in changed)


def canvas_problem(tx: Tx) -> str | None:
    """Return why the newest handoff has no canvas, or one with older words; None where all is well or unasked."""
    asked = select(handoffs.c.canvas_problem).where(handoffs.c.canvased_at.is_not(None))
    return tx.execute(asked.order_by(handoffs.c.canvased_at.desc()).limit(1)).scalar()


def concerning(tx: Tx, user: str, schedules: Collection[str], now: datetime) -> tuple[Handoff, ...]:
    """Return what of these schedules a Slack user still has to write, sign or accept, soonest first: for their Home."""
    waits = handoffs.c.state.not_in((State.POSTED, State.ACCEPTED))
    unaccepted = (handoffs.c.state == State.POSTED) & (handoffs.c.posted_at > now - LOOKED_BACK)
    kept = handoffs.c.schedule.in_(sorted(schedules))
    rows = tx.execute(select(handoffs).where(kept, or_(waits, unaccepted)).order_by(handoffs.c.boundary_at))
    return tuple(
        each for each in map(handoff_of, rows) if user in users(each.incoming if each.is_out else each.outgoing)
    )


def carried(tx: Tx, handoff: Handoff) -> tuple[FollowUp, ...]:
    """Return what this handoff carries: all that was open while its turn ran, the oldest first."""
    until = handoff.posted_at or handoff.boundary_at
    mine = follow_ups.c.schedule == handoff.schedule
    still = or_(follow_ups.c.done_at.is_(None), follow_ups.c.done_at >= handoff.since)
    known = or_(follow_ups.c.created_at <= until, follow_ups.c.handoff_id == handoff.id) if until else true()
    rows = tx.execute(select(follow_ups).where(mine, still, known).order_by(follow_ups.c.created_at, follow_ups.c.id))
    return tuple(_follow_up(row) for row in rows)


def open_follow_ups(tx: Tx, schedule: str) -> tuple[FollowUp, ...]:
    mine = follow_ups.c.schedule == schedule, follow_ups.c.done_at.is_(None)
    rows = tx.execute(select(follow_ups).where(*mine).order_by(follow_ups.c.created_at, follow_ups.c.id))
    return tuple(_follow_up(row) for row in rows)


def handoff_of(row: Row[Any]) -> Handoff:
    """Return a row as what it says."""
    same = {name: getattr(row, name) for name in _SAME}
    return Handoff(
        **same,
        state=State(row.state),
        outgoing=engineers_from(row.outgoing),
        incoming=engineers_from(row.incoming),
        said=said_from(row.said),
        is_over=row.open_key is None,
    )


_READ = {"state", "outgoing", "incoming", "said", "is_over"}
_SAME = tuple(name for name in Handoff.__slots__ if name not in _READ)


def engineers_from(data: Sequence[Mapping[str, Any]]) -> tuple[Engineer, ...]:
    """Return what `engineers_to` wrote."""
    return tuple(Engineer(each["name"], each["user"], Doubt(each["doubt"]) if each["doubt"] else None) for each in data)


def engineers_to(engineers: Sequence[Engineer]) -> list[dict[str, Any]]:
    return [{"name": each.name, "user": each.user, "doubt": each.doubt} for each in engineers]


def said_from(data: Mapping[str, Any]) -> Said:
    """Return what `said_to` wrote."""
    effort = data.get("effort")
    return Said(data.get("first", ""), data.get("note", ""), Effort(effort) if effort else None, data.get("steps", {}))


def said_to(said: Said) -> dict[str, Any]:
    effort = said.effort.value if said.effort else None
    return {"first": said.first, "note": said.note, "effort": effort, "steps": dict(said.steps)}


def _follow_up(row: Row[Any]) -> FollowUp:
    due = date.fromisoformat(row.due) if row.due else None
    return FollowUp(row.id, row.words, row.owner, due, row.created_at, row.done_at, row.done_by)


def _one(tx: Tx, asked: Select[Any], *, lock: bool) -> Handoff | None:
    row = tx.execute(asked.with_for_update() if lock else asked).first()
    return handoff_of(row) if row is not None else None
