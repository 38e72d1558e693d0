"""What one answer of the provider proves about the time since the last one. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.oncall.rules import STALE_AFTER
from bot.ports.paging import Nobody, Responder, Shift, Somebody
from bot.ports.shifts import key_of

LOOK_BACK = timedelta(days=35)  # how far the provider's own past is believed after a time without answers


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time with the people on call in it; none is nobody."""

    since: datetime
    until: datetime
    responders: tuple[Responder, ...] = ()
    rotation: str = ""
    is_override: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key_of(responder) for responder in self.responders)


def asked_from(seen_until: datetime | None, now: datetime) -> datetime:
    """Return from when on the provider's own shifts are needed: since it was certain last, at most five weeks."""
    return max(seen_until, now - LOOK_BACK) if seen_until else now - LOOK_BACK


def proven(last: Piece | None, answer: Somebody | Nobody, shifts: Sequence[Shift], now: datetime) -> list[Piece]:
    """Return what is certain now of the time from the end of `last` on, `last` first where it goes on.

    Between two looks a minute apart the answers themselves say it, with the moment of the change. After a longer time
    the provider's shifts say what was meanwhile. At this moment the answer wins: it names people where shifts may
    name their team.
    """
    start = asked_from(last.until if last else None, now)
    is_joined = last is not None and last.until == start
    if last is not None and now - start <= STALE_AFTER:
        before = [last]
    else:
        before = [*([last] if last is not None and is_joined else []), *_filled(shifts, start, now)]
    return list(
        _joined([*_cut(before, _began(before, answer, start, now)), _running(before, answer, shifts, start, now)])
    )


def _began(before: Sequence[Piece], answer: Somebody | Nobody, start: datetime, now: datetime) -> datetime:
    """Return since when the answer holds: it may not reach back behind what is certain."""
    if before and before[-1].keys == _keys(answer):
        return before[-1].since
    return min(max(answer.since or now, start), now)


def _running(
    before: Sequence[Piece], answer: Somebody | Nobody, shifts: Sequence[Shift], start: datetime, now: datetime
) -> Piece:
    responders = answer.responders if isinstance(answer, Somebody) else ()
    planned = next((shift for shift in shifts if shift.start_at <= now < shift.end_at), None)
    since = _began(before, answer, start, now)
    if planned is None or not responders:
        return Piece(since, now, responders)
    return Piece(since, now, responders, planned.rotation, planned.is_override)


def _filled(shifts: Sequence[Shift], start: datetime, end: datetime) -> Iterator[Piece]:
    """Yield what the shifts say of [start, end); where there is none, nobody was on call."""
    at = start
    for shift in sorted(shifts, key=lambda shift: shift.start_at):
        since, until = max(shift.start_at, at), min(shift.end_at, end)
        if since >= until:
            continue
        if at < since:
            yield Piece(at, since)
        yield Piece(since, until, shift.responders, shift.rotation, shift.is_override)
        at = until
    if at < end:
        yield Piece(at, end)


def _cut(pieces: Sequence[Piece], at: datetime) -> Iterator[Piece]:
    """Yield what of the pieces is before a moment, the last of them up to it."""
    kept = [piece for piece in pieces if piece.since < at]
    for position, piece in enumerate(kept):
        is_last = position == len(kept) - 1
        yield replace(piece, until=at if is_last else min(piece.until, at))


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces with neighbours of the same people made one."""
    running: Piece | None = None
    for piece in pieces:
        if running is not None and running.keys == piece.keys and running.until == piece.since:
            is_override = running.is_override or piece.is_override
            running = replace(running, until=piece.until, is_override=is_override)
            continue
        if running is not None:
            yield running
        running = piece
    if running is not None:
        yield running


def _keys(answer: Somebody | Nobody) -> tuple[str, ...]:
    return tuple(key_of(each) for each in answer.responders) if isinstance(answer, Somebody) else ()
