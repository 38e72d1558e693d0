"""The one way to the database: `store.write(fn)` and `store.read(fn)`, where `fn(tx)` touches nothing else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy.engine import Connection

from bot.store.engine import open_engine
from bot.store.migrate import check, upgrade
from bot.store.writer import ForLoop, ForThread, Writer

Tx = Connection
T = TypeVar("T")


class Store:
    """A database with its schema up to date. The embedded SQLite is migrated at once; PostgreSQL by `baton db upgrade`.

    Services take `tx` and never commit: a write commits when its function returns, and not at all when it raises.
    `on_commit` is called after each commit, to wake whoever acts on what was written.
    """

    def __init__(self, url: str) -> None:
        """Open the database. Raises SchemaIsOld where somebody has to migrate it first."""
        if url.startswith("sqlite"):
            upgrade(url)
        else:
            check(url)
        self.engine = open_engine(url)
        one_view = {"isolation_level": "REPEATABLE READ"} if self.engine.dialect.name == "postgresql" else {}
        self._reads = self.engine.execution_options(reads_only=True, **one_view)
        self.on_commit: Callable[[], None] = _nothing
        self._writer = Writer(self.engine, self._committed)

    def write(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` and return its result after the commit reached the disk."""
        return self.submit(fn).result()

    def submit(self, fn: "Callable[[Tx], T]") -> "Future[T]":
        """Run `fn` soon; the future resolves after the commit."""
        item = ForThread(fn)
        self._writer.submit(item)
        return item.future

    async def write_soon(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` in the writer's next commit, and return its result after that, without holding up the loop."""
        item = ForLoop(fn, asyncio.get_running_loop())
        self._writer.submit(item)
        result: T = await item.future
        return result

    def read(self, fn: Callable[[Tx], T]) -> T:
        """Run `fn` on one consistent view of the data."""
        with self._reads.connect() as connection:
            return fn(connection)

    def _committed(self) -> None:
        self.on_commit()

    def close(self) -> None:
        self._writer.close()
        self.engine.dispose()


def _nothing() -> None:
    """Nobody waits for commits."""
