"""The answer to `/incidents`: what was asked, a page of incidents, and the way to the next."""

from collections.abc import Iterator
from datetime import timedelta

from bot.actor import named
from bot.incidents.fix import Fix
from bot.incidents.found import LOOKED_AT, Found, Page
from bot.incidents.model import OPEN, IncidentState
from bot.incidents.search import OPEN_ONES, Search
from bot.text import Code, Lines, Param, Text, text
from bot.triage.escape import shorten
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.memory import by, how, link
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.signs import sign_of

SHOWN_NAME = 120


def results(search: Search, page: Page, reader: Reader, *, newer: str | None, older: str | None) -> Rendered:
    """Return one page. `newer` and `older` are what the buttons to the other pages carry, None where there is none."""
    shown = blocks.message(_blocks(search, page, reader, newer, older), reader)
    spoken = text("search.spoken", n=len(page.found), what=_what(search))
    return Rendered(blocks.fallback(spoken, reader), tuple(shown))


def misunderstood(why: Text, reader: Reader) -> Rendered:
    """Return what is wrong with a question, and how one asks."""
    shown = [blocks.section(why, reader), blocks.context([text("search.usage")], reader)]
    return Rendered(blocks.fallback(why, reader), tuple(shown))


def _blocks(search: Search, page: Page, reader: Reader, newer: str | None, older: str | None) -> Iterator[Block]:
    yield blocks.section(text("search.title", what=_what(search)), reader)
    for found in page.found:
        yield blocks.section(_item(found, reader), reader)
    if page.looked_back_to:
        yield blocks.context([text("search.looked_back", n=LOOKED_AT, at=page.looked_back_to)], reader)
    elif not page.found:
        nothing = text("search.nothing_older") if newer else _nothing(search)
        yield blocks.section(nothing, reader)
    if buttons := list(_buttons(reader, newer, older)):
        yield blocks.actions(buttons)
    if not page.found:
        yield blocks.context([text("search.usage")], reader)


def _what(search: Search) -> tuple[Param, ...]:
    """Say what was searched, in the order in which one would ask."""
    said: list[Param] = [_states(search.states)]
    said += [Code(word) for word in search.words]
    if search.source:
        said.append(text("search.said.source", source=Code(search.source)))
    for each in search.filters:
        said.append(Code(f"{each.facet}:{each.value}{'*' if each.is_beginning else ''}"))
    if search.since:
        said.append(text("search.said.since", at=search.since))
    return tuple(said)


def _states(states: tuple[IncidentState, ...]) -> Param:
    if not states:
        return text("search.said.every_state")
    return text("state.open") if states == OPEN else tuple(text(f"state.{state}") for state in states)


def _item(found: Found, reader: Reader) -> Text:
    sign = sign_of(found.state, found.severity)
    name = link(found.thread, shorten(found.name, SHOWN_NAME))
    return text("search.item", sign=sign, name=name, source=found.source, how=_how(found, reader))


def _how(found: Found, reader: Reader) -> Text:
    match found.state:
        case IncidentState.OPEN:
            return text("search.item.open", at=found.opened_at, span=reader.now - found.opened_at)
        case IncidentState.ACKNOWLEDGED:
            return text("search.item.acknowledged", at=found.opened_at, by=named(found.acknowledged_by))
        case IncidentState.RESOLVED:
            return _ended(found)
        case IncidentState.STALE:
            return text("search.item.stale", at=found.opened_at, last=found.last_alert_at)
        case IncidentState.SUPERSEDED:
            return text("search.item.superseded", at=found.opened_at)


def _ended(found: Found) -> Text:
    took, ended_by = found.took or timedelta(0), by(found.resolved_by)
    if helped := how(found.fix or Fix()):
        return text("search.item.resolved_how", at=found.opened_at, took=took, by=ended_by, fix=helped)
    return text("search.item.resolved", at=found.opened_at, took=took, by=ended_by)


def _nothing(search: Search) -> Text:
    if search == OPEN_ONES:
        return text("search.nothing_open")
    hints = tuple(_hints(search))
    return text("search.nothing", hints=Lines(hints)) if hints else text("search.nothing_at_all")


def _hints(search: Search) -> Iterator[Text]:
    """Yield what to try, what most likely helps first."""
    if search.states:
        yield text("search.try.all_states")
    if search.since:
        yield text("search.try.longer")
    if search.words:
        yield text("search.try.words", n=len(search.words))
    exact = next((each for each in search.filters if not each.is_beginning), None)
    if exact:
        yield text("search.try.beginning", filter=Code(f"{exact.facet}:{exact.value}*"))
    if search.source:
        yield text("search.try.source")


def _buttons(reader: Reader, newer: str | None, older: str | None) -> Iterator[Element]:
    if newer is not None:
        yield blocks.button(text("button.incident.newer"), reader, action_id="incidents.turn:newer", value=newer)
    if older is not None:
        yield blocks.button(text("button.incident.older"), reader, action_id="incidents.turn:older", value=older)
