"""How entries of the audit hang together: each one's hash covers its content and the hash before it. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.audit.personal import Piece, commitments, whole
from bot.text import Text, text

GENESIS = "0" * 64
ERASED = "audit.erased"
"""The deed that says which personal parts were erased: `pieces`, each as position and place."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What was done, by whom, to what. `position` counts from 1 without gaps.

    `body` has a commitment where something personal stood (`bot.audit.personal`).
    """

    position: int
    at: datetime
    actor: str
    deed: str
    ref: str
    body: Mapping[str, Any]
    previous: str
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An entry with its personal parts, as far as they were not erased."""

    entry: Entry
    pieces: tuple[Piece, ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """Return what was written, with the personal parts in their places."""
        return whole(self.entry.body, self.pieces)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's position and hash; kept elsewhere too, it shows when the end was cut off."""

    position: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Fine:
    """Nothing is wrong; `erased` counts the personal parts that were erased, each by an entry that says so."""

    entries: int
    erased: int = 0


@dataclass(frozen=True, slots=True)
class Broken:
    """The first position at which the record does not hold together.

    An entry that was changed together with its hash no longer fits the one after it: that one's position is told.
    """

    position: int
    why: Text


def hash_of(entry: Entry) -> str:
    content = [
        *(entry.position, entry.at.astimezone(UTC).isoformat(timespec="microseconds")),
        *(entry.actor, entry.deed, entry.ref, entry.body, entry.previous),
    ]
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def check(records: Iterable[Record], head: Head, exported: Iterable[Head] = ()) -> Fine | Broken:
    """Return whether these records, in order of position, are all there is up to `head`.

    `exported` are heads that were kept elsewhere: who rewrote everything after some entry, the head included, is found
    by the first of them that does not fit.
    """
    seen = _Seen({each.position: each.hash for each in exported})
    for record in records:
        why = seen.wrong_with(record)
        if why is not None:
            return Broken(seen.last.position + 1, why)
        seen.add(record)
    return seen.wrong_at_the_end(head) or Fine(seen.last.position, seen.erased)


@dataclass(slots=True)
class _Seen:
    """What the record was like so far."""

    exported: Mapping[int, str]
    last: Head = field(default_factory=Head)
    without: dict[tuple[int, str], None] = field(default_factory=dict)  # places whose value is gone, in order
    erasures: set[tuple[int, str]] = field(default_factory=set)

    @property
    def erased(self) -> int:
        return len(self.without)

    def wrong_with(self, record: Record) -> Text | None:
        entry = record.entry
        if entry.position != self.last.position + 1:
            return text("audit.missing")
        if entry.hash != hash_of(entry):
            return text("audit.edited")
        if entry.previous != self.last.hash:
            return text("audit.misplaced")
        if self.exported.get(entry.position, entry.hash) != entry.hash:
            return text("audit.rewritten")
        return None if _fits(record) else text("audit.personal_edited")

    def add(self, record: Record) -> None:
        entry = record.entry
        self.last = Head(entry.position, entry.hash)
        known = {piece.place for piece in record.pieces if not piece.is_erased}
        for place, _ in commitments(entry.body):
            if place not in known:
                self.without[(entry.position, place)] = None
        if entry.deed == ERASED:
            self.erasures.update((position, place) for position, place in entry.body["pieces"])

    def wrong_at_the_end(self, head: Head) -> Broken | None:
        newest = max(self.exported, default=0)
        if self.last.position < newest:
            return Broken(self.last.position + 1, text("audit.cut_since_export", position=newest))
        if self.last != head:
            same_length = self.last.position == head.position
            first = head.position if same_length else min(self.last.position, head.position) + 1
            return Broken(first, text("audit.cut"))
        unexplained = next((each for each in self.without if each not in self.erasures), None)
        return Broken(unexplained[0], text("audit.personal_gone")) if unexplained else None


def _fits(record: Record) -> bool:
    """Whether each personal part is what the entry commits to, and there is none that it knows nothing of."""
    promised = dict(commitments(record.entry.body))
    return all(
        piece.place in promised and (piece.is_erased or piece.commitment == promised[piece.place])
        for piece in record.pieces
    )
