"""Who is on call, as Opsgenie and its successor tell it: on-calls say who, the timeline says when."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.adapters.opsgenie import wire
from bot.ports.errors import VendorError
from bot.ports.paging import Nobody, OnCall, Responder, Shift, Somebody, Unknown
from bot.ports.shifts import Period, Window, change_after, key_of, merged, on_call_at

_LONG = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far around a moment to ask. Windows start at a unit's start or at the date itself: ask a unit more."""

    unit: str
    before: timedelta
    interval: int


_AROUND = (_Reach("weeks", timedelta(weeks=2), 6), _Reach("months", timedelta(days=93), 9))


class Rota(ABC):
    """Current, next and shifts of a vendor's schedules, from its answers about people and periods."""

    vendor: str

    @abstractmethod
    def people(self, schedule: str, at: datetime) -> list[wire.Called]:
        """Return everybody on call. Raises wire.Opaque where it is somebody without a name."""

    @abstractmethod
    def periods(self, schedule: str, start: datetime, interval: int, unit: str) -> tuple[Sequence[Period], Window]:
        """Return the periods of all rotations from about `start`, and the stretch of time that they fill."""

    def current(self, schedule: str, at: datetime) -> OnCall:
        """Return who is on call, the earliest level of escalations first, then by the order of rotations.

        Who it is comes from the on-calls answer, the times from the timeline, where it can be read and agrees.
        """
        try:
            people = self.people(schedule, at)
        except wire.Opaque as opaque:
            return Unknown(f"{self.vendor} names no person for {opaque}")
        try:
            planned = on_call_at(*self._around(schedule, at))
        except VendorError:
            planned = None
        return _agreed(people, planned)

    def next(self, schedule: str, at: datetime) -> OnCall:
        """Return who takes over at the next change of people in the timeline; a team is asked who it will be."""
        shifts, _, window = self._around(schedule, at)
        change = change_after(shifts, at, window)
        if not isinstance(change, Somebody) or change.since is None or all(r.email for r in change.responders):
            return change
        try:
            people = self.people(schedule, change.since)
        except wire.Opaque:
            return change
        return replace(change, responders=_ordered(people, change.responders) or change.responders)

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        """Return the merged final shifts that touch [start, end); long ones may be cut beyond a unit outside it."""
        found, _ = self._timeline(schedule, start, _reach(end - start))
        return tuple(shift for shift in found if shift.start_at < end and shift.end_at > start)

    def _around(self, schedule: str, at: datetime) -> tuple[Sequence[Shift], datetime, Window]:
        """Return the shifts around a moment, from a window that holds both ends of the present one if any does."""
        for reach in _AROUND:
            shifts, window = self._timeline(schedule, at, reach)
            state = on_call_at(shifts, at, window)
            if state.since and state.until:
                break
        return shifts, at, window

    def _timeline(self, schedule: str, at: datetime, reach: _Reach) -> tuple[Sequence[Shift], Window]:
        periods, window = self.periods(schedule, at - reach.before, reach.interval, reach.unit)
        return merged(periods), window


def _agreed(people: list[wire.Called], planned: Somebody | Nobody | None) -> Somebody | Nobody:
    """Return the people with the times of the plan, if the plan is about the same people."""
    match planned:
        case Nobody(since, until) if not people:
            return Nobody(since, until)
        case Somebody(responders, since, until) if people:
            if all(_place(called, responders) is not None for called in people):
                return Somebody(_ordered(people, responders), since, until)
    return Somebody(_ordered(people, ())) if people else Nobody()


def _place(called: wire.Called, plan: Sequence[Responder]) -> int | None:
    """Return where the plan has somebody: by themselves, or by the team through which they are called."""
    own_keys = {key_of(called.via), key_of(called.responder)}
    return next((place for place, responder in enumerate(plan) if key_of(responder) in own_keys), None)


def _ordered(people: list[wire.Called], plan: Sequence[Responder]) -> tuple[Responder, ...]:
    """Return each person once: who is reached earliest first, then by the plan, which knows primary and secondary."""
    first: dict[str, Responder] = {}
    for called in sorted(people, key=lambda called: (called.level, _place(called, plan) or 0)):
        first.setdefault(key_of(called.responder), called.responder)
    return tuple(first.values())


def _reach(span: timedelta) -> _Reach:
    if span <= _LONG:
        return _Reach("weeks", timedelta(weeks=2), span // timedelta(weeks=1) + 5)
    return _Reach("months", timedelta(days=31), span // timedelta(days=28) + 4)
