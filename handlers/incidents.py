"""The buttons of an incident."""

from collections.abc import Callable
from typing import Any

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.incidents import service
from bot.incidents.card import IncidentCard
from bot.incidents.fix import Fix
from bot.incidents.remedy import clear_arguments, rerun_arguments
from bot.operations import service as operations
from bot.text import Text, text
from bot.views import forms, resolving
from bot.views.reader import Reader
from handlers.press import Press


async def acknowledge(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> None:
        answer = service.acknowledge(press.actor, tx, press.value, desk.now(), desk.authorise)
        if isinstance(answer, service.Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def ask_how_it_was_resolved(desk: Desk, press: Press) -> None:
    def look(tx: Tx) -> tuple[Text | None, IncidentCard | None, Reader]:
        reader = desk.reader_of(tx, press.team, press.user)
        return desk.authorise(tx, press.actor, "incident.resolve"), desk.card_of(tx, press.value), reader

    refusal, card, reader = await desk.read(look)
    if refusal or card is None:
        await desk.write(lambda tx: press.reply(tx, desk, refusal or text("incident.unknown")))
    else:
        await press.open(resolving.form(card, reader))
    await press.ack()


async def resolve(desk: Desk, press: Press) -> None:
    await _end(desk, press, service.resolve)


async def note_fix(desk: Desk, press: Press) -> None:
    """Keep cause and fix of what is over already."""
    await _end(desk, press, service.note_fix)


async def _end(desk: Desk, press: Press, deed: Callable[..., service.Answer]) -> None:
    said = press.filled_in()
    fix = Fix.said(*(str(said.get(field, "")) for field in ("cause", "remedy", "remark")))

    def do(tx: Tx) -> None:
        answer = deed(press.actor, tx, press.metadata, fix, desk.now(), desk.authorise)
        if isinstance(answer, service.Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def clear(desk: Desk, press: Press) -> None:
    """Have every open failure of the incident planned to be cleared, in the incident's thread."""

    def do(tx: Tx) -> None:
        if why := plan_clear(desk, tx, press.actor, press.value, press.channel):
            press.reply(tx, desk, why)

    await desk.write(do)
    await press.ack()


def plan_clear(desk: Desk, tx: Tx, actor: Actor, incident_id: str, channel: str) -> Text | None:
    """Ask for a run that clears what is open; return why there is none, in words for the person."""
    ref, card = service.ref(incident_id), desk.card_of(tx, incident_id)
    arguments = clear_arguments(card) if card else None
    if arguments is None:
        return text("incident.nothing_to_clear")
    place = desk.thread_of(tx, ref) or desk.place_for(channel)
    answer = operations.request(
        actor, tx, desk.operations, "clear-tasks", arguments, place=place, now=desk.now(), origin=ref
    )
    return None if isinstance(answer, operations.Accepted) else answer.words


async def rerun(desk: Desk, press: Press) -> None:
    """Open the form that reruns the failed load, with its dates filled in; the run is told in the incident's thread."""

    def look(tx: Tx) -> tuple[dict[str, Any] | None, Reader]:
        card = desk.card_of(tx, press.value)
        arguments = rerun_arguments(card, desk.operations.ports.loads) if card else None
        return arguments, desk.reader_of(tx, press.team, press.user)

    values, reader = await desk.read(look)
    if values is None:
        await desk.write(lambda tx: press.reply(tx, desk, text("incident.nothing_to_rerun")))
    else:
        metadata, operation = str(service.ref(press.value)), desk.operations.catalog["rerun-load"]
        form = forms.form(operation, reader, private_metadata=metadata, values=values, hidden=desk.hidden)
        await press.open(form)
    await press.ack()
