"""Pages about requests that take the place of another, or come as a message to one person."""

from bot.actor import Actor
from bot.requests import card, hearing
from bot.store import Tx
from bot.text import text
from bot.views import blocks, request_pages
from bot.views.reader import Reader
from bot.views.rendered import Rendered


def queue(tx: Tx, asked: str, reader: Reader) -> Rendered:
    """Return the page of the queue that `WHOSE:NUMBER:TEAM:USER` names; anything else is the first of all."""
    whose, number, team, user = (*asked.split(":"), "", "", "", "")[:4]
    at = int(number) if number.isdecimal() and len(number) < 4 else 0
    found = card.queue(tx, Actor.person(team, user), at, mine=whose == "mine")
    return request_pages.queue(found, reader)


def asking(tx: Tx, asking_id: str, reader: Reader) -> Rendered:
    found = hearing.asking_of(tx, asking_id)
    return request_pages.asking(found, reader) if found else _gone(reader)


def question(tx: Tx, request_id: str, reader: Reader) -> Rendered:
    found = card.card(tx, request_id)
    return request_pages.question(found, reader) if found else _gone(reader)


def _gone(reader: Reader) -> Rendered:
    words = text("request.unknown")
    return Rendered(blocks.fallback(words, reader), (blocks.section(words, reader),))
