"""kubewatch: it tells every change of a cluster."""

import re

from bot.triage.model import Alert, Kind, Message
from bot.triage.source import Source

_CHANGE = re.compile(r"has been `?(?:created|updated|deleted)", re.IGNORECASE)


def read(message: Message) -> Alert | None:
    """Kubewatch tells every change: none of them says that something is wrong."""
    if not _CHANGE.search(message.text[:1000]):
        return None
    return Alert(kind=Kind.NOISE, source="kubewatch", explanation=("a change of the cluster",))


SOURCE = Source(
    name="kubewatch",
    read=read,
    senders=("kubewatch",),
    shape=re.compile(r"A `?\w+`? in namespace `?\S+`? has been `?(?:created|updated|deleted)"),
)
