"""Cron expressions as Airflow reads them: five fields with names, lists, ranges, steps, or a preset. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Self

_PRESETS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}
_NAMES = re.compile(r"[a-z]+")
_MONTHS = dict(
    zip(_NAMES.findall("jan feb mar apr may jun jul aug sep oct nov dec"), map(str, range(1, 13)), strict=True)
)
_WEEKDAYS = dict(zip(_NAMES.findall("sun mon tue wed thu fri sat"), map(str, range(7)), strict=True))
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_PART = re.compile(r"(?:\*|(?P<first>\d{1,2})(?:-(?P<last>\d{1,2}))?)(?:/(?P<step>\d{1,2}))?", re.ASCII)
_FARTHEST = 366 * 8 + 1  # days: 29 February is at most eight years away


@dataclass(frozen=True, slots=True)
class Cron:
    """When a schedule is due by the clock on the wall. `weekdays` count from 0, Sunday."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day_fits: bool
    """Whether a day fits by its number or by its weekday: so it is where both are restricted."""

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read an expression. Raises ValueError for what is none, or is never due."""
        fields = _PRESETS.get(written.strip().lower(), written).lower().split()
        if len(fields) != len(_RANGES):
            raise ValueError(f"{written!r} has not five fields")
        minutes, hours, days, months, weekdays = (
            _values(field, names, *limits)
            for field, names, limits in zip(fields, ({}, {}, {}, _MONTHS, _WEEKDAYS), _RANGES, strict=True)
        )
        either = not fields[2].startswith("*") and not fields[4].startswith("*")
        cron = cls(minutes, hours, days, months, frozenset(day % 7 for day in weekdays), either)
        if cron.day_after(date(2024, 1, 1)) is None:
            raise ValueError(f"{written!r} is never due")
        return cron

    @property
    def is_every_hour(self) -> bool:
        return len(self.hours) == 24

    def fits(self, day: date) -> bool:
        """Tell whether it is due at some time of that day."""
        by_number, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        of_month = (by_number or by_weekday) if self.any_day_fits else (by_number and by_weekday)
        return of_month and day.month in self.months

    def times(self) -> Iterator[time]:
        """Yield the times of each day that fits, the earliest first."""
        yield from (time(hour, minute) for hour in sorted(self.hours) for minute in sorted(self.minutes))

    def day_after(self, day: date) -> date | None:
        return self._next(day, 1)

    def day_before(self, day: date) -> date | None:
        return self._next(day, -1)

    def _next(self, day: date, step: int) -> date | None:
        near = (day + timedelta(days=step * n) for n in range(1, _FARTHEST))
        return next((each for each in near if self.fits(each)), None)


def _values(field: str, names: dict[str, str], low: int, high: int) -> frozenset[int]:
    return frozenset(value for part in field.split(",") for value in _part(names, part, low, high))


def _part(names: dict[str, str], written: str, low: int, high: int) -> range:
    numbered = _NAMES.sub(lambda name: names.get(name[0], name[0]), written)
    match = _PART.fullmatch(numbered)
    if match is None:
        raise ValueError(f"{written!r} is no part of a cron expression")
    step = int(match["step"] or 1)
    first = int(match["first"] or low)
    last = int(match["last"] or (first if match["first"] and not match["step"] else high))
    if not low <= first <= last <= high or step < 1:
        raise ValueError(f"{written!r} is out of range")
    return range(first, last + 1, step)
