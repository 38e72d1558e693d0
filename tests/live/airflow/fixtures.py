"""`real_airflow`: one real server for all tests of a session that ask for it. Needs the marks in `MARKS`."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from bot.adapters.airflow.access import basic, bearer
from tests.contract.airflow.bench import Bench
from tests.live.airflow.installed import chosen
from tests.live.airflow.server import Running, running

ADMIN = ("admin", "admin")
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
        self.markers = server.markers

    def break_(self, partition: str, shard: int | None = None) -> None:
        (self.markers / f"fixed_{_place(partition, shard)}").unlink(missing_ok=True)
        (self.markers / f"bad_{_place(partition, shard)}").touch()

    def fix(self, partition: str, shard: int | None = None) -> None:
        (self.markers / f"fixed_{_place(partition, shard)}").touch()

    def start_schedule(self, dag_id: str) -> None:
        """Let Airflow make the runs of a DAG that was paused when it came."""
        self._as_admin("PATCH", f"dags/{dag_id}", {"is_paused": False})

    def delete_run(self, dag_id: str, dag_run_id: str) -> None:
        """Take a run away, as an administrator may."""
        self._as_admin("DELETE", f"dags/{dag_id}/dagRuns/{quote(dag_run_id)}")

    def _as_admin(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
        header, api = basic(*ADMIN), "v1"
        if self.minor >= (3, 0):
            login = dict(zip(("username", "password"), ADMIN, strict=True))
            header = bearer(httpx.post(f"{self.url}/auth/token", json=login).json()["access_token"])
            api = "v2"
        headers = {"Authorization": header}
        httpx.request(method, f"{self.url}/api/{api}/{path}", json=body, headers=headers).raise_for_status()


@pytest.fixture(scope="session")
def real_airflow() -> Iterator[RealBench]:
    """A real Airflow (3.3.2, or BATON_AIRFLOW_VERSION) that runs the DAGs of `dags/`."""
    with running(chosen()) as server:
        bench = RealBench(server)
        yield bench
        bench.close()


def _place(partition: str, shard: int | None) -> str:
    return partition if shard is None else f"{partition}_{shard}"
