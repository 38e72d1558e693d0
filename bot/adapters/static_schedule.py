"""On-call schedules kept in Baton's own configuration: people in turn, with overrides. Needs no network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.adapters import paging
from bot.ports.errors import NotFound, Unsupported
from bot.ports.paging import Ability, Cover, OnCall, Responder, Shift
from bot.ports.paging import Override as StandIn
from bot.ports.shifts import Period, Window, change_after, on_call_at, overlaid
from bot.text import text

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Override:
    """This Slack user stands in from `start` to `end`; times without a zone are in the schedule's."""

    start: datetime
    end: datetime
    user: str


@dataclass(frozen=True, slots=True)
class Rotation:
    """Slack users who each take `every_days` days, in turn, from `starts_on` at `handover`; before that, nobody.

    Handovers keep their wall time in `zone` when its clock changes.
    """

    zone: ZoneInfo
    handover: time
    starts_on: date
    participants: tuple[str, ...]
    overrides: tuple[Override, ...] = ()
    every_days: int = 7

    def __post_init__(self) -> None:
        if not self.participants or self.every_days < 1:
            raise ValueError("a rotation needs a participant and turns of at least one day")
        for override in self.overrides:
            if self._utc(override.start) >= self._utc(override.end):
                raise ValueError(f"the override of {override.user} ends before it begins")

    def periods(self, window: Window) -> Iterator[Period]:
        """Yield the planned turns that touch the window."""
        turn = self.turn_at(window.start_at)
        while (start := self.begins(turn)) < window.end_at:
            user = self.participants[turn % len(self.participants)]
            yield Period((_responder(user),), start, self.begins(turn + 1))
            turn += 1

    def standing_in(self) -> tuple[Period, ...]:
        return tuple(
            Period((_responder(o.user),), self._utc(o.start), self._utc(o.end), is_override=True)
            for o in self.overrides
        )

    def turn_at(self, at: datetime) -> int:
        """Return the number of the turn that runs at a moment, 0 before the first."""
        days = (at.astimezone(self.zone).date() - self.starts_on).days
        turn = days // self.every_days + 1
        while turn > 0 and self.begins(turn) > at:
            turn -= 1
        return max(turn, 0)

    def begins(self, turn: int) -> datetime:
        day = self.starts_on + turn * self.every_days * _DAY
        return datetime.combine(day, self.handover, self.zone).astimezone(UTC)

    def _utc(self, moment: datetime) -> datetime:
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)


class StaticSchedules:
    """Rotations by the name of their schedule, behind the port of on-call schedules."""

    name = "static"
    abilities = frozenset({Ability.OVERRIDES})

    def __init__(self, rotations: Mapping[str, Rotation]) -> None:
        self._rotations = dict(rotations)

    def current(self, schedule: str, at: datetime) -> OnCall:
        shifts, window = self._around(schedule, at)
        return on_call_at(shifts, at, window)

    def next(self, schedule: str, at: datetime) -> OnCall:
        shifts, window = self._around(schedule, at)
        return change_after(shifts, at, window)

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        """Return the shifts that touch [start, end), whole; one person's turns in a row are cut a round outside it."""
        shifts, _ = self._within(schedule, start, end)
        return tuple(shift for shift in shifts if shift.start_at < end and shift.end_at > start)

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[StandIn]:
        made = self._rotation(schedule).standing_in()
        stand_ins = (StandIn(str(place), p.responders[0], p.start_at, p.end_at) for place, p in enumerate(made))
        return paging.touching(stand_ins, start, end)

    def create_override(self, schedule: str, cover: Cover) -> StandIn:  # noqa: ARG002 - the port's signature
        raise Unsupported(self.name, text("vendor.static_override"))

    def delete_override(self, schedule: str, override_id: str) -> None:  # noqa: ARG002 - the port's signature
        raise Unsupported(self.name, text("vendor.static_override"))

    def _rotation(self, schedule: str) -> Rotation:
        if schedule not in self._rotations:
            raise NotFound(self.name, f"no schedule named {schedule}")
        return self._rotations[schedule]

    def _around(self, schedule: str, at: datetime) -> tuple[tuple[Shift, ...], Window]:
        return self._within(schedule, at, at)

    def _within(self, schedule: str, start: datetime, end: datetime) -> tuple[tuple[Shift, ...], Window]:
        """Return the shifts of the time asked for and a whole round of the rotation, or its start, before and after."""
        rotation = self._rotation(schedule)
        margin = (len(rotation.participants) + 1) * rotation.every_days * _DAY
        window = Window(start - margin, max(end + margin, rotation.begins(1)))
        plan = tuple(rotation.periods(window))
        overrides = rotation.standing_in()
        return overlaid(plan, overrides), window


def _responder(user: str) -> Responder:
    return Responder(user, user=user)
