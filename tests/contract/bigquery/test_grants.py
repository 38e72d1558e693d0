"""Grants over Google's own client and the sandbox's BigQuery."""

import pytest

from tests.contract.bigquery import fake, life


@pytest.fixture(scope="module")
def bench():
    with fake.running("haneul-lab") as lab:
        yield lab


class TestGrants(life.Grants):
    pass
