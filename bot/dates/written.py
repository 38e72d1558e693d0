"""Sets of dates in the one form that means the same to everybody at any time: `2026-11-20..2026-11-22, 2026-11-25`."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

Dates = tuple[date, ...]
"""Different dates, the earliest first."""

DAY = timedelta(days=1)
LONGEST = 366  # dates in what one person writes at once
_SPAN = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?", re.ASCII)


def ordered(dates: Iterable[date]) -> Dates:
    return tuple(sorted(set(dates)))


def between(first: date, last: date) -> Dates:
    """Return every date from the first to the last, both included."""
    return tuple(first + n * DAY for n in range((last - first).days + 1))


def write(dates: Dates) -> str:
    """Return what `read` reads back."""
    spans = (f"{first}..{last}" if first != last else f"{first}" for first, last in stretches(dates))
    return ", ".join(spans)


def read(written: str) -> Dates:
    """Return the dates of what `write` wrote. Raises ValueError for anything else."""
    return ordered(each for span in written.split(", ") for each in _stretch(span))


def _stretch(span: str) -> Dates:
    match = _SPAN.fullmatch(span)
    if match is None:
        raise ValueError(f"{span!r} is no stretch of dates")
    first = date.fromisoformat(match[1])
    last = date.fromisoformat(match[2]) if match[2] else first
    if not timedelta(0) <= last - first < LONGEST * DAY:
        raise ValueError(f"{span!r} is backwards, or too long")
    return between(first, last)


def stretches(dates: Dates) -> Iterator[tuple[date, date]]:
    """Yield the first and the last date of each stretch without a gap."""
    start: date | None = None
    for index, each in enumerate(dates):
        start = start or each
        if index + 1 == len(dates) or dates[index + 1] != each + DAY:
            yield start, each
            start = None
