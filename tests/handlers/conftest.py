"""Baton's web application in this process, without reconcilers: what Slack is answered, and what is on disk then."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from sqlalchemy import Table, select

from bot import logs
from bot.app import App
from bot.clock import Clocks
from tests.handlers.front_door import FrontDoor, config


@dataclass
class Served(FrontDoor):
    """A front door with Baton behind it, whose database can be looked at."""

    app: App | None = None

    def rows(self, table: Table, *columns: Any) -> list[Any]:
        assert self.app is not None
        return self.app.store.read(lambda tx: tx.execute(select(*(columns or table.columns)).select_from(table)).all())


@dataclass(frozen=True)
class Here:
    """An HTTP client for an application in this process, to be used without async."""

    portal: BlockingPortal
    client: httpx.AsyncClient

    def post(self, path: str, **request: Any) -> httpx.Response:
        return self.portal.call(partial(self.client.post, path, **request))


@pytest.fixture
def served(database_url: str, clocks: Clocks) -> Iterator[Served]:
    """Baton on SQLite and, in a second round, on PostgreSQL."""
    app = App(config(database_url), clocks)
    with start_blocking_portal() as portal:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app.web()), base_url="http://baton.test")
        yield Served(Here(portal, client), app=app)
        portal.call(client.aclose)
    app.stop()


@pytest.fixture(autouse=True, scope="session")
def _logs_as_in_production() -> None:
    """Baton's logs as they really are: short lines, and no values of local variables."""
    logs.set_up()
