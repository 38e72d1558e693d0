"""Silences: the command, the forms, and the buttons of a silence's card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.outbox import Place
from bot.ref import Ref
from bot.silences import service
from bot.silences.service import Answer, Done, Refused
from bot.silences.written import Entered, for_incident, read_command
from bot.text import Text, text
from bot.views import blocks
from bot.views import silence as view
from bot.views import silence_forms as forms
from bot.views.reader import Reader
from handlers.press import Listener, Press, open_or_say, whispered

_LIST = frozenset({"list", "ls", "목록"})
_Deed = Callable[[Actor, Tx, str, Any, Any], Answer]


@dataclass(frozen=True, slots=True)
class Memo:
    """What a form carries: where it was asked for, and the conditions that its preview is about."""

    channel: str = ""
    incident: str = ""
    previewed: str = ""

    def __str__(self) -> str:
        return f"{self.channel}|{self.incident}|{self.previewed}"

    @classmethod
    def read(cls, written: str) -> Self:
        return cls(*written.split("|")[:3])

    @property
    def origin(self) -> Ref | None:
        return Ref("incident", self.incident) if self.incident else None

    def place(self, tx: Tx, desk: Desk) -> Place:
        thread = desk.thread_of(tx, self.origin) if self.origin else None
        return thread or desk.place_for(self.channel)


async def silence(desk: Desk, press: Press) -> None:
    await command(desk, press, press.words)


async def command(desk: Desk, press: Press, words: str) -> None:
    """List silences, make one, or ask for what the words leave out."""
    written, memo = read_command(words), Memo(press.channel)
    entered = written.entered(desk.now())
    if words.strip().lower() in _LIST:
        await press.ack(**await desk.read(lambda tx: _list(desk, press, tx)))
    elif written.is_complete:
        await press.ack(**await desk.write(lambda tx: _made(desk, press, tx, entered, memo)))
    else:
        await open_or_say(desk, press, lambda tx, reader: _form(desk, press, tx, reader, entered, memo))


async def from_incident(desk: Desk, press: Press) -> None:
    """Ask for a silence of what this incident is about."""
    await about_incident(desk, press, press.value, "")


async def about_incident(desk: Desk, press: Press, incident_id: str, words: str) -> None:
    """Ask for it with what was said of it filled in: how long, why."""
    said = read_command(words).entered(desk.now())

    def form(tx: Tx, reader: Reader) -> dict[str, Any] | Text:
        card = desk.card_of(tx, incident_id)
        if card is None:
            return text("incident.unknown")
        entered = for_incident(card.source, card.resource, card.severity, said)
        return _form(desk, press, tx, reader, entered, Memo(press.channel, card.id))

    await open_or_say(desk, press, form)


async def create(desk: Desk, press: Press) -> None:
    """Take the form; where its conditions were changed, show first what the new ones would have muted."""
    entered, memo = forms.read_create(press.filled_in()), Memo.read(press.metadata)

    def do(tx: Tx) -> dict[str, Any]:
        reader = desk.reader_of(tx, press.team, press.user)
        if not isinstance(entered.matchers, Text) and _key(entered) != memo.previewed:
            shown = _form(desk, press, tx, reader, entered, memo, again=True)
            return _in_form(shown, reader) if isinstance(shown, Text) else {"response_action": "update", "view": shown}
        answer = _create(desk, press.actor, tx, reader, entered, memo)
        return _errors(answer, reader, first="matchers")

    await press.ack(**await desk.write(do))


async def ask_when_it_ends(desk: Desk, press: Press) -> None:
    def form(tx: Tx, reader: Reader) -> dict[str, Any] | Text:
        found = desk.silences.load(tx, press.value)
        hours = desk.silences.hours_where(reader.zone)
        return forms.change_form(found, hours, reader) if found else text("silence.unknown")

    await open_or_say(desk, press, form)


async def change(desk: Desk, press: Press) -> None:
    """Have the silence end when the form says."""
    filled, now = press.filled_in(), desk.now()

    def do(tx: Tx) -> dict[str, Any]:
        reader, asked = desk.reader_of(tx, press.team, press.user), (press.actor, tx, press.metadata)
        until = forms.read_change(filled, now, desk.silences.hours_where(reader.zone))
        answer = (
            service.change(*asked, until, now, desk.authorise) if until else service.end(*asked, now, desk.authorise)
        )
        return _errors(answer, reader, first="choice")

    await press.ack(**await desk.write(do))


async def confirm(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.confirm)


async def deny(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.deny)


async def end(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.end)


async def undo(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.undo)


async def _do(desk: Desk, press: Press, deed: _Deed) -> None:
    """Do what a button asks; the card shows that it happened, so only a refusal is told."""

    def do(tx: Tx) -> None:
        answer = deed(press.actor, tx, press.value, desk.now(), desk.authorise)
        if isinstance(answer, Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


def _list(desk: Desk, press: Press, tx: Tx) -> dict[str, Any]:
    reader = desk.reader_of(tx, press.team, press.user)
    cards = desk.silences.listed(tx, desk.now())
    return {"text": blocks.fallback(view.spoken(cards), reader), "blocks": view.listing(cards, reader)}


def _form(
    desk: Desk, press: Press, tx: Tx, reader: Reader, entered: Entered, memo: Memo, *, again: bool = False
) -> dict[str, Any] | Text:
    """Return the form with a preview of its conditions, or why this person may not have it."""
    if why := desk.authorise(tx, press.actor, "silence.create"):
        return why
    matchers = entered.matchers
    preview = None if isinstance(matchers, Text) else desk.silences.would_have_muted(tx, matchers, desk.now())
    metadata, hours = str(Memo(memo.channel, memo.incident, _key(entered))), desk.silences.hours_where(reader.zone)
    return forms.create_form(entered, preview, hours, reader, metadata=metadata, again=again)


def _key(entered: Entered) -> str:
    matchers = entered.matchers
    return "" if isinstance(matchers, Text) else service.open_key(matchers)


def _create(desk: Desk, actor: Actor, tx: Tx, reader: Reader, entered: Entered, memo: Memo) -> Answer:
    now = desk.now()
    wish = entered.wish(now, desk.silences.hours_where(reader.zone), memo.origin)
    if isinstance(wish, tuple):
        return Refused(wish[1], (wish,))
    return service.create(actor, tx, wish, memo.place(tx, desk), now, desk.authorise)


def _made(desk: Desk, press: Press, tx: Tx, entered: Entered, memo: Memo) -> dict[str, Any]:
    """Make what a command asks for, and answer with what it would have muted: a wrong name shows there."""
    reader = desk.reader_of(tx, press.team, press.user)
    answer = _create(desk, press.actor, tx, reader, entered, memo)
    if isinstance(answer, Refused):
        return whispered(answer.why, reader)
    preview = desk.silences.would_have_muted(tx, answer.silence.matchers, desk.now())
    return whispered(forms.with_preview(answer.said, preview), reader)


def _errors(answer: Answer, reader: Reader, *, first: str) -> dict[str, Any]:
    """Return what closes the form, or says at its fields why it did not happen; `first` takes what belongs to none."""
    if isinstance(answer, Done):
        return {}
    problems = answer.problems or ((first, answer.why),)
    return {"response_action": "errors", "errors": forms.errors(problems, reader)}


def _in_form(why: Text, reader: Reader) -> dict[str, Any]:
    return _errors(Refused(why), reader, first="matchers")


ACTIONS: Mapping[str, Listener] = {
    "incident.silence": from_incident,
    "silence.confirm": confirm,
    "silence.deny": deny,
    "silence.change": ask_when_it_ends,
    "silence.end": end,
    "silence.undo": undo,
}
FORMS: Mapping[str, Listener] = {"silence.create": create, "silence.change": change}
