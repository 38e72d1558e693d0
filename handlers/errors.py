"""What people are told when Baton itself fails: a reference, what is untouched, what to press next."""

import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.clock import SystemClock
from bot.text import Code, text
from bot.views.reader import default_reader
from bot.views.words import Markup, say

log = structlog.get_logger()


async def explain(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
    """Answer for a listener that raised.

    Slack sends an event again after a 5xx, which is what we want; a command shows the words; a button or form has
    no place for words in its answer, so Slack shows its own sign that it failed.
    """
    reference = secrets.token_hex(4)
    log.error("listener failed", reference=reference, kind=body.get("type", "command"), exc_info=error)
    if "command" in body:
        words = say(text("error.failed", reference=Code(reference)), default_reader(SystemClock().now()), Markup.PLAIN)
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": words})
    return BoltResponse(status=500, body="")
