"""How entries of the audit hang together: each one's hash covers its content and the hash before it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.text import Text, text

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done, by whom, to what. `position` counts from 1 without gaps."""

    position: int
    at: datetime
    actor: str
    deed: str
    ref: str
    body: Mapping[str, Any]
    previous: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's position and hash; kept elsewhere too, it shows when the end was cut off."""

    position: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Fine:
    entries: int


@dataclass(frozen=True, slots=True)
class Broken:
    """The first position at which the record is not what was written."""

    position: int
    why: Text


def hash_of(entry: Entry) -> str:
    content = [
        *(entry.position, entry.at.astimezone(UTC).isoformat(timespec="microseconds")),
        *(entry.actor, entry.deed, entry.ref, entry.body, entry.previous),
    ]
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def check(entries: Iterable[Entry], head: Head) -> Fine | Broken:
    """Return whether these entries, in order of position, are the whole record that ends at `head`."""
    last = Head()
    for entry in entries:
        if entry.position != last.position + 1:
            return Broken(last.position + 1, text("audit.missing"))
        if entry.previous != last.hash:
            return Broken(entry.position, text("audit.misplaced"))
        if entry.hash != hash_of(entry):
            return Broken(entry.position, text("audit.edited"))
        last = Head(entry.position, entry.hash)
    if last != head:
        return Broken(max(last.position, head.position), text("audit.cut"))
    return Fine(last.position)
