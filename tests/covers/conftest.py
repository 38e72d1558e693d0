"""A team with a rota on a store of each kind, covers, and the keeper that enters them at a provider in memory."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import timeline
from bot.actor import Actor
from bot.audit import service as audit
from bot.clock import Clocks, StoppedClock
from bot.covers import queries
from bot.covers.ageing import let_time_pass
from bot.covers.keeper import Keeper
from bot.covers.model import Cover, Rota, Slot, Standing, Wish
from bot.covers.service import Covers, Done, Refused
from bot.directory.service import keep_people
from bot.oncall import service as oncall
from bot.oncall.model import Identity
from bot.oncall.queries import Roster
from bot.outbox import Place
from bot.ports.paging import Shift, Somebody
from bot.store import Store
from bot.store.claim import claim
from bot.store.tables import cards, covers, notes, replies
from bot.text import Text, text
from tests.covers.provider import Killed, Provider
from tests.oncall.made import ALEX, JUNHO, MINJI, account

TEAM, SCHEDULE, CHANNEL = "T0HANEUL", "data-platform", "C0ONCALL"
LEASE = timedelta(seconds=90)


@dataclass
class Bench:
    """Minji is on call since an hour, with Junho behind her; Junho follows, then a gap of a day, then Alex."""

    store: Store
    clock: StoppedClock
    provider: Provider = field(default_factory=Provider)
    forbidden: set[tuple[str, str]] = field(default_factory=set)
    is_live: bool = True
    by_hand: Text | None = None

    def __post_init__(self) -> None:
        self.start = self.clock.now() - timedelta(hours=1)
        self.store.write(lambda tx: keep_people(tx, STAFF, self.clock.now()))
        self.now_planned(*self.plan())

    def now_planned(self, *shifts: Shift) -> None:
        now = self.clock.now()
        self.store.write(lambda tx: oncall.keep(tx, SCHEDULE, Somebody((MINJI, JUNHO)), shifts, now))

    def plan(self) -> tuple[Shift, ...]:
        both = (("primary",), ("secondary",))
        return (
            Shift((MINJI, JUNHO), self.day(0), self.day(7), "primary", rotations=both),
            Shift((JUNHO, ALEX), self.day(7), self.day(14), "primary", rotations=both),
            Shift((ALEX, MINJI), self.day(15), self.day(22), "primary", rotations=both),
        )

    def day(self, n: float):
        return self.start + timedelta(days=n)

    @property
    def rota(self) -> Rota:
        return Rota(SCHEDULE, "at the provider", "opsgenie", CHANNEL, {"U0DANA": "dana@haneul.example"}, self.by_hand)

    @property
    def covers(self) -> Covers:
        roster = Roster({SCHEDULE: "S0ENG"}, (Identity("U0DANA", ("dana@haneul.example",)),))
        return Covers(roster, {SCHEDULE: self.rota}, is_live=self.is_live)

    @property
    def keeper(self) -> Keeper:
        clocks = Clocks(self.clock, self.clock)
        return Keeper(self.store, clocks, self.covers.rotas, {SCHEDULE: self.provider}, is_live=self.is_live)

    def authorise(self, _tx, actor: Actor, deed: str) -> Text | None:
        return text("policy.needs_approval") if (actor.id, deed) in self.forbidden else None

    def ask(self, who: str = "U0MINJI", n: int = 0, **more) -> Done | Refused:
        """Ask for cover of somebody's own nth shift."""
        slots = self.offered(who)
        wish = Wish(slots[n].key if slots else f"{SCHEDULE}|none|0", **more)
        return self._do("ask", who, wish, Place("C0HELP"))

    def put_in(self, whom: str, n: int = 0, who: str = "U0MINJI", **more) -> Done | Refused:
        """Put somebody in for the nth place of the rota."""
        return self._do("override", who, Wish(self.offered()[n].key, whom=whom, **more), Place("C0HELP"))

    def press(self, deed: str, who: str, cover: Cover | None = None) -> Done | Refused:
        return self._do(deed, who, (cover or self.cover).id)

    def _do(self, deed: str, who: str, *what) -> Done | Refused:
        self.clock.advance(timedelta(milliseconds=2))
        actor, now = Actor.person(TEAM, who), self.clock.now()
        return self.store.write(lambda tx: getattr(self.covers, deed)(actor, tx, *what, now, self.authorise))

    def offered(self, who: str | None = None) -> tuple[Slot, ...]:
        return self.store.read(lambda tx: self.covers.slots(tx, self.clock.now(), user=who))

    def let_time_pass(self) -> None:
        self.store.write(lambda tx: let_time_pass(tx, self.clock.now()))

    def once(self) -> bool:
        """Do one step of what is due; return whether there was any. Who is killed loses its lease, nothing else."""
        self.clock.advance(timedelta(milliseconds=2))
        now = self.clock.now()
        taken = self.store.write(lambda tx: claim(tx, covers, 1, owner="worker", now=now, lease=LEASE))
        for each in taken:
            try:
                self.keeper.step(each)
            except Killed:
                self.clock.advance(LEASE + timedelta(seconds=1))
        return bool(taken)

    def work(self, *, within: timedelta = timedelta(minutes=20), most: int = 200) -> None:
        """Do everything that becomes due, moving the clock to it."""
        until = self.clock.now() + within
        for _ in range(most):
            if not self.once() and not self._skip(until):
                return
        raise AssertionError("it never comes to rest")

    def _skip(self, until) -> bool:
        query = select(covers.c.due_at).where(covers.c.due_at.is_not(None))
        times = self.store.read(lambda tx: tx.execute(query).scalars().all())
        if not times or min(times) > until:
            return False
        self.clock.at = max(self.clock.now(), min(times)) + timedelta(milliseconds=1)
        return True

    @property
    def cover(self) -> Cover:
        row = self.store.read(lambda tx: tx.execute(select(covers).order_by(covers.c.id.desc())).first())
        return queries.cover_of(row)

    @property
    def standing(self) -> str:
        return Standing.of(self.cover).value

    def on_call(self) -> list[tuple[str, str]]:
        """Return who stands in at the provider, and in which rotations."""
        return [(each.responder.email, ",".join(each.rotations)) for each in self.provider.made.values()]

    def said(self) -> list[tuple[str, list[str]]]:
        """Return what was said in the thread, and who was called by it."""
        bodies = self.store.read(lambda tx: tx.execute(select(notes.c.body).order_by(notes.c.id)).scalars().all())
        return [(body["text"]["$text"], [each["$mention"] for each in body["mention"]]) for body in bodies]

    def written_to(self) -> list[str]:
        return list(self.store.read(lambda tx: tx.execute(select(replies.c.user)).scalars()))

    def shown_in(self) -> list[str]:
        return list(self.store.read(lambda tx: tx.execute(select(cards.c.channel)).scalars()))

    def history(self) -> list[str]:
        return [each.body.msgid for each in self.store.read(lambda tx: timeline.history(tx, self.cover.ref))]

    def audited(self) -> list[tuple[str, str]]:
        found = self.store.read(lambda tx: list(audit.records(tx, self.cover.ref)))
        return [(each.entry.deed, each.entry.actor) for each in found]


STAFF = (
    account("U0MINJI", "김민지", "minji@haneul.example"),
    account("U0JUNHO", "박준호", "junho@haneul.example"),
    account("U0ALEX", "Alex Rivera", "alex@haneul.example"),
    account("U0DANA", "Dana Cho", "dana@elsewhere.example"),
    account("U0SORA", "이소라"),
    account("U0GUEST", "Guest", "guest@vendor.example", is_guest=True),
)


@pytest.fixture
def bench(any_store, clock) -> Bench:
    return Bench(any_store, clock)
