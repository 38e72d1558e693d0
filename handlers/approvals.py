"""Who lets a run begin: start, yes, no, and the questions before that."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.desk import Desk, Tx
from bot.incidents import service as incidents
from bot.operations import service
from bot.operations.model import Run
from bot.operations.why import NO_REASON, REASON, TICKET, Why
from bot.views import run_buttons
from bot.views.approval import Written, glass_form, reason_form
from bot.views.reader import Reader
from bot.views.words import Markup, say
from handlers.operations import carry_out
from handlers.press import Listener, Press

_Look = Callable[[Tx], Run | service.Answer]


async def confirm(desk: Desk, press: Press) -> None:
    """Start the run, or have it wait for others; ask first for what the policy wants to be told."""
    run_id, seen = run_buttons.seen(press.value)

    def do(tx: Tx) -> dict[str, Any] | None:
        answer = _confirmed(desk, press, tx, run_id, seen)
        run, reader = desk.run_of(tx, run_id), desk.reader_of(tx, press.team, press.user)
        if run is not None and isinstance(answer, service.Refused) and answer.lacks:
            return reason_form(run, answer.lacks, seen, reader)
        if not isinstance(answer, service.Accepted):
            press.reply(tx, desk, answer.words)
        return None

    await _open(press, await desk.write(do))


async def tell(desk: Desk, press: Press) -> None:
    """Start the run with the reason or ticket that was missing."""
    run_id, seen = run_buttons.seen(press.metadata)
    filled = press.filled_in()
    why = Why.of(filled.get(REASON), filled.get(TICKET))
    await _submit(desk, press, next(iter(filled), REASON), lambda tx: _confirmed(desk, press, tx, run_id, seen, why))


async def approve(desk: Desk, press: Press) -> None:
    run_id, seen = run_buttons.seen(press.value)
    now = desk.now()

    def do(tx: Tx) -> service.Answer:
        answer = service.approve(press.actor, tx, desk.operations, run_id, now, seen=seen)
        return _looked_at(desk, tx, run_id, answer)

    await carry_out(desk, press, do)


async def ask_why_not(desk: Desk, press: Press) -> None:
    await _write(desk, press, "deny", _decides(desk, press))


async def ask_question(desk: Desk, press: Press) -> None:
    await _write(desk, press, "ask", _decides(desk, press))


async def ask_answer(desk: Desk, press: Press) -> None:
    def look(tx: Tx) -> Run | service.Answer:
        return service.may_reply(press.actor, tx, press.value)

    await _write(desk, press, "reply", look)


async def ask_for_glass(desk: Desk, press: Press) -> None:
    """Ask why the glass shall be broken, of one who may."""
    run_id, _ = run_buttons.seen(press.value)

    def do(tx: Tx) -> dict[str, Any] | None:
        found = service.may_break_glass(press.actor, tx, desk.operations, run_id, desk.now())
        if isinstance(found, Run):
            return glass_form(found, desk.reader_of(tx, press.team, press.user))
        press.reply(tx, desk, found.words)
        return None

    await _open(press, await desk.write(do))


async def break_glass(desk: Desk, press: Press) -> None:
    run_id, seen = run_buttons.seen(press.metadata)
    filled, now = press.filled_in(), desk.now()
    why = Why.of(filled.get(REASON), filled.get(TICKET))

    def do(tx: Tx) -> service.Answer:
        answer = service.break_glass(press.actor, tx, desk.operations, run_id, now, why=why, seen=seen)
        return _looked_at(desk, tx, run_id, answer)

    await _submit(desk, press, REASON, do)


async def deny(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> service.Answer:
        return service.deny(press.actor, tx, desk.operations, press.metadata, desk.now(), reason=_words(press))

    await _submit(desk, press, "words", do)


async def ask(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> service.Answer:
        return service.ask(press.actor, tx, desk.operations, press.metadata, desk.now(), question=_words(press))

    await _submit(desk, press, "words", do)


async def reply(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> service.Answer:
        return service.reply(press.actor, tx, press.metadata, desk.now(), words=_words(press))

    await _submit(desk, press, "words", do)


def _confirmed(desk: Desk, press: Press, tx: Tx, run_id: str, seen: str, why: Why = NO_REASON) -> service.Answer:
    answer = service.confirm(press.actor, tx, desk.operations, run_id, desk.now(), seen=seen, why=why)
    return _looked_at(desk, tx, run_id, answer)


def _looked_at(desk: Desk, tx: Tx, run_id: str, answer: service.Answer) -> service.Answer:
    """Have what a run repairs looked at in its source from the moment that it may begin."""
    run = desk.run_of(tx, run_id) if isinstance(answer, service.Accepted) else None
    if run is not None:
        incidents.look_where_it_works(tx, run)
    return answer


def _decides(desk: Desk, press: Press) -> _Look:
    return lambda tx: service.may_decide(press.actor, tx, desk.operations, press.value, desk.now())


def _words(press: Press) -> str:
    return str(press.filled_in().get("words", ""))


async def _write(desk: Desk, press: Press, deed: str, look: _Look) -> None:
    """Open the form for a few words, or say why this person may not write them."""

    def do(tx: Tx) -> dict[str, Any] | None:
        found = look(tx)
        if isinstance(found, Run):
            return Written(deed).form(found, desk.reader_of(tx, press.team, press.user))
        press.reply(tx, desk, found.words)
        return None

    await _open(press, await desk.write(do))


async def _open(press: Press, view: dict[str, Any] | None) -> None:
    if view is not None:
        await press.open(view)
    await press.ack()


async def _submit(desk: Desk, press: Press, field: str, deed: Callable[[Tx], service.Answer]) -> None:
    """Do what a form asks; what stands in the way is said in the form."""

    def do(tx: Tx) -> dict[str, Any]:
        answer, reader = deed(tx), desk.reader_of(tx, press.team, press.user)
        return {} if isinstance(answer, service.Accepted) else _in_form(answer, field, reader)

    await press.ack(**await desk.write(do))


def _in_form(answer: service.Answer, field: str, reader: Reader) -> dict[str, Any]:
    return {"response_action": "errors", "errors": {field: say(answer.words, reader, Markup.PLAIN)}}


ACTIONS: Mapping[str, Listener] = {
    "run.confirm": confirm,
    "run.approve": approve,
    "run.deny": ask_why_not,
    "run.ask": ask_question,
    "run.answer": ask_answer,
    "run.break_glass": ask_for_glass,
}
FORMS: Mapping[str, Listener] = {
    "run.tell": tell,
    "run.deny": deny,
    "run.ask": ask,
    "run.reply": reply,
    "run.break_glass": break_glass,
}
