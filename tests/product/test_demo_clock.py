"""In the demo Baton's business time is that of the sandbox's page."""

from datetime import timedelta

import pytest

from bot.adapters.followed_clock import FollowedClock
from bot.clock import SystemClock
from sandbox.running import RunningSandbox


@pytest.fixture(scope="module")
def sandbox():
    with RunningSandbox() as running:
        yield running


def test_who_moves_the_clock_of_the_page_moves_batons(sandbox):
    clock = FollowedClock(f"{sandbox.page_url}/control/clock")
    assert abs(clock.now() - SystemClock().now()) < timedelta(seconds=5)

    sandbox.clock.advance(timedelta(days=7))
    sandbox.until(lambda: clock.now() - SystemClock().now() > timedelta(days=6, hours=23))
    assert abs(clock.now() - sandbox.clock.now()) < timedelta(seconds=5)


def test_a_page_that_does_not_answer_leaves_the_clock_as_it_was(sandbox):
    sandbox.clock.advance(timedelta(days=1))
    clock = FollowedClock(f"{sandbox.page_url}/control/clock")
    offset = clock.offset
    clock._url = f"{sandbox.page_url}/nothing/here"
    clock.ask()

    assert clock.offset == offset > timedelta(hours=23)
