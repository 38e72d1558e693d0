"""What every request passes first: text that no database takes is mended, and what is no event is answered."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import structlog
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.triage.mend import mended, mended_line

log = structlog.get_logger()

Next = Callable[[], Awaitable[BoltResponse]]


async def open_envelope(req: AsyncBoltRequest, next_: Next) -> BoltResponse:
    """Hand on what can be handled. The rest is counted in the log and answered 200, else Slack sends it thrice more."""
    req.body = req.body or _command_in(req.raw_body)
    is_json = req.raw_body.startswith("{")
    req.body = mended_line(req.raw_body, req.body) if is_json else mended(req.body)
    if reason := _unusable(req.body):
        log.warning("event ignored", reason=reason, event_id=str(req.body.get("event_id")))
        return BoltResponse(status=200, body="")
    return await next_()


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
