"""Reads of Opsgenie's REST API: timeouts, bounded retries, and what its refusals mean."""

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
import stamina
from pydantic import BaseModel, ValidationError

from bot.ports.errors import (
    Forbidden,
    NotAuthenticated,
    NotFound,
    RateLimited,
    Rejected,
    Unavailable,
    VendorError,
)

VENDOR = "Opsgenie"
_TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_ATTEMPTS = 3
_PATIENCE_S = 15.0  # no further attempt begins after this long
_LONGEST_PAUSE_S = 5.0  # a longer pause than this is for the caller to schedule
_DETAIL_LENGTH = 200
_MISSING_OR_INVISIBLE = 40301  # what a schedule that this key may not see answers, or one that does not exist

T = TypeVar("T", bound=BaseModel)


class Api:
    """An HTTP client for one API key. Threads may share it."""

    def __init__(self, api_key: str, url: str) -> None:
        self._http = httpx.Client(
            base_url=url.rstrip("/").removesuffix("/v2"),
            headers={"Authorization": f"GenieKey {api_key}", "Accept": "application/json"},
            timeout=_TIMEOUT,
        )

    def get(self, path: str, params: Mapping[str, str | int], shape: type[T]) -> T:
        """Return the answer in its shape; try up to three times while the server is down or asks for a short pause."""
        for attempt in stamina.retry_context(
            _worth_retrying, attempts=_ATTEMPTS, timeout=_PATIENCE_S, wait_initial=0.2, wait_jitter=0.3
        ):
            with attempt:
                return self._get_once(path, params, shape)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _get_once(self, path: str, params: Mapping[str, str | int], shape: type[T]) -> T:
        try:
            response = self._http.get(path, params=params)
        except httpx.TimeoutException as error:
            raise Unavailable(VENDOR, "no answer in time") from error
        except httpx.HTTPError as error:
            raise Unavailable(VENDOR, _short(str(error) or type(error).__name__)) from error
        if not response.is_success:
            raise _refusal(response)
        try:
            return shape.model_validate_json(response.content)
        except ValidationError as error:
            raise Unavailable(VENDOR, "the answer is not what Opsgenie documents") from error

    def close(self) -> None:
        self._http.close()


def _worth_retrying(error: Exception) -> bool | float:
    """Return whether to try again, or after how many seconds."""
    if isinstance(error, RateLimited):
        return error.retry_after if error.retry_after <= _LONGEST_PAUSE_S else False
    return isinstance(error, Unavailable)


def _refusal(response: httpx.Response) -> VendorError:
    """Return what an answer other than 2xx means.

    A key that is no key answers 422 with these words; 403 with code 40301 hides a schedule from the key of a team's
    integration and is also what a schedule that does not exist answers.
    """
    message, code = _body(response)
    match response.status_code:
        case 401:
            return NotAuthenticated(VENDOR, message)
        case 403 if code == _MISSING_OR_INVISIBLE:
            return NotFound(VENDOR, f"missing or not visible to this key ({message})")
        case 402 | 403:
            return Forbidden(VENDOR, message)
        case 404:
            return NotFound(VENDOR, message)
        case 429:
            return RateLimited(VENDOR, message, retry_after=_pause(response))
        case 422 if message.startswith("Key format"):
            return NotAuthenticated(VENDOR, message)
        case status if 400 <= status < 500:
            return Rejected(VENDOR, message)
        case _:
            return Unavailable(VENDOR, message)


def _body(response: httpx.Response) -> tuple[str, int | None]:
    """Return the vendor's message and code; a proxy's page in between has neither."""
    try:
        body: Any = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return f"HTTP {response.status_code}", None
    code = body.get("code")
    message = body.get("message")
    words = _short(message) if isinstance(message, str) and message else f"HTTP {response.status_code}"
    return words, code if isinstance(code, int) else None


def _pause(response: httpx.Response) -> float:
    """Return the seconds that the throttling headers ask for, at least one."""
    headers = response.headers
    asked = headers.get("X-RateLimit-Period-In-Sec") or headers.get("Retry-After") or ""
    return float(max(int(asked), 1)) if asked.isdecimal() else 1.0


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _DETAIL_LENGTH else f"{line[: _DETAIL_LENGTH - 1]}…"
