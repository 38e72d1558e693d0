"""The process dies at every line where it matters: nothing is forgotten, nothing is done twice."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select, update

from bot.operations.lifecycle import State, StepState
from bot.ports.errors import OutcomeUnknown
from bot.store import Store
from bot.store.tables import runs
from tests.operations.bench import Bench
from tests.operations.scripted import World

LOST = OutcomeUnknown("Lamps", "no answer in time")
ROOMS = {"attic.lamp": False, "attic.fan": False, "cellar.lamp": False}


class Killed(BaseException):
    """The process is gone: no handler runs."""


@dataclass
class Death:
    """Comes at the nth point that is passed; `passed` counts them."""

    at: int
    passed: int = 0

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Killed


class MortalStore:
    """The store of a process that may die just before and just after each commit."""

    def __init__(self, store: Store, death: Death) -> None:
        self._store, self._death = store, death

    def read(self, fn):
        return self._store.read(fn)

    def write(self, fn):
        self._death.point()
        result = self._store.write(fn)
        self._death.point()
        return result


class MortalWorld(World):
    """A vendor to which the process may die just before and just after each call."""

    death: Death

    def read(self):
        self.death.point()
        return super().read()

    def turn_on(self, names):
        self.death.point()
        super().turn_on(names)
        self.death.point()


def story(store, clock, death, script):
    """Play a whole run of two steps; return the bench after it, or after the survivors have finished it."""
    world = MortalWorld(dict(ROOMS), **{side: list(errors) for side, errors in script.items()})
    world.death = death
    bench = Bench(store, clock, world)
    bench.executor = replace(bench.executor, store=MortalStore(store, death))
    run_id = None
    try:
        run_id = bench.agreed("attic", "cellar")
        bench.until_quiet()
    except Killed:
        bench.executor = replace(bench.executor, store=store)
        survive(bench)
    return bench, run_id or newest(bench)


def survive(bench: Bench) -> None:
    """Another process goes on; if nobody had said yes yet, somebody does now."""
    bench.until_quiet()
    run_id = newest(bench)
    if bench.state(run_id) in {State.PLANNED, State.PLAN_CHANGED}:
        bench.confirm(run_id)
        bench.until_quiet()


def newest(bench: Bench) -> str:
    query = select(runs.c.id).order_by(runs.c.id.desc()).limit(1)
    return bench.store.read(lambda tx: tx.execute(query).scalar_one())


@pytest.mark.parametrize(
    ("database_url", "script"),
    [
        pytest.param("sqlite", {}, id="all goes well"),
        pytest.param("sqlite", {"after": [LOST]}, id="an answer is lost after the effect"),
        pytest.param("sqlite", {"before": [LOST]}, id="an answer is lost before the effect"),
        pytest.param("postgres", {"after": [LOST]}, id="on PostgreSQL"),
    ],
    indirect=["database_url"],
)
def test_killed_at_any_point_the_run_still_ends_done_once_and_said_once(any_store, clock, script):
    never = Death(0)
    story(any_store, clock, never, script)
    assert never.passed >= 25

    for at in range(1, never.passed + 1):
        before = len(Bench(any_store, clock).notes())
        bench, run_id = story(any_store, clock, Death(at), script)
        said = bench.notes()[before:]

        assert bench.state(run_id) is State.SUCCEEDED, at
        assert sorted(bench.world.writes) == [("attic.lamp", "attic.fan"), ("cellar.lamp",)], at
        assert said == ["run.verdict.succeeded"], at


def take_over(bench: Bench) -> None:
    """The process hangs for so long that its lease runs out and another one does all that is left."""
    bench.clock.advance(bench.executor.patience.lease * 2)
    bench.until_quiet()


def test_a_process_that_lost_its_lease_before_a_write_does_not_send_it(any_store, clock):
    bench = Bench(any_store, clock)
    run_id = bench.agreed("attic")
    bench.once()
    bench.world.reads = [lambda: take_over(bench)]
    bench.once()

    assert bench.state(run_id) is State.SUCCEEDED
    assert len(bench.world.writes) == 1
    assert bench.notes() == ["run.verdict.succeeded"]


def test_a_process_that_lost_its_lease_after_a_write_changes_nothing_any_more(any_store, clock):
    bench = Bench(any_store, clock)
    run_id = bench.agreed("attic")
    bench.once()
    bench.world.after = [lambda: take_over(bench)]
    bench.once()
    run = bench.run(run_id)

    assert run.state is State.SUCCEEDED
    assert run.steps[0].result.answer == {"read_back": True}
    assert len(bench.world.writes) == 1
    assert bench.notes() == ["run.verdict.succeeded"]


def test_the_lease_is_renewed_before_a_write_so_that_nobody_looks_while_it_is_under_way(bench):
    bench.agreed("attic")
    bench.once()
    most_of_it, taken = bench.executor.patience.lease * 0.8, []

    def others_try():
        bench.clock.advance(most_of_it)
        taken.append(bench.claim())

    bench.world.reads = [lambda: bench.clock.advance(most_of_it)]
    bench.world.before = [others_try]
    bench.once()

    assert taken == [None]
    assert len(bench.world.writes) == 1


def test_what_a_killed_process_had_just_sent_is_not_sent_again_while_the_vendor_may_be_at_it(any_store, clock):
    bench = Bench(any_store, clock)
    run_id = bench.agreed("attic")
    bench.once()
    bench.world.before = [Killed()]
    with pytest.raises(Killed):
        bench.once()
    bench.store.write(lambda tx: tx.execute(update(runs).values(lease_until=None, lease_owner=None)))
    bench.once()
    assert [step.state for step in bench.run(run_id).steps] == [StepState.SENDING]

    bench.until_quiet()
    assert bench.state(run_id) is State.SUCCEEDED
    assert bench.run(run_id).steps[0].result.sends == 2
