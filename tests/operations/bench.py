"""A desk and an executor on a store, with people of every kind: what the engine's tests stand on."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.actor import Actor
from bot.clock import Clocks, StoppedClock
from bot.config.policy import Policy
from bot.operations import queries, service
from bot.operations.authority import Authority
from bot.operations.executor import Executor
from bot.operations.facts import Answer
from bot.operations.lifecycle import State
from bot.operations.model import Run
from bot.operations.turn import Patience
from bot.outbox import Place
from bot.store import Store
from bot.store.claim import claim
from bot.store.tables import notes, people, runs
from bot.store.upsert import upsert
from bot.text import text_from_json
from tests.operations.scripted import Switchboard, TurnOn, World

TEAM = "T1"
MINA, JUN, SORA, GUEST = (Actor.person(TEAM, user) for user in ("U0MINA", "U0JUN", "U0SORA", "U0GUEST"))
PLACE = Place("C0ALERTS")
RULES = {
    "rules": [
        {"operation": "clear-tasks", "who": ["on-call"], "size_at_most": 3},
        {"operation": "clear-tasks", "who": ["member"], "needs": "approval"},
    ]
}


@dataclass
class Bench:
    """Mina is on call, Jun and Sora are colleagues."""

    store: Store
    clock: StoppedClock
    world: World = field(default_factory=lambda: World({"attic.lamp": False, "attic.fan": False}))
    on_call: dict[str, Answer] = field(default_factory=lambda: {MINA.id: Answer.YES})
    rules: dict = field(default_factory=lambda: RULES)

    def __post_init__(self) -> None:
        self.ports = Switchboard(world=self.world)
        self.authority = Authority(
            lambda: Policy.model_validate(self.rules), lambda _tx, user, _now: self.on_call.get(user, Answer.NO)
        )
        catalog = {"clear-tasks": TurnOn}
        self.desk = service.Desk(self.authority, self.ports, catalog)
        clocks = Clocks(self.clock, self.clock)
        patience = Patience(tries=3)
        self.executor = Executor(self.store, clocks, self.ports, self.authority, catalog, patience)
        everybody = [person(each, self.now) for each in (MINA, JUN, SORA, GUEST)]
        self.store.write(lambda tx: upsert(tx, people, everybody, key=["team", "user"]))

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def write(self, fn, *args, **kwargs):
        """Call a service function with the transaction in its place."""
        actor, *rest = args
        return self.store.write(lambda tx: fn(actor, tx, self.desk, *rest, **kwargs))

    def ask(self, *rooms: str, by: Actor = MINA, **kwargs) -> str:
        answer = self.write(
            service.request, by, "clear-tasks", {"rooms": list(rooms)}, place=PLACE, now=self.now, **kwargs
        )
        assert isinstance(answer, service.Accepted), answer
        return answer.run_id

    def confirm(self, run_id: str, by: Actor = MINA):
        return self.write(service.confirm, by, run_id, self.now)

    def agreed(self, *rooms: str) -> str:
        """Return a run that was planned and started."""
        run_id = self.ask(*rooms)
        self.once()
        assert isinstance(self.confirm(run_id), service.Accepted)
        return run_id

    def claim(self):
        found = self.store.write(
            lambda tx: claim(tx, runs, 1, owner="worker", now=self.now, lease=self.executor.patience.lease)
        )
        return found[0] if found else None

    def once(self, executor: Executor | None = None) -> bool:
        """Do one step of what is due; return whether there was any."""
        taken = self.claim()
        if taken is None:
            return False
        (executor or self.executor).step(taken)
        return True

    def until_quiet(self, *, most: int = 50) -> None:
        """Do everything that is due now and whatever becomes due, moving the clock to it."""
        for _ in range(most):
            if not self.once() and not self.skip_to_next():
                return
        raise AssertionError("it never comes to rest")

    def skip_to_next(self) -> bool:
        """Move the clock to the next moment at which a run under way is due, or at which its lease ends."""
        query = select(runs.c.due_at, runs.c.lease_until, runs.c.state).where(runs.c.due_at.is_not(None))
        rows = self.store.read(lambda tx: tx.execute(query).all())
        waiting = {State.PLANNED, State.PLAN_CHANGED, State.AWAITING_APPROVAL}
        times = [max(row.due_at, row.lease_until or row.due_at) for row in rows if State(row.state) not in waiting]
        if not times:
            return False
        self.clock.at = max(self.clock.at, min(times)) + timedelta(milliseconds=1)
        return True

    def run(self, run_id: str) -> Run:
        found = self.store.read(lambda tx: queries.load(tx, run_id))
        assert found is not None
        return found

    def state(self, run_id: str) -> State:
        return self.run(run_id).state

    def notes(self) -> list[str]:
        rows = self.store.read(lambda tx: tx.execute(select(notes.c.body).order_by(notes.c.id)).all())
        return [text_from_json(row.body["text"]).msgid for row in rows]

    def with_shadow(self) -> None:
        shadow = replace(self.authority, shadow=True)
        self.desk, self.executor = replace(self.desk, authority=shadow), replace(self.executor, authority=shadow)


def person(actor: Actor, now: datetime) -> dict:
    return {
        "team": actor.team,
        "user": actor.id,
        "name": actor.id.lower(),
        "real_name": actor.id,
        "email": f"{actor.id.lower()}@example.com",
        "locale": "en-US",
        "zone": "UTC",
        "is_bot": False,
        "is_guest": actor == GUEST,
        "is_deleted": False,
        "fetched_at": now,
    }
