"""In the demo Baton's business time is that of the sandbox's page."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.adapters.followed_clock import FollowedClock
from bot.clock import SystemClock
from bot.store.tables import people
from sandbox.running import RunningSandbox
from tests.product.workplace import Workplace


@pytest.fixture(scope="module")
def running():
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.reset()
    return running


def test_who_moves_the_clock_of_the_page_moves_batons(sandbox):
    clock, moves = FollowedClock(f"{sandbox.page_url}/control/clock"), []
    clock.on_move = lambda: moves.append(clock.now())
    assert abs(clock.now() - SystemClock().now()) < timedelta(seconds=5)

    sandbox.clock.advance(timedelta(days=7))
    sandbox.until(lambda: moves)
    assert abs(clock.now() - sandbox.clock.now()) < timedelta(seconds=5)


def test_a_page_that_does_not_answer_leaves_the_clock_as_it_was(sandbox):
    sandbox.clock.advance(timedelta(days=1))
    clock = FollowedClock(f"{sandbox.page_url}/control/clock")
    offset = clock.offset
    clock._url = f"{sandbox.page_url}/nothing/here"
    clock.ask()

    assert clock.offset == offset > timedelta(hours=23)


def test_when_business_time_jumps_every_duty_is_done_again_at_once(sqlite_url):
    with Workplace(sqlite_url) as workplace:
        store = workplace.baton.app.store
        before = store.read(oldest)
        workplace.let_it_be(workplace.sandbox.clock.now() + timedelta(days=6))
        workplace.baton.app.ticks.hurry()

        workplace.until(lambda: store.read(oldest) > before + timedelta(days=5))


def oldest(tx):
    """When the person was looked up whose lookup is longest ago."""
    return tx.execute(select(func.min(people.c.fetched_at))).scalar_one()
