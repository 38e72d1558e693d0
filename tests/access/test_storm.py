"""Grants, faults and other people's writes in any order: none lost, none doubled, nothing foreign touched."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.access import entries
from bot.access.model import GIVES, Ending
from bot.clock import StoppedClock
from bot.store import Store
from tests.access.bench import DAY, ORDERS, Bench
from tests.access.google import Fault, normal
from tests.access.lists import ENTRIES
from tests.conftest import NOW

PEOPLE = st.sampled_from(["dana@haneul.example", "sora@haneul.example", "lee@haneul.example", "kim@haneul.example"])
ROLES = st.sampled_from(["reader", "writer"])
PASSING = [each for each in Fault if each is not Fault.FORBIDDEN]
DEEDS = st.one_of(
    st.tuples(st.just("begin"), PEOPLE, ROLES, st.booleans()),
    st.tuples(st.just("end"), st.integers(0, 9)),
    st.tuples(st.just("extend"), st.integers(0, 9)),
    st.tuples(st.just("once")),
    st.tuples(st.just("wait"), st.integers(1, 20)),
    st.tuples(st.just("foreign"), st.integers(0, 3)),
)
FAULTS = st.lists(st.one_of(st.none(), st.sampled_from(PASSING)), max_size=12)
OTHERS = [
    {"userByEmail": f"{name}@haneul.example", "role": "roles/custom.audit"} for name in ("dana", "x", "y", "analyst")
]


@pytest.fixture
def fresh(tmp_path, sqlite_template):
    """A bench on a store of its own for each example."""
    path = tmp_path / "storm.sqlite3"

    @contextmanager
    def make():
        for old in tmp_path.glob("storm.sqlite3*"):
            old.unlink()
        path.write_bytes(sqlite_template)
        store = Store(f"sqlite:///{path}")
        yield Bench(store, StoppedClock(NOW))
        store.close()

    return make


def do(bench, deed, begun):
    match deed:
        case ("begin", email, role, self_expiring):
            begun.append(bench.begin(email, role=role, self_expiring=self_expiring))
        case ("end", n) if begun:
            grant = bench.grant(begun[n % len(begun)])
            if grant.state in GIVES:
                bench.end(grant.id, Ending.REVOKED)
        case ("extend", n) if begun:
            bench.extend(begun[n % len(begun)], 10 * DAY)
        case ("once",):
            bench.once()
        case ("wait", seconds):
            bench.clock.advance(timedelta(seconds=seconds))
        case ("foreign", n):
            bench.google.somebody_else(str(ORDERS), [*bench.entries(), OTHERS[n]])
        case _:
            pass


@given(listed=ENTRIES, deeds=st.lists(DEEDS, max_size=25), faults=FAULTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_none_is_lost_none_doubled_and_no_foreign_entry_touched(listed, deeds, faults, fresh):
    with fresh() as bench:
        listed = [normal(each) for each in listed]
        bench.google.lists[str(ORDERS)] = list(listed)
        bench.google.faults = list(faults)
        begun: list[str] = []
        for deed in deeds:
            do(bench, deed, begun)
        bench.work(most=300)
        foreign = [*listed, *(OTHERS[deed[1]] for deed in deeds if deed[0] == "foreign")]
        _nothing_foreign_is_touched(bench, foreign, begun)
        for grant in begun:
            if bench.grant(grant).state in GIVES:
                bench.end(grant)
        bench.work(most=300)

        assert sorted(map(str, bench.entries())) == sorted(map(str, foreign))
        assert all(bench.state(grant) == "ended" for grant in begun)


def _nothing_foreign_is_touched(bench, foreign, begun):
    """Each active grant stands there once, and without those the list is what others made of it."""
    held = entries.keys_of(bench.entries())
    active = {bench.grant(each).key for each in begun if bench.state(each) == "active"}
    assert all(held.count(key) == 1 for key in active)
    rest = entries.without(bench.entries(), list(active))
    assert sorted(map(str, rest)) == sorted(map(str, foreign))
