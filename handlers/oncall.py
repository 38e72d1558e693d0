"""`/oncall`: who is on call, next, one's own shifts, the week; and the ways to cover, override and a first shift."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.desk import Desk, Tx
from bot.oncall.words import Verb, read
from bot.outbox import add_page
from bot.views.oncall_pages import Question
from handlers import covers, first_shift
from handlers.press import Listener, Press, whispered


async def oncall(desk: Desk, press: Press) -> None:
    await command(desk, press, press.words)


async def command(desk: Desk, press: Press, words: str) -> None:
    """Answer from the stored copy, in Slack's answer itself: nothing is asked of the provider."""
    asked = read(words)
    if form := FORMS.get(asked.verb) if asked.verb else None:
        await form(desk, press, words)
        return
    question = Question.of(asked, press.user)

    def look(tx: Tx) -> dict[str, Any]:
        reader = desk.reader_of(tx, press.team, press.user)
        if why := desk.why_no_member(tx, press.actor):
            return whispered(why, reader)
        page = desk.answers.answer(tx, question, reader)
        return {"text": page.text, "blocks": list(page.blocks)}

    await press.ack(**await desk.read(look))


async def turn(desk: Desk, press: Press) -> None:
    """Have the page shown that the button carries, in the place of this one."""
    question = replace(Question.parse(press.value), user=press.user)

    def do(tx: Tx) -> None:
        if why := desk.why_no_member(tx, press.actor):
            press.reply(tx, desk, why)
        else:
            add_page(tx, press.recipient, desk.now(), "oncall", str(question))

    await desk.write(do)
    await press.ack()


FORMS: Mapping[Verb, Callable[[Desk, Press, str], Awaitable[None]]] = {
    Verb.COVER: covers.ask,
    Verb.OVERRIDE: covers.override,
    Verb.START: first_shift.start,
}
ACTIONS: Mapping[str, Listener] = {"oncall.turn": turn}
