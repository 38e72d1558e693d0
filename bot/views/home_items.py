"""What stands in the lists of a Home, each with what can be pressed there. Pure."""

from collections.abc import Iterator
from typing import Final

from bot.access.model import Grant
from bot.access.telling import holder, what
from bot.actor import named
from bot.handoff.life import Handoff, State
from bot.home.model import Approval, Ending, Home
from bot.home.rules import age
from bot.incidents.found import Found
from bot.incidents.model import IncidentState
from bot.operations.catalog import CATALOG
from bot.requests.model import Request
from bot.requests.rules import operation_for
from bot.silences.model import Silence
from bot.text import Code, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.limits import shorten
from bot.views.memory import link
from bot.views.reader import Reader
from bot.views.requests import line
from bot.views.signs import sign_of

OPERATIONS: Final = tuple(CATALOG)
SHOWN_NAME: Final = 120
SHOWN_REASON: Final = 100


def operation(name: str, reader: Reader) -> Element:
    """Return the button that opens the form of an operation."""
    words = text("button.home.operation", operation=text(f"operation.{name}"))
    return blocks.button(words, reader, action_id=f"home.operation:{name}", value=name)


def incidents(home: Home, reader: Reader) -> Iterator[Block]:
    for found in home.incidents.items if home.incidents else ():
        follow = home.follow.get(found.id, 0)
        may_take = found.state is IncidentState.OPEN and "incident.acknowledge" in home.may
        yield blocks.section(
            _incident(found, follow, reader), reader, accessory=_take(found, reader) if may_take else None
        )


def _incident(found: Found, follow: int, reader: Reader) -> Text:
    sign, name = sign_of(found.state, found.severity), link(found.thread, shorten(found.name, SHOWN_NAME))
    told = text("home.incident.follow", n=follow, how=_how(found, reader)) if follow else _how(found, reader)
    return text("home.incident", sign=sign, name=name, source=found.source, how=told)


def _how(found: Found, reader: Reader) -> Text:
    span = age(found.opened_at, reader.now)
    since: Param = text("home.open_for", span=span) if span else text("home.open_just_now")
    if found.acknowledged_by and found.state is IncidentState.ACKNOWLEDGED:
        return text("home.incident.taken", by=named(found.acknowledged_by), since=since)
    return text("home.incident.untaken", since=since)


def _take(found: Found, reader: Reader) -> Element:
    words = text("button.incident.acknowledge")
    return blocks.button(words, reader, action_id="incident.acknowledge", value=found.id)


def approvals(home: Home, reader: Reader) -> Iterator[Block]:
    for approval in home.approvals.items if home.approvals else ():
        look = blocks.button(text("run.button.details"), reader, action_id="run.details", value=approval.run_id)
        yield blocks.section(_approval(approval), reader, accessory=look)


def _approval(approval: Approval) -> Text:
    there: Param = link(approval.thread, text("home.decide")) if approval.thread else "–"
    by = named(approval.requester)
    return text("home.approval", summary=approval.summary, by=by, since=approval.since, thread=there)


def requests(home: Home, reader: Reader) -> Iterator[Block]:
    for request in home.requests.items if home.requests else ():
        yield blocks.section(_request(request, home, reader), reader, accessory=_next(request, home, reader))


def asked(home: Home, reader: Reader) -> Iterator[Block]:
    """Yield what the reader asked for, with what happened to it."""
    for request in home.asked or ():
        yield blocks.section(
            _request(request, home, reader), reader, accessory=_request_button("history", request, reader)
        )


def _request(request: Request, home: Home, reader: Reader) -> Text:
    said, thread = line(request, reader), home.threads.get(request.id)
    return text("home.request", line=said, thread=link(thread, text("home.thread"))) if thread else said


def _next(request: Request, home: Home, reader: Reader) -> Element:
    """Return the step that suggests itself: to take it on, to do it if that is possible from here, to look."""
    may_handle = "request.handle" in home.may
    if may_handle and request.assignee is None:
        return _request_button("take", request, reader)
    is_mine = request.assignee is not None and request.assignee == home.reader
    return _request_button(
        "do" if is_mine and operation_for(request.kind, request.fields) else "history", request, reader
    )


def _request_button(verb: str, request: Request, reader: Reader) -> Element:
    return blocks.button(text(f"button.request.{verb}"), reader, action_id=f"request.{verb}", value=request.id)


def handoffs(home: Home, reader: Reader) -> Iterator[Block]:
    """Yield the handoffs that the reader has to write or to accept, each with how far it is."""
    for handoff in home.handoffs:
        if handoff.is_out:
            yield blocks.section(_posted(handoff), reader, accessory=_of(handoff, "accept", reader))
        elif handoff.state in {State.PLANNED, State.SIGNED}:
            yield blocks.context([_awaited(handoff)], reader)
        else:
            yield blocks.section(_awaited(handoff), reader, accessory=_of(handoff, "write", reader))


def _posted(handoff: Handoff) -> Text:
    return text("home.handoff.posted", schedule=handoff.schedule, at=handoff.posted_at or handoff.shift_start)


def _awaited(handoff: Handoff) -> Text:
    if handoff.boundary_at is None:
        return text("home.handoff.no_end", schedule=handoff.schedule)
    return text(f"home.handoff.{handoff.state.value}", schedule=handoff.schedule, at=handoff.boundary_at)


def _of(handoff: Handoff, verb: str, reader: Reader) -> Element:
    return blocks.button(text(f"button.handoff.{verb}"), reader, action_id=f"handoff.{verb}", value=handoff.id)


def ending(home: Home, reader: Reader) -> Iterator[Block]:
    for each in home.ending.items if home.ending else ():
        yield blocks.section(_ending(each), reader, accessory=_change(each, home, reader))


def _ending(each: Ending) -> Text:
    until: Param = link(each.thread, text("home.ends", at=each.at)) if each.thread else text("home.ends", at=each.at)
    match each.thing:
        case Silence() as silence:
            muted = tuple(Code(str(matcher)) for matcher in silence.matchers)
            return text("home.silence", until=until, what=muted, reason=shorten(silence.reason, SHOWN_REASON))
        case Grant() as grant:
            return text("home.grant", until=until, who=holder(grant), what=what(grant))


def _change(each: Ending, home: Home, reader: Reader) -> Element | None:
    if isinstance(each.thing, Silence) and "silence.end" in home.may:
        words = text("button.silence.change")
        return blocks.button(words, reader, action_id="silence.change", value=each.thing.id)
    return None
