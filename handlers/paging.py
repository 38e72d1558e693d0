"""The buttons for an incident's alert at the on-call provider."""

from collections.abc import Mapping

from bot.desk import Desk, Tx
from bot.incidents.alert_deeds import act
from bot.incidents.service import Refused
from bot.pages.deed import Deed
from bot.pages.deeds import Wish
from bot.views.paging import SNOOZES, note_form
from handlers.press import Listener, Press

_SPANS = {str(round(each.total_seconds() / 60)): each for each in SNOOZES}


async def acknowledge(desk: Desk, press: Press) -> None:
    await _do(desk, press, press.value, Wish(Deed.ACKNOWLEDGE, press.pressed_at))


async def close(desk: Desk, press: Press) -> None:
    await _do(desk, press, press.value, Wish(Deed.CLOSE, press.pressed_at))


async def snooze(desk: Desk, press: Press) -> None:
    """Take one of the offered spans; anything else was not chosen in our menu and does nothing."""
    minutes, _, incident_id = press.chosen.partition(":")
    span = _SPANS.get(minutes)
    if span is None:
        await press.ack()
    else:
        await _do(desk, press, incident_id, Wish(Deed.SNOOZE, press.pressed_at, until=desk.now() + span))


async def ask_for_note(desk: Desk, press: Press) -> None:
    reader = await desk.read(lambda tx: desk.reader_of(tx, press.team, press.user))
    await press.open(note_form(press.value, reader))
    await press.ack()


async def note(desk: Desk, press: Press) -> None:
    words = str(press.filled_in().get("words", ""))
    await _do(desk, press, press.metadata, Wish(Deed.NOTE, str(press.body["view"]["id"]), note=words))


async def _do(desk: Desk, press: Press, incident_id: str, wish: Wish) -> None:
    def do(tx: Tx) -> None:
        answer = act(press.actor, tx, incident_id, wish, desk.now(), desk.authorise)
        if isinstance(answer, Refused):
            press.reply(tx, desk, answer.why)

    await desk.write(do)
    await press.ack()


ACTIONS: Mapping[str, Listener] = {
    "alert.acknowledge": acknowledge,
    "alert.close": close,
    "alert.snooze": snooze,
    "alert.note": ask_for_note,
}
FORMS: Mapping[str, Listener] = {"alert.note": note}
