"""The Home of one person: what whoever is on call has to do, or what somebody asked for and has. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.home.model import Closed, Home, Listed, Part
from bot.oncall.model import Unclear
from bot.text import Text, text
from bot.views import access, blocks, home_duties, home_items
from bot.views.blocks import Block, Element, Style
from bot.views.reader import Reader

MOST_GRANTS: Final = 20  # two blocks each: a Home has a hundred


def closed(closed: Closed, reader: Reader) -> dict[str, Any]:
    """Return the Home of somebody who may not have one, with why."""
    return blocks.home([blocks.section(closed.why, reader)], reader)


def home(home: Home, reader: Reader) -> dict[str, Any]:
    return blocks.home(list(_LAYOUTS[home.shown.part](home, reader)), reader)


def reading(home: Home, reader: Reader) -> Reader:
    """Return the reader with the names that the Home needs, which were loaded with it."""
    return replace(reader, names=home.names)


def _on_call(home: Home, reader: Reader) -> Iterator[Block]:
    yield blocks.header(_title(home), reader)
    yield from home_duties.lines(home, reader)
    yield _actions(home, reader)
    yield blocks.divider()
    yield from home_items.handoffs(home, reader)
    yield from _incidents(home, reader)
    if home.approvals and home.approvals.items:
        yield from _list("approvals", home.approvals, home_items.approvals(home, reader), reader)
    if home.requests:
        yield from _list("requests", home.requests, home_items.requests(home, reader), reader)
    if home.ending and home.ending.items:
        yield from _list("ending", home.ending, home_items.ending(home, reader), reader)
    yield from _footer(home, reader, Part.MINE)


def _mine(home: Home, reader: Reader) -> Iterator[Block]:
    yield blocks.header(text("home.title.mine"), reader)
    yield from home_duties.lines(home, reader)
    yield _actions(home, reader)
    yield blocks.divider()
    yield from home_items.handoffs(home, reader)
    if home.approvals and home.approvals.items:
        yield from _list("approvals", home.approvals, home_items.approvals(home, reader), reader)
    yield blocks.section(text("home.asked"), reader)
    if not home.asked:
        yield blocks.context([text("request.queue.empty_mine")], reader)
    yield from home_items.asked(home, reader)
    yield blocks.section(text("home.access"), reader)
    if not home.grants:
        yield blocks.context([text("grant.list_empty")], reader)
    for grant in (home.grants or ())[:MOST_GRANTS]:
        yield from access.held(grant, reader)
    if len(home.grants or ()) > MOST_GRANTS:
        yield blocks.context([text("home.access_more")], reader)
    yield from _footer(home, reader, Part.ON_CALL)


def _one_list(home: Home, reader: Reader) -> Iterator[Block]:
    """Yield a page of one list, and the way back."""
    yield blocks.actions([_turn(Part.OVERVIEW.value, "back", reader)])
    match home.shown.part:
        case Part.INCIDENTS:
            yield from _incidents(home, reader)
        case Part.APPROVALS if home.approvals:
            yield from _list("approvals", home.approvals, home_items.approvals(home, reader), reader, alone=True)
        case Part.REQUESTS if home.requests:
            yield from _list("requests", home.requests, home_items.requests(home, reader), reader, alone=True)
        case Part.ENDING if home.ending:
            yield from _list("ending", home.ending, home_items.ending(home, reader), reader, alone=True)


_LAYOUTS: Final[Mapping[Part, Callable[[Home, Reader], Iterator[Block]]]] = {
    Part.ON_CALL: _on_call,
    Part.MINE: _mine,
    **dict.fromkeys((Part.INCIDENTS, Part.APPROVALS, Part.REQUESTS, Part.ENDING), _one_list),
}


def _title(home: Home) -> Text:
    if not home.on_call:
        return text("home.title.theirs")
    is_certain = any(not isinstance(duty.now, Unclear) for duty in home.on_call)
    return text("home.title.on_call" if is_certain else "home.title.perhaps")


def _incidents(home: Home, reader: Reader) -> Iterator[Block]:
    if home.incidents is None:
        yield blocks.context([text("home.incidents_are_not_yours")], reader)
        return
    alone = home.shown.part is Part.INCIDENTS
    yield from _list("incidents", home.incidents, home_items.incidents(home, reader), reader, alone=alone)
    if home.stale:
        yield blocks.context([text("home.stale", n=home.stale)], reader)


def _list(
    name: str, listed: Listed[Any], items: Iterator[Block], reader: Reader, *, alone: bool = False
) -> Iterator[Block]:
    """Yield what a list is called and how long it is, its items, and the ways to the others."""
    how_many = text("home.more_than", n=listed.total - 1) if listed.is_cut else text("home.count", n=listed.total)
    yield blocks.section(text(f"home.{name}", n=how_many), reader)
    if not listed.items:
        yield blocks.context([text(f"home.{name}_none")], reader)
    yield from items
    if alone and len(listed.items) < listed.total:
        first, last = listed.offset + 1, listed.offset + len(listed.items)
        yield blocks.context([text("home.page", first=first, last=last, n=how_many)], reader)
    if buttons := list(_ways(name, listed, reader, alone=alone)):
        yield blocks.actions(buttons)


def _ways(name: str, listed: Listed[Any], reader: Reader, *, alone: bool) -> Iterator[Element]:
    if alone and listed.offset:
        yield _turn("newer", "newer", reader)
    if alone and listed.after:
        yield _turn("older", "older", reader)
    if not alone and listed.after:
        yield _turn(name, "all", reader)


def _turn(word: str, label: str, reader: Reader) -> Element:
    """Return a button to what `word` says: a part, or a page of this one."""
    return blocks.button(text(f"button.home.{label}"), reader, action_id=f"home.turn:{word}", value=word)


def _actions(home: Home, reader: Reader) -> Block:
    """Return what one can begin from here: the forms of operations, a silence."""
    asked = [home_items.operation(name, reader) for name in home_items.OPERATIONS]
    if "request.open" in home.may:
        ask = text("button.home.ask")
        asked.insert(0, blocks.button(ask, reader, action_id="home.ask", style=None if home.on_call else Style.PRIMARY))
    if "silence.create" in home.may:
        asked.append(blocks.button(text("button.home.silence"), reader, action_id="home.silence"))
    if home.on_call and "cover.ask" in home.may:
        asked.append(blocks.button(text("button.home.cover"), reader, action_id="home.cover"))
    return blocks.actions([*asked, blocks.button(text("button.home.help"), reader, action_id="home.help")])


def _footer(home: Home, reader: Reader, other: Part) -> Iterator[Block]:
    yield blocks.divider()
    if other is Part.MINE or "incident.search" in home.may:
        yield blocks.actions([_turn(other.value, other.value, reader)])
    yield blocks.context([text("home.renews_itself")], reader)
