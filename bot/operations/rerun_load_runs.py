"""Which run a business date means, and what it is called. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.dates.timetable import Slot
from bot.dates.written import DAY, Dates
from bot.loads import BusinessDates, DateIs, Load
from bot.ports.airflow import TERMINAL_RUN_STATES, Airflow, DagRun, Window
from bot.text import Code, Text, text

_MOST_RUNS = 1000
_SCHEDULED = frozenset({"scheduled", "backfill", "backfill_job", "asset_triggered"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run that a business date means: a place in the schedule, or a partition key.

    `name` is what people read and `run_id` what a run has that Baton makes for it: both the same at any time.
    """

    day: date
    name: str
    run_id: str
    slot: Slot | None = None
    key: str = ""

    @property
    def logical_at(self) -> datetime | None:
        return self.slot.logical_at if self.slot else None


@dataclass(frozen=True, slots=True)
class Known:
    """The runs of the load's DAG around some dates, read once."""

    dates: BusinessDates
    runs: tuple[DagRun, ...]
    expected: frozenset[datetime] = field(default_factory=frozenset)
    is_cut: bool = False

    def of(self, wanted: Wanted) -> tuple[DagRun, ...]:
        """Return the run of a date; several where Airflow has several and none is where the schedule wants it."""
        if wanted.key:
            return _best([run for run in self.runs if run.partition_key == wanted.key])
        exact = [run for run in self.runs if run.logical_at == wanted.logical_at]
        if exact:
            return tuple(exact[:1])
        return _best([run for run in self._others(wanted) if self._stands_for(run, wanted)])

    def strange(self, wanted: Wanted) -> DagRun | None:
        """Return a run on a date that is not what the schedule would have made for it: somebody's own."""
        return next((run for run in self._others(wanted) if not self._stands_for(run, wanted)), None)

    def _others(self, wanted: Wanted) -> tuple[DagRun, ...]:
        """Return the runs on that date which are not where the schedule has one; of a daily load alone."""
        if wanted.slot is None or len(self.dates.slots(wanted.day)) > 1:
            return ()
        others = (run for run in self.runs if run.logical_at not in self.expected)
        return tuple(run for run in others if self._date_of(run) == wanted.day)

    def _stands_for(self, run: DagRun, wanted: Wanted) -> bool:
        """Whether it loads the whole date, which nobody knows of a run made by hand beside a schedule."""
        if not self.dates.schedule or run.run_type in _SCHEDULED:
            return True
        slot = wanted.slot
        return slot is not None and (run.interval_start, run.interval_end) == (slot.interval_start, slot.interval_end)

    def _date_of(self, run: DagRun) -> date | None:
        """Return the business date of a run that is not where the schedule has one."""
        ends = {DateIs.INTERVAL_END: run.interval_end, DateIs.RUN_AFTER: run.run_after}
        moment = ends.get(self.dates.date_is, run.interval_start)
        return self.dates.local_date(moment) - self.dates.offset * DAY if moment else None


def _best(found: Sequence[DagRun]) -> tuple[DagRun, ...]:
    """Return what the schedule itself has made, where there is exactly one such run; else all of them."""
    scheduled = [run for run in found if run.run_type in _SCHEDULED]
    return tuple(scheduled) if len(scheduled) == 1 else tuple(found)


def wanted_runs(load: Load, dates: Dates) -> tuple[Wanted, ...]:
    """Return every run that these dates mean, the earliest first."""
    if load.dates.date_is is DateIs.PARTITION_KEY:
        return tuple(Wanted(day, f"{day}", f"baton__{load.name}__{day}", key=load.dates.key(day)) for day in dates)
    return tuple(each for day in dates for each in _of_day(load, day))


def _of_day(load: Load, day: date) -> tuple[Wanted, ...]:
    slots = load.dates.slots(day)
    if len(slots) == 1:
        return (Wanted(day, f"{day}", f"baton__{load.name}__{day}", slots[0]),)
    return tuple(
        Wanted(
            day,
            f"{slot.logical_at.astimezone(load.dates.zone):%Y-%m-%d %H:%M%z}",
            f"baton__{load.name}__{slot.logical_at:%Y-%m-%dT%H:%MZ}",
            slot,
        )
        for slot in slots
    )


def known_runs(server: Airflow, load: Load, wanted: Sequence[Wanted]) -> Known:
    """Read the runs around these dates. A run with a key need not have a date: of those the newest are read."""
    if load.dates.date_is is DateIs.PARTITION_KEY:
        newest = tuple(server.runs(load.dag_id, limit=_MOST_RUNS))
        return Known(load.dates, newest, is_cut=len(newest) >= _MOST_RUNS)
    slots = [each.slot for each in wanted if each.slot]
    first, last = (load.dates.bounds(each.day + load.dates.offset * DAY) for each in (wanted[0], wanted[-1]))
    window = Window(min(first[0], slots[0].logical_at), max(last[1], slots[-1].logical_at))
    dated = server.runs(load.dag_id, window=window, limit=_MOST_RUNS)
    due = _due(server, load, window)
    runs = {run.dag_run_id: run for run in (*dated, *due)}
    is_cut = max(len(dated), len(due)) >= _MOST_RUNS
    return Known(load.dates, tuple(runs.values()), frozenset(slot.logical_at for slot in slots), is_cut)


def _due(server: Airflow, load: Load, window: Window) -> Sequence[DagRun]:
    """Return what was due then, where a run of the load may have no logical date: by that alone it is not found."""
    may_lack_date = not load.dates.schedule or load.dates.date_is is DateIs.RUN_AFTER
    if not may_lack_date or not server.abilities().runs_without_date:
        return ()
    return server.runs_due(load.dag_id, window, _MOST_RUNS)


def state_of(known: Known, wanted: Wanted) -> Text | None:
    """Return what keeps the data of this date from being there, None where its run has succeeded."""
    found = known.of(wanted)
    if not found and known.is_cut:
        return text("rerun-load.not_all_read", n=len(known.runs))
    if not found:
        return text("rerun-load.upstream_missing")
    newest = found[0]
    if newest.state == "success":
        return None
    return text("rerun-load.upstream_failed" if newest.state in TERMINAL_RUN_STATES else "rerun-load.upstream_runs")


def title(wanted: Wanted, zone: ZoneInfo) -> Text:
    """Say which run it is, in the load's zone: there the date is meant."""
    if wanted.slot is None:
        return text("rerun-load.of_key", key=Code(wanted.key))
    return _of_interval(wanted.slot.interval_start, wanted.slot.interval_end, zone)


def title_of(run: DagRun, zone: ZoneInfo) -> Text:
    """Say the interval that the run itself has; the moment when it was due where it has none."""
    start, end = run.interval_start or run.run_after, run.interval_end or run.run_after
    if start is None or end is None:
        return text("rerun-load.of_run", run=Code(run.dag_run_id))
    return _of_interval(start, end, zone)


def _of_interval(first: datetime, last: datetime, zone: ZoneInfo) -> Text:
    start, end = (f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" for moment in (first, last))
    if start == end:
        return text("rerun-load.of_moment", at=start, zone=str(zone))
    return text("rerun-load.of_interval", start=start, end=end, zone=str(zone))
