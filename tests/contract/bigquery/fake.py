"""The sandbox's BigQuery as a bench: its loads, its faults, its clock, what it was asked."""

from contextlib import contextmanager

from sandbox import world
from sandbox.bigquery.app import app
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultMiddleware, Faults
from tests import loopback
from tests.contract.bigquery.bench import Bench
from tests.sandbox.serving import served


class FakeBench(Bench):
    def __init__(self, url, project, faults, clock):
        super().__init__(url, project)
        self.faults, self.clock = faults, clock

    def load(self, table, rows):
        for day, count in rows.items():
            self.control("load", table=str(table), key=f"{day:%Y%m%d}", rows=count)

    def control(self, order, **details):
        loopback.post(f"{self.url}/_control/{order}", json=details).raise_for_status()

    def requests(self):
        return loopback.get(f"{self.url}/_control/requests").json()["requests"]

    def fault(self, **fault):
        self.faults.add(Fault(vendor="bigquery", **fault))


@contextmanager
def running(project):
    """Yield a bench of one project; the limit of updates is off."""
    faults, clock = Faults(), Clock()
    with served(FaultMiddleware(app(world.load(), clock, limits=False), "bigquery", faults)) as url:
        fake = FakeBench(url, project, faults, clock)
        yield fake
        fake.close()
