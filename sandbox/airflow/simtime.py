"""The fake's own time: seconds that pass at a chosen speed, and the timestamp that belongs to each of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sandbox.clock import Clock


class SimTime:
    """Simulated seconds. Speed 0 stands still, so that a test moves time by `skip` alone."""

    def __init__(self, clock: Clock, speed: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._speed = speed
        self._seconds = 0.0
        self._at = monotonic()
        self._skipped = timedelta()
        self._mark = (0.0, self.now())

    def now(self) -> datetime:
        """The timestamp that the server writes at this moment."""
        return self._clock.now() + self._skipped

    def seconds(self) -> float:
        at = self._monotonic()
        self._seconds += (at - self._at) * self._speed
        self._at = at
        return self._seconds

    def set_speed(self, speed: float) -> None:
        self.seconds()
        self._speed = speed

    def skip(self, seconds: float) -> None:
        self._seconds = self.seconds() + seconds
        self._skipped += timedelta(seconds=seconds)

    def stamp(self, second: float) -> datetime:
        """The timestamp of a simulated second that passed since the last `settle`, between then and now."""
        before, then = self._mark
        elapsed = self.seconds() - before
        share = min(1.0, max(0.0, (second - before) / elapsed)) if elapsed > 0 else 1.0
        return then + (max(self.now(), then) - then) * share

    def settle(self) -> None:
        """All that was due until now has been written; later stamps start here."""
        self._mark = (self.seconds(), self.now())
