"""Puts the picture of each posted handoff into its thread, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import update

from bot import outbox
from bot.handoff import drawing, rows
from bot.handoff.drawing import COMPARED
from bot.handoff.drawn import Drawn
from bot.handoff.front import Front
from bot.handoff.life import Handoff
from bot.handoff.model import Report
from bot.handoff.past import past
from bot.handoff.picture import draw
from bot.handoff.queries import report
from bot.store import Store, Tx
from bot.store.tables import handoffs
from bot.text import Text, text
from bot.views.reader import Reader

log = structlog.get_logger()

TRIES = 5
PAUSE = timedelta(minutes=1)  # after the first try; each further one is four times as long

ReaderOf = Callable[[Tx, str], Reader]
"""Returns a channel's reader in this language."""


@dataclass(frozen=True, slots=True)
class Pictures:
    store: Store
    front: Front
    reader_of: ReaderOf

    def look(self, now: datetime) -> None:
        """Draw what was posted without a picture. One that fails holds up no other, and is given up in time."""
        for handoff in self.store.read(lambda tx: rows.unpictured(tx, now)):
            try:
                self._add(handoff, now)
            except Exception:
                log.exception("picture not drawn", handoff=handoff.id, tries=handoff.picture_tries + 1)
                self.store.write(partial(_put_off, handoff=handoff, now=now))

    def _add(self, handoff: Handoff, now: datetime) -> None:
        desk = self.front.desks.get(handoff.schedule)
        if desk is None or handoff.boundary_at is None:
            return
        drawn, reader, spoken = self.store.read(lambda tx: self._shown(tx, handoff, desk.language))
        self.store.write(partial(_attach, handoff=handoff, png=draw(drawn, reader), spoken=spoken, now=now))

    def _shown(self, tx: Tx, handoff: Handoff, language: str) -> tuple[Drawn, Reader, Text]:
        scope, start, end = self.front.scopes[handoff.schedule], handoff.since, handoff.boundary_at or handoff.since
        mine = report(tx, scope, start, end)
        before = tuple(self._before(tx, mine))
        raised_at = [each.raised_at for each in past(tx, scope, start, end).raised]
        reader = self.reader_of(tx, language)
        return drawing.of_handoff(mine, before, raised_at, scope.hours, reader), reader, drawing.spoken(mine, reader)

    def _before(self, tx: Tx, mine: Report) -> list[Report]:
        """Return the reports of the stretches before, as long as this one, the oldest first."""
        scope, long = self.front.scopes[mine.schedule], mine.end - mine.start
        return [report(tx, scope, mine.start - n * long, mine.start - (n - 1) * long) for n in range(COMPARED, 0, -1)]


def _put_off(tx: Tx, handoff: Handoff, now: datetime) -> None:
    """Have it tried again, ever later; after the last try say once in the thread that there is none."""
    tries = handoff.picture_tries + 1
    is_last = tries >= TRIES
    tried = {"picture_due_at": now + PAUSE * 4 ** (tries - 1), "pictured_at": now if is_last else None}
    mine = (handoffs.c.id == handoff.id) & handoffs.c.pictured_at.is_(None)
    mine &= handoffs.c.picture_tries == handoff.picture_tries
    ref = rows.card_ref(handoff.id)
    is_ours = tx.execute(update(handoffs).where(mine).values(picture_tries=tries, **tried)).rowcount == 1
    if is_ours and is_last and (place := outbox.thread_of(tx, ref)):
        outbox.add_note(tx, ref, now, place, text("handoff.picture.failed"))


def _attach(tx: Tx, handoff: Handoff, png: bytes, spoken: Text, now: datetime) -> None:
    mine = (handoffs.c.id == handoff.id) & handoffs.c.pictured_at.is_(None)
    place = outbox.thread_of(tx, rows.card_ref(handoff.id))
    if place is None or tx.execute(update(handoffs).where(mine).values(pictured_at=now)).rowcount != 1:
        return
    title = text("handoff.picture.title", schedule=handoff.schedule)
    name = f"handoff-{handoff.schedule}-{handoff.since:%Y-%m-%d}.png"
    outbox.add_file(tx, rows.card_ref(handoff.id), now, place, name=name, title=title, content=png, alt=spoken)
