"""One writer: it commits all that waits in one transaction, so that a burst costs few disk syncs.

A thread does it, and for SQLite the event loop itself: what the requests of one turn of the loop want written is
committed at once in the loop's thread. A second thread would fight the loop for Python's lock at every statement,
which costs more than the statements; and there is nothing else for the loop to do, since every answer waits for the
commit. Where that would mean to wait for another writer, the thread takes it over.

When one of the writes fails, the transaction is rolled back and each is run again in one of its own: the faulty one
fails alone. So a write may be called twice, which is why it may touch the database only.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

MOST_IN_A_COMMIT = 200


class Item(Protocol):
    """A write that waits, and how the one who submitted it hears of it."""

    write: Callable[[Connection], Any]

    def settle(self, result: Any, error: Exception | None) -> None: ...


class ForThread:
    """For a caller that waits in a thread of its own."""

    def __init__(self, write: Callable[[Connection], Any]) -> None:
        self.write = write
        self.future: Future[Any] = Future()

    def settle(self, result: Any, error: Exception | None) -> None:
        with contextlib.suppress(InvalidStateError):  # who gave up has cancelled its future; the write stands
            self.future.set_result(result) if error is None else self.future.set_exception(error)


class ForLoop:
    """For a coroutine. Its loop is woken once for all items of a commit."""

    def __init__(self, write: Callable[[Connection], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.write, self.loop = write, loop
        self.future: asyncio.Future[Any] = loop.create_future()

    def settle(self, result: Any, error: Exception | None) -> None:
        """To be called in the loop's thread."""
        if not self.future.done():
            self.future.set_result(result) if error is None else self.future.set_exception(error)


_Settled = tuple[Item, Any, Exception | None]


class Writer:
    """Runs submitted functions in shared transactions; who submitted hears of it only after the commit.

    `on_commit` is called after each commit, to wake whoever acts on what was written.
    """

    def __init__(self, engine: Engine, on_commit: Callable[[], None]) -> None:
        self._engine, self._on_commit = engine, on_commit
        self._items: queue.SimpleQueue[Item | None] = queue.SimpleQueue()
        self._writing = threading.Lock()  # one transaction at a time in this process
        self._of_this_turn: list[ForLoop] = []
        self._loops_own: Connection | None = None
        self._thread = threading.Thread(target=self._work, name="baton-writer", daemon=True)
        self._thread.start()

    def submit(self, item: Item) -> None:
        if not self._thread.is_alive():
            raise RuntimeError("the store is closed")
        if isinstance(item, ForLoop) and self._engine.dialect.name == "sqlite":
            if not self._of_this_turn:
                item.loop.call_soon(self._write_this_turn)
            self._of_this_turn.append(item)
        else:
            self._items.put(item)

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        self._items.put(None)
        self._thread.join()
        self._close_loops_own()

    def _write_this_turn(self) -> None:
        """Commit what this turn of the loop submitted, in the loop's thread; the thread does the rest."""
        batch, self._of_this_turn = self._of_this_turn, []
        results = self._at_once(batch) if self._writing.acquire(blocking=False) else None
        if results is None:
            for item in batch:
                self._items.put(item)
            return
        for item, result in zip(batch, results, strict=True):
            item.settle(result, None)
        self._on_commit()

    def _at_once(self, batch: Sequence[Item]) -> list[Any] | None:
        """Commit the batch and return the results, or None where a write fails or another process is writing."""
        try:
            if self._loops_own is None:
                self._loops_own = _never_waiting(self._engine)
            return _in_one_transaction(self._loops_own, batch)
        except Exception:  # noqa: BLE001 - nothing was written; the thread tries each alone and tells its error
            self._close_loops_own()
            return None
        finally:
            self._writing.release()

    def _close_loops_own(self) -> None:
        own, self._loops_own = self._loops_own, None
        if own is not None:
            own.close()

    def _work(self) -> None:
        with self._engine.connect() as connection:
            while (item := self._items.get()) is not None:
                batch, closing = self._with_all_that_wait(item)
                with self._writing:
                    settled = list(self._commit(connection, batch))
                _tell(settled)
                self._on_commit()
                if closing:
                    return

    def _with_all_that_wait(self, first: Item) -> tuple[list[Item], bool]:
        batch = [first]
        while len(batch) < MOST_IN_A_COMMIT:
            try:
                item = self._items.get_nowait()
            except queue.Empty:
                return batch, False
            if item is None:
                return batch, True
            batch.append(item)
        return batch, False

    def _commit(self, connection: Connection, batch: Sequence[Item]) -> Iterator[_Settled]:
        try:
            results = _in_one_transaction(connection, batch)
        except Exception as error:  # noqa: BLE001 - handed to the one who submitted it
            if len(batch) == 1:
                yield self._once_more(connection, batch[0], error)
                return
            for item in batch:
                yield from self._commit(connection, [item])
        else:
            yield from ((item, result, None) for item, result in zip(batch, results, strict=True))

    @staticmethod
    def _once_more(connection: Connection, item: Item, error: Exception) -> _Settled:
        """Try a write again on a fresh connection where the old one may be at fault, for instance cut off or stale."""
        if not isinstance(error, OperationalError):
            return item, None, error
        connection.invalidate()
        connection.rollback()
        try:
            return item, _in_one_transaction(connection, [item])[0], None
        except Exception as again:  # noqa: BLE001 - as above
            return item, None, again


def _in_one_transaction(connection: Connection, batch: Sequence[Item]) -> list[Any]:
    with connection.begin():
        return [item.write(connection) for item in batch]


def _never_waiting(engine: Engine) -> Connection:
    """Return a connection of its own that fails at once where another process holds SQLite's lock."""
    connection = engine.connect()
    connection.detach()
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    connection.rollback()
    return connection


def _tell(settled: list[_Settled]) -> None:
    """Tell each who submitted what came of it: threads at once, each loop with one call."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Settled]] = {}
    for item, result, error in settled:
        if isinstance(item, ForLoop):
            by_loop.setdefault(item.loop, []).append((item, result, error))
        else:
            item.settle(result, error)
    for loop, its in by_loop.items():
        with contextlib.suppress(RuntimeError):  # a loop that has ended hears nothing more; the writes stand
            loop.call_soon_threadsafe(_settle_all, its)


def _settle_all(settled: list[_Settled]) -> None:
    for item, result, error in settled:
        item.settle(result, error)
