"""Who is on call when: rotations, overrides, forwarding and gaps laid over each other. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

Kind = Literal["default", "override", "forwarding", "historical"]
STEPS: Final = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Participant:
    """A user by e-mail, or a team or escalation with members of its own, or nobody."""

    type: Literal["user", "team", "escalation", "none"]
    id: str
    name: str
    members: tuple[Participant, ...] = ()

    def usernames(self) -> list[str]:
        """Everybody behind it, in order; later levels of an escalation included."""
        if self.type == "user":
            return [self.name]
        return [name for member in self.members for name in member.usernames()]


@dataclass(frozen=True, slots=True)
class Period:
    start: datetime
    end: datetime
    recipient: Participant
    type: Kind = "default"
    from_user: str | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def within(self, start: datetime, end: datetime) -> Period:
        return replace(self, start=max(self.start, start), end=min(self.end, end))


@dataclass(frozen=True, slots=True)
class Rotation:
    id: str
    name: str
    type: Literal["hourly", "daily", "weekly"]
    length: int
    starts_at: datetime  # wall-clock time in the schedule's zone, without zone
    zone: str
    participants: tuple[Participant, ...]

    def boundary(self, number: int) -> datetime:
        """The moment at which shift `number` begins. Days and weeks keep the wall-clock hour over DST."""
        step = STEPS[self.type] * self.length * number
        if self.type == "hourly":
            return self.starts_at.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC) + step
        return (self.starts_at + step).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def shifts(self, start: datetime, end: datetime) -> Iterator[Period]:
        """The shifts that overlap the window, whole."""
        first = self.boundary(0)
        number = max(0, int((start - first) / (STEPS[self.type] * self.length)) - 1)
        while (begin := self.boundary(number)) < end:
            finish = self.boundary(number + 1)
            if finish > start:
                yield Period(begin, finish, self.participants[number % len(self.participants)])
            number += 1


@dataclass(frozen=True, slots=True)
class Override:
    alias: str
    user: Participant
    start: datetime
    end: datetime
    rotations: tuple[str, ...] = ()  # ids; empty = all of them


@dataclass(frozen=True, slots=True)
class Forwarding:
    from_user: str
    to: Participant
    start: datetime
    end: datetime


@dataclass(slots=True)
class Schedule:
    id: str
    name: str
    timezone: str
    rotations: list[Rotation]
    enabled: bool = True
    overrides: list[Override] = field(default_factory=list)
    forwardings: list[Forwarding] = field(default_factory=list)
    gaps: list[tuple[datetime, datetime]] = field(default_factory=list)

    def base(self, rotation: Rotation, start: datetime, end: datetime) -> list[Period]:
        """The rotation alone, inside the window, without gaps and without anything laid over it."""
        periods = [shift.within(start, end) for shift in rotation.shifts(start, end)]
        for gap_start, gap_end in self.gaps:
            periods = [part for period in periods for part in _without(period, gap_start, gap_end)]
        return periods

    def covers(self, rotation: Rotation, start: datetime, end: datetime) -> list[Period]:
        """The overrides of this rotation inside the window."""
        return [
            Period(made.start, made.end, made.user, "override").within(start, end)
            for made in self.overrides
            if made.start < end and made.end > start and (not made.rotations or rotation.id in made.rotations)
        ]

    def forwarded(self, periods: list[Period]) -> list[Period]:
        """What forwarding rules make of these periods: only the forwarded parts."""
        return [
            replace(period.within(rule.start, rule.end), recipient=rule.to, type="forwarding", from_user=rule.from_user)
            for period in periods
            for rule in self.forwardings
            if period.recipient.name == rule.from_user and period.start < rule.end and period.end > rule.start
        ]

    def final(self, rotation: Rotation, start: datetime, end: datetime) -> list[Period]:
        """Who is really on call in this rotation, in order; a time that no period covers is a gap."""
        periods = _laid_over(self.base(rotation, start, end), self.covers(rotation, start, end))
        return _laid_over(periods, self.forwarded(periods))

    def on_call(self, rotation: Rotation, moment: datetime) -> Participant | None:
        for period in self.final(rotation, moment, moment + timedelta(seconds=1)):
            if period.covers(moment):
                return None if period.recipient.type == "none" else period.recipient
        return None


def split_at(periods: list[Period], now: datetime) -> list[Period]:
    """As the API shows them: what lies before now is `historical`, a running shift is cut in two."""
    past = [replace(period.within(period.start, now), type="historical") for period in periods if period.start < now]
    ahead = [period.within(now, period.end) for period in periods if period.end > now]
    return past + ahead


def window(zone: str, at: datetime, interval: int, unit: str) -> tuple[datetime, datetime]:
    """From the start of the unit that holds `at`, in the schedule's zone, over `interval` units."""
    day = at.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if unit == "months":
        first = day.replace(day=1)
        months = first.year * 12 + first.month - 1 + interval
        last = first.replace(year=months // 12, month=months % 12 + 1)
    elif unit == "weeks":
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(weeks=interval)
    else:
        first, last = day, day + timedelta(days=interval)
    return _moment(first, zone), _moment(last, zone)


def _moment(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _laid_over(periods: list[Period], over: list[Period]) -> list[Period]:
    """The periods with these put on top, each cutting away what lies beneath it."""
    for top in over:
        periods = [part for period in periods for part in _without(period, top.start, top.end)]
        periods.append(top)
    return sorted(periods, key=lambda period: period.start)


def _without(period: Period, start: datetime, end: datetime) -> list[Period]:
    if start >= period.end or end <= period.start:
        return [period]
    parts = [replace(period, end=start), replace(period, start=end)]
    return [part for part in parts if part.start < part.end]
