"""`real_airflow`: one real server for all tests of a session that ask for it. Needs the marks in `MARKS`."""

from collections.abc import Iterator

import pytest

from tests.contract.airflow.bench import Bench
from tests.live.airflow.installed import chosen
from tests.live.airflow.server import Running, running

INSTALL_AND_START_SECONDS = 900
MARKS = [
    pytest.mark.live,
    pytest.mark.xdist_group("airflow"),  # one worker, hence one server
    pytest.mark.timeout(INSTALL_AND_START_SECONDS),
]


class RealBench(Bench):
    """Breaks a partition by a file that the DAGs look for."""

    pause = 0.2

    def __init__(self, server: Running) -> None:
        super().__init__(server.url)
        self.server = server
        self._markers = server.markers

    def break_(self, partition: str, shard: int | None = None) -> None:
        (self._markers / f"fixed_{_place(partition, shard)}").unlink(missing_ok=True)
        (self._markers / f"bad_{_place(partition, shard)}").touch()

    def fix(self, partition: str, shard: int | None = None) -> None:
        (self._markers / f"fixed_{_place(partition, shard)}").touch()


@pytest.fixture(scope="session")
def real_airflow() -> Iterator[RealBench]:
    """A real Airflow (3.3.2, or BATON_AIRFLOW_VERSION) that runs the DAGs of `dags/`."""
    with running(chosen()) as server:
        bench = RealBench(server)
        yield bench
        bench.close()


def _place(partition: str, shard: int | None) -> str:
    return partition if shard is None else f"{partition}_{shard}"
