"""What people said when they handed over, as Markdown: it stands before the report of the same time."""

from bot.handoff.card import HandoffCard
from bot.text import Text
from bot.views.handoff_card import LISTED, effort, headline, standing, words
from bot.views.reader import Reader
from bot.views.words import Markup, say

_BULLET = "• "


def spoken(card: HandoffCard, reader: Reader) -> str:
    """Return who handed over to whom, what was written, and what was left to do."""
    title = " ".join(say(headline(card), reader, Markup.PLAIN).split())
    said = list(words(card, reader, at_once=LISTED + 1))
    parts = [*(_part(each, reader) for each in (*standing(card), *said)), *_effort(card, reader)]
    return "\n\n".join([f"## {title}", *parts]) + "\n"


def _effort(card: HandoffCard, reader: Reader) -> list[str]:
    said = effort(card)
    return [_part(said, reader)] if said else []


def _part(said: Text, reader: Reader) -> str:
    """Return a paragraph, or a title with its lines as a list."""
    title, *lines = (each for each in say(said, reader, Markup.MARKDOWN).splitlines() if each.strip())
    return "\n".join([title, *(f"- {each.removeprefix(_BULLET)}" for each in lines)])
