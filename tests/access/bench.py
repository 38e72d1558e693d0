"""A keeper on a store and on a BigQuery in memory, with grants as agreed runs would have written them down."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from bot.access import ageing, queries, service
from bot.access.catalog import Access
from bot.access.keeper import Keeper
from bot.access.members import Member, role_of
from bot.access.model import Ending, Grant, Grantee, Resource, Wish
from bot.actor import BATON, Actor
from bot.clock import Clocks, StoppedClock
from bot.config.datasets import Datasets
from bot.outbox import Place, want_card
from bot.ports.bigquery import DatasetName
from bot.ref import Ref, new_id
from bot.store import Store
from bot.store.claim import claim
from bot.store.tables import access_lists, notes, runs
from bot.text import text_from_json
from tests.access.google import Google

ORDERS = DatasetName("haneul-lab", "orders")
DANA, SORA, MINJI = (Actor.person("T1", user) for user in ("U0DANA", "U0SORA", "U0MINJI"))
EMAILS = {"dana@haneul.example": DANA, "sora@haneul.example": SORA}
DAY = timedelta(days=1)
LEASE = timedelta(seconds=90)
WRITTEN = Datasets.model_validate(
    {
        "domains": ["haneul.example"],
        "datasets": {"haneul-*.*": {"owner": "user:U0MINJI", "roles": ["reader", "writer"]}},
    }
)


@dataclass
class Bench:
    store: Store
    clock: StoppedClock
    google: Google = field(default_factory=Google)

    def __post_init__(self) -> None:
        clocks = Clocks(self.clock, self.clock)
        self.keeper = Keeper(self.store, clocks, {self.google.project: self.google}, Access(WRITTEN))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def begin(
        self,
        email: str = "dana@haneul.example",
        *,
        role: str = "reader",
        lasts: timedelta = 7 * DAY,
        on: Resource = ORDERS,
        self_expiring: bool = False,
    ) -> str:
        """Write down a grant as an agreed run does; return its id."""
        run_id = self._run()
        grantee = Grantee(Member.user(email), EMAILS.get(email))
        wish = Wish(run_id, on, role_of(role), (grantee,), lasts, "look at orders", SORA, self_expiring)
        return self.store.write(lambda tx: service.begin(tx, wish, self.now))[0].id

    def _run(self) -> str:
        run_id = new_id(self.now)
        row = {
            "id": run_id,
            "operation": "grant-access",
            "arguments": {},
            "state": "verifying",
            "requester": str(SORA),
            "reason": "",
            "ticket": "",
            "created_at": self.now,
        }

        def write(tx):
            tx.execute(insert(runs), row)
            want_card(tx, Ref("run", run_id), Place("C0ALERTS"))

        self.store.write(write)
        return run_id

    def end(self, grant_id: str, ending: Ending = Ending.REVOKED) -> None:
        def end(tx):
            grant = queries.load(tx, grant_id, lock=True)
            service.end(tx, grant, ending, BATON, self.now)

        self.store.write(end)

    def extend(self, grant_id: str, lasts: timedelta) -> Grant | None:
        run_id = self._run()
        return self.store.write(lambda tx: service.extend(tx, grant_id, run_id, lasts, DANA, self.now))

    def let_time_pass(self) -> int:
        return self.store.write(lambda tx: ageing.let_time_pass(tx, self.now))

    def once(self) -> bool:
        """Do one step of what is due now; return whether there was any."""
        taken = self.store.write(lambda tx: claim(tx, access_lists, 1, owner="worker", now=self.now, lease=LEASE))
        for each in taken:
            self.keeper.step(each)
        return bool(taken)

    def work(self, *, within: timedelta = timedelta(minutes=5), most: int = 60) -> None:
        """Do everything that becomes due soon, moving the clock to it."""
        until = self.now + within
        for _ in range(most):
            if not self.once() and not self._skip(until):
                return
        raise AssertionError("it never comes to rest")

    def _skip(self, until: datetime) -> bool:
        query = select(access_lists.c.due_at, access_lists.c.lease_until).where(access_lists.c.due_at.is_not(None))
        times = [
            max(row.due_at, row.lease_until or row.due_at)
            for row in self.store.read(lambda tx: tx.execute(query).all())
        ]
        if not times or min(times) > until:
            return False
        self.clock.at = max(self.now, min(times)) + timedelta(milliseconds=1)
        return True

    def grant(self, grant_id: str) -> Grant:
        found = self.store.read(lambda tx: queries.load(tx, grant_id))
        assert found is not None
        return found

    def state(self, grant_id: str) -> str:
        return self.grant(grant_id).state.value

    def entries(self, on: Resource = ORDERS) -> list:
        return self.google.lists.get(str(on), [])

    def notes(self) -> list[str]:
        rows = self.store.read(lambda tx: tx.execute(select(notes.c.body).order_by(notes.c.id)).all())
        return [text_from_json(row.body["text"]).msgid for row in rows]

    def called(self) -> list[str]:
        """Return whom the notes call by name."""
        rows = self.store.read(lambda tx: tx.execute(select(notes.c.body).order_by(notes.c.id)).all())
        return [mention["$mention"] for row in rows for mention in row.body["mention"]]
