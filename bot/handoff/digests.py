"""Tells the weekly digest once: computed and drawn first, then written down and wanted in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import select

from bot import outbox
from bot.handoff import digest
from bot.handoff.digest import DigestCard, Section, Told, stretches
from bot.handoff.digest_picture import drawn_of, spoken
from bot.handoff.model import Name, Scope
from bot.handoff.picture import draw
from bot.handoff.pictures import ReaderOf
from bot.handoff.queries import report
from bot.outbox import Place
from bot.ref import Ref, new_id
from bot.store import Store, Tx
from bot.store.tables import digests
from bot.store.upsert import insert_if_new
from bot.text import Text, text

log = structlog.get_logger()

_Picture = tuple[Section, bytes, Text]
"""What of a schedule is drawn, the PNG, and the same in words."""


@dataclass(frozen=True, slots=True)
class Digests:
    store: Store
    told: Told
    scopes: Mapping[str, Scope]
    reader_of: ReaderOf

    def look(self, now: datetime) -> None:
        """Tell the digest of the last week where that is due and has not been done."""
        due = self.told.last_due(now)
        if now - due > digest.STILL_NEWS or self.store.read(partial(_is_told, key=self._key(due))):
            return
        if not self.store.read(lambda tx: self._was_there(tx, due)):
            return
        sections = self.store.read(lambda tx: self._sections(tx, due))
        pictures = [drawn for each in sections if each.known > 1 and (drawn := self._drawn(each, due))]
        self.store.write(partial(self._tell, sections=sections, pictures=pictures, due=due, now=now))

    def _key(self, due: datetime) -> str:
        return due.astimezone(self.told.zone).date().isoformat()

    def _was_there(self, tx: Tx, due: datetime) -> bool:
        """Tell whether anything is known of the last week: a new install has nothing to tell."""
        start, end = stretches(due, self.told.zone)[-1]
        found = (report(tx, scope, start, end).figures[Name.RAISED] for scope in self.scopes.values())
        return any(each.value is not None for each in found)

    def _sections(self, tx: Tx, due: datetime) -> tuple[Section, ...]:
        return tuple(self._section(tx, scope, due) for scope in self.scopes.values())

    def _section(self, tx: Tx, scope: Scope, due: datetime) -> Section:
        weeks = [report(tx, scope, start, end) for start, end in stretches(due, self.told.zone)]
        return digest.section(scope, weeks, report(tx, scope, weeks[0].start, due))

    def _drawn(self, section: Section, due: datetime) -> _Picture | None:
        """Return the picture; None where it cannot be drawn, for which the digest does not wait."""
        reader = self.store.read(lambda tx: self.reader_of(tx, self.told.language))
        try:
            return section, draw(drawn_of(section, due, reader), reader), spoken(section, due, reader)
        except Exception:
            log.exception("picture of the digest not drawn", schedule=section.schedule)
            return None

    def _tell(
        self,
        tx: Tx,
        sections: tuple[Section, ...],
        pictures: Sequence[_Picture],
        due: datetime,
        now: datetime,
    ) -> None:
        ref = Ref("digest", new_id(now))
        row = {
            "id": ref.id,
            "due_on": self._key(due),
            "told_at": now,
            "until": due,
            "content": [each.to_json() for each in sections],
        }
        if not insert_if_new(tx, digests, row, key=["due_on"]):
            return
        outbox.want_card(tx, ref, Place(self.told.to, language=self.told.language))
        under = Place(self.told.to, language=self.told.language, under=ref)
        for section, png, said in pictures:
            title = text("digest.picture.title", schedule=section.schedule)
            name = f"digest-{section.schedule}-{self._key(due)}.png"
            outbox.add_file(tx, ref, now, under, name=name, title=title, content=png, alt=said)


def load(tx: Tx, digest_id: str) -> DigestCard | None:
    """Return a digest as it was told."""
    row = tx.execute(select(digests).where(digests.c.id == digest_id)).first()
    if row is None:
        return None
    return DigestCard(row.until, row.told_at, tuple(Section.from_json(each) for each in row.content))


def _is_told(tx: Tx, key: str) -> bool:
    return tx.execute(select(digests.c.id).where(digests.c.due_on == key)).first() is not None
