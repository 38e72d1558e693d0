"""The claim loop: what a killed process held is done by the next one, without waiting for its lease."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.clock import Clocks
from bot.owner import this_process
from bot.reconcile import Lane, Loop, Reconciler
from bot.store.claim import NEW, finish
from bot.store.tables import ticks

SOON_S, LONG = 10, timedelta(hours=1)


@pytest.fixture
def killed() -> str:
    """The name of a process that is gone."""
    command = [sys.executable, "-c", "from bot.owner import this_process; print(this_process())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def held_by(store, name, owner, now):
    row = {"name": name, "due_at": NEW, "lease_until": now + LONG, "lease_owner": owner, "attempts": 1, "version": 7}
    store.write(lambda tx: tx.execute(insert(ticks), row))


def test_what_a_killed_process_held_is_taken_over_and_what_a_living_one_holds_is_not(any_store, killed):
    clocks, done, is_done = Clocks(), [], threading.Event()
    held_by(any_store, "of the dead", killed, clocks.system.now())
    held_by(any_store, "of another machine", "host:0123456789ab:1:1", clocks.system.now())
    held_by(any_store, "of the living", this_process(), clocks.system.now())

    def step(claim):
        done.append((claim.row.name, claim.version))
        any_store.write(lambda tx: finish(tx, claim))
        is_done.set()

    loop = Loop(any_store, clocks, [Reconciler("tick", ticks, "duties", step)], [Lane("duties", 1)])
    loop.start()
    assert is_done.wait(SOON_S)
    loop.stop()

    assert done == [("of the dead", 9)]
