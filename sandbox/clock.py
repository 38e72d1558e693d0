"""The sandbox's two clocks: business time, which a demo or a test may move, and system time, which it may not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Business time is system time plus a settable offset; it runs on by itself.

    Slack `ts`, alert times, schedules and runs use `now()`. Signatures, trigger ids, response
    URLs and rate limits are promises between machines and use `system_now()` or monotonic time.
    """

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._watchers: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self.system_now() + self._offset

    def system_now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the clock that everything else asks

    @property
    def offset(self) -> timedelta:
        return self._offset

    def advance(self, by: timedelta) -> None:
        self._move(self._offset + by)

    def set(self, moment: datetime) -> None:
        """Make it `moment` now; a naive moment is refused with ValueError."""
        if moment.tzinfo is None:
            raise ValueError("the business clock needs a time with its zone")
        self._move(moment.astimezone(UTC) - self.system_now())

    def reset(self) -> None:
        self._move(timedelta(0))

    def on_move(self, watcher: Callable[[], None]) -> None:
        """Call `watcher` after every jump, in the thread that made it."""
        self._watchers.append(watcher)

    def _move(self, offset: timedelta) -> None:
        self._offset = offset
        for watcher in self._watchers:
            watcher()
