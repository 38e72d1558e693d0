"""A first shift on a store of each kind, with vendors in memory that answer what they are told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.actor import Actor
from bot.clock import Clocks, StoppedClock
from bot.config.policy import Policy
from bot.directory.service import keep_groups
from bot.first_shift.checks import Checks
from bot.first_shift.keeper import Keeper
from bot.first_shift.model import FirstShift, FirstShiftCard
from bot.first_shift.service import FirstShifts
from bot.operations.authority import Authority
from bot.operations.facts import Answer
from bot.ports.airflow import Introduction, Right
from bot.ports.bigquery import DatasetName
from bot.ports.errors import VendorError
from bot.ports.paging import AlertFilter, AlertPage, Nobody, OnCall
from bot.ports.slack import SlackGroup
from bot.store import Store, Tx
from bot.store.claim import claim
from bot.store.tables import cards, first_shifts
from tests.covers.conftest import Bench as Rota
from tests.covers.provider import Killed

TEAM, LEASE = "T0HANEUL", timedelta(seconds=90)
MAY = dict.fromkeys(Right, True)
POLICY = Policy.model_validate(
    {
        "rules": [
            {"operation": "clear-tasks", "who": "on-call"},
            {"operation": ["incident.acknowledge", "incident.resolve", "silence.create", "cover.ask"], "who": "member"},
            {"operation": "grant-access", "who": "member", "needs": "approval"},
        ]
    }
)


@dataclass
class Vendors:
    """What the vendors answer; `failing` is what a call of theirs raises instead."""

    inside: dict[str, list[str]] = field(default_factory=dict)
    rights: dict[Right, bool | None] = field(default_factory=lambda: dict(MAY))
    on_call: OnCall = field(default_factory=Nobody)
    settable: bool = True
    failing: dict[str, VendorError | type[Killed]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    def _asked(self, name: str) -> None:
        self.calls.append(name)
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        if failure := self.failing.get(name):
            raise failure if isinstance(failure, VendorError) else failure()

    def members(self, channel: str):
        self._asked("slack")
        yield from self.inside.get(channel, ())

    def introduction(self) -> Introduction:
        self._asked("airflow")
        return Introduction("3.1.0", "v2", "token", rights=self.rights)

    def datasets(self):
        self._asked("bigquery")
        return (DatasetName("haneul-prod", "orders"),)

    def may_set_acl(self, _dataset: DatasetName) -> bool:
        return self.settable

    def find(self, _wanted: AlertFilter) -> AlertPage:
        self._asked("alerts")
        return AlertPage(())

    def current(self, _schedule, _at) -> OnCall:
        self._asked("on-call")
        return self.on_call


@dataclass
class Bench:
    store: Store
    clock: StoppedClock
    user: str = "U0JUNHO"
    policy: Policy = POLICY
    channels: tuple[str, ...] = ("C0ALERTS", "C0ONCALL")
    vendors: Vendors = field(default_factory=Vendors)

    def __post_init__(self) -> None:
        self.rota = Rota(self.store, self.clock)
        self.vendors.inside = {"C0ALERTS": [self.user, "U0MINJI"], "C0ONCALL": [self.user]}
        groups = [SlackGroup(TEAM, "S0ENG", "data-engineers", (self.user,))]
        self.store.write(lambda tx: keep_groups(tx, groups, self.clock.now()))

    @property
    def actor(self) -> Actor:
        return Actor.person(TEAM, self.user)

    @property
    def checks(self) -> Checks:
        return Checks(
            store=self.store,
            clock=self.clock,
            slack=self.vendors,
            covers=self.rota.covers,
            authority=Authority(policy=lambda: self.policy, is_on_call=lambda *_: Answer.NO),
            doors={"data-platform": self.vendors},
            alerts=lambda: {"opsgenie": self.vendors},
            airflows={"prod": self.vendors},
            bigquery={"haneul-prod": self.vendors},
            channels=self.channels,
            datasets=("haneul-prod.*",),
        )

    @property
    def first_shifts(self) -> FirstShifts:
        return FirstShifts(self.rota.covers, tuple(self.checks.all), lambda topic: topic == "airflow-task-failure")

    def begin(self) -> FirstShift:
        return self.store.write(
            lambda tx: self.first_shifts.begin(self.actor, tx, "ko", self.clock.now(), lambda *_: None)
        )

    def practise(self, stage: str, user: str | None = None) -> None:
        actor = Actor.person(TEAM, user or self.user)
        self.store.write(lambda tx: self.first_shifts.practise(actor, tx, stage, lambda *_: None))

    def once(self) -> bool:
        """Make one check; who is killed loses its lease, nothing else."""
        now, keeper = self.clock.now(), Keeper(self.store, Clocks(self.clock, self.clock), self.checks)
        taken = self.store.write(lambda tx: claim(tx, first_shifts, 1, owner="worker", now=now, lease=LEASE))
        for each in taken:
            try:
                keeper.step(each)
            except Killed:
                self.clock.advance(LEASE + timedelta(seconds=1))
        return bool(taken)

    def work(self, most: int = 40) -> None:
        for _ in range(most):
            if not self.once():
                return
        raise AssertionError("it never comes to rest")

    @property
    def card(self) -> FirstShiftCard:
        def look(tx: Tx) -> FirstShiftCard:
            key = tx.execute(select(first_shifts.c.id)).scalar_one()
            return self.first_shifts.card(tx, key, self.clock.now())

        return self.store.read(look)

    @property
    def signs(self) -> dict[str, str]:
        return {name: result.sign.value for name, result in self.card.first_shift.results.items()}

    def fix(self, name: str) -> str:
        return self.card.first_shift.results[name].fix.msgid

    def count(self, table) -> int:
        return self.store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())

    def places(self) -> list[str]:
        return list(self.store.read(lambda tx: tx.execute(select(cards.c.channel)).scalars()))


@pytest.fixture
def bench(any_store, clock) -> Bench:
    return Bench(any_store, clock)
