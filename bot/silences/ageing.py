"""What time does to silences: they end, and say so a little before."""

from datetime import datetime

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import BATON
from bot.outbox import Button
from bot.silences import queries, rules
from bot.silences.model import Muted, Silence, SilenceState
from bot.silences.muting import look_again
from bot.silences.service import show_anew
from bot.store import Tx
from bot.store.tables import silences
from bot.text import Mention, text


def let_time_pass(tx: Tx, now: datetime) -> int:
    """End what is past its time, and tell the creators of what ends soon; return how many were ended."""
    found = queries.due(tx, now, rules.ENDS_SOON)
    over = [silence for silence in found if silence.until <= now]
    for silence in over:
        _expire(tx, silence)
    if over:
        look_again(tx, now)
    for ended in queries.no_longer_undoable(tx, now):
        outbox.want_card(tx, ended)
    for silence in found:
        if rules.ends_soon(silence, now) and silence not in over:
            _remind(tx, silence, queries.muted(tx, silence), now)
    return len(over)


def _expire(tx: Tx, silence: Silence) -> None:
    values = {"state": SilenceState.EXPIRED, "open_key": None, "ended_at": silence.until, "asked_until": None}
    tx.execute(
        update(silences)
        .where(silences.c.id == silence.id)
        .values(**values, asked_by=None, version=silences.c.version + 1)
    )
    was_in_force = silence.state is SilenceState.ACTIVE
    said = text("silence.moment.expired" if was_in_force else "silence.moment.never_confirmed")
    timeline.record(tx, silence.ref, silence.until, BATON, said)
    show_anew(tx, silence)


def _remind(tx: Tx, silence: Silence, muted: Muted, now: datetime) -> None:
    """Tell the creator that it ends soon; one that has muted nothing may end unnoticed."""
    place = outbox.thread_of(tx, silence.ref)
    if not muted or place is None:
        return
    tx.execute(update(silences).where(silences.c.id == silence.id).values(reminded_at=now))
    said = text("silence.note.ends_soon", until=silence.until, n=muted.incidents)
    who = (Mention(silence.created_by.id, notify=True),) if silence.created_by.is_person else ()
    change = Button("silence.change", silence.id, text("button.silence.extend"))
    outbox.add_note(tx, silence.ref, now, place, said, mention=who, buttons=(change,))
    outbox.want_card(tx, silence.ref)
