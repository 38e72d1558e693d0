"""What every request passes first: text that no database takes is mended, and what is no event is answered."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import structlog
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse

log = structlog.get_logger()

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL, and halves of surrogate pairs: JSON can carry both
_PERHAPS_UNSTORABLE = re.compile(r"\\u(?:0000|d[89a-f])", re.IGNORECASE)  # as JSON writes them, or a whole pair
_REPLACEMENT = "\ufffd"

Next = Callable[[], Awaitable[BoltResponse]]


async def open_envelope(req: AsyncBoltRequest, next_: Next) -> BoltResponse:
    """Hand on what can be handled. The rest is counted in the log and answered 200, else Slack sends it thrice more."""
    req.body = req.body or _command_in(req.raw_body)
    if not req.raw_body.startswith("{") or _PERHAPS_UNSTORABLE.search(req.raw_body):
        req.body = mended(req.body)
    if reason := _unusable(req.body):
        log.warning("event ignored", reason=reason, event_id=str(req.body.get("event_id")))
        return BoltResponse(status=200, body="")
    return await next_()


def mended(value: Any) -> Any:
    """Return the JSON value with every character replaced that SQLite or PostgreSQL would refuse."""
    match value:
        case str():
            return _UNSTORABLE.sub(_REPLACEMENT, value)
        case dict():
            return {mended(key): mended(item) for key, item in value.items()}
        case list():
            return [mended(item) for item in value]
        case _:
            return value


def _command_in(raw_body: str) -> dict[str, str]:
    """Return the form that Slack's framework left empty: it takes every body that says "payload" for a button's.

    So it is for `/clear-tasks load_payloads …` (slack_bolt 1.30, `parse_body`).
    """
    return dict(parse_qsl(raw_body, keep_blank_values=True))


def _unusable(body: dict[str, Any]) -> str:
    """Return why no listener can take this event, or nothing."""
    if body.get("type") == "app_rate_limited":
        return "Slack holds events back: this workspace sends more than 30,000 an hour"
    if body.get("type") != "event_callback":
        return ""
    event = body.get("event")
    if not isinstance(event, dict):
        return "no event in it"
    return "" if isinstance(event.get("type"), str) else "an event without a type"
