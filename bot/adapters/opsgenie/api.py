"""Opsgenie's REST API by plain HTTP, and what its refusals mean."""

import re
from collections.abc import Mapping
from typing import Any

from bot.adapters.http import Answer, content, shortened
from bot.adapters.rest import Rest
from bot.ports.errors import Forbidden, Gone, NotAuthenticated, NotFound, RateLimited, VendorError

VENDOR = "Opsgenie"
_MISSING_OR_INVISIBLE = 40301
_OVER = re.compile(
    r"no longer (available|supported|exists)|end of (life|support)|shut ?down|has been migrated", re.IGNORECASE
)


class Api(Rest):
    """An HTTP client for one API key."""

    def __init__(self, api_key: str, url: str) -> None:
        super().__init__(
            VENDOR,
            url.rstrip("/").removesuffix("/v2"),
            {"Authorization": f"GenieKey {api_key}"},
            lambda answer, is_write: understood_answer(answer, is_write=is_write),
        )


def understood_answer(answer: Answer, *, is_write: bool) -> Any:
    """Return the JSON of a good answer; raise what another one means at Opsgenie."""
    if refusal := _refusal(answer):
        raise refusal
    return content(VENDOR, answer, message, is_write=is_write)


def _refusal(answer: Answer) -> VendorError | None:
    """Return what an answer means that means something else here than elsewhere.

    403 with code 40301 hides a schedule from the key of a team's integration, and is also what a schedule that does
    not exist answers. 422 with words about the key's format is a key that is none. Which words an account answers
    that was switched off is documented nowhere; 410 and what says so in words count as that.
    """
    data = answer.data()
    words = shortened(message(data))
    match answer.status:
        case 410:
            return Gone(VENDOR, words)
        case 401 | 403 if _OVER.search(words):
            return Gone(VENDOR, words)
        case 403 if isinstance(data, dict) and data.get("code") == _MISSING_OR_INVISIBLE:
            return NotFound(VENDOR, f"missing or not visible to this key: {words}")
        case 402:
            return Forbidden(VENDOR, words)
        case 422 if words.startswith("Key format"):
            return NotAuthenticated(VENDOR, words)
        case 429:
            return RateLimited(VENDOR, words, retry_after=_pause(answer.headers))
        case _:
            return None


def message(data: Any) -> str:
    message = data.get("message") if isinstance(data, dict) else None
    return message if isinstance(message, str) and message else "no reason given"


def _pause(headers: Mapping[str, str]) -> float:
    """Return the seconds that the throttling headers ask for, at least one."""
    asked = headers.get("X-RateLimit-Period-In-Sec") or headers.get("Retry-After") or ""
    return float(max(int(asked), 1)) if asked.isdecimal() else 1.0
