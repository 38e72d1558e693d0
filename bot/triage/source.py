"""What a parser of one tool's messages is, and small things that parsers share."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.signals import Status

SHAPE_READ = 3_000  # characters in which a shape is looked for


@dataclass(frozen=True, slots=True, eq=False)  # there is one of each: identity is equality, and hashing is quick
class Source:
    """One tool: how its messages are known, and how they are read.

    `senders` are parts of lower-case sender names, `links` parts of URLs, `shape` a pattern in the text; they are tried
    in this order over all sources. `read` returns None where the message is not the tool's after all. What teams post
    themselves is of the source `script`, whatever it is about: `is_home_made` (rule R3).
    """

    name: str
    read: Callable[[Message], Alert | None]
    senders: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    shape: re.Pattern[str] | None = None
    is_home_made: bool = False


def kind_of(status: Status, otherwise: Kind = Kind.NOISE) -> Kind:
    """Return what a status means: an acknowledgement is neither new nor over."""
    match status:
        case Status.FIRING:
            return Kind.ALERT
        case Status.OVER:
            return Kind.RESOLVED
        case Status.ACKNOWLEDGED:
            return Kind.NOISE
        case Status.UNKNOWN:
            return otherwise


def leads_to(message: Message, **parts: str) -> dict[str, str]:
    """Return, by what it leads to, the first URL of the message that contains the part."""
    found = {what: next((url for url in message.links if part in url), "") for what, part in parts.items()}
    return {what: url for what, url in found.items() if url}


def severity_for(kind: Kind, severity: Severity | None, otherwise: Severity = Severity.ERROR) -> Severity | None:
    """Only alerts have a severity."""
    return (severity or otherwise) if kind is Kind.ALERT else None


def title_of(message: Message) -> str:
    """Return the outermost title: a header, an attachment's title, else the first line that says anything."""
    if message.parts.titles:
        return message.parts.titles[0].strip()
    return next((line.strip() for line in message.text[:4000].split("\n") if line.strip(" *_`>")), "")
