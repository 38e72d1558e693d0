"""The weekly digest for a team's lead: when it is due, and what it says of each schedule. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.handoff.drawing import week as point_of
from bot.handoff.drawn import Week
from bot.handoff.model import Name, Repeat, Report, Scope
from bot.incidents.fix import Remedy

WEEKS = 8
MOST_NOISY = 5
NOISY = 3  # raisings in eight weeks from which on something is worth a word
STILL_NEWS = timedelta(days=3)  # a digest that could not be told for longer is not told any more
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """Where the digest goes, and when: on a weekday (Monday is 0) at a time of day in a zone."""

    to: str
    weekday: int
    at: time
    zone: ZoneInfo
    language: str

    def last_due(self, now: datetime) -> datetime:
        """Return the newest moment at which a digest was due."""
        today = now.astimezone(self.zone).date()
        day = today - timedelta(days=(today.weekday() - self.weekday) % 7)
        due = datetime.combine(day, self.at, self.zone).astimezone(UTC)
        return due if due <= now else datetime.combine(day - _WEEK, self.at, self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Point:
    """One week: its figures, and how often anybody was called outside working hours. None: not known."""

    week: Week
    out_of_hours: int | None


@dataclass(frozen=True, slots=True)
class Noisy:
    """What broke again and again. `remedy` is what helped last; without one a silence may be the better answer."""

    incident: str
    name: str
    times: int
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """How often one person was called last week, and in the mean of the four weeks before, if anything is known."""

    user: str
    business: int
    off: int
    sleep: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Section:
    """One schedule's eight weeks, the oldest first. `no_action` is the share of last week that needed nobody."""

    schedule: str
    points: tuple[Point, ...]
    noisy: tuple[Noisy, ...]
    load: tuple[Load, ...]
    no_action: float | None

    @property
    def known(self) -> int:
        """How many of the weeks something is known of."""
        return sum(1 for each in self.points if each.week.raised is not None)

    @property
    def is_quiet(self) -> bool:
        return self.points[-1].week.raised == 0 and not any(each.business + each.off + each.sleep for each in self.load)

    def to_json(self) -> dict[str, Any]:
        return {
            "schedule": self.schedule,
            "points": [_point_to(each) for each in self.points],
            "noisy": [[each.incident, each.name, each.times, each.remedy] for each in self.noisy],
            "load": [[each.user, each.business, each.off, each.sleep, each.mean] for each in self.load],
            "no_action": self.no_action,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote."""
        return cls(
            data["schedule"],
            tuple(_point_from(each) for each in data["points"]),
            tuple(Noisy(*each) for each in data["noisy"]),
            tuple(Load(*each) for each in data["load"]),
            data["no_action"],
        )


@dataclass(frozen=True, slots=True)
class DigestCard:
    """A digest as it was told at `told_at`; it was due at `until`, where its weeks end."""

    until: datetime
    told_at: datetime
    sections: tuple[Section, ...]

    @property
    def is_late(self) -> bool:
        return self.told_at - self.until > timedelta(minutes=30)


def stretches(until: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Return the eight weeks that end at a moment, the oldest first: each from one digest to the next on the wall."""
    wall = until.astimezone(zone)
    ends = [(wall - n * _WEEK).astimezone(UTC) for n in range(WEEKS, -1, -1)]
    return tuple(pairwise(ends))


def section(scope: Scope, weeks: Sequence[Report], whole: Report) -> Section:
    """Return what eight weekly reports and that of the whole time say of one schedule."""
    last = weeks[-1]
    return Section(
        scope.schedule,
        tuple(Point(point_of(each, scope.hours), _out_of_hours(each)) for each in weeks),
        tuple(_noisy(each) for each in whole.repeats if each.times >= NOISY)[:MOST_NOISY],
        _load(last),
        last.figures[Name.NO_ACTION].value,
    )


def _out_of_hours(report: Report) -> int | None:
    if report.figures[Name.CALLED].value is None:
        return None
    return sum(each.hours.off + each.hours.sleep for each in report.workload)


def _noisy(repeat: Repeat) -> Noisy:
    fix = repeat.last_fix
    remedy = fix and (fix.remedy or (Remedy.OTHER if fix.remark else None))
    return Noisy(repeat.item.ref.id, repeat.item.name, repeat.times, remedy.value if remedy else None)


def _load(last: Report) -> tuple[Load, ...]:
    if last.figures[Name.CALLED].value is None:
        return ()
    found = (
        Load(
            each.user,
            each.hours.business,
            each.hours.off,
            each.hours.sleep,
            each.mean_of_four.total if each.mean_of_four else None,
        )
        for each in last.workload
    )
    return tuple(sorted(found, key=lambda each: -(each.business + each.off + each.sleep)))


def _point_to(point: Point) -> list[Any]:
    week = point.week
    return [week.day.isoformat(), week.raised, week.mtta_minutes, week.mttr_minutes, point.out_of_hours]


def _point_from(data: Sequence[Any]) -> Point:
    day, raised, mtta, mttr, out_of_hours = data
    return Point(Week(date.fromisoformat(day), raised, mtta, mttr), out_of_hours)
