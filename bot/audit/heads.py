"""Tells the audit's head to places outside the database, each hour: then a cut or rewritten end does not go unnoticed.

A line of the log always, a line of a file and a message in a channel where configured. What was told last is compared
with the record first: if it is no longer there, that is what is told.
"""

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import select, update

from bot.audit import service as audit
from bot.audit.chain import Head
from bot.clock import Clock
from bot.outbox import Place, add_note
from bot.store import Store, Tx
from bot.store.tables import audit as entries
from bot.store.tables import audit_head
from bot.text import Code, Text, text

log = structlog.get_logger()


class NotAHead(ValueError):
    """This is no exported head: a line has to say a position and a hash."""


@dataclass(frozen=True, slots=True)
class Heads:
    """Where heads go. `file` is added to and never shortened; it belongs on another disk than the database."""

    store: Store
    clock: Clock
    file: Path | None = None
    place: Place | None = None

    def export(self) -> None:
        """Tell the head as it is now. Twice does no harm."""
        now = self.clock.now()
        head, told, still_there = self.store.read(_look)
        if not head.position and not told.position:
            return
        if not still_there:
            log.error("the audit lacks what was exported", position=told.position, hash=told.hash)
            self._post(now, head, text("audit.head.lost", position=told.position, hash=Code(told.hash)))
            return
        log.info("audit head", position=head.position, hash=head.hash)
        if self.file:
            _add_line(self.file, {"at": now.isoformat(), "position": head.position, "hash": head.hash})
        if head != told:
            self._post(now, head, text("audit.head.is", position=head.position, hash=Code(head.hash)))

    def _post(self, now: datetime, told: Head, words: Text) -> None:
        def post(tx: Tx) -> None:
            if self.place:
                add_note(tx, audit.LOG, now, self.place, words)
            tx.execute(update(audit_head).values(exported_position=told.position, exported_hash=told.hash))

        self.store.write(post)


def _look(tx: Tx) -> tuple[Head, Head, bool]:
    """Return the head, the one that was told last, and whether that one's entry is still in the record."""
    row = tx.execute(select(audit_head)).first()
    if row is None:
        return Head(), Head(), True
    told = Head(row.exported_position, row.exported_hash)
    found = tx.execute(select(entries.c.hash).where(entries.c.position == told.position)).scalar()
    return Head(row.position, row.hash), told, told.position == 0 or found == told.hash


def _add_line(file: Path, line: dict[str, Any]) -> None:
    """Add a line and have it on disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")
        out.flush()
        os.fsync(out.fileno())


def read_heads(given: Iterable[str]) -> list[Head]:
    """Return the heads of files that `Heads` wrote, or that are written out as `POSITION:HASH`. Raises NotAHead."""
    return [head for each in given for head in _heads(each)]


def _heads(given: str) -> Iterator[Head]:
    position, _, digest = given.partition(":")
    if position.isdigit() and len(digest) == len(Head().hash):
        yield Head(int(position), digest)
        return
    try:
        lines = Path(given).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAHead(f"{given}: {error}") from None
    for number, line in enumerate(lines, start=1):
        try:
            said = json.loads(line)
            yield Head(int(said["position"]), str(said["hash"]))
        except (ValueError, TypeError, KeyError):
            raise NotAHead(f"{given}:{number}: {NotAHead.__doc__}") from None
