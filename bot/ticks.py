"""Every duty by the clock, in one list. Each is an idempotent scan under its own row: replicas never do one twice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot.access import ageing as grants_ageing
from bot.access import names
from bot.access.catalog import Access
from bot.clock import Clocks
from bot.covers import ageing as covers_ageing
from bot.directory import service as directory
from bot.gaps import History, tell_unread
from bot.handoff.canvases import Canvases
from bot.handoff.digests import Digests
from bot.handoff.keeper import Keeper as HandoffKeeper
from bot.handoff.pictures import Pictures
from bot.home.service import look_again
from bot.incidents import ageing, escalating, holds, index, roots
from bot.incidents.catch_up import CatchUp
from bot.incidents.escalating import Escalator
from bot.incidents.mentions import Mentions
from bot.incidents.mornings import Mornings
from bot.oncall import changes, mirrors, own_shifts, snapshots
from bot.oncall import service as oncall
from bot.oncall.rules import STALE_AFTER
from bot.oncall.telling import Watch
from bot.operations.waiting import Waiting
from bot.pages import alerts
from bot.ports.airflow import Airflow
from bot.ports.bigquery import BigQuery
from bot.ports.errors import VendorError
from bot.ports.paging import Schedules
from bot.ports.slack import Slack, SlackPerson
from bot.reconcile import later
from bot.requests.ageing import Ageing as Requests
from bot.requests.catch_up import CatchUp as RequestsCatchUp
from bot.silences.ageing import let_time_pass
from bot.store import Store, Tx
from bot.store.claim import CHANGED, NEW, Claim, finish, release
from bot.store.tables import ticks
from bot.store.upsert import insert_if_new

log = structlog.get_logger()

GRANTS_EVERY = timedelta(seconds=5)  # access ends at most so long after its time
MENTIONS_EVERY = timedelta(seconds=5)
SHIFTS_EVERY = timedelta(seconds=5)  # how late a planned change of shift is told at most
WAITING_EVERY = timedelta(seconds=15)
REQUESTS_EVERY = timedelta(seconds=5)
HOMES_EVERY = timedelta(seconds=15)
HANDOFFS_EVERY = timedelta(seconds=15)
WORDS_OF = timedelta(minutes=5)  # alerts whose words are learned, each minute
LOOK_BACK = timedelta(days=2)  # for the failed tasks that the forms suggest


@dataclass(frozen=True, slots=True)
class Tick:
    name: str
    every: timedelta
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A configured schedule with the provider that answers for it."""

    name: str
    key: str
    provider: Schedules


@dataclass(frozen=True, slots=True)
class Ticks:
    store: Store
    clocks: Clocks
    slack: Slack
    airflows: Sequence[Airflow]
    schedules: Sequence[Scheduled]
    stale_after: Mapping[str, timedelta]
    catch_up: CatchUp
    channels: Sequence[str]
    hearing: RequestsCatchUp
    mentions: Mentions
    identity: Callable[[], object]
    export_head: Callable[[], object]
    bigquery: Sequence[BigQuery]
    access: Access
    waiting: Waiting
    watch: Watch
    handoffs: HandoffKeeper
    requests: Requests
    pictures: Pictures
    canvases: Canvases | None
    digests: Digests | None
    callers: frozenset[str] = frozenset()

    @property
    def mornings(self) -> Mornings:
        return Mornings(self.mentions)

    def all(self) -> tuple[Tick, ...]:
        minute = timedelta(minutes=1)
        return (
            *(Tick(f"on-call:{each.name}", minute, partial(self._on_call, each)) for each in self.schedules),
            *(Tick(f"catch-up:{each}", 2 * minute, partial(self.catch_up.read, each)) for each in self.channels),
            *(
                Tick(f"hearing:{each}", 2 * minute, partial(self.hearing.read, each))
                for each in self.hearing.desk.channels
            ),
            Tick("answers", 2 * minute, self.hearing.read_answers),
            Tick("shifts", SHIFTS_EVERY, self._shifts),
            Tick("people", 60 * minute, self._people),
            Tick("groups", 10 * minute, self._groups),
            *(Tick(f"dags:{each.name}", 5 * minute, partial(self._dags, each)) for each in self.airflows),
            *(Tick(f"failed-tasks:{each.name}", minute, partial(self._failed, each)) for each in self.airflows),
            Tick("mentions", MENTIONS_EVERY, self._mentions),
            Tick("escalations", MENTIONS_EVERY, self._escalations),
            Tick("roots", minute, self._roots),
            Tick("silences", minute, self._silences),
            Tick("grants", GRANTS_EVERY, self._grants),
            Tick("covers", minute, self._covers),
            *(Tick(f"datasets:{each.project}", 10 * minute, partial(self._datasets, each)) for each in self.bigquery),
            Tick("waiting", WAITING_EVERY, self._waiting),
            Tick("handoffs", HANDOFFS_EVERY, self._handoffs),
            Tick("requests", REQUESTS_EVERY, self._requests),
            Tick("stale", 5 * minute, self._stale),
            Tick("homes", HOMES_EVERY, self._homes),
            Tick("words", minute, self._words),
            Tick("hook-calls", 60 * minute, self._hook_calls),
            Tick("audit-head", 60 * minute, self.export_head),
        )

    def prepare(self) -> None:
        """Have a row for each duty, a new one due at once, and what was not read while Baton was away be unseen."""
        for tick in self.all():
            row = {"name": tick.name, "due_at": NEW, "attempts": 0, "version": 0}
            self.store.write(partial(insert_if_new, table=ticks, row=row, key=["name"]))
        self.store.write(lambda tx: mirrors.prepare(tx, self.watch))
        histories = *map(History.of_alerts, self.channels), *map(History.of_requests, self.hearing.desk.channels)
        self.store.write(lambda tx: tell_unread(tx, histories, self.clocks.system.now()))

    def hurry(self) -> None:
        """Have every duty due now: what is known of people and rotas is old at once where business time has jumped."""
        self.store.write(lambda tx: tx.execute(ticks.update().values(due_at=CHANGED)))

    def step(self, claim: Claim) -> None:
        tick = next((each for each in self.all() if each.name == claim.row.name), None)
        now = self.clocks.system.now()
        if tick is None:  # a duty of an earlier configuration
            self.store.write(lambda tx: finish(tx, claim))
            return
        try:
            tick.do()
        except VendorError as error:
            problem = str(error)
            log.warning("duty not done", tick=tick.name, problem=problem)
            due_at = min(later(now, claim.attempts), now + tick.every)
            self.store.write(lambda tx: release(tx, claim, due_at=due_at, problem=problem))
        else:
            self.store.write(lambda tx: finish(tx, claim, due_at=now + tick.every, problem=None))

    def _on_call(self, schedule: Scheduled) -> None:
        now, known = self.clocks.business.now(), self.watch.roster.identities
        oncall.refresh(self.store, schedule.provider, schedule.name, schedule.key, now, known)
        self.store.write(lambda tx: self._tell_of_shifts(tx, schedule.name, now))

    def _tell_of_shifts(self, tx: Tx, schedule: str, now: datetime) -> None:
        changes.follow(tx, self.watch, schedule, now)
        own_shifts.follow(tx, self.watch, schedule, now)

    def _shifts(self) -> None:
        """Tell of planned changes when they come: the provider is asked only each minute."""
        now = self.clocks.business.now()
        for name in self.watch.roster.fallbacks:
            if self.store.read(partial(changes.is_due, schedule=name, now=now)):
                self.store.write(partial(changes.follow, watch=self.watch, schedule=name, now=now))

    def _people(self) -> None:
        found = list(self.slack.people())
        self.store.write(lambda tx: self._keep_people(tx, found))

    def _keep_people(self, tx: Tx, found: Sequence[SlackPerson]) -> None:
        directory.keep_people(tx, found, self.clocks.business.now())
        mirrors.want_all(tx, self.watch)

    def _groups(self) -> None:
        found = self.slack.groups()
        self.store.write(lambda tx: directory.keep_groups(tx, found, self.clocks.business.now()))

    def _dags(self, airflow: Airflow) -> None:
        found = airflow.dags()
        self.store.write(lambda tx: directory.keep_dags(tx, airflow.name, found, self.clocks.business.now()))

    def _failed(self, airflow: Airflow) -> None:
        now = self.clocks.business.now()
        found = airflow.failed(now - LOOK_BACK)
        self.store.write(lambda tx: directory.keep_failed_tasks(tx, airflow.name, found, now))

    def _mentions(self) -> None:
        now = self.clocks.business.now()
        ended = self.store.read(lambda tx: holds.ended(tx, now))
        at_work = self.store.read(lambda tx: self.mornings.due(tx, now))
        if ended or at_work:
            self._know_who_is_on_call(now)
        for incident_id in ended:
            self._apart(partial(self.mentions.end_hold, incident_id=incident_id, now=now))
        if at_work:
            self.identity()  # the summary links to threads: without the workspace's address it would not
        for route in at_work:
            self._apart(partial(self.mornings.tell, route=route, now=now))

    def _escalations(self) -> None:
        now = self.clocks.business.now()
        due = self.store.read(lambda tx: escalating.due(tx, now))
        if due:
            self._know_who_is_on_call(now)
        escalator = Escalator(self.mentions.routes, self.mentions.duty, self.callers)
        for ref in due:
            self._apart(partial(escalator.look, ref=ref, now=now))

    def _apart(self, write: Callable[[Tx], None]) -> None:
        """Do it in a transaction of its own, and go on where it fails: one thing gone wrong silences no other."""
        try:
            self.store.write(write)
        except Exception:
            log.exception("mention not made")

    def _know_who_is_on_call(self, now: datetime) -> None:
        """Ask where the last answer is too old to be believed, as after a downtime: somebody is about to be called."""
        for each in self.schedules:
            snapshot = self.store.read(partial(snapshots.load, schedule=each.name))
            if snapshot is None or now - snapshot.fetched_at > STALE_AFTER:
                try:
                    self._on_call(each)
                except VendorError as error:
                    log.warning("who is on call is not known", schedule=each.name, problem=str(error))

    def _roots(self) -> None:
        now = self.clocks.business.now()
        for incident_id in self.store.read(lambda tx: roots.left_behind(tx, now)):
            self.store.write(partial(self.mentions.leave_root, incident_id=incident_id, now=now))

    def _waiting(self) -> None:
        now = self.clocks.business.now()
        if self.waiting.runs():
            self._know_who_is_on_call(now)
            self.waiting.look(now)

    def _handoffs(self) -> None:
        now = self.clocks.business.now()
        self.handoffs.look(now)
        self.pictures.look(now)
        if self.canvases is not None:
            self.canvases.look(now)
        if self.digests is not None:
            self.digests.look(now)

    def _stale(self) -> None:
        now = self.clocks.business.now()
        self.store.write(lambda tx: ageing.let_quiet_ones_go_stale(tx, self.stale_after, now))

    def _requests(self) -> None:
        self.requests.look(self.clocks.business.now())

    def _homes(self) -> None:
        now = self.clocks.business.now()
        self.store.write(lambda tx: look_again(tx, now))

    def _silences(self) -> None:
        now = self.clocks.business.now()
        self.store.write(lambda tx: let_time_pass(tx, now))

    def _grants(self) -> None:
        now = self.clocks.business.now()
        self.store.write(lambda tx: grants_ageing.let_time_pass(tx, now))

    def _covers(self) -> None:
        now = self.clocks.business.now()
        self.store.write(lambda tx: covers_ageing.let_time_pass(tx, now))

    def _datasets(self, google: BigQuery) -> None:
        names.refresh(self.store, google, self.access, self.clocks.business.now())

    def _hook_calls(self) -> None:
        now = self.clocks.business.now()
        self.store.write(lambda tx: alerts.forget_old_calls(tx, now))

    def _words(self) -> None:
        since = self.clocks.business.now() - WORDS_OF
        self.store.write(lambda tx: index.learn_newest(tx, since))
