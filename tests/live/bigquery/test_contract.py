"""The contract against a server that we did not write.

local-bigquery knows neither principals nor limits nor the rules of version 3: those are the sandbox's.
"""

import pytest

from tests.contract.bigquery import life, suite
from tests.contract.bigquery.bench import Bench
from tests.live.bigquery.server import PROJECT, running

INSTALL_AND_START_SECONDS = 600
pytestmark = [
    pytest.mark.live,
    pytest.mark.xdist_group("bigquery"),  # one worker, hence one server
    pytest.mark.timeout(INSTALL_AND_START_SECONDS),
]


class LocalBench(Bench):
    def load(self, table, rows):
        values = ", ".join(f"(DATE '{day}')" for day, count in rows.items() for _ in range(count))
        body = {"query": f"INSERT INTO `{table}` (day) VALUES {values}", "useLegacySql": False}
        self.http.post("/queries", json=body).raise_for_status()


@pytest.fixture(scope="module")
def bench():
    with running() as url:
        local = LocalBench(url, PROJECT)
        yield local
        local.close()


class TestReading(suite.Reading):
    pass


class TestAccess(suite.Access):
    pass


class TestGrants(life.Grants):
    pass
