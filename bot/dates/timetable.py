"""The runs that a schedule has, as Airflow's own timetables make them. Pure.

`Kind.INTERVAL` is Airflow 2's default: a run is due when its data interval ends, and its logical date is where the
interval begins. `Kind.TRIGGER` is Airflow 3's: logical date, both ends of the interval, and due time are one moment.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count, pairwise
from zoneinfo import ZoneInfo

from bot.dates.cron import Cron

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


class Kind(StrEnum):
    INTERVAL = "interval"
    TRIGGER = "trigger"


@dataclass(frozen=True, slots=True)
class Slot:
    """One run that a schedule has, whether or not Airflow has made it."""

    logical_at: datetime
    interval_start: datetime
    interval_end: datetime
    run_after: datetime


@dataclass(frozen=True, slots=True)
class CronTicks:
    """The moments of a cron expression in a zone."""

    cron: Cron
    zone: ZoneInfo

    def around(self, start: datetime, end: datetime) -> list[datetime]:
        """Return the moments from the one before `start` to the one after `end`, in order."""
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        inside = (first + n * _DAY for n in range((last - first).days + 1))
        days = [self.cron.day_before(first), *filter(self.cron.fits, inside), self.cron.day_after(last)]
        return sorted({moment for day in days if day for moment in self._moments(day)})

    def _moments(self, day: date) -> Iterator[datetime]:
        if self.cron.is_every_hour:  # by the hours that pass, not by the clock: a day may have 23 or 25
            start, end = instant(day, time(0), self.zone), instant(day + _DAY, time(0), self.zone)
            hours = range(math.ceil((end - start) / _HOUR))
            yield from (
                start + timedelta(hours=n, minutes=minute) for n in hours for minute in sorted(self.cron.minutes)
            )
        else:
            yield from (instant(day, at, self.zone) for at in self.cron.times())


@dataclass(frozen=True, slots=True)
class EveryTicks:
    """A moment, and every one that is a multiple of a length of time away: Airflow counts from the DAG's start."""

    every: timedelta
    anchor: datetime

    def around(self, start: datetime, end: datetime) -> list[datetime]:
        """Return the moments from the one before `start` to the one after `end`, in order."""
        first = (start - self.anchor) // self.every - 1
        found: list[datetime] = []
        for n in count(first):
            found.append(self.anchor.astimezone(UTC) + n * self.every)
            if found[-1] > end:
                return found
        raise AssertionError("a count never ends")


Ticks = CronTicks | EveryTicks


@dataclass(frozen=True, slots=True)
class CalendarDays:
    """No schedule of its own: each business date is one run over that calendar day."""

    zone: ZoneInfo

    def around(self, start: datetime, end: datetime) -> list[datetime]:
        first, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        return [instant(first + n * _DAY, time(0), self.zone) for n in range(-1, (last - first).days + 2)]


@dataclass(frozen=True, slots=True)
class Timetable:
    ticks: Ticks | CalendarDays
    kind: Kind

    def slots(self, start: datetime, end: datetime) -> Iterator[Slot]:
        """Yield every run that has its logical date, its interval or its due time in the window, and some around."""
        moments = self.ticks.around(start, end)
        if self.kind is Kind.TRIGGER:
            yield from (Slot(at, at, at, at) for at in moments)
        else:
            yield from (Slot(since, since, until, until) for since, until in pairwise(moments))


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return that time of that day in UTC, as Airflow does: of two the later, of none the one an hour on."""
    naive = datetime.combine(day, at)
    moment = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    exists = moment.astimezone(zone).replace(tzinfo=None) == naive
    return moment if exists else naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
