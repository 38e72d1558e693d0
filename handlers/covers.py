"""Covers: the forms that ask for one and put somebody in, and the buttons of a cover's card."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.actor import Actor
from bot.covers import service
from bot.covers.model import Wish
from bot.desk import Desk, Tx
from bot.operations.authority import Authorise
from bot.text import Text
from bot.views import cover_forms as forms
from bot.views.reader import Reader
from handlers.press import Listener, Press, open_or_say

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_Deed = Callable[[Actor, Tx, str, Any, Authorise], service.Answer]


async def ask(desk: Desk, press: Press, words: str = "", chosen: str = "") -> None:
    """Open the form that asks for cover; `words` may name whom, `chosen` the shift."""
    whom = _named(words)

    def form(tx: Tx, reader: Reader) -> dict[str, Any] | Text:
        if why := desk.authorise(tx, press.actor, "cover.ask"):
            return why
        slots = desk.covers.slots(tx, desk.now(), user=press.user)
        if not slots:
            return desk.covers.why_none()
        return forms.ask_form(slots, reader, metadata=press.channel, chosen=chosen, whom=whom)

    await open_or_say(desk, press, form)


async def override(desk: Desk, press: Press, words: str = "") -> None:
    """Open the form that puts somebody in; `words` may name whom."""
    whom = _named(words)

    def form(tx: Tx, reader: Reader) -> dict[str, Any] | Text:
        if why := desk.why_no_member(tx, press.actor):
            return why
        slots = desk.covers.slots(tx, desk.now())
        return (
            forms.override_form(slots, reader, metadata=press.channel, whom=whom) if slots else desk.covers.why_none()
        )

    await open_or_say(desk, press, form)


async def submit_ask(desk: Desk, press: Press) -> None:
    wish = forms.read_wish(press.filled_in())

    def do(tx: Tx) -> dict[str, Any]:
        place = desk.place_for(press.metadata)
        answer = desk.covers.ask(press.actor, tx, wish, place, desk.now(), desk.authorise)
        return _errors(answer, desk.reader_of(tx, press.team, press.user))

    await press.ack(**await desk.write(do))


async def preview(desk: Desk, press: Press) -> None:
    """Show what would change; nothing is written yet."""
    wish, channel = forms.read_wish(press.filled_in()), press.metadata

    def look(tx: Tx) -> dict[str, Any]:
        reader = desk.reader_of(tx, press.team, press.user)
        planned = desk.covers.planned(press.actor, tx, wish, desk.now(), desk.authorise)
        if isinstance(planned, service.Refused):
            return _errors(planned, reader)
        slot, _ = planned
        view = forms.preview_form(slot, wish.whom or "", wish.why, reader, metadata=_memo(wish, channel))
        return {"response_action": "update", "view": view}

    await press.ack(**await desk.read(look))


async def confirm(desk: Desk, press: Press) -> None:
    """Put in whom the preview named; what has become wrong meanwhile is told, and nothing is done."""
    wish, channel = _read_memo(press.metadata)

    def do(tx: Tx) -> None:
        place = desk.place_for(channel)
        answer = desk.covers.override(press.actor, tx, wish, place, desk.now(), desk.authorise)
        if isinstance(answer, service.Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def accept(desk: Desk, press: Press) -> None:
    await _do(desk, press, desk.covers.accept)


async def withdraw(desk: Desk, press: Press) -> None:
    await _do(desk, press, desk.covers.withdraw)


async def retry(desk: Desk, press: Press) -> None:
    await _do(desk, press, desk.covers.retry)


async def _do(desk: Desk, press: Press, deed: _Deed) -> None:
    """Do what a button asks, and tell the one who pressed what came of it."""

    def do(tx: Tx) -> None:
        answer = deed(press.actor, tx, press.value, desk.now(), desk.authorise)
        press.reply(tx, desk, answer.why if isinstance(answer, service.Refused) else answer.said)

    await desk.write(do)
    await press.ack()


def _named(words: str) -> str | None:
    found = _MENTION.search(words)
    return found[1] if found else None


def _errors(answer: service.Answer, reader: Reader) -> dict[str, Any]:
    """Return what closes the form, or says at its fields why it did not happen."""
    if isinstance(answer, service.Done):
        return {}
    return {"response_action": "errors", "errors": forms.errors(answer.problems, answer.why, reader)}


def _memo(wish: Wish, channel: str) -> str:
    """Return what the preview carries: what was filled in, which is checked anew when it is confirmed."""
    times = [each.isoformat() if each else None for each in (wish.start_at, wish.end_at)]
    return json.dumps([channel, wish.slot, *times, wish.whom, wish.why], ensure_ascii=False)


def _read_memo(written: str) -> tuple[Wish, str]:
    channel, slot, start, end, whom, why = json.loads(written)
    start_at, end_at = (forms.moment(each) for each in (start, end))
    return Wish(slot, start_at, end_at, whom, why), channel


async def _ask(desk: Desk, press: Press) -> None:
    await ask(desk, press, chosen=press.value)


async def _override(desk: Desk, press: Press) -> None:
    await override(desk, press)


ACTIONS: Mapping[str, Listener] = {
    "cover.ask": _ask,
    "cover.put_in": _override,
    "cover.accept": accept,
    "cover.withdraw": withdraw,
    "cover.retry": retry,
}
FORMS: Mapping[str, Listener] = {"cover.ask": submit_ask, "cover.override": preview, "cover.confirm": confirm}
