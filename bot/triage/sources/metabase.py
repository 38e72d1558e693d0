"""Metabase: alerts on a question, and subscriptions, which are no alerts."""

import re

from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.source import Source, leads_to

_BELL = re.compile(r"^\s*(?:🔔|:bell:)\s*(?P<card>[^\n]{1,300})")


def read(message: Message) -> Alert | None:
    """A bell is an alert on a question; without one it is a dashboard's subscription."""
    match = next((m for head in (*message.parts.titles, message.text) if (m := _BELL.match(head))), None)
    if match is None:
        return Alert(kind=Kind.NOISE, source="metabase", explanation=("a dashboard's subscription",))
    return Alert(
        kind=Kind.ALERT,
        source="metabase",
        severity=stated(message, {}) or Severity.WARNING,
        resource={"card": match["card"].strip()},
        topic="data-quality",
        title=match[0].strip(),
        links=leads_to(message, card="://"),
    )


SOURCE = Source(
    name="metabase",
    read=read,
    senders=("metabase",),
    shape=re.compile(r"\*?Sent from .{1,200} by "),
)
