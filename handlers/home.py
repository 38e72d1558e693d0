"""The Home: somebody opens it, turns its pages, begins something there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.desk import Desk
from bot.home import service
from bot.views import forms, guide
from handlers import covers, requests, silences
from handlers.press import Listener, Press, team_of


async def app_home_opened(desk: Desk, body: Mapping[str, Any]) -> None:
    """Have the Home shown as it is now; the other tab is a conversation and needs nothing."""
    event = body["event"]
    user, channel = str(event.get("user") or ""), str(event.get("channel") or "")
    if event.get("tab") == "home" and user:
        team, is_empty = team_of(body), not event.get("view")
        await desk.write(lambda tx: service.opened(tx, team, user, channel, desk.now(), is_empty=is_empty))


async def turn(desk: Desk, press: Press) -> None:
    """Show the page or the part that the button names; the row knows what is shown now."""
    await desk.write(lambda tx: service.turn(tx, press.team, press.user, press.value, desk.now()))
    await press.ack()


async def operate(desk: Desk, press: Press) -> None:
    """Open the form of an operation; what comes of it is told in the channel of whoever is on call."""
    operation = desk.operations.catalog[press.value]

    def look(tx: Any) -> dict[str, Any]:
        reader, channel = desk.reader_of(tx, press.team, press.user), desk.home_channel(tx, press.actor)
        return forms.form(operation, reader, private_metadata=channel, hidden=desk.hidden)

    await press.open(await desk.read(look))
    await press.ack()


async def ask_for_something(desk: Desk, press: Press) -> None:
    """Open the form of a request, likewise."""
    await requests.ask_command(desk, await _at_work(desk, press), "")


async def silence(desk: Desk, press: Press) -> None:
    """Open the form of a silence, likewise."""
    await silences.command(desk, await _at_work(desk, press), "")


async def cover(desk: Desk, press: Press) -> None:
    """Open the form that asks for cover, likewise."""
    await covers.ask(desk, await _at_work(desk, press))


async def help_(desk: Desk, press: Press) -> None:
    reader = await desk.read(lambda tx: desk.reader_of(tx, press.team, press.user))
    await press.open(guide.modal(desk.operations.catalog, reader))
    await press.ack()


async def pressed(desk: Desk, press: Press) -> None:
    """Show the Home anew on which something was pressed; what turns it has done so already."""
    on_home = (press.body.get("view") or {}).get("type") == "home"
    if on_home and press.verb != "home.turn":
        await desk.write(lambda tx: service.pressed(tx, press.team, press.user, desk.now()))


async def submitted(desk: Desk, press: Press) -> None:
    """Look whether the Home of somebody who sent a form shows something else now."""
    await desk.write(lambda tx: service.want(tx, press.team, press.user, desk.now()))


async def _at_work(desk: Desk, press: Press) -> Press:
    """Return the press as one in the channel where it is told what comes of it."""
    channel = await desk.read(lambda tx: desk.home_channel(tx, press.actor))
    return replace(press, body={**press.body, "channel_id": channel})


ACTIONS: Mapping[str, Listener] = {
    "home.turn": turn,
    "home.operation": operate,
    "home.ask": ask_for_something,
    "home.silence": silence,
    "home.cover": cover,
    "home.help": help_,
}
