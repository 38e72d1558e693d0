"""The lists behind the figures of a report."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk, Tx
from bot.handoff.listed import listed
from bot.handoff.model import ListRef
from bot.text import Text, text
from bot.views.handoff import list_modal
from handlers.press import Listener, Press


async def show(desk: Desk, press: Press) -> None:
    """Open the list behind a figure, for members."""
    found = await desk.read(lambda tx: _look(tx, desk, press, press.value or press.chosen, 0))
    if isinstance(found, Text):
        await desk.write(lambda tx: press.reply(tx, desk, found))
    else:
        await press.open(found)
    await press.ack()


async def turn(desk: Desk, press: Press) -> None:
    """Show another page of the list."""
    await press.ack()
    ref, _, page = press.value.rpartition("|")
    found = await desk.read(lambda tx: _look(tx, desk, press, ref, int(page)))
    if not isinstance(found, Text):
        await press.turn(found)


def _look(tx: Tx, desk: Desk, press: Press, written: str, page: int) -> dict[str, Any] | Text:
    if why := desk.why_no_member(tx, press.actor):
        return why
    ref = ListRef.parse(written)
    scope = desk.reports.get(ref.schedule)
    if scope is None:
        return text("report.list.unknown")
    return list_modal(listed(tx, scope, ref, page), desk.reader_of(tx, press.team, press.user))


ACTIONS: Mapping[str, Listener] = {"report.list": show, "report.turn": turn}
