"""A week of a schedule by days, in the zone of who reads it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.oncall.model import Certainty, Engineer, Stint

DAYS = 7
FAR = timedelta(weeks=8)  # how far ahead the coming changes are told


@dataclass(frozen=True, slots=True)
class Day:
    """One day by the wall clock; its stints are cut at midnight. A change of the clock makes it shorter or longer."""

    date: date
    start_at: datetime
    end_at: datetime
    stints: tuple[Stint, ...]

    @property
    def hours(self) -> float:
        return (self.end_at - self.start_at) / timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday. `asked_at` is when the provider was asked last; None: never."""

    schedule: str
    days: tuple[Day, ...]
    asked_at: datetime | None
    is_old: bool = False

    @property
    def hours(self) -> Mapping[Engineer, float]:
        """Return for how many hours each person responds first, the longest first."""
        found: dict[Engineer, timedelta] = {}
        for stint in (each for day in self.days for each in day.stints):
            if stint.engineers and stint.certainty is not Certainty.UNKNOWN:
                first = stint.engineers[0]
                found[first] = found.get(first, timedelta()) + (stint.until - stint.since)
        ordered = sorted(found.items(), key=lambda item: -item[1])
        return {engineer: span / timedelta(hours=1) for engineer, span in ordered}


def monday(now: datetime, zone: ZoneInfo, weeks: int = 0) -> date:
    """Return the Monday of the week that it is in this zone, or so many weeks later."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def span(first: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first and the last moment of the week, in UTC."""
    return _midnight(first, zone), _midnight(first + timedelta(days=DAYS), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days(stints: Sequence[Stint], first: date, zone: ZoneInfo) -> tuple[Day, ...]:
    """Return the days of the week with what of the stints falls into each."""
    return tuple(_day(stints, first + timedelta(days=n), zone) for n in range(DAYS))


def _day(stints: Sequence[Stint], day: date, zone: ZoneInfo) -> Day:
    start, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
    touching = (each for each in stints if each.since < end and each.until > start)
    cut = (replace(each, since=max(each.since, start), until=min(each.until, end)) for each in touching)
    return Day(day, start, end, tuple(cut))


def joined(stints: Sequence[Stint]) -> tuple[Stint, ...]:
    """Return the stints with neighbours of the same people as one: what was and what is planned meet at now."""
    found: list[Stint] = []
    for each in sorted(stints, key=lambda stint: stint.since):
        if found and found[-1].until == each.since and _same(found[-1], each):
            found[-1] = replace(found[-1], until=each.until)
        elif each.since < each.until:
            found.append(each)
    return tuple(found)


def _same(one: Stint, other: Stint) -> bool:
    return (one.engineers, one.certainty, one.is_override) == (other.engineers, other.certainty, other.is_override)


def with_gaps(
    schedule: str, shifts: Sequence[Stint], start: datetime, end: datetime, until: datetime
) -> Iterator[Stint]:
    """Yield the planned shifts in [start, end) and what is between them: gaps, and unknown beyond `until`."""
    at = start
    for shift in sorted(shifts, key=lambda each: each.since):
        if shift.until <= at or shift.since >= end:
            continue
        yield from _nobody(schedule, at, shift.since, until)
        yield replace(shift, since=max(shift.since, at), until=min(shift.until, end))
        at = min(shift.until, end)
    yield from _nobody(schedule, at, end, until)


def _nobody(schedule: str, start: datetime, end: datetime, known_until: datetime) -> Iterator[Stint]:
    known = min(end, max(start, known_until))
    if start < known:
        yield Stint(schedule, start, known, (), Certainty.NOBODY)
    if known < end:
        yield Stint(schedule, known, end, (), Certainty.UNKNOWN)
