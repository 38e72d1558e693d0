"""Message events by the short way: verified and handed on without the framework.

An alert channel sends a hundred messages for each thing that a person presses, and slack_bolt's chain of middlewares
takes longer over one than all that Baton does with it. Only what is beyond doubt goes this way; all else is the
framework's.
"""

from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from slack_sdk.signature import SignatureVerifier

from bot.desk import Desk
from bot.triage.mend import mended_line
from handlers import alerts

log = structlog.get_logger()


class Express:
    def __init__(self, desk: Desk, signing_secret: str) -> None:
        self._desk, self._verifier = desk, SignatureVerifier(signing_secret)

    async def take(self, body: bytes, headers: Mapping[str, str]) -> int | None:
        """Return the status to answer with, once the message is on disk; None where this is nothing for the short way.

        500 has Slack send it again.
        """
        event = _message_event(body)
        if event is None or not self._is_from_slack(body, headers):
            return None
        try:
            await alerts.message(self._desk, event)
        except Exception:
            log.exception("message not taken", event_id=str(event.get("event_id")))
            return 500
        return 200

    def _is_from_slack(self, body: bytes, headers: Mapping[str, str]) -> bool:
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        return stamp.isdecimal() and self._verifier.is_valid(body, stamp, signature)


def _message_event(body: bytes) -> dict[str, Any] | None:
    if not body.startswith(b"{"):
        return None
    try:
        read = mended_line(body.decode(), orjson.loads(body))
    except ValueError:
        return None
    event = read.get("event")
    is_message = read.get("type") == "event_callback" and isinstance(event, dict) and event.get("type") == "message"
    return read if is_message else None
