"""What is told with the incident that it follows from, as a part of that one's card."""

from collections.abc import Iterator

from bot.incidents.card import IncidentCard, Waiting
from bot.text import Code, Lines, Param, text
from bot.triage.escape import shorten
from bot.views import blocks, limits
from bot.views.blocks import Block
from bot.views.reader import Reader
from bot.views.signs import sign_of

SHOWN, SHOWN_NAME = 12, 70


def waiting(card: IncidentCard, reader: Reader) -> Iterator[Block]:
    """Yield the list of what follows from this incident, and the menu that gives one of them its own thread."""
    if not card.waiting:
        return
    listed = sorted(card.waiting, key=lambda each: not each.state.is_unresolved)
    lines: list[Param] = [_line(each) for each in listed[:SHOWN]]
    if len(listed) > SHOWN:
        lines.append(text("common.more", n=len(listed) - SHOWN))
    n = sum(each.state.is_unresolved for each in listed)
    yield blocks.section(text("incident.waiting", n=n, all=len(listed), lines=Lines(tuple(lines))), reader)
    if shown_here := [each for each in listed if not each.is_alone][: limits.SELECT_OPTIONS]:
        options = [blocks.option(text("storm.option", what=each.name), reader, each.id) for each in shown_here]
        yield blocks.actions([blocks.select(options, text("storm.open"), reader, action_id="incident.open")])


def _line(each: Waiting) -> Param:
    msgid = "incident.waiting_alone" if each.is_alone else "incident.waiting_line"
    return text(msgid, sign=sign_of(each.state, each.severity), what=Code(shorten(each.name, SHOWN_NAME)))
