"""Follows the failures of open incidents in Airflow itself: what was fixed there is seen here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import outages
from bot.actor import Actor
from bot.clock import Clocks
from bot.incidents import repairs, service
from bot.incidents.mentions import Mentions
from bot.incidents.occurrence import Observed, Tracked, instances_of, next_look, observed
from bot.incidents.queries import occurrence
from bot.incidents.retries import may_be_retry
from bot.ports.airflow import Airflow, DagRun, Task, TaskInstance, Window
from bot.ports.errors import NotFound, VendorError
from bot.reconcile import later
from bot.store import Store, Tx
from bot.store.claim import Claim, finish, release

log = structlog.get_logger()

SOON = timedelta(seconds=3)  # while a run of ours is at work


@dataclass(frozen=True, slots=True)
class Watch:
    store: Store
    airflows: Mapping[str, Airflow]
    clocks: Clocks
    mentions: Mentions

    def step(self, claim: Claim) -> None:
        """Ask Airflow about one occurrence and settle it if it succeeded."""
        tracked = self.store.read(lambda tx: occurrence(tx, claim.row.id))
        now = self.clocks.system.now()
        if not (tracked.state.is_open and tracked.is_followed and tracked.airflow in self.airflows):
            self.store.write(lambda tx: finish(tx, claim))
            return
        try:
            found, seen = self._ask(self.airflows[tracked.airflow], tracked)
        except NotFound:  # a run that Airflow deleted, or one that this account may not see: a person decides
            self._again(claim, tracked, now)
        except VendorError as error:
            log.info("airflow not asked", airflow=tracked.airflow, problem=str(error))
            problem = str(error)
            self.store.write(lambda tx: self._not_answered(tx, claim, tracked, problem, now))
        else:
            self.store.write(lambda tx: self._seen(tx, claim, tracked, found, seen, now))

    def _not_answered(self, tx: Tx, claim: Claim, tracked: Tracked, problem: str, now: datetime) -> None:
        release(tx, claim, due_at=later(now, claim.attempts))
        outages.failed(tx, _source(tracked), self.clocks.business.now(), problem)

    def _ask(self, airflow: Airflow, tracked: Tracked) -> tuple[DagRun | None, Observed | None]:
        run = self._run(airflow, tracked)
        if run is None:
            return None, None
        instances: list[TaskInstance] = []
        if tracked.task_id is not None:
            instances = list(airflow.task_instances(tracked.dag_id, run.dag_run_id))
        return run, observed(tracked, run, instances, self._task(airflow, tracked, instances))

    @staticmethod
    def _task(airflow: Airflow, tracked: Tracked, instances: Sequence[TaskInstance]) -> Task | None:
        """Return how the task is to be retried, if it is; None also where its DAG has lost it since."""
        if tracked.task_id is None or not any(map(may_be_retry, instances_of(tracked, instances))):
            return None
        try:
            return airflow.task(tracked.dag_id, tracked.task_id)
        except NotFound:
            return None

    @staticmethod
    def _run(airflow: Airflow, tracked: Tracked) -> DagRun | None:
        """Return the run, by its id, else by the logical date that the alert gave."""
        if tracked.dag_run_id:
            return airflow.run(tracked.dag_id, tracked.dag_run_id)
        assert tracked.logical_at is not None, "only what names its run is followed"
        window = Window(tracked.logical_at, tracked.logical_at)
        return next(iter(airflow.runs(tracked.dag_id, window=window, limit=1)), None)

    def _seen(
        self, tx: Tx, claim: Claim, tracked: Tracked, run: DagRun | None, seen: Observed | None, now: datetime
    ) -> None:
        state = seen.state if seen else tracked.state
        retry = seen.retry if seen else None
        pause = SOON if repairs.is_under_way(tx, tracked) else next_look(tracked, state, now, retry)
        due_at = now + pause if state.is_open else None
        if not finish(tx, claim, due_at=due_at):
            return
        business_now = self.clocks.business.now()
        outages.answered(tx, _source(tracked), business_now)
        if seen and run:
            service.observe(Actor.seen_in("airflow"), tx, tracked, run.dag_run_id, seen, business_now)
            self.mentions.look_at_retries(tx, tracked.incident_id, business_now)

    def _again(self, claim: Claim, tracked: Tracked, now: datetime) -> None:
        due_at = now + next_look(tracked, tracked.state, now)
        self.store.write(lambda tx: finish(tx, claim, due_at=due_at))


def _source(tracked: Tracked) -> str:
    return f"airflow:{tracked.airflow}"
