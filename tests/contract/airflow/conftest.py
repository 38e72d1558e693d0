import pytest
import stamina

from bot.adapters.airflow import Credentials, connect
from tests.contract.airflow.scripted import Scripted

PATIENT, IMPATIENT = 20.0, 1.0


@pytest.fixture
def at_once():
    """Repeat reads as often as ever, but without the pauses."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def scripted(at_once):
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def airflow(scripted):
    adapter = connect("prod", scripted.url, Credentials("baton", "pass"), read_seconds=PATIENT)
    yield adapter
    adapter.close()


@pytest.fixture
def impatient(scripted):
    """An adapter for servers that never answer."""
    adapter = connect("prod", scripted.url, Credentials("baton", "pass"), read_seconds=IMPATIENT)
    yield adapter
    adapter.close()
