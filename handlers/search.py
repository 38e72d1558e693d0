"""Looking for incidents: the command, and the buttons that turn its pages."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk, Tx
from bot.incidents.asking import Question, answer
from bot.outbox import add_page
from bot.views.rendered import Rendered
from handlers.press import Listener, Press, whispered

_DEED = "incident.search"


async def incidents(desk: Desk, press: Press) -> None:
    await command(desk, press, press.words)


async def command(desk: Desk, press: Press, words: str) -> None:
    """Answer in Slack's answer itself, seen by this person only."""

    def look(tx: Tx) -> dict[str, Any]:
        reader = desk.reader_of(tx, press.team, press.user)
        if why := desk.authorise(tx, press.actor, _DEED):
            return whispered(why, reader)
        page: Rendered = answer(tx, Question.asked(words), reader)
        return {"text": page.text, "blocks": list(page.blocks)}

    await press.ack(**await desk.read(look))


async def turn(desk: Desk, press: Press) -> None:
    """Have the page shown that the button carries, in the place of this one."""

    def do(tx: Tx) -> None:
        if why := desk.authorise(tx, press.actor, _DEED):
            press.reply(tx, desk, why)
        else:
            add_page(tx, press.recipient, desk.now(), "incidents", press.value)

    await desk.write(do)
    await press.ack()


ACTIONS: Mapping[str, Listener] = {"incidents.turn": turn}
