"""Loads: which DAG makes them, which of them wait for which, and which runs a business date means. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.config.model import Rerun
from bot.config.who import Who
from bot.dates.timetable import CalendarDays, Kind, Slot, Timetable, instant

_DAY, _UTC = timedelta(days=1), ZoneInfo("UTC")


class DateIs(StrEnum):
    """What of a run falls on its business date."""

    INTERVAL_START = "interval_start"
    INTERVAL_END = "interval_end"
    RUN_AFTER = "run_after"
    PARTITION_KEY = "partition_key"


class WhenMissing(StrEnum):
    """What is done for a business date that has no run."""

    TRIGGER = "trigger"
    BACKFILL = "backfill"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where BigQuery shows that a date was loaded: its partition, or the rows whose `column` is of that date.

    `loaded_at` names a TIMESTAMP column that each load sets; without one only the number of rows can show a change.
    """

    table: str
    column: str | None = None
    loaded_at: str | None = None


@dataclass(frozen=True, slots=True)
class BusinessDates:
    """How a business date becomes a run: what `date_is` says of the run falls on the date, `offset` days later.

    `schedule` is empty for a DAG that only others trigger: then each calendar day is one run.
    """

    zone: ZoneInfo = _UTC
    date_is: DateIs = DateIs.INTERVAL_START
    offset: int = 0
    timetable: Timetable = field(default_factory=lambda: Timetable(CalendarDays(_UTC), Kind.INTERVAL))
    partition_format: str = "%Y-%m-%d"
    schedule: str = ""

    def slots(self, day: date) -> tuple[Slot, ...]:
        """Return the runs of the schedule that this business date means: one for a daily load, 24 for an hourly one."""
        start, end = self.bounds(day + self.offset * _DAY)
        return tuple(slot for slot in self.timetable.slots(start, end) if start <= self._anchor(slot) < end)

    def date_of(self, slot: Slot) -> date:
        """Return the business date of a run: `day in slots(d)` exactly where `date_of` says d."""
        return self.local_date(self._anchor(slot)) - self.offset * _DAY

    def date_of_logical(self, logical_at: datetime) -> date | None:
        """Return the business date of the run with that logical date, None where the schedule has no such run."""
        slots = self.timetable.slots(logical_at, logical_at)
        return next((self.date_of(slot) for slot in slots if slot.logical_at == logical_at), None)

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return where that calendar day begins and ends in the load's zone, in UTC."""
        return instant(day, time(0), self.zone), instant(day + _DAY, time(0), self.zone)

    def local_date(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def key(self, day: date) -> str:
        """Return the partition key that means this business date."""
        return (day + self.offset * _DAY).strftime(self.partition_format)

    def _anchor(self, slot: Slot) -> datetime:
        match self.date_is:
            case DateIs.INTERVAL_END:
                return slot.interval_end
            case DateIs.RUN_AFTER:
                return slot.run_after
            case DateIs.INTERVAL_START | DateIs.PARTITION_KEY:
                return slot.interval_start


@dataclass(frozen=True, slots=True)
class Load:
    """A named load. Without `tasks`, every task of the DAG is part of it."""

    name: str
    airflow: str
    dag_id: str
    owner: str
    tasks: frozenset[str] = frozenset()
    depends_on: tuple[str, ...] = ()
    dates: BusinessDates = BusinessDates()
    contact: Who | None = None
    rerun: Rerun = Rerun.UNKNOWN
    when_missing: WhenMissing = WhenMissing.TRIGGER
    lag: timedelta = timedelta(0)
    at_most: int = 31
    evidence: Evidence | None = None

    def is_made_by(self, airflow: str, dag_id: str, task_id: str | None) -> bool:
        """Whether a failure there is one of this load; where no task is named, the whole DAG has failed."""
        is_its_task = not self.tasks or task_id is None or task_id in self.tasks
        return (airflow, dag_id) == (self.airflow, self.dag_id) and is_its_task

    def complete_at(self, day: date) -> datetime:
        """Return when the data of that date are all there: `lag` after the day has ended."""
        return self.dates.bounds(day)[1].astimezone(UTC) + self.lag


@dataclass(frozen=True, slots=True)
class Loads:
    by_name: Mapping[str, Load] = field(default_factory=dict)

    def made_by(self, airflow: str, dag_id: str, task_id: str | None) -> tuple[Load, ...]:
        return tuple(load for load in self.by_name.values() if load.is_made_by(airflow, dag_id, task_id))

    def before(self, load: Load) -> tuple[Load, ...]:
        """Return all that this load waits for, near and far, each once."""
        return tuple(self._reached(load, lambda each: each.depends_on))

    def after(self, load: Load) -> tuple[Load, ...]:
        """Return all that waits for this load, near and far, each once."""
        return tuple(self._reached(load, self._waiting_for))

    def _waiting_for(self, load: Load) -> tuple[str, ...]:
        return tuple(each.name for each in self.by_name.values() if load.name in each.depends_on)

    def _reached(self, load: Load, next_of: Callable[[Load], tuple[str, ...]]) -> Iterator[Load]:
        found: dict[str, Load] = {}
        names = list(next_of(load))
        while names:
            name = names.pop(0)
            if name not in found and name != load.name:
                found[name] = self.by_name[name]
                names += next_of(found[name])
        yield from found.values()
