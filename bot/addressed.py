"""Messages that are said to Baton by its name."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from bot.actor import Actor
from bot.store import Tx
from bot.store.tables import addressed
from bot.store.upsert import insert_if_new
from bot.triage.redact import redact
from bot.views import addressed as view
from bot.views.addressed import Unsaid
from bot.views.reader import Reader
from bot.views.rendered import Rendered

_MENTION = r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>"
_GREETING = rf"(?:{_MENTION}|\b(?:hey|hi|hello|ok|okay|please|cc)\b|안녕하세요|안녕|저기요?|[\s,.!~])*"
_LONGEST = 3000
FORM = "form"
"""The page with the button that opens a form; its question is an `Unsaid`."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message to Baton; `incident_id` is what its thread is about."""

    team: str
    user: str
    channel: str
    ts: str
    thread_ts: str | None
    words: str
    incident_id: str | None = None

    @classmethod
    def read(cls, event: Mapping[str, Any], *, team: str, own: str) -> Self | None:
        """Return what a person said to Baton, whose user is `own`; None where it is no person's message."""
        given = [event.get(key) for key in ("user", "channel", "ts", "text")]
        if event.get("bot_id") or not all(isinstance(each, str) for each in given):
            return None
        user, channel, ts, said = (str(each) for each in given)
        words = redact(" ".join(_to_baton(said, own).split())[:_LONGEST])
        thread = event.get("thread_ts")
        return cls(team, user, channel, ts, thread if isinstance(thread, str) else None, words)

    @property
    def actor(self) -> Actor:
        return Actor.person(self.team, self.user)


def _to_baton(said: str, own: str) -> str:
    """Return what was said without Baton's name, and without whom else it greets before that.

    What stands before it otherwise stays: of "I saw that @baton resolved this" the end alone would be a command.
    """
    name = rf"<@{re.escape(own)}(?:\|[^>]*)?>" if own else _MENTION
    greeted = re.match(rf"{_GREETING}{name}[\s,:]*", said, re.IGNORECASE)
    return said[greeted.end() :] if greeted else re.sub(name, " ", said, count=1)


def hear(tx: Tx, said: Said, now: datetime) -> bool:
    """Write the message down; return False where it was heard before, since Slack may send an event again."""
    row = {key: value for key, value in asdict(said).items() if key != "incident_id"}
    return insert_if_new(tx, addressed, row | {"at": now}, key=["channel", "ts"])


def form_offered(_tx: Tx, unsaid: str, reader: Reader) -> Rendered:
    return view.form_offered(Unsaid.parse(unsaid), reader)
