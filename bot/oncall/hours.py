"""Working hours by the wall clock of a zone, whatever the clocks of that zone do. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.oncall.model import WorkingHours

_DAY = timedelta(days=1)
_LOOKED_THROUGH = 60  # days: longer than any holidays


def is_working(at: datetime, hours: WorkingHours) -> bool:
    return any(start <= at < end for start, end in _periods(hours, _around(at, hours, -1, 2)))


def next_start(at: datetime, hours: WorkingHours) -> datetime:
    """Return the first start of working hours after `at`, in UTC."""
    return _first(at, hours, -1, _LOOKED_THROUGH, lambda start: start > at)


def last_start(at: datetime, hours: WorkingHours) -> datetime:
    """Return the last start of working hours up to `at`, in UTC: that of the period which runs, if one does."""
    return _first(at, hours, 1, -_LOOKED_THROUGH, lambda start: start <= at)


def _first(at: datetime, hours: WorkingHours, begin: int, end: int, fits: Callable[[datetime], bool]) -> datetime:
    """Return the first start that fits. Where all days in reach are off, that counts for nothing: work begins again."""
    for looked_at in (hours, replace(hours, off=frozenset())):
        for start, _ in _periods(looked_at, _around(at, hours, begin, end)):
            if fits(start):
                return start
    raise AssertionError("working hours have a day in every week")


def _around(at: datetime, hours: WorkingHours, first: int, end: int) -> Iterator[date]:
    """Yield the days from the `first`, counted from that of `at`, towards `end`."""
    today = at.astimezone(hours.zone).date()
    return (today + _DAY * n for n in range(first, end, 1 if first < end else -1))


def _periods(hours: WorkingHours, days: Iterator[date]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working hours of these days, in UTC.

    A wall time that the clock skips counts as the one that is shown instead; one that comes twice, as the first.
    """
    for day in days:
        if day.weekday() in hours.days and day not in hours.off:
            start, end = (datetime.combine(day, wall, hours.zone).astimezone(UTC) for wall in (hours.start, hours.end))
            if start < end:  # a change of the clock can leave nothing of short hours
                yield start, end


def after_working(at: datetime, span: timedelta, hours: WorkingHours) -> datetime:
    """Return when so much working time has passed since `at`, in UTC; the last moment of a day rather than the next.

    Zero is the present moment in working hours, else the next start of work.
    """
    looked_at, left = at, span
    while True:
        start = looked_at if is_working(looked_at, hours) else next_start(looked_at, hours)
        end = _end_of(start, hours)
        if start + left <= end:
            return start + left
        left, looked_at = left - (end - start), end


def worked(start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """Return how much working time lies between two moments; zero where `end` is not after `start`."""
    days = (end.astimezone(hours.zone).date() - start.astimezone(hours.zone).date()).days + 2
    spans = _periods(hours, _around(start, hours, -1, max(days, 1)))
    return sum((max(min(end, to) - max(start, from_), timedelta(0)) for from_, to in spans), timedelta(0))


def _end_of(at: datetime, hours: WorkingHours) -> datetime:
    """Return the end of the working hours that run at that moment."""
    for looked_at in (hours, replace(hours, off=frozenset())):
        for start, end in _periods(looked_at, _around(at, hours, -1, 2)):
            if start <= at < end:
                return end
    raise AssertionError("a start of working hours is within them")
