"""Makes each posted handoff a canvas, too, where the team wants that and Slack allows it. It is asked for once.

It is asked for again only where Slack says that it was asked too much at once: then nothing was made.
Whether a canvas was made after an answer that never came cannot be looked up: there is none then rather than two. The
card says everything that the canvas does, so that one that is lacking is a line in `baton doctor` and nothing else.

For a week the canvas follows the card: a later signature, who took over, follow-ups. Its words are replaced as a whole,
which may be done twice; nobody but Baton may write into it.
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
from bot.ports.errors import RateLimited, Unavailable, VendorError
from bot.ports.slack import Identity, Slack
from bot.store import Store, Tx
from bot.store.tables import handoffs
from bot.text import Link, text
from bot.views.handoff_markdown import spoken
from bot.views.report_markdown import markdown
from bot.views.words import Markup, say

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Words:
    """What a canvas is to say, and how often the card had been wanted when it said the same."""

    title: str
    body: str
    wanted: int


@dataclass(frozen=True, slots=True)
class Canvases:
    store: Store
    front: Front
    slack: Slack
    identity: Callable[[], Identity]
    reader_of: ReaderOf

    def look(self, now: datetime) -> None:
        """Ask for the canvas of what was posted without one, and for newer words in what was changed since."""
        for handoff in self.store.read(lambda tx: rows.uncanvased(tx, now)):
            if handoff.schedule in self.front.desks and self.store.write(partial(_claim, handoff=handoff, now=now)):
                self._make(handoff, now)
        for canvas in self.store.read(lambda tx: rows.outdated_canvases(tx, now)):
            if canvas.handoff.schedule in self.front.desks:
                self._rewrite(canvas)

    def _make(self, handoff: Handoff, now: datetime) -> None:
        desk = self.front.desks[handoff.schedule]
        words = self.store.read(lambda tx: self._words(tx, handoff, desk.language))
        try:
            me = self.identity()
            made = self.slack.canvas(words.title, words.body, desk.channel)
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
        self.store.write(partial(_link, handoff=handoff, made=made, shows=words.wanted, address=address, now=now))

    def _rewrite(self, canvas: rows.Canvased) -> None:
        """Try again at the next look where Slack is busy or silent; a refusal stands until the next change."""
        handoff = canvas.handoff
        language = self.front.desks[handoff.schedule].language
        words, problem = self.store.read(lambda tx: self._words(tx, handoff, language)), None
        try:
            self.slack.rewrite_canvas(canvas.canvas_id, words.body)
        except (RateLimited, Unavailable) as error:
            log.info("canvas put off", handoff=handoff.id, problem=str(error))
            return
        except VendorError as error:
            problem = str(error)
            log.warning("canvas not rewritten", handoff=handoff.id, problem=problem)
        self.store.write(partial(_keep, handoff=handoff, canvas_shows=words.wanted, canvas_problem=problem))

    def _words(self, tx: Tx, handoff: Handoff, language: str) -> _Words:
        reader = replace(self.reader_of(tx, language), keeps=True)
        title = say(text("handoff.picture.title", schedule=handoff.schedule), reader, Markup.PLAIN)
        card = self.front.card(tx, handoff.id)
        assert card is not None, "a handoff is never deleted"
        body = markdown(card.report, reader, spoken(card, reader))
        return _Words(title, body, outbox.times_wanted(tx, rows.card_ref(handoff.id)))


def _claim(tx: Tx, handoff: Handoff, now: datetime) -> bool:
    mine = (handoffs.c.id == handoff.id) & handoffs.c.canvased_at.is_(None)
    return tx.execute(update(handoffs).where(mine).values(canvased_at=now)).rowcount == 1


def _keep(tx: Tx, handoff: Handoff, **values: str | int | None) -> None:
    tx.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))


def _link(tx: Tx, handoff: Handoff, made: str, shows: int, address: str, now: datetime) -> None:
    _keep(tx, handoff, canvas_id=made, canvas_shows=shows)
    place = outbox.thread_of(tx, rows.card_ref(handoff.id))
    if place is not None:
        label = text("handoff.canvas.label")
        outbox.add_note(tx, rows.card_ref(handoff.id), now, place, text("handoff.canvas", what=Link(address, label)))
