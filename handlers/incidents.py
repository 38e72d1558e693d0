"""The buttons of an incident."""

from bot.desk import Desk, Tx
from bot.incidents import service
from bot.incidents.card import Fix
from bot.operations.clear_tasks import for_incident
from bot.text import text
from bot.views import incident as view
from bot.views.runbook import modal as runbook_modal
from handlers.press import Press


async def acknowledge(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> None:
        answer = service.acknowledge(press.actor, tx, press.value, desk.now(), desk.authorise)
        if isinstance(answer, service.Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def ask_how_it_was_resolved(desk: Desk, press: Press) -> None:
    def look(tx: Tx):  # type: ignore[no-untyped-def]  # noqa: ANN202
        reader = desk.reader_of(tx, press.team, press.user)
        return desk.authorise(tx, press.actor, "incident.resolve"), desk.card_of(tx, press.value), reader

    refusal, card, reader = await desk.read(look)
    if refusal or card is None:
        await desk.write(lambda tx: press.reply(tx, desk, refusal or text("incident.unknown")))
    else:
        await press.open(view.resolve_form(card, reader))
    await press.ack()


async def resolve(desk: Desk, press: Press) -> None:
    said = press.filled_in()
    fix = Fix(str(said.get("cause", "")), str(said.get("fix", "")))

    def do(tx: Tx) -> None:
        answer = service.resolve(press.actor, tx, press.metadata, fix, desk.now(), desk.authorise)
        if isinstance(answer, service.Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


async def clear(desk: Desk, press: Press) -> None:
    def do(tx: Tx) -> None:
        card = desk.card_of(tx, press.value)
        arguments = for_incident(card.open_occurrences) if card else None
        if arguments is None:
            press.reply(tx, desk, text("incident.nothing_to_clear"))
            return
        desk.runs.request_for(press.actor, tx, "clear-tasks", arguments, service.ref(press.value), press.recipient)

    await desk.write(do)
    await press.ack()


async def open_runbook(desk: Desk, press: Press) -> None:
    reader = await desk.read(lambda tx: desk.reader_of(tx, press.team, press.user))
    page = desk.runbooks.page(press.value, reader.locale)
    if page is None:
        await desk.write(lambda tx: press.reply(tx, desk, text("runbook.unknown", topic=press.value)))
    else:
        await press.open(runbook_modal(page, reader))
    await press.ack()
