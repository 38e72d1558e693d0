"""The forms of requests: what opens them, and what they say. What is wrong goes back to its field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.requests import card as cards
from bot.requests import service
from bot.requests.answers import Answer, Asked, Joined, Refused
from bot.requests.model import Origin, RequestCard, Way, Wish
from bot.text import Text, text
from bot.views import request_forms as view
from bot.views.reader import Reader
from bot.views.words import Markup, say
from handlers.press import Listener, Press
from handlers.requests import present, show

Said = Callable[[Actor, Tx, Any, str, str, Any], Answer]


@dataclass(frozen=True, slots=True)
class Memo:
    """What the form to ask carries: the channel, and the message that it is about, if any."""

    channel: str
    ts: str = ""
    thread_ts: str = ""

    @classmethod
    def read(cls, written: str) -> Self:
        return cls(*written.split("|")[:3])


async def ask(desk: Desk, press: Press) -> None:
    """Take the form as a request: of the message that it is about, else of the form itself."""
    filled, memo = view.read_ask(press.filled_in()), Memo.read(press.metadata)
    requester = Actor.person(press.team, filled.requester) if filled.requester else press.actor
    wish = Wish(
        kind=filled.kind,
        words=filled.words,
        requester=requester,
        way=Way.SHORTCUT if memo.ts else Way.FORM,
        origin=Origin(memo.channel, memo.ts, memo.thread_ts),
        key=f"{memo.channel}:{memo.ts}" if memo.ts else f"form:{press.body['view']['id']}",
        fields=filled.fields,
        needed_by=filled.needed_by,
        why=filled.why,
        is_urgent=filled.is_urgent,
    )
    await _take(desk, press, "what", lambda tx: service.ask(press.actor, tx, desk.requests, wish, desk.now()))


async def more(desk: Desk, press: Press) -> None:
    """Open the form that was chosen in a card's menu."""
    deed, _, request_id = press.chosen.partition(":")
    if deed not in OFFERED:
        await press.ack()
    else:
        await show(desk, press, request_id, OFFERED[deed])


async def ask_what_was_done(desk: Desk, press: Press) -> None:
    await show(desk, press, press.value, lambda _tx, found, reader: _say("done", "outcome", found, reader))


async def ask_for_the_answer(desk: Desk, press: Press) -> None:
    """Show the question to the requester, to be answered there."""

    def look(tx: Tx) -> dict[str, Any] | Text:
        found = cards.card(tx, press.value)
        if found is None or not found.request.waits_for_requester:
            return service.elsewhere(found.request if found else None).why
        if found.request.requester != press.actor:
            return text("request.only_the_requester")
        return view.said_form("answer", "answer", found.request, desk.reader_of(tx, press.team, press.user))

    await present(desk, press, look)


def _say(deed: str, block: str, found: RequestCard, reader: Reader) -> dict[str, Any] | Text:
    if not found.request.is_open:
        return service.elsewhere(found.request).why
    return view.said_form(deed, block, found.request, reader)


def _assign(_tx: Tx, found: RequestCard, reader: Reader) -> dict[str, Any] | Text:
    return view.assign_form(found.request, reader) if found.request.is_open else service.elsewhere(found.request).why


def _duplicate(tx: Tx, found: RequestCard, reader: Reader) -> dict[str, Any] | Text:
    if not found.request.is_open:
        return service.elsewhere(found.request).why
    return view.duplicate_form(found.request, cards.others(tx, found.request), reader)


def _submit(deed: Said, block: str) -> Listener:
    """Return the listener of a form with one field, whose value goes to the deed."""

    async def submitted(desk: Desk, press: Press) -> None:
        said = str(press.filled_in().get(block, ""))
        asked = press.actor, press.metadata, said
        await _take(desk, press, block, lambda tx: deed(asked[0], tx, desk.requests, *asked[1:], desk.now()))

    return submitted


async def _take(desk: Desk, press: Press, block: str, deed: Callable[[Tx], Asked | Answer]) -> None:
    """Do what the form says; a refusal stands under its field, and what somebody asked before is told."""

    def do(tx: Tx) -> dict[str, Any]:
        answer, reader = deed(tx), desk.reader_of(tx, press.team, press.user)
        if isinstance(answer, Refused):
            words = say(answer.why, reader, Markup.PLAIN)
            return {"response_action": "errors", "errors": {answer.field or block: words}}
        if isinstance(answer, Joined):
            press.reply(tx, desk, answer.said)
        return {}

    await press.ack(**await desk.write(do))


OFFERED: Mapping[str, Callable[[Tx, RequestCard, Reader], dict[str, Any] | Text]] = {
    "assign": _assign,
    "ask_back": lambda _tx, found, reader: _say("ask_back", "question", found, reader),
    "wait": lambda _tx, found, reader: _say("wait", "whom", found, reader),
    "decline": lambda _tx, found, reader: _say("decline", "reason", found, reader),
    "duplicate": _duplicate,
}
ACTIONS: Mapping[str, Listener] = {
    "request.more": more,
    "request.done": ask_what_was_done,
    "request.answer": ask_for_the_answer,
}
FORMS: Mapping[str, Listener] = {
    "request.ask": ask,
    "request.assign": _submit(service.assign, "to"),
    "request.ask_back": _submit(service.ask_back, "question"),
    "request.wait": _submit(service.wait, "whom"),
    "request.answer": _submit(service.answer, "answer"),
    "request.done": _submit(service.finish, "outcome"),
    "request.decline": _submit(service.decline, "reason"),
    "request.duplicate": _submit(service.mark_duplicate, "original"),
}
