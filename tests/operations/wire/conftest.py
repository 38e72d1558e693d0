"""The sandbox with its Airflow, and clear-tasks on it."""

import pytest
import stamina

from sandbox.running import RunningSandbox
from tests.operations.wire.airflow import AirflowBench


@pytest.fixture(scope="module")
def running():
    with RunningSandbox(airflow_speed=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.reset()
    running.faults.clear()
    with stamina.set_testing(True, attempts=2, cap=True):
        yield running


@pytest.fixture
def bench(store, clock, sandbox):
    bench = AirflowBench(store, clock, sandbox)
    yield bench
    bench.close()
