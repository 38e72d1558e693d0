"""The card of a storm: opening one of its incidents, acknowledging all, the whole list."""

from typing import Any

from bot.desk import Desk, Tx
from bot.incidents import service, storms
from bot.incidents.storm_card import to_open
from bot.text import text
from bot.views import storm as view
from handlers.press import Press


async def open_thread(desk: Desk, press: Press) -> None:
    """Give the chosen incident a thread of its own; its card is the answer."""

    def do(tx: Tx) -> None:
        answer = service.open_thread(press.actor, tx, press.chosen, desk.now(), desk.authorise)
        if isinstance(answer, service.Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def acknowledge(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> None:
        answer = storms.acknowledge_all(press.actor, tx, press.value, desk.now(), desk.authorise)
        if isinstance(answer, service.Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def show(desk: Desk, press: Press) -> None:
    def look(tx: Tx) -> dict[str, Any] | None:
        """Return the view; it is made in here, since names are looked up as they are said."""
        card = desk.storm_of(tx, press.value)
        return view.everything(card, desk.reader_of(tx, press.team, press.user)) if card else None

    shown = await desk.read(look)
    if shown is None:
        await desk.write(lambda tx: press.reply(tx, desk, text("storm.unknown")))
    else:
        await press.open(shown)
    await press.ack()


async def suggest(desk: Desk, press: Press) -> None:
    """Answer the menu while somebody types: the incidents without a thread of their own."""
    storm_id = str(press.body.get("block_id") or "").partition(".")[2]
    typed = str(press.body.get("value") or "")

    def look(tx: Tx) -> list[dict[str, Any]]:
        card = desk.storm_of(tx, storm_id)
        return view.options(to_open(card.members, typed) if card else (), desk.reader_of(tx, press.team, press.user))

    await press.ack(options=await desk.read(look))
