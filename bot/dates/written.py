"""Sets of dates in the one form that means the same to everybody at any time: `2026-11-20..2026-11-22, 2026-11-25`."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

Dates = tuple[date, ...]
"""Different dates, the earliest first."""

DAY = timedelta(days=1)
LONGEST = 366  # dates in what one person writes at once


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
    spans = (span.partition("..") for span in written.split(", "))
    return ordered(
        each
        for first, _, last in spans
        for each in between(date.fromisoformat(first), date.fromisoformat(last or first))
    )


def stretches(dates: Dates) -> Iterator[tuple[date, date]]:
    """Yield the first and the last date of each stretch without a gap."""
    start: date | None = None
    for index, each in enumerate(dates):
        start = start or each
        if index + 1 == len(dates) or dates[index + 1] != each + DAY:
            yield start, each
            start = None
