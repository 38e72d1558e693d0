"""What BigQuery's refusals mean. `reason` counts first, as in Google's own clients, then the status."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.adapters.http import broken, cut_off, shortened
from bot.ports.bigquery import QuotaExceeded, TooManyBytes, UnknownPrincipal
from bot.ports.errors import (
    Conflict,
    Forbidden,
    NotAuthenticated,
    NotFound,
    PreconditionFailed,
    RateLimited,
    Rejected,
    VendorError,
)

_DELETED = re.compile(r"deleted:\w+:[^\s,;]+\?uid=\d+")
_NOBODY = re.compile(
    r"\b(?:User|Group|Service account|Domain|Principal|Member) (\S+?@?\S+) does not exist", re.IGNORECASE
)
_HASTE = frozenset({"rateLimitExceeded", "jobRateLimitExceeded", "userRateLimitExceeded"})
_REASONS: dict[str, type[VendorError]] = {
    "quotaExceeded": QuotaExceeded,
    "bytesBilledLimitExceeded": TooManyBytes,
    "conditionNotMet": PreconditionFailed,
}
_STATUSES: dict[int, type[VendorError]] = {
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: PreconditionFailed,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error."""

    status: int
    reason: str
    message: str
    retry_after: str | None = None


class Means(Protocol):
    """Who says what a refusal means."""

    def __call__(self, vendor: str, refusal: Refusal, *, is_write: bool) -> VendorError: ...


def meaning(vendor: str, refusal: Refusal, *, is_write: bool) -> VendorError:
    """Return what to raise. A server's failure after a write was sent leaves its outcome unknown."""
    words = shortened(refusal.message) or str(refusal.status)
    if refusal.status == 429 or refusal.reason in _HASTE:
        return RateLimited(vendor, words, retry_after=_seconds(refusal.retry_after))
    if refusal.status >= 500:
        failed = cut_off if refusal.status in {502, 503, 504} else broken
        return failed(vendor, f"{refusal.status} {words}", is_write=is_write)
    if refusal.status == 400 and (principal := _principal(refusal.message)):
        return UnknownPrincipal(vendor, words, principal)
    meant: Callable[[str, str], VendorError] = _REASONS.get(refusal.reason) or _STATUSES.get(refusal.status, Rejected)
    return meant(vendor, words)


def of_policy(vendor: str, refusal: Refusal, *, is_write: bool) -> VendorError:
    """Return what to raise where a table's policy was written: how a stale etag is answered is not documented."""
    is_stale = refusal.status in {409, 412} or (refusal.status == 400 and "etag" in refusal.message.lower())
    if is_stale:
        return PreconditionFailed(vendor, shortened(refusal.message))
    return meaning(vendor, refusal, is_write=is_write)


def _principal(message: str) -> str | None:
    """Return whom the message names as not there."""
    if deleted := _DELETED.search(message):
        return deleted[0]
    nobody = _NOBODY.search(message)
    return nobody[1] if nobody else None


def _seconds(retry_after: str | None) -> float:
    """Return how long to wait, in seconds: BigQuery counts updates of a dataset over ten."""
    return float(retry_after) if retry_after and retry_after.isdigit() else 2.0
