"""HTTP to a vendor: timeouts, a few retries for reads, one meaning for each answer, a log line without secrets."""

import json
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import httpx
import stamina
import structlog

from bot.ports.errors import (
    Conflict,
    Forbidden,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    VendorError,
)
from bot.triage.redact import redact

CONNECT_SECONDS = 2.0
READ_SECONDS = 20.0
DETAIL_CHARACTERS = 300

_log = structlog.get_logger(__name__)
_ENOUGH = 5_000  # characters of an answer that are worth reading for its words
_REFUSALS: Mapping[int, type[VendorError]] = {
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    412: Conflict,
}

T = TypeVar("T")


class Interrupted(Unavailable):
    """The vendor is down, too slow, or answered 5xx or nonsense. Nothing was written."""

    # Said of what may be over in a moment (refused, dropped, 502 to 504), so `patiently` asks again.


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever library carried it. `headers` finds names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def data(self) -> Any:
        """Return the decoded JSON; None where the body is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


Describe = Callable[[Any], str]


def patiently(read: Callable[[], T]) -> T:
    """Return what `read` returns, trying three times within about a second while the vendor is interrupted."""
    for attempt in stamina.retry_context(on=Interrupted, attempts=3, wait_initial=0.1, wait_max=0.5, wait_jitter=0.1):
        with attempt:
            return read()
    raise AssertionError("stamina either returns or raises")


def content(vendor: str, answer: Answer, describe: Describe, *, is_write: bool) -> Any:
    """Return the JSON of a good answer; raise what a refusal, a failure or nonsense means."""
    if not 200 <= answer.status < 300:
        raise _refusal(vendor, answer, describe, is_write=is_write)
    data = answer.data()
    if data is None:
        raise broken(vendor, f"answered {answer.status} with {_kind(answer)} instead of JSON", is_write=is_write)
    return data


def understood(vendor: str, data: Any, read: Callable[[Any], T], *, is_write: bool) -> T:
    """Return what `read` makes of an answer; raise where it has another shape than we know."""
    try:
        return read(data)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise broken(vendor, "answered in a form that Baton does not know", is_write=is_write) from error


def broken(vendor: str, detail: str, *, is_write: bool) -> VendorError:
    """Return the error for an exchange that was sent and has no usable answer."""
    return OutcomeUnknown(vendor, detail) if is_write else Unavailable(vendor, detail)


def cut_off(vendor: str, detail: str, *, is_write: bool) -> VendorError:
    """Return the error for a connection that broke after the request may have left."""
    return OutcomeUnknown(vendor, detail) if is_write else Interrupted(vendor, detail)


def said(answer: Answer, describe: Describe) -> str:
    """Return the vendor's own words in a refusal, short and without secrets."""
    data = answer.data()
    return shortened(_kind(answer) if data is None else describe(data))


def shortened(words: str) -> str:
    """Return one line of at most 300 characters without secrets."""
    line = " ".join(redact(words[:_ENOUGH]).split())
    return line if len(line) <= DETAIL_CHARACTERS else line[: DETAIL_CHARACTERS - 1] + "…"


def logged(vendor: str, method: str, path: str, send: Callable[[], Answer]) -> Answer:
    """Send, and leave one line about it: never the query, the headers or a body."""
    started = time.perf_counter()
    outcome: int | str = "no answer"
    try:
        answer = send()
        outcome = answer.status
        return answer
    finally:
        seconds = round(time.perf_counter() - started, 3)
        _log.debug("vendor.asked", vendor=vendor, method=method, path=path, outcome=outcome, seconds=seconds)


@cache
def certificates() -> ssl.SSLContext:
    """Return whom to trust, read once: httpx would read it for every client, which takes it some 25 ms."""
    return httpx.create_ssl_context()


class Http:
    """Reads of a vendor's JSON API over httpx. Thread-safe. Redirects are not followed: a login page is no answer."""

    def __init__(self, vendor: str, base_url: str, describe: Describe, *, read_seconds: float = READ_SECONDS) -> None:
        self._vendor, self._describe = vendor, describe
        timeout = httpx.Timeout(read_seconds, connect=CONNECT_SECONDS)
        self._client = httpx.Client(base_url=base_url, timeout=timeout, verify=certificates(), follow_redirects=False)

    def read(self, method: str, path: str, read: Callable[[Any], T], *, body: Any = None) -> T:
        """Return what `read` makes of the answer to a request that changes nothing, so that it may be repeated."""
        answer = self.ask(method, path, body=body)
        return understood(self._vendor, answer.data(), read, is_write=False)

    def ask(self, method: str, path: str, *, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Return a good answer in JSON, with its headers, to a request that changes nothing."""
        return patiently(lambda: self._once(method, path, body, headers))

    def close(self) -> None:
        self._client.close()

    def _once(self, method: str, path: str, body: Any, headers: Mapping[str, str] | None) -> Answer:
        def send() -> Answer:
            response = self._client.request(method, path, json=body, headers=headers)
            return Answer(response.status_code, response.headers, response.content)

        try:
            answer = logged(self._vendor, method, path, send)
        except httpx.ConnectTimeout as error:
            raise Unavailable(self._vendor, "no connection in time") from error
        except (httpx.ConnectError, httpx.PoolTimeout) as error:
            raise Interrupted(self._vendor, "no connection") from error
        except httpx.TimeoutException as error:
            raise Unavailable(self._vendor, "no answer in time") from error
        except httpx.RequestError as error:
            raise Interrupted(self._vendor, "the connection broke") from error
        content(self._vendor, answer, self._describe, is_write=False)
        return answer


def _refusal(vendor: str, answer: Answer, describe: Describe, *, is_write: bool) -> VendorError:
    words = said(answer, describe)
    if answer.status == 429:
        return RateLimited(vendor, words, retry_after=_seconds(answer.headers.get("Retry-After")))
    if answer.status >= 500:
        failed = cut_off if answer.status in {502, 503, 504} else broken
        return failed(vendor, f"{answer.status} {words}", is_write=is_write)
    if answer.status < 400:
        return Unavailable(vendor, f"redirects elsewhere ({answer.status}): is a login page in front of it?")
    return _REFUSALS.get(answer.status, Rejected)(vendor, words)


def _kind(answer: Answer) -> str:
    """Name a body that is no JSON: a page is not worth quoting."""
    if not answer.body:
        return "nothing"
    if b"<html" in answer.body[:2000].lower() or b"<!doctype" in answer.body[:2000].lower():
        return "a web page"
    return shortened(answer.body[:2000].decode(errors="replace"))


def _seconds(retry_after: str | None) -> float:
    """Return Retry-After in seconds, one second where it is missing or a date."""
    try:
        return max(float(retry_after or 1), 0.0)
    except ValueError:
        return 1.0
