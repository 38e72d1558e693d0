"""Reads of Opsgenie's REST API, and what its refusals mean."""

from collections.abc import Mapping
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from bot.adapters.http import Answer, Interrupted, content, cut_off, logged, patiently, shortened
from bot.ports.errors import Forbidden, NotAuthenticated, NotFound, RateLimited, Unavailable, VendorError

VENDOR = "Opsgenie"
_TIMEOUT = httpx.Timeout(10.0, connect=2.0)
_MISSING_OR_INVISIBLE = 40301

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
        data = patiently(lambda: self._get_once(path, params))
        try:
            return shape.model_validate(data)
        except ValidationError as error:
            raise Unavailable(VENDOR, "the answer is not what Opsgenie documents") from error

    def close(self) -> None:
        self._client.close()

    def _get_once(self, path: str, params: Mapping[str, str | int]) -> Any:
        def send() -> Answer:
            response = self._client.get(path, params=params)
            return Answer(response.status_code, response.headers, response.content)

        try:
            answer = logged(VENDOR, "GET", path, send)
        except httpx.TimeoutException as error:
            raise Unavailable(VENDOR, "no answer in time") from error
        except httpx.ConnectError as error:
            raise Interrupted(VENDOR, "no connection") from error
        except httpx.TransportError as error:
            raise cut_off(VENDOR, "the connection broke", is_write=False) from error
        if refusal := _refusal(answer):
            raise refusal
        return content(VENDOR, answer, _message, is_write=False)


def _refusal(answer: Answer) -> VendorError | None:
    """Return what an answer means that means something else here than elsewhere.

    403 with code 40301 hides a schedule from the key of a team's integration, and is also what a schedule that does
    not exist answers. 422 with words about the key's format is a key that is none.
    """
    data = answer.data()
    words = shortened(_message(data))
    match answer.status:
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
