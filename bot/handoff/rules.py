"""The arithmetic of the report. Pure."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from statistics import median
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.handoff.model import Hours, MeanHours
from bot.oncall.hours import is_working
from bot.oncall.model import WorkingHours

SLEEP_FROM, SLEEP_UNTIL = time(23), time(7)
COMPARED = 4  # stretches before, of which the mean is taken
Span = tuple[datetime, datetime]


class Clock(StrEnum):
    """What the hour is to the person who is called."""

    BUSINESS = "business"
    OFF = "off"
    SLEEP = "sleep"


def minutes(spans: Iterable[timedelta]) -> list[float]:
    return [span.total_seconds() / 60 for span in spans]


def middle(values: Sequence[float]) -> float | None:
    """Return the median: of an even number, the mean of the two in the middle. None of nothing."""
    return median(values) if values else None


def ninetieth(values: Sequence[float]) -> float | None:
    """Return the 90th percentile by nearest rank: the smallest value that 90 % of them do not exceed."""
    return sorted(values)[math.ceil(0.9 * len(values)) - 1] if values else None


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def clock_of(at: datetime, zone: str, hours: WorkingHours) -> Clock:
    """Return what hour it is for somebody in that zone: at work, asleep (23:00 to 07:00 on any day), or neither.

    Working hours are the schedule's on the person's own clock; a zone that is unknown is the schedule's.
    """
    theirs = _in_zone(hours, zone)
    if is_working(at, theirs):
        return Clock.BUSINESS
    wall = at.astimezone(theirs.zone).time()
    return Clock.SLEEP if wall >= SLEEP_FROM or wall < SLEEP_UNTIL else Clock.OFF


def _in_zone(hours: WorkingHours, zone: str) -> WorkingHours:
    try:
        return WorkingHours(ZoneInfo(zone), hours.start, hours.end, hours.days, hours.off) if zone else hours
    except (ZoneInfoNotFoundError, ValueError):
        return hours


def hours_of(clocks: Iterable[Clock]) -> Hours:
    counted = list(clocks)
    return Hours(*(counted.count(each) for each in (Clock.BUSINESS, Clock.OFF, Clock.SLEEP)))


def mean_of(before: Sequence[Hours]) -> MeanHours | None:
    """Return the mean of what was written down; None of nothing."""
    n = len(before)
    if not n:
        return None
    sums = ((each.business, each.off, each.sleep) for each in before)
    return MeanHours(*(sum(column) / n for column in zip(*sums, strict=True)))


def covered(spans: Iterable[Span]) -> timedelta:
    """Return how much time lies in at least one of the spans."""
    total, reached = timedelta(0), None
    for start, end in sorted(spans):
        begin = start if reached is None else max(start, reached)
        if begin < end:
            total, reached = total + (end - begin), end
    return total


def within(start: datetime, end: datetime, window: Span) -> Span | None:
    """Return the part of a span that lies in the window."""
    since, until = max(start, window[0]), min(end, window[1])
    return (since, until) if since < until else None
