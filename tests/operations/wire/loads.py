"""The bench with the real RerunLoad, the sandbox's Airflow on the wire, and a table that knows what it has loaded."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.config.model import Rerun
from bot.config.who import Who, WhoKind
from bot.dates.cron import Cron
from bot.dates.timetable import CronTicks, Kind, Timetable
from bot.loads import BusinessDates, DateIs, Evidence, Load, Loads
from bot.operations import service
from bot.operations.catalog import CATALOG
from bot.operations.executor import Executor
from bot.operations.lifecycle import State
from bot.operations.operation import Ports
from bot.operations.service import Accepted
from bot.operations.turn import Patience
from bot.ports.airflow import Airflow, TaskKey, Window
from bot.ports.bigquery import Column, Grain, Partition, Partitioning, Slice, Table
from tests.operations.bench import MINA, PLACE
from tests.operations.wire.airflow import AirflowBench

SEOUL = ZoneInfo("Asia/Seoul")
DAY = timedelta(days=1)
FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=SEOUL).astimezone(UTC)
TICKS = CronTicks(Cron.parse("0 3 * * *"), SEOUL)
DUE = BusinessDates(SEOUL, DateIs.RUN_AFTER, 1, Timetable(TICKS, Kind.TRIGGER), schedule="0 3 * * *")
TABLE = "haneul-prod.orders.orders_daily"
ORDERS = Load(
    "orders",
    "prod",
    "orders_daily",
    "data-core",
    tasks=frozenset({"extract_orders", "load_orders"}),
    dates=DUE,
    contact=Who(WhoKind.GROUP, "S0ENG"),
    rerun=Rerun.SAFE,
    at_most=7,
    evidence=Evidence(TABLE),
)
MART = replace(ORDERS, name="mart", dag_id="users_snapshot", tasks=frozenset(), depends_on=("orders",), evidence=None)
MART = replace(
    MART, dates=replace(DUE, timetable=Timetable(replace(TICKS, cron=Cron.parse("30 2 * * *")), Kind.TRIGGER))
)
MART = replace(MART, dates=replace(MART.dates, schedule="30 2 * * *"))


@dataclass
class Warehouse:
    """A table partitioned by day: a date was written when the task of its run last succeeded, unless it is stuck."""

    airflow: Airflow
    stuck: set[str] = field(default_factory=set)
    errors: list[Exception] = field(default_factory=list)
    kind: str = "DATE"
    counts: list[int] = field(default_factory=list)
    project: str = "haneul-prod"

    def table(self, name):
        columns = (Column("order_date", self.kind), Column("loaded_at", "TIMESTAMP"))
        return Table(name, "TABLE", columns=columns, partitioning=Partitioning(Grain.DAY, "order_date"))

    def partition(self, _table, key):
        if self.errors:
            raise self.errors.pop(0)
        written_at = self._written_at(key)
        return Partition(key, written_at, 48_200) if written_at else None

    def rows(self, _table, between, *, most_bytes):
        assert most_bytes > 0
        if self.counts:
            return Slice(self.counts.pop(0), None)
        written_at = self._written_at(f"{between.start:%Y%m%d}")
        return Slice(48_200 if written_at else 0, written_at if between.loaded_at else None)

    def _written_at(self, key):
        due = datetime.strptime(key, "%Y%m%d").replace(hour=3, tzinfo=SEOUL) + DAY
        run = next(iter(self.airflow.runs("orders_daily", window=Window(due, due))), None)
        if run is None:
            return None
        if key in self.stuck:
            return due
        task = self.airflow.task_instance(TaskKey("orders_daily", run.dag_run_id, "load_orders"))
        return task.ended_at if task.state == "success" else due


class LoadBench(AirflowBench):
    """It is Friday noon in Seoul; Airflow has made the runs of the last three dates."""

    def __init__(self, store, clock, sandbox) -> None:
        clock.at = FRIDAY_NOON
        super().__init__(store, clock, sandbox)
        sandbox.clock.set(clock.at)
        self.control("reset")
        self.warehouse = Warehouse(self.airflow)
        self.rules = {"rules": [{"operation": "rerun-load", "who": ["on-call"], "size_at_most": 5}]}
        self.know(ORDERS, MART)

    def know(self, *loads: Load) -> None:
        """Say what loads.yaml holds."""
        known = Loads({each.name: each for each in loads})
        self.ports = Ports({"prod": self.airflow}, bigquery={"haneul-prod": self.warehouse}, loads=known)
        self.desk = service.Desk(self.authority, self.ports, CATALOG)
        self.executor = Executor(
            self.store, self.executor.clocks, self.ports, self.authority, CATALOG, Patience(tries=3)
        )

    def asked(self, dates: str, *, load: str = "orders", **arguments):
        given = {"load": load, "dates": dates, **arguments}
        return self.write(service.request, MINA, "rerun-load", given, place=PLACE, now=self.now)

    def planned(self, dates: str, **arguments) -> str:
        answer = self.asked(dates, **arguments)
        assert isinstance(answer, Accepted), answer
        self.once()
        return answer.run_id

    def reran(self, dates: str, **arguments) -> str:
        run_id = self.planned(dates, **arguments)
        answer = self.confirm(run_id)
        assert isinstance(answer, Accepted), answer
        return run_id

    def items(self, run_id: str) -> dict[str, str]:
        """Return what is said of each date."""
        return {item.target: item.words.msgid for item in self.run(run_id).report.items}

    def until_state(self, run_id: str, state: State) -> None:
        for _ in range(200):
            if self.state(run_id) is state:
                return
            if not self.once():
                self.skip_to_next()
        raise AssertionError(self.state(run_id))
