"""Whom a page calls next where nobody answers, and when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Level(IntEnum):
    """Who was called so far; each is called once for a page."""

    FIRST = 0
    SECOND = 1
    TEAM = 2


@dataclass(frozen=True, slots=True)
class Rest:
    """Nobody else is called."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody is called before `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """These are called now, and at `next_at` it is decided again; None: they are the last."""

    level: Level
    next_at: datetime | None


Escalation = Rest | Wait | Call


@dataclass(frozen=True, slots=True)
class Standing:
    """How a page stands: who was called, when the next are due, and what speaks against calling them."""

    level: Level
    next_at: datetime | None
    is_unanswered: bool
    has_second: bool
    silenced_until: datetime | None = None


def escalation(standing: Standing, every: timedelta | None, now: datetime) -> Escalation:
    """Return whom to call now. Without a second on call the team's turn comes at once; a silence holds everything."""
    if every is None or not standing.is_unanswered or standing.next_at is None or standing.level is Level.TEAM:
        return Rest()
    if now < standing.next_at:
        return Wait(standing.next_at)
    if standing.silenced_until is not None and now < standing.silenced_until:
        return Wait(standing.silenced_until)
    if standing.level is Level.FIRST and standing.has_second:
        return Call(Level.SECOND, now + every)
    return Call(Level.TEAM, None)
