"""Rate limits: token buckets per method and tier, and one message a second and channel."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.errors import RateLimitedError

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}  # the tiers of docs.slack.dev, calls a minute
POSTS_PER_SECOND = 1.0  # chat.postMessage, for each channel
POSTS_BURST = 3.0
POSTS_PER_MINUTE = 300  # "several hundred" over the whole workspace


@dataclass
class Bucket:
    """`burst` calls at once, `per_second` in the long run."""

    per_second: float
    burst: float
    level: float
    filled_at: float

    def take(self, now: float) -> float:
        """Take one call and return 0, or take none and return the seconds until one is free."""
        self.level = min(self.burst, self.level + (now - self.filled_at) * self.per_second)
        self.filled_at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class Pace:
    """The limits of one workspace and app. `enforce = False` lets everything pass (throughput tests)."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._buckets: dict[str, Bucket] = {}
        self.enforce = True

    def reset(self) -> None:
        self._buckets.clear()

    def count_call(self, method: str, tier: int) -> None:
        """Raise RateLimitedError when this method was called too often in the last minute."""
        per_minute = PER_MINUTE[tier]
        self._take(method, per_minute / 60, per_minute)

    def count_post(self, channel_id: str) -> None:
        """Raise RateLimitedError when this channel, or the workspace, got too many messages."""
        self._take("every channel", POSTS_PER_MINUTE / 60, POSTS_PER_MINUTE)
        self._take(f"channel {channel_id}", POSTS_PER_SECOND, POSTS_BURST)

    def _take(self, name: str, per_second: float, burst: float) -> None:
        if not self.enforce:
            return
        now = self._monotonic()
        bucket = self._buckets.setdefault(name, Bucket(per_second, burst, burst, now))
        if wait := bucket.take(now):
            raise RateLimitedError(max(1, math.ceil(wait)))
