"""Makes each posted handoff a canvas, too, where the team wants that and Slack allows it. It is asked for once.

It is asked for again only where Slack says that it was asked too much at once: then nothing was made.
Whether a canvas was made after an answer that never came cannot be looked up: there is none then rather than two. The
card says everything that the canvas does, so that one that is lacking is a line in `baton doctor` and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import update

from bot import outbox
from bot.handoff import rows
from bot.handoff.front import Front
from bot.handoff.life import Handoff
from bot.handoff.pictures import ReaderOf
from bot.ports.errors import RateLimited, VendorError
from bot.ports.slack import Identity, Slack
from bot.store import Store, Tx
from bot.store.tables import handoffs
from bot.text import Link, text
from bot.views.handoff_markdown import spoken
from bot.views.report_markdown import markdown
from bot.views.words import Markup, say

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Canvases:
    store: Store
    front: Front
    slack: Slack
    identity: Callable[[], Identity]
    reader_of: ReaderOf

    def look(self, now: datetime) -> None:
        """Ask for the canvas of what was posted without one."""
        for handoff in self.store.read(lambda tx: rows.uncanvased(tx, now)):
            if handoff.schedule in self.front.desks and self.store.write(partial(_claim, handoff=handoff, now=now)):
                self._make(handoff, now)

    def _make(self, handoff: Handoff, now: datetime) -> None:
        desk = self.front.desks[handoff.schedule]
        title, body = self.store.read(lambda tx: self._written(tx, handoff, desk.language))
        try:
            me = self.identity()
            made = self.slack.canvas(title, body, desk.channel)
        except RateLimited as error:
            log.info("canvas put off", handoff=handoff.id, problem=str(error))
            self.store.write(partial(_keep, handoff=handoff, canvased_at=None))
            return
        except VendorError as error:
            problem = str(error)
            log.warning("no canvas", handoff=handoff.id, problem=problem)
            self.store.write(partial(_keep, handoff=handoff, canvas_problem=problem))
            return
        address = f"{me.url.rstrip('/')}/docs/{me.team}/{made}"
        self.store.write(partial(_link, handoff=handoff, made=made, address=address, now=now))

    def _written(self, tx: Tx, handoff: Handoff, language: str) -> tuple[str, str]:
        reader = replace(self.reader_of(tx, language), keeps=True)
        title = say(text("handoff.picture.title", schedule=handoff.schedule), reader, Markup.PLAIN)
        card = self.front.card(tx, handoff.id)
        assert card is not None, "a handoff is never deleted"
        return title, markdown(card.report, reader, spoken(card, reader))


def _claim(tx: Tx, handoff: Handoff, now: datetime) -> bool:
    mine = (handoffs.c.id == handoff.id) & handoffs.c.canvased_at.is_(None)
    return tx.execute(update(handoffs).where(mine).values(canvased_at=now)).rowcount == 1


def _keep(tx: Tx, handoff: Handoff, **values: str | None) -> None:
    tx.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))


def _link(tx: Tx, handoff: Handoff, made: str, address: str, now: datetime) -> None:
    _keep(tx, handoff, canvas_id=made)
    place = outbox.thread_of(tx, rows.card_ref(handoff.id))
    if place is not None:
        label = text("handoff.canvas.label")
        outbox.add_note(tx, rows.card_ref(handoff.id), now, place, text("handoff.canvas", what=Link(address, label)))
