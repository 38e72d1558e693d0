"""The arithmetic of the paging port: from a provider's periods to shifts, and to who is on call at a moment."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from bot.ports.paging import Nobody, OnCall, Responder, Shift, Somebody, Unknown


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of one rotation as a provider cuts it. Rotations of lower `rank` respond first."""

    responders: tuple[Responder, ...]
    start_at: datetime
    end_at: datetime
    rotation: str = ""
    rank: int = 0
    is_override: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time that was asked about: at its edges, shifts are cut and prove no handover."""

    start_at: datetime
    end_at: datetime


def key_of(responder: Responder) -> str:
    """Return what tells two responders apart: the e-mail where there is one, whatever its case."""
    return (responder.email or responder.provider_id).casefold()


def merged(periods: Iterable[Period]) -> tuple[Shift, ...]:
    """Return the shifts that the periods of all rotations make together, in order, gaps left out.

    A new shift begins where the people change, or the order in which they respond. Neither a cut in the middle of
    somebody's time (Opsgenie cuts the running shift at "now") nor passing from one rotation to another of the same
    people does. A shift is an override if any part of it is.
    """
    shifts: list[Shift] = []
    for piece in _pieces(periods):
        if shifts and shifts[-1].end_at == piece.start_at and _same_people(shifts[-1], piece):
            override = shifts[-1].is_override or piece.is_override
            places = tuple(_each_once(*both) for both in zip(shifts[-1].rotations, piece.rotations, strict=True))
            shifts[-1] = replace(shifts[-1], end_at=piece.end_at, is_override=override, rotations=places)
        else:
            shifts.append(piece)
    return tuple(shifts)


def overlaid(plan: Iterable[Period], overrides: Sequence[Period]) -> tuple[Shift, ...]:
    """Return the shifts of a plan of which overrides replace parts; where overrides overlap, the later listed wins."""
    layers = [tuple(plan), *((override,) for override in overrides)]
    moments = sorted({moment for layer in layers for p in layer for moment in (p.start_at, p.end_at)})
    cut: list[Period] = []
    for start, end in pairwise(moments):
        standing = ([p for p in layer if p.start_at <= start < p.end_at] for layer in reversed(layers))
        winners: list[Period] = next((periods for periods in standing if periods), [])
        cut += [replace(period, start_at=start, end_at=end) for period in winners]
    return merged(cut)


def on_call_at(shifts: Sequence[Shift], at: datetime, window: Window) -> Somebody | Nobody:
    """Return who is on call at a moment inside the window; an edge of the window is no `since` and no `until`."""
    for shift in shifts:
        if shift.start_at <= at < shift.end_at:
            since = shift.start_at if shift.start_at > window.start_at else None
            until = shift.end_at if shift.end_at < window.end_at else None
            return Somebody(shift.responders, since, until)
    ended = max((shift.end_at for shift in shifts if shift.end_at <= at), default=None)
    begins = min((shift.start_at for shift in shifts if shift.start_at > at), default=None)
    return Nobody(ended, begins)


def change_after(shifts: Sequence[Shift], at: datetime, window: Window) -> OnCall:
    """Return who is on call after the next change of people, or unknown where the window shows no change."""
    until = on_call_at(shifts, at, window).until
    if until is None:
        return Unknown(f"no change of people is planned before {window.end_at:%Y-%m-%d}")
    return on_call_at(shifts, until, window)


def _pieces(periods: Iterable[Period]) -> Iterator[Shift]:
    """Yield one shift between each two neighbouring moments at which any period begins or ends."""
    real = [period for period in periods if period.responders and period.start_at < period.end_at]
    waiting = sorted(real, key=lambda period: period.start_at, reverse=True)
    active: list[Period] = []
    for start, end in pairwise(sorted({moment for p in real for moment in (p.start_at, p.end_at)})):
        active = [period for period in active if period.end_at > start]
        while waiting and waiting[-1].start_at == start:
            active.append(waiting.pop())
        if active:
            yield _together(sorted(active, key=lambda period: period.rank), start, end)


def _together(periods: Sequence[Period], start: datetime, end: datetime) -> Shift:
    """Return the shift of periods that run at once, each person named where they respond first."""
    people: dict[str, Responder] = {}
    places: dict[str, tuple[str, ...]] = {}
    for period in periods:
        for responder in sorted(period.responders, key=key_of):
            key = key_of(responder)
            people.setdefault(key, responder)
            places[key] = _each_once(places.get(key, ()), (period.rotation,) if period.rotation else ())
    override = any(period.is_override for period in periods)
    return Shift(tuple(people.values()), start, end, periods[0].rotation, override, tuple(places.values()))


def _each_once(*names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for some in names for name in some))


def _same_people(one: Shift, other: Shift) -> bool:
    return [key_of(responder) for responder in one.responders] == [key_of(responder) for responder in other.responders]
