"""One request to the app and what came of it, by signed HTTP."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.clock import Clock
from sandbox.slack.people import Json


class Kind(StrEnum):
    """What the app is sent, in Socket Mode's words."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTIVE = "interactive"


@dataclass(frozen=True)
class Attempt:
    """Which delivery of the same event this is; 0 is the first."""

    number: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Ack:
    """Whether the app took it within the time, and what it answered.

    `problem` is one of Slack's retry reasons (http_timeout, connection_failed, http_error,
    too_many_redirects), or `no_app` when nobody is connected and no request URL is set.
    """

    ok: bool
    body: Any = None
    problem: str = ""
    no_retry: bool = False


def encoded(kind: Kind, payload: Json) -> tuple[str, bytes]:
    """Content type and body, as each kind travels over HTTP."""
    if kind is Kind.EVENT:
        return "application/json", json.dumps(payload).encode()
    fields = payload if kind is Kind.COMMAND else {"payload": json.dumps(payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 request signature."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


class HttpDoor:
    """Posts to the app's request URL; any answer later than `ack_seconds` counts as none."""

    def __init__(self, clock: Clock, secret: str, ack_seconds: float) -> None:
        self._clock = clock
        self._secret = secret
        self._ack_seconds = ack_seconds
        self._session: aiohttp.ClientSession | None = None

    async def send(self, url: str, kind: Kind, payload: Json, attempt: Attempt) -> Ack:
        content_type, body = encoded(kind, payload)
        headers = {"Content-Type": content_type, **self._signed(body), **_retry_headers(attempt)}
        try:
            async with self._client().post(url, data=body, headers=headers, max_redirects=2) as response:
                return _ack(kind, response.status, response.headers, await response.text())
        except TimeoutError:
            return Ack(ok=False, problem="http_timeout")
        except aiohttp.TooManyRedirects:
            return Ack(ok=False, problem="too_many_redirects")
        except aiohttp.ClientError:
            return Ack(ok=False, problem="connection_failed")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            limit = aiohttp.ClientTimeout(total=self._ack_seconds)
            self._session = aiohttp.ClientSession(timeout=limit, headers={"User-Agent": "Slackbot 1.0 (sandbox)"})
        return self._session

    def _signed(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock.system_now().timestamp()))
        return {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }


def _retry_headers(attempt: Attempt) -> dict[str, str]:
    if not attempt.number:
        return {}
    return {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}


def _ack(kind: Kind, status: int, headers: Mapping[str, str], text: str) -> Ack:
    taken = 200 <= status < 300 if kind is Kind.EVENT else status == 200
    no_retry = headers.get("X-Slack-No-Retry") == "1"
    if not taken:
        return Ack(ok=False, problem="http_error", no_retry=no_retry)
    return Ack(ok=True, body=_json_or_text(text), no_retry=no_retry)


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
