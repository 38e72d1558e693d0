"""Opsgenie's REST API by plain HTTP, and what its refusals mean."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from bot.adapters.http import Answer, Interrupted, broken, content, cut_off, logged, patiently, shortened
from bot.ports.errors import Forbidden, Gone, NotAuthenticated, NotFound, RateLimited, Unavailable, VendorError

VENDOR = "Opsgenie"
_TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_MISSING_OR_INVISIBLE = 40301
_OVER = re.compile(
    r"no longer (available|supported|exists)|end of (life|support)|shut ?down|has been migrated", re.IGNORECASE
)

T = TypeVar("T", bound=BaseModel)


class Api:
    """An HTTP client for one API key. Threads may share it."""

    def __init__(self, api_key: str, url: str) -> None:
        self._client = httpx.Client(
            base_url=url.rstrip("/").removesuffix("/v2"),
            headers={"Authorization": f"GenieKey {api_key}", "Accept": "application/json"},
            timeout=_TIMEOUT,
        )

    def get(self, path: str, params: Mapping[str, str | int], shape: type[T]) -> T:
        """Return the answer in its shape, asking again a few times while Opsgenie is interrupted."""
        data = patiently(lambda: self._once("GET", path, params, None))
        try:
            return shape.model_validate(data)
        except ValidationError as error:
            raise Unavailable(VENDOR, "the answer is not what Opsgenie documents") from error

    def write(self, method: str, path: str, params: Mapping[str, str | int], body: Any = None) -> Any:
        """Return what it answers, asking once. OutcomeUnknown where it may have happened."""
        return self._once(method, path, params, body)

    def close(self) -> None:
        self._client.close()

    def _once(self, method: str, path: str, params: Mapping[str, str | int], body: Any) -> Any:
        def send() -> Answer:
            response = self._client.request(method, path, params=params, json=body)
            return Answer(response.status_code, response.headers, response.content)

        is_write = method != "GET"
        try:
            answer = logged(VENDOR, method, path, send)
        except httpx.ConnectTimeout as error:
            raise Unavailable(VENDOR, "no connection in time") from error
        except httpx.TimeoutException as error:
            raise broken(VENDOR, "no answer in time", is_write=is_write) from error
        except httpx.ConnectError as error:
            raise Interrupted(VENDOR, "no connection") from error
        except httpx.TransportError as error:
            raise cut_off(VENDOR, "the connection broke", is_write=is_write) from error
        return understood_answer(answer, is_write=is_write)


def understood_answer(answer: Answer, *, is_write: bool) -> Any:
    """Return the JSON of a good answer; raise what another one means at Opsgenie."""
    if refusal := _refusal(answer):
        raise refusal
    return content(VENDOR, answer, _message, is_write=is_write)


def _refusal(answer: Answer) -> VendorError | None:
    """Return what an answer means that means something else here than elsewhere.

    403 with code 40301 hides a schedule from the key of a team's integration, and is also what a schedule that does
    not exist answers. 422 with words about the key's format is a key that is none. Which words an account answers
    that was switched off is documented nowhere; 410 and what says so in words count as that.
    """
    data = answer.data()
    words = shortened(_message(data))
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


def _message(data: Any) -> str:
    message = data.get("message") if isinstance(data, dict) else None
    return message if isinstance(message, str) and message else "no reason given"


def _pause(headers: Mapping[str, str]) -> float:
    """Return the seconds that the throttling headers ask for, at least one."""
    asked = headers.get("X-RateLimit-Period-In-Sec") or headers.get("Retry-After") or ""
    return float(max(int(asked), 1)) if asked.isdecimal() else 1.0
