"""A first shift: begin its checklist, test again, go through the drill. Each person has their own."""

from collections.abc import Mapping

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.text import Text, text
from handlers.press import Listener, Press, whispered


async def start(desk: Desk, press: Press, _words: str = "") -> None:
    """Have the checklist written to this person directly."""
    if "command" not in press.body:
        await desk.write(lambda tx: press.reply(tx, desk, begin(desk, tx, press.actor)))
        await press.ack()
        return
    words, reader = await desk.write(
        lambda tx: (begin(desk, tx, press.actor), desk.reader_of(tx, press.team, press.user))
    )
    await press.ack(**whispered(words, reader))


def begin(desk: Desk, tx: Tx, actor: Actor) -> Text:
    """Have the checklist written to this person directly; return what to tell them where they asked for it."""
    begun = _begin(desk, tx, actor)
    return begun if isinstance(begun, Text) else text("start.begun")


async def again(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> None:
        begun = _begin(desk, tx, press.actor)
        if isinstance(begun, Text):
            press.reply(tx, desk, begun)

    await desk.write(do)
    await press.ack()


async def drill(desk: Desk, press: Press) -> None:
    """Go on from the step that the button showed."""

    def do(tx: Tx) -> None:
        if why := desk.first_shifts.practise(press.actor, tx, press.value, desk.why_no_member):
            press.reply(tx, desk, why)

    await desk.write(do)
    await press.ack()


async def drill_again(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> None:
        if why := desk.first_shifts.practise_again(press.actor, tx, desk.why_no_member):
            press.reply(tx, desk, why)

    await desk.write(do)
    await press.ack()


def _begin(desk: Desk, tx: Tx, actor: Actor) -> object:
    reader = desk.reader_of(tx, actor.team, actor.id)
    return desk.first_shifts.begin(actor, tx, reader.locale, desk.now(), desk.why_no_member)


async def _start(desk: Desk, press: Press) -> None:
    await start(desk, press)


ACTIONS: Mapping[str, Listener] = {
    "start.begin": _start,
    "start.again": again,
    "start.drill": drill,
    "start.drill_again": drill_again,
}
