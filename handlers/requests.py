"""What colleagues ask for: the commands, the shortcut on a message, and the buttons of a request's card."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.outbox import add_page
from bot.requests import card as cards
from bot.requests import hearing, service
from bot.requests.answers import Answer, Asked, Joined, Refused
from bot.requests.desk import HANDLE_DEED, OPEN_DEED
from bot.requests.kind import Kind
from bot.requests.model import Origin, RequestCard, Way, Wish, ref
from bot.requests.prefill import values_for, why_for
from bot.requests.reading import recognise
from bot.text import Text, text
from bot.triage.redact import redact
from bot.views import forms, request_pages
from bot.views.reader import Reader
from bot.views.request_forms import Prefilled, ask_form
from handlers.press import Listener, Press, whispered

QUEUE = "requests"
_ALL = frozenset({"all", "전체", "모두"})

Deed = Callable[[Actor, Tx, Any, str, Any], Answer]


async def ask(desk: Desk, press: Press) -> None:
    await ask_command(desk, press, press.words)


async def ask_command(desk: Desk, press: Press, words: str) -> None:
    """Take what was typed as a request; without words ask for them in a form."""
    if not words.strip():
        await open_form(desk, press, Prefilled(requester=press.user), press.channel)
        return
    key = f"command:{press.body.get('trigger_id')}"

    def do(tx: Tx) -> dict[str, Any]:
        answer = ask_in_words(desk, tx, press.actor, words, Origin(press.channel), key, Way.COMMAND)
        return whispered(_said(answer), desk.reader_of(tx, press.team, press.user))

    await press.ack(**await desk.write(do))


def ask_in_words(desk: Desk, tx: Tx, actor: Actor, words: str, origin: Origin, key: str, way: Way) -> Asked:
    """Have words be a request of the kind that they seem to be; whoever says them to Baton means it."""
    reader = desk.reader_of(tx, actor.team, actor.id)
    found = recognise(words, desk.requests.vocabulary(tx, desk.now()), desk.now(), reader.zone)
    wish = Wish(found.kind or Kind.QUESTION, words, actor, way, origin, key, found.fields)
    return service.ask(actor, tx, desk.requests, wish, desk.now())


def _said(answer: Asked | Answer) -> Text:
    return answer.why if isinstance(answer, Refused) else answer.said


async def open_form(desk: Desk, press: Press, prefilled: Prefilled, metadata: str) -> None:
    """Show the form to ask, to those who may."""

    def look(tx: Tx) -> tuple[Text | None, Reader]:
        return desk.authorise(tx, press.actor, OPEN_DEED), desk.reader_of(tx, press.team, press.user)

    why, reader = await desk.read(look)
    if why is None:
        await press.open(ask_form(prefilled, reader, metadata=metadata))
    else:
        await desk.write(lambda tx: press.reply(tx, desk, why))
    await press.ack()


async def from_message(desk: Desk, press: Press) -> None:
    """Open the form with what a message says, in its author's name where a person wrote it."""
    message = press.body.get("message") or {}
    words = redact(str(message.get("text") or ""))
    origin = "|".join([press.channel, str(message.get("ts") or ""), str(message.get("thread_ts") or "")])

    def look(tx: Tx) -> Prefilled:
        reader = desk.reader_of(tx, press.team, press.user)
        found = recognise(words, desk.requests.vocabulary(tx, desk.now()), desk.now(), reader.zone)
        author = "" if message.get("bot_id") else str(message.get("user") or "")
        return Prefilled(words, found.kind or Kind.QUESTION, found.fields, author or press.user)

    await open_form(desk, press, await desk.read(look), origin)


async def listing(desk: Desk, press: Press) -> None:
    await list_command(desk, press, press.words)


async def list_command(desk: Desk, press: Press, words: str) -> None:
    """Show the queue: one's own, or all of it."""

    def look(tx: Tx) -> dict[str, Any]:
        reader = desk.reader_of(tx, press.team, press.user)
        if why := desk.why_no_member(tx, press.actor):
            return whispered(why, reader)
        mine = words.strip().lower() not in _ALL
        page = request_pages.queue(cards.queue(tx, press.actor, 0, mine=mine), reader)
        return {"text": page.text, "blocks": list(page.blocks)}

    await press.ack(**await desk.read(look))


async def turn(desk: Desk, press: Press) -> None:
    """Have another page of the queue shown in the place of this one, to whoever pressed."""

    def do(tx: Tx) -> None:
        if why := desk.why_no_member(tx, press.actor):
            press.reply(tx, desk, why)
        else:
            add_page(tx, press.recipient, desk.now(), QUEUE, f"{press.value}:{press.team}:{press.user}")

    await desk.write(do)
    await press.ack()


async def take(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.take)


async def withdraw(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.withdraw)


async def reopen(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.reopen)


async def _do(desk: Desk, press: Press, deed: Deed) -> None:
    """Do what a button asks; the card shows that it happened, so only a refusal is told."""

    def do(tx: Tx) -> None:
        answer = deed(press.actor, tx, desk.requests, press.value, desk.now())
        if isinstance(answer, Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def do_it(desk: Desk, press: Press) -> None:
    """Open the form of the operation that fits, filled in from the request; its run belongs to the request."""

    def form(_tx: Tx, found: RequestCard, reader: Reader) -> dict[str, Any] | Text:
        operation = desk.operations.catalog.get(found.operation)
        if operation is None or not found.request.is_open:
            return service.elsewhere(found.request).why if operation else text("request.nothing_fits")
        values, metadata = values_for(operation, found.request), str(ref(found.request.id))
        why = why_for(found.request) if operation.needs_reason else None
        more = {"why": why} if why else {}
        return forms.form(operation, reader, private_metadata=metadata, values=values, hidden=desk.hidden, **more)

    await show(desk, press, press.value, form)


async def history(desk: Desk, press: Press) -> None:
    """Show who did what, to members."""

    def look(tx: Tx) -> dict[str, Any] | Text:
        if why := desk.why_no_member(tx, press.actor):
            return why
        found = cards.with_history(tx, press.value)
        link = cards.link(tx, press.value)
        reader = desk.reader_of(tx, press.team, press.user)
        return request_pages.history(found, link, reader) if found else text("request.unknown")

    await present(desk, press, look)


async def show(
    desk: Desk, press: Press, request_id: str, form: Callable[[Tx, RequestCard, Reader], dict[str, Any] | Text]
) -> None:
    """Open a form about a request to somebody who may handle requests."""

    def look(tx: Tx) -> dict[str, Any] | Text:
        if why := desk.authorise(tx, press.actor, HANDLE_DEED):
            return why
        found = cards.card(tx, request_id)
        return form(tx, found, desk.reader_of(tx, press.team, press.user)) if found else text("request.unknown")

    await present(desk, press, look)


async def present(desk: Desk, press: Press, look: Callable[[Tx], dict[str, Any] | Text]) -> None:
    """Open what `look` returns, or tell the words that it returns instead."""
    shown = await desk.read(look)
    if isinstance(shown, Text):
        await desk.write(lambda tx: press.reply(tx, desk, shown))
    else:
        await press.open(shown)
    await press.ack()


async def yes(desk: Desk, press: Press) -> None:
    """Have the message be a request, as its author says; the question says so from now on."""

    def do(tx: Tx) -> None:
        answer = hearing.say_yes(press.actor, tx, desk.requests, press.value, desk.now())
        if isinstance(answer, Refused | Joined):
            press.reply(tx, desk, _said(answer))
        else:
            add_page(tx, press.recipient, desk.now(), hearing.ASKING, press.value)

    await desk.write(do)
    await press.ack()


async def no(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> None:
        if hearing.say_no(press.actor, tx, press.value):
            add_page(tx, press.recipient, desk.now(), hearing.ASKING, press.value)
        else:
            press.reply(tx, desk, text("request.asking.over"))

    await desk.write(do)
    await press.ack()


ACTIONS: Mapping[str, Listener] = {
    "request.take": take,
    "request.do": do_it,
    "request.withdraw": withdraw,
    "request.reopen": reopen,
    "request.history": history,
    "request.yes": yes,
    "request.no": no,
    "requests.turn": turn,
}
SHORTCUTS: Mapping[str, Listener] = {"request.ask": from_message}
