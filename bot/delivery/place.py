"""Where a wanted message really goes: shadow mode, and threads whose first message is itself still to come."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from bot.store import Tx
from bot.store.tables import cards


@dataclass(frozen=True, slots=True)
class Modes:
    """In shadow mode everything goes to one review channel and notifies nobody."""

    review_channel: str | None = None

    @property
    def is_shadow(self) -> bool:
        return self.review_channel is not None


@dataclass(frozen=True, slots=True)
class Target:
    channel: str
    thread_ts: str | None


def is_person(channel: str) -> bool:
    """Tell whether what stands for a channel is a person, who is written to directly."""
    return channel.startswith(("U", "W"))


def target(tx: Tx, row: Row[Any], modes: Modes) -> Target | None:
    """Return where the row's message goes, or None while the card that it goes under is not posted yet."""
    if row.under:
        parent = _shown(tx, row.under)
        return Target(parent.shown_channel, parent.root_ts) if parent and parent.root_ts else None
    if modes.review_channel is not None:
        return Target(modes.review_channel, None)
    return Target(row.channel, row.thread_ts)


def _shown(tx: Tx, ref: str) -> Row[Any] | None:
    """Return the card that shows this one: itself, or the one that it is part of."""
    row: Row[Any] | None = tx.execute(select(cards).where(cards.c.ref == ref)).first()
    return _shown(tx, row.part_of) if row is not None and row.part_of else row
