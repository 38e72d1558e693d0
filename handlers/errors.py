"""What people are told when Baton itself fails: a reference, what is untouched, what to press next."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.desk import Desk
from bot.text import Code, text
from bot.views.reader import Reader, default_reader
from bot.views.words import Markup, say
from handlers.press import team_of, user_of

log = structlog.get_logger()


def explainer(desk: Desk) -> Callable[[Exception, Mapping[str, Any]], Awaitable[BoltResponse]]:
    """Return what answers for a listener that raised."""

    async def explain(error: Exception, body: Mapping[str, Any]) -> BoltResponse:
        """Answer so that nothing is lost.

        Slack sends an event again after a 5xx, which is what we want. A command shows the words, and so does a form,
        which stays open with what was entered. A button has no place for words in its answer: Slack shows its own
        sign that it failed.
        """
        reference = secrets.token_hex(4)
        kind = str(body.get("type") or "command")
        log.error("listener failed", reference=reference, kind=kind, exc_info=error)
        if kind == "event_callback" and not isinstance(body.get("event"), dict):
            return BoltResponse(status=200, body="")  # no event at all: sent again it would be none again
        words = say(text("error.failed", reference=Code(reference)), await _reader(desk, body), Markup.PLAIN)
        if "command" in body:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": words})
        if field := _first_field(body):
            return BoltResponse(status=200, body={"response_action": "errors", "errors": {field: words}})
        return BoltResponse(status=500, body="")

    return explain


async def _reader(desk: Desk, body: Mapping[str, Any]) -> Reader:
    """Return the person as a reader, or one of the workspace's language where even that cannot be read."""
    try:
        return await desk.read(lambda tx: desk.reader_of(tx, team_of(body), user_of(body)))
    except Exception as error:  # noqa: BLE001 - the database may be what failed
        log.warning("reader not known", problem=type(error).__name__)
        return default_reader(desk.now(), desk.language)


def _first_field(body: Mapping[str, Any]) -> str | None:
    if body.get("type") != "view_submission":
        return None
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    return next(iter(values), None)
