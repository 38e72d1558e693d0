"""A cover as it is first written down, and as the audit keeps it."""

from datetime import datetime
from typing import Any

from bot.actor import Actor
from bot.covers.model import Cover, Slot, State, Wish
from bot.covers.rules import LONGEST_WHY
from bot.ref import new_id


def first_row(actor: Actor, slot: Slot, wish: Wish, now: datetime) -> dict[str, Any]:
    """Return the columns of a new cover that are the same however it came about."""
    relieved = slot.engineer
    who = (relieved.user or relieved.name) if relieved else ""
    return {
        "id": new_id(now),
        "open_key": f"{slot.schedule}|{who}|{slot.start_at.isoformat()}"[:200],
        "schedule": slot.schedule,
        "is_direct": False,
        "team": actor.team,
        "requester": actor.id,
        "relieved": relieved.user if relieved else None,
        "relieved_name": relieved.name if relieved else "",
        "rotations": list(slot.rotations),
        "start_at": slot.start_at,
        "end_at": slot.end_at,
        "why": wish.why.strip()[:LONGEST_WHY],
        "created_at": now,
        "wanted": 1,
        "state": State.NONE,
        "tries": 0,
        "attempts": 0,
        "version": 0,
    }


def for_the_record(cover: Cover) -> dict[str, Any]:
    """Return what the audit keeps of a cover with each deed."""
    relieved = cover.relieved
    return {
        "schedule": cover.schedule,
        "start": cover.start_at.isoformat(),
        "end": cover.end_at.isoformat(),
        "relieved": (relieved.user or "") if relieved else "",
        "note": relieved.name if relieved and not relieved.user else "",
        "taker": cover.taker or "",
        "reason": cover.why,
        "override": cover.override_id or "",
    }
