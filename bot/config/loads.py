"""`loads.yaml`: which DAG makes which load, who owns it, what it waits for, and how it may be rerun."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StrictInt, WithJsonSchema, model_validator

from bot.config.datasets import Owner
from bot.config.document import Document, dotted
from bot.config.durations import parse_duration
from bot.config.explain import suggestion
from bot.config.kinds import Duration, Slug, Zone, written_as, wrong
from bot.config.model import Rerun
from bot.config.problem import Problem
from bot.config.strict import Strict
from bot.dates.cron import Cron
from bot.dates.timetable import CalendarDays, CronTicks, EveryTicks, Kind, Timetable
from bot.loads import BusinessDates, DateIs, WhenMissing
from bot.ports.bigquery import TableName
from bot.text import Code, text


def _schedule(written: str) -> str:
    """Take a cron expression or a length of time, as they are; other words raise ValueError."""
    if not _is_length(written):
        Cron.parse(written)
    return written


def _is_length(written: str) -> bool:
    try:
        parse_duration(written)
    except ValueError:
        return False
    return True


Schedule = Annotated[
    str,
    BeforeValidator(written_as(_schedule, "config.bad_schedule")),
    WithJsonSchema({"type": "string", "examples": ["30 0 * * *", "@daily", "6h"]}),
]
TableId = Annotated[
    str,
    BeforeValidator(written_as(lambda written: str(TableName.parse(written)), "config.bad_table")),
    WithJsonSchema({"type": "string", "examples": ["acme-prod.analytics.orders"]}),
]
Column = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=300)]


class BusinessDate(Strict):
    """How a business date becomes a run."""

    is_: DateIs = Field(default=DateIs.INTERVAL_START, alias="is")
    """What of the run falls on the date: the begin or the end of its data interval, when it was due, its key."""
    offset: Annotated[StrictInt, Field(ge=-366, le=366)] = 0
    """So many days later: a run that is due on the 21st and loads the 20th has `is: run_after, offset: 1`."""
    key: str = "%Y-%m-%d"
    """How a partition key is written, in the signs of strftime."""


class Verify(Strict):
    """Where BigQuery shows that a date was loaded."""

    table: TableId
    column: Column | None = None
    """The column of the business date, for tables that are not partitioned by day, month or year."""
    loaded_at: Column | None = None
    """A TIMESTAMP column that each load sets; without one only the number of rows can show a change."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.loaded_at and not self.column:
            raise wrong("config.loaded_at_alone")
        return self


class Load(Strict):
    airflow: str
    dag: str
    tasks: tuple[str, ...] = ()
    """The tasks that make this load, where others of the DAG make other loads; all of them if absent."""
    owner: str
    """Named on the cards of its incidents where the alert names nobody."""
    contact: Owner | None = None
    """Whom to ask before it is rerun, and who counts as its owner for the policy: `user:U…` or `group:S…`."""
    depends_on: tuple[str, ...] = ()
    """The loads that it waits for: its failures while one of those has failed are told with that one."""
    schedule: Schedule | None = None
    """As in the DAG: a cron expression, or a length of time. Absent for a DAG that only others trigger."""
    zone: Zone | None = None
    """Of the schedule and of the business dates; the install's zone if absent."""
    timetable: Kind | None = None
    """`interval`: runs have a data interval (Airflow 2's default). `trigger`: they have not (Airflow 3's).

    If absent: `trigger` where the business date is `run_after`, else `interval`.
    """
    start: datetime | None = None
    """The DAG's start_date: a schedule that is a length of time counts from there."""
    business_date: BusinessDate = BusinessDate()
    rerun: Rerun | None = None
    """Whether loading a date twice is safe; what baton.yaml says of the DAG if absent."""
    when_missing: WhenMissing = WhenMissing.TRIGGER
    """What to do for a date without a run: trigger it, have Airflow 3 backfill it, or skip it."""
    lag: Duration | None = None
    """The data of a date are complete so long after the day has ended."""
    at_most: Annotated[StrictInt, Field(ge=1, le=100)] = 31
    """So many dates at once."""
    verify: Verify | None = None

    @model_validator(mode="after")
    def _counts_from_somewhere(self) -> Self:
        if self.schedule and _is_length(self.schedule) and (self.start is None or self.start.tzinfo is None):
            raise wrong("config.schedule_without_start")
        return self

    def dates(self, default: ZoneInfo) -> BusinessDates:
        zone, date_is = self.zone or default, self.business_date.is_
        kind = self.timetable or (Kind.TRIGGER if date_is is DateIs.RUN_AFTER else Kind.INTERVAL)
        return BusinessDates(
            zone=zone,
            date_is=date_is,
            offset=self.business_date.offset,
            timetable=self._timetable(zone, kind),
            schedule=self.schedule or "",
            partition_format=self.business_date.key,
        )

    def _timetable(self, zone: ZoneInfo, kind: Kind) -> Timetable:
        if self.schedule is None:
            return Timetable(CalendarDays(zone), Kind.INTERVAL)
        if _is_length(self.schedule):
            assert self.start is not None, "the configuration asks for it"
            return Timetable(EveryTicks(parse_duration(self.schedule), self.start), kind)
        return Timetable(CronTicks(Cron.parse(self.schedule), zone), kind)


class Loads(Strict):
    loads: Mapping[Slug, Load] = {}


def load_problems(loads: Document, baton: Document) -> list[Problem]:
    """Return names that lead nowhere, and loads that wait for themselves. Also finds them in half-wrong files."""
    return [*_undefined(loads, baton), *_circles(loads)]


def _undefined(loads: Document, baton: Document) -> Iterator[Problem]:
    servers, names = sorted(_mapping(baton.get("airflow"))), sorted(_mapping(loads.get("loads")))
    for name in names:
        server = loads.get("loads", name, "airflow")
        if isinstance(server, str) and server not in servers:
            words = text(
                "config.undefined", value=Code(server), where="airflow", suggestion=suggestion(server, servers)
            )
            path = ("loads", name, "airflow")
            yield Problem(loads.file, words, loads.line(path), dotted(path))
        for index, other in enumerate(_depends_on(loads, name)):
            if other not in names:
                near = suggestion(other, names)
                words = text("config.undefined", value=Code(other), where="loads", suggestion=near)
                path_of = ("loads", name, "depends_on", index)
                yield Problem(loads.file, words, loads.line(path_of), dotted(path_of))


def _circles(loads: Document) -> Iterator[Problem]:
    """Yield one problem for each circle, at the load of it that is written first."""
    told: set[str] = set()
    for name in _mapping(loads.get("loads")):
        way = _way_back(loads, name)
        if way and not told & set(way):
            told |= set(way)
            path = ("loads", name, "depends_on")
            words = text("config.load_circle", way=" → ".join([*way, name]))
            yield Problem(loads.file, words, loads.line(path), dotted(path))


def _way_back(loads: Document, start: str) -> list[str]:
    """Return the loads on the way from `start` back to it, itself first; empty where no way leads back."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for other in _depends_on(loads, way[-1]):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def _depends_on(loads: Document, name: str) -> list[str]:
    written = loads.get("loads", name, "depends_on")
    return [each for each in written if isinstance(each, str)] if isinstance(written, list) else []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
