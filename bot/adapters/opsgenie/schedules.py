"""Opsgenie behind the port of on-call schedules."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import quote

from bot.adapters import paging
from bot.adapters.opsgenie import wire
from bot.adapters.opsgenie.api import Api
from bot.adapters.opsgenie.overrides import Overrides
from bot.ports.errors import VendorError
from bot.ports.paging import Ability, Cover, Nobody, OnCall, Override, Responder, Shift, Somebody, Unknown
from bot.ports.shifts import Window, change_after, key_of, merged, on_call_at

_LONG = timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far around a moment to ask. Windows start at a unit's start or at the date itself: ask a unit more."""

    unit: str
    before: timedelta
    interval: int


_AROUND = (_Reach("weeks", timedelta(weeks=2), 6), _Reach("months", timedelta(days=93), 9))


class OpsgenieSchedules:
    """Who is on call by Opsgenie. A schedule is named by its id or its name."""

    name = "opsgenie"
    abilities = frozenset({Ability.OVERRIDES, Ability.COVER, Ability.EMAILS})

    def __init__(self, api: Api) -> None:
        self._api = api

    def close(self) -> None:
        self._api.close()

    def current(self, schedule: str, at: datetime) -> OnCall:
        """Return who is on call, the earliest level of escalations first, then by the order of rotations.

        Who it is comes from the on-calls answer, the times from the timeline, where it can be read and agrees.
        """
        try:
            people = self._people(schedule, at)
        except wire.Opaque as opaque:
            return Unknown(f"Opsgenie names no person for {opaque}")
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
            people = self._people(schedule, change.since)
        except wire.Opaque:
            return change
        return replace(change, responders=_ordered(people, change.responders) or change.responders)

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        """Return the merged final shifts that touch [start, end); long ones may be cut beyond a unit outside it."""
        reach = _reach(end - start)
        found, _ = self._timeline(schedule, start, reach)
        return tuple(shift for shift in found if shift.start_at < end and shift.end_at > start)

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[Override]:
        return paging.touching(self._overrides(schedule).all(), start, end)

    def create_override(self, schedule: str, cover: Cover) -> Override:
        return self._overrides(schedule).create(cover)

    def delete_override(self, schedule: str, override_id: str) -> None:
        self._overrides(schedule).delete(override_id)

    def _overrides(self, schedule: str) -> Overrides:
        return Overrides(self._api, _path(schedule), {"scheduleIdentifierType": _identifier(schedule)})

    def _people(self, schedule: str, at: datetime) -> list[wire.Called]:
        params = {"scheduleIdentifierType": _identifier(schedule), "flat": "false", "date": _date(at)}
        answer = self._api.get(f"{_path(schedule)}/on-calls", params, wire.OnCallsAnswer)
        return wire.called(answer.data)

    def _around(self, schedule: str, at: datetime) -> tuple[Sequence[Shift], datetime, Window]:
        """Return the shifts around a moment, from a window that holds both ends of the present one if any does."""
        for reach in _AROUND:
            shifts, window = self._timeline(schedule, at, reach)
            state = on_call_at(shifts, at, window)
            if state.since and state.until:
                break
        return shifts, at, window

    def _timeline(self, schedule: str, at: datetime, reach: _Reach) -> tuple[Sequence[Shift], Window]:
        params: dict[str, str | int] = {
            "identifierType": _identifier(schedule),
            "date": _date(at - reach.before),
            "interval": reach.interval,
            "intervalUnit": reach.unit,
        }
        answer = self._api.get(f"{_path(schedule)}/timeline", params, wire.TimelineAnswer)
        return merged(wire.periods(answer.data)), wire.window(answer.data)


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


def _path(schedule: str) -> str:
    return f"/v2/schedules/{quote(schedule, safe='')}"


def _identifier(schedule: str) -> str:
    return "id" if wire.is_id(schedule) else "name"


def _date(at: datetime) -> str:
    """Return the moment as Opsgenie reads it, to the second and with an offset."""
    return at.isoformat(timespec="seconds")
