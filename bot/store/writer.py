"""One thread that writes: it commits all that waits in one transaction, so that a burst costs few disk syncs.

When one of the writes fails, the transaction is rolled back and each is run again in one of its own: the faulty one
fails alone. So a write may be called twice, which is why it may touch the database only.
"""

import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

MOST_IN_A_COMMIT = 200


@dataclass(slots=True)
class _Item:
    write: Callable[[Connection], Any]
    future: "Future[Any]" = field(default_factory=Future)
    result: Any = None

    def succeed(self) -> None:
        with contextlib.suppress(InvalidStateError):  # who gave up has cancelled its future; the write stands
            self.future.set_result(self.result)

    def fail(self, error: Exception) -> None:
        with contextlib.suppress(InvalidStateError):
            self.future.set_exception(error)


class Writer:
    """Runs submitted functions in shared transactions. A future resolves only after the commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._items: queue.SimpleQueue[_Item | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="baton-writer", daemon=True)
        self._thread.start()

    def submit(self, write: Callable[[Connection], Any]) -> "Future[Any]":
        if not self._thread.is_alive():
            raise RuntimeError("the store is closed")
        item = _Item(write)
        self._items.put(item)
        return item.future

    def close(self) -> None:
        """Finish what was submitted, then stop."""
        self._items.put(None)
        self._thread.join()

    def _work(self) -> None:
        with self._engine.connect() as connection:
            while (item := self._items.get()) is not None:
                batch, closing = self._with_all_that_wait(item)
                self._commit(connection, batch)
                if closing:
                    return

    def _with_all_that_wait(self, first: _Item) -> tuple[list[_Item], bool]:
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

    def _commit(self, connection: Connection, batch: list[_Item]) -> None:
        try:
            with connection.begin():
                for item in batch:
                    item.result = item.write(connection)
        except Exception as error:  # noqa: BLE001 - handed to the one who submitted it
            if len(batch) == 1:
                batch[0].fail(error)
                return
            for item in batch:
                self._commit(connection, [item])
        else:
            for item in batch:
                item.succeed()
