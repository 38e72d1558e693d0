"""Limits and preconditions: what BigQuery refuses although the request itself is right."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

from sandbox.bigquery.errors import ApiError, invalid, precondition_failed

UPDATES, WINDOW_SECONDS = 5, 10.0  # metadata updates of one dataset
VERSIONS = ("0", "1", "2", "3")


class Pace:
    """At most 5 updates of one dataset in 10 seconds; `is_enforced` switches it."""

    def __init__(self, *, is_enforced: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.is_enforced = is_enforced
        self._monotonic = monotonic
        self._updates: dict[str, deque[float]] = defaultdict(deque)

    def count(self, dataset: str) -> None:
        """Count one update, or refuse it."""
        now, updates = self._monotonic(), self._updates[dataset]
        while updates and updates[0] <= now - WINDOW_SECONDS:
            updates.popleft()
        if self.is_enforced and len(updates) >= UPDATES:
            message = "Exceeded rate limits: too many dataset metadata update operations for this dataset"
            raise ApiError(403, "rateLimitExceeded", message)
        updates.append(now)


def match(etag: str, if_match: str | None) -> None:
    """Refuse a write that is meant for another state. Without If-Match it is meant for any."""
    if if_match not in {None, "*", etag}:
        raise precondition_failed()


def version_of(given: str | None) -> int:
    if given is not None and given not in VERSIONS:
        raise invalid(f"Invalid value for accessPolicyVersion: {given}. Valid values are 0, 1, and 3.")
    return int(given or 1)


def version_fits(version: int, *, conditions: bool) -> None:
    """Refuse to write a dataset with conditions by a caller who does not know of them."""
    if conditions and version < 3:
        message = "Dataset has access entries with conditions: accessPolicyVersion must be set to 3 for this request."
        raise invalid(message)
