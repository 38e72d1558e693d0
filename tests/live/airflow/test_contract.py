"""The contract against a real Airflow."""

import pytest

from tests.contract.airflow import suite
from tests.live.airflow.fixtures import MARKS

pytestmark = MARKS


@pytest.fixture
def bench(real_airflow):
    return real_airflow


class TestReading(suite.Reading):
    pass


class TestClearing(suite.Clearing):
    pass


class TestRefusing(suite.Refusing):
    pass


class TestStarting(suite.Starting):
    pass
