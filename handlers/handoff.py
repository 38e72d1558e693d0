"""The buttons and forms of handoffs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.handoff import service
from bot.handoff.card import HandoffCard
from bot.handoff.front import Front
from bot.handoff.life import Said
from bot.handoff.service import Conflict, Refused, ToDo, Written
from bot.text import Mention, Text, text
from bot.views import blocks
from bot.views import handoff_forms as forms
from bot.views.reader import Reader
from handlers.press import Listener, Press, open_or_say

_Deed = Callable[[Actor, Tx, str, datetime, Front], service.Answer]


@dataclass(frozen=True, slots=True)
class Memo:
    """What the form carries: which handoff, and which version of it its writer saw."""

    handoff: str
    revision: int

    def __str__(self) -> str:
        return f"{self.handoff}|{self.revision}"

    @classmethod
    def read(cls, written: str) -> Self:
        handoff, _, revision = written.partition("|")
        return cls(handoff, int(revision))


async def write(desk: Desk, press: Press) -> None:
    """Show the form in which the handoff is written."""

    def look(tx: Tx, reader: Reader) -> dict[str, Any] | Text:
        card = desk.handoffs.card(tx, press.value)
        if card is None:
            return text("handoff.refused.unknown")
        why = desk.handoffs.why_not_write(tx, press.actor, card.handoff, desk.now())
        return why or _form(card, card.handoff.said, reader)

    await open_or_say(desk, press, look)


async def save(desk: Desk, press: Press) -> None:
    """Take the form; what somebody else has saved meanwhile is shown instead of overwritten."""
    filled, memo = press.filled_in(), Memo.read(press.metadata)
    said = forms.read_said(filled)
    written = Written(said, memo.revision, forms.is_signed(filled), ToDo(*forms.read_follow_up(filled)))

    def do(tx: Tx) -> dict[str, Any]:
        answer = service.write(press.actor, tx, memo.handoff, written, desk.now(), desk.handoffs)
        reader = desk.reader_of(tx, press.team, press.user)
        match answer:
            case Conflict(newer):
                card = desk.handoffs.card(tx, newer.id)
                return _newer(card, said, reader) if card else {}
            case Refused(why):
                return {"response_action": "errors", "errors": {"first": blocks.fallback(why, reader)}}
            case _:
                return {}

    await press.ack(**await desk.write(do))


async def sign(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.sign)


async def accept(desk: Desk, press: Press) -> None:
    await _do(desk, press, service.accept)


async def ask_follow_ups(desk: Desk, press: Press) -> None:
    """Show what is left to do, to be ticked off or added to."""

    def look(tx: Tx, reader: Reader) -> dict[str, Any] | Text:
        card = desk.handoffs.card(tx, press.value)
        if card is None:
            return text("handoff.refused.unknown")
        left = [each for each in card.follow_ups if each.done_at is None]
        return forms.follow_up_form(card.handoff.id, card.handoff.schedule, left, reader)

    await open_or_say(desk, press, look)


async def follow_up(desk: Desk, press: Press) -> None:
    filled = press.filled_in()
    ticked, to_do = forms.read_ticked(filled), ToDo(*forms.read_follow_up(filled))

    def do(tx: Tx) -> dict[str, Any]:
        answer = service.follow_up(press.actor, tx, press.metadata, ticked, to_do, desk.now(), desk.handoffs)
        if isinstance(answer, Refused):
            reader = desk.reader_of(tx, press.team, press.user)
            return {"response_action": "errors", "errors": {"todo": blocks.fallback(answer.why, reader)}}
        return {}

    await press.ack(**await desk.write(do))


def _form(card: HandoffCard, said: Said, reader: Reader, meanwhile: Text | None = None) -> dict[str, Any]:
    memo = str(Memo(card.handoff.id, card.handoff.revision))
    return forms.write_form(card, said, reader, metadata=memo, meanwhile=meanwhile)


def _newer(card: HandoffCard, said: Said, reader: Reader) -> dict[str, Any]:
    """Return the form anew with what this person entered, beside what somebody else has saved."""
    handoff = card.handoff
    theirs = handoff.said.note or handoff.said.first or text("handoff.form.no_note")
    by, at = Mention(handoff.edited_by or ""), handoff.edited_at or reader.now
    meanwhile = text("handoff.form.meanwhile", who=by, at=at, words=theirs)
    return {"response_action": "update", "view": _form(card, said, reader, meanwhile)}


async def _do(desk: Desk, press: Press, deed: _Deed) -> None:
    """Do what a button asks; the card shows that it happened, so only a refusal is told."""

    def do(tx: Tx) -> None:
        answer = deed(press.actor, tx, press.value, desk.now(), desk.handoffs)
        if isinstance(answer, Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


ACTIONS: Mapping[str, Listener] = {
    "handoff.write": write,
    "handoff.sign": sign,
    "handoff.accept": accept,
    "handoff.follow_ups": ask_follow_ups,
}
FORMS: Mapping[str, Listener] = {"handoff.write": save, "handoff.follow_ups": follow_up}
