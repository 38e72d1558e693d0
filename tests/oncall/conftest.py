"""An Opsgenie that answers what a test tells it, and the adapter that asks it."""

import pytest
import stamina

from bot.adapters import opsgenie
from tests.oncall.scripted import scripted


@pytest.fixture
def server():
    with scripted() as server:
        yield server


@pytest.fixture
def schedules(server):
    schedules = opsgenie.connect("a-key", server.url)
    with stamina.set_testing(True, attempts=3):  # as many attempts, without the pauses
        yield schedules
    schedules.close()
