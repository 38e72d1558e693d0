"""Somebody's own shifts: their next one, how it changed, and whether they are to be reminded of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from bot.oncall.model import UpcomingShift

SETTLED = timedelta(minutes=5)
"""A shift that changed is told when it has stayed so for this long: who edits a rota does it in several steps."""


@dataclass(frozen=True, slots=True)
class NextShift:
    """A shift to come. `end_at` is None where it reaches beyond what is known; position 0 responds first."""

    start_at: datetime
    end_at: datetime | None
    position: int = 0

    def to_json(self) -> dict[str, Any]:
        end = self.end_at.isoformat() if self.end_at else None
        return {"start": self.start_at.isoformat(), "end": end, "position": self.position}

    @classmethod
    def from_json(cls, data: Any) -> Self | None:
        """Return what `to_json` wrote; None of nothing."""
        if data is None:
            return None
        end = datetime.fromisoformat(data["end"]) if data["end"] else None
        return cls(datetime.fromisoformat(data["start"]), end, data["position"])


class Move(StrEnum):
    APPEARED = "appeared"
    MOVED = "moved"
    VANISHED = "vanished"


def stretches(shifts: Iterable[UpcomingShift]) -> list[UpcomingShift]:
    """Return somebody's shifts of one schedule with those made one that follow each other in the same place.

    The shifts of a schedule are cut wherever anybody in them changes.
    """
    joined: list[UpcomingShift] = []
    for shift in sorted(shifts, key=lambda each: each.start_at):
        last = joined[-1] if joined else None
        if last and last.end_at == shift.start_at and last.position == shift.position:
            joined[-1] = replace(last, end_at=shift.end_at)
        else:
            joined.append(shift)
    return joined


def next_of(own: Sequence[UpcomingShift], known_until: datetime, now: datetime) -> NextShift | None:
    """Return the first of somebody's stretches that has not begun."""
    coming = next((each for each in own if each.start_at > now), None)
    if coming is None:
        return None
    return NextShift(coming.start_at, coming.end_at if coming.end_at < known_until else None, coming.position)


def move(
    known: NextShift | None,
    found: NextShift | None,
    own: Sequence[UpcomingShift],
    known_until: datetime,
    now: datetime,
) -> Move | None:
    """Return how somebody's next shift changed from what they know, None where nothing but time has passed.

    `known_until` is how far the rota was known then: what comes into sight beyond is no news.
    """
    if known is None:
        return Move.APPEARED if found is not None and found.start_at < known_until else None
    if known.start_at <= now or _is_in_sight(known, own, now):
        return None
    if found is None:
        return Move.VANISHED
    if _is_same(known, found):
        return None
    still = any(each.start_at == known.start_at and each.position == known.position for each in own)
    return Move.APPEARED if still and found.start_at < known.start_at else Move.MOVED


def _is_same(known: NextShift, found: NextShift) -> bool:
    """Tell whether nothing changed, as far as is known: of two ends one may lie beyond that."""
    is_open = known.end_at is None or found.end_at is None
    begins_alike = (known.start_at, known.position) == (found.start_at, found.position)
    return begins_alike and (is_open or known.end_at == found.end_at)


def _is_in_sight(known: NextShift, own: Sequence[UpcomingShift], now: datetime) -> bool:
    """Tell whether the shift they know has become the rest of one that runs already."""
    running = [each for each in own if each.start_at <= now < each.end_at]
    return any(each.end_at >= (known.end_at or known.start_at) and each.end_at > known.start_at for each in running)


def reminders_due(shift: NextShift, before: Sequence[timedelta], now: datetime) -> tuple[timedelta, ...]:
    """Return which reminders of a shift that has not begun are due, the nearest to it first."""
    return tuple(each for each in sorted(before) if shift.start_at - each <= now < shift.start_at)
