"""When a dag's schedule is due: five-field cron with numbers, lists, steps and stars, and its presets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

PRESETS: Final = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}
RANGES: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
A_YEAR: Final = timedelta(days=366)


def previous_due(schedule: str, zone: str, before: datetime) -> datetime:
    """The latest moment strictly before `before` at which the schedule is due, in UTC."""
    return _search(schedule, zone, before, forward=False)


def next_due(schedule: str, zone: str, after: datetime) -> datetime:
    """The earliest moment strictly after `after` at which the schedule is due, in UTC."""
    return _search(schedule, zone, after, forward=True)


def _search(schedule: str, zone: str, start: datetime, *, forward: bool) -> datetime:
    minutes, hours, days, months, weekdays = _fields(schedule)
    local = start.astimezone(ZoneInfo(zone))
    day = local.date()
    while abs(day - local.date()) <= A_YEAR:
        if day.day in days and day.month in months and day.isoweekday() % 7 in weekdays:
            moments = (
                datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)
                for hour in hours
                for minute in minutes
            )
            found = [moment for moment in moments if (moment > start if forward else moment < start)]
            if found:
                return min(found) if forward else max(found)
        day += timedelta(days=1 if forward else -1)
    raise ValueError(f"the schedule {schedule!r} is never due")


def _fields(schedule: str) -> list[set[int]]:
    parts = PRESETS.get(schedule, schedule).split()
    return [_values(part, low, high) for part, (low, high) in zip(parts, RANGES, strict=True)]


def _values(field: str, low: int, high: int) -> set[int]:
    values: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        values.update(range(int(first), int(last or first) + 1, int(step or 1)))
    return values
