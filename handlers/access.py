"""Access: the list of what one has and gives, and the buttons of a grant."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk, Tx
from bot.operations.why import Why
from bot.text import Text
from bot.views import access as view
from bot.views import blocks, forms
from handlers.press import Listener, Press


async def my_access(desk: Desk, press: Press) -> None:
    await command(desk, press, press.words)


async def command(desk: Desk, press: Press, _words: str) -> None:
    """List what this person has, and who has what of their datasets."""

    def look(tx: Tx) -> dict[str, Any]:
        reader = desk.reader_of(tx, press.team, press.user)
        overview = desk.access.overview(press.actor, tx)
        return {"text": blocks.fallback(view.spoken(overview), reader), "blocks": view.listing(overview, reader)}

    await press.ack(**await desk.read(look))


async def end(desk: Desk, press: Press) -> None:
    """End a grant, and tell the one who pressed: its card may be in a channel that they do not see now."""

    def do(tx: Tx) -> None:
        press.reply(tx, desk, desk.access.end(press.actor, tx, press.value).said)

    await desk.write(do)
    await press.ack()


async def extend(desk: Desk, press: Press) -> None:
    """Open the form of grant-access with what the grant is: the same rules decide on a longer one."""

    def look(tx: Tx) -> dict[str, Any] | Text:
        grant = desk.access.may_extend(press.actor, tx, press.value)
        if isinstance(grant, Text):
            return grant
        operation, reader = desk.operations.catalog["grant-access"], desk.reader_of(tx, press.team, press.user)
        values, why = view.extension(grant), Why(grant.reason)
        return forms.form(
            operation, reader, private_metadata=str(grant.ref), values=values, why=why, hidden=desk.hidden
        )

    shown = await desk.read(look)
    if isinstance(shown, Text):
        await desk.write(lambda tx: press.reply(tx, desk, shown))
    else:
        await press.open(shown)
    await press.ack()


ACTIONS: Mapping[str, Listener] = {"grant.end": end, "grant.extend": extend}
