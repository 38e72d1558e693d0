"""A limit for a whole call: the client's timeouts count for each read, so that a server that drips could hold it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class TooBusy(Exception):
    """So many calls still hang that none may begin."""


class Deadline:
    """Runs each call in a thread of its own and waits for it no longer than `seconds`.

    A call that is given up goes on until its server lets go; the thread dies with the process. At most `at_most` run
    at once.
    """

    def __init__(self, seconds: float, at_most: int = 16) -> None:
        self._seconds = seconds
        self._free = threading.BoundedSemaphore(at_most)

    def run(self, call: Callable[[], T]) -> T:
        """Return what the call returns, raise what it raises; TimeoutError after so long, TooBusy if it never began."""
        if not self._free.acquire(timeout=self._seconds):
            raise TooBusy
        answer: Future[T] = Future()
        threading.Thread(target=self._work, args=(call, answer), name="bigquery", daemon=True).start()
        return answer.result(self._seconds)

    def _work(self, call: Callable[[], T], answer: "Future[T]") -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again where the answer is waited for
            answer.set_exception(error)
        finally:
            self._free.release()
