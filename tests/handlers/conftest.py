"""Baton's web application in this process, without reconcilers: what Slack is answered, and what is on disk then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import Table, func, select

from bot import logs
from bot.app import App
from bot.clock import Clocks, StoppedClock
from tests.conftest import NOW
from tests.handlers.colleagues import staff
from tests.handlers.front_door import DEMO, FrontDoor, config


@dataclass(frozen=True)
class Here:
    """An HTTP client for an application in this process, to be used without async."""

    portal: BlockingPortal
    client: httpx.AsyncClient

    def post(self, path: str, **request: Any) -> httpx.Response:
        return self.portal.call(partial(self.client.post, path, **request))


@dataclass
class Served(FrontDoor):
    """A front door with Baton behind it, whose database can be looked at."""

    app: App = None  # type: ignore[assignment]

    def rows(self, table: Table, *columns: Any) -> list[Any]:
        return self.app.store.read(lambda tx: tx.execute(select(*(columns or table.columns)).select_from(table)).all())

    def count(self, table: Table) -> int:
        return self.app.store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())

    def write(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self.app.store.write(lambda tx: fn(tx, *args, **kwargs))


@contextmanager
def serving(database_url: str, directory: Path = DEMO) -> Iterator[Served]:
    clock = StoppedClock(NOW)
    app = App(config(database_url, directory), Clocks(clock, clock))
    with start_blocking_portal() as portal:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app.web()), base_url="http://baton.test")
        yield Served(Here(portal, client), app=app)
        portal.call(client.aclose)
    app.stop()


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Served]:
    with serving(sqlite_url) as found:
        yield found


@pytest.fixture
def staffed(served: Served) -> Served:
    """Minji is on call; Sora is a colleague; one incident is open."""
    return staff(served)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def shared(request: Any, tmp_path_factory: pytest.TempPathFactory, sqlite_template: bytes) -> Iterator[Served]:
    """One Baton for a whole module, once on each database: for tests that each look at their own rows only."""
    if request.param == "sqlite":
        path: Path = tmp_path_factory.mktemp("shared") / "baton.sqlite3"
        path.write_bytes(sqlite_template)
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("postgres_server").migrated()
    with serving(url) as found:
        yield found


@pytest.fixture(autouse=True, scope="session")
def _logs_as_in_production() -> None:
    """Short lines, and no values of local variables."""
    logs.set_up()
