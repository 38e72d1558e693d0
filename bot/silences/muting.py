"""Where a silence takes effect: on mentions that are about to be made, and on those that already wait for something."""

from datetime import datetime

from sqlalchemy import select, update

from bot import outbox, timeline
from bot.actor import BATON, named
from bot.oncall.model import Why
from bot.ref import Ref
from bot.silences.model import Silence
from bot.silences.queries import covered_incidents
from bot.store import Tx
from bot.store.tables import holds, silenced
from bot.store.upsert import insert_if_new
from bot.text import text


def keep_quiet(tx: Tx, silence: Silence, incident_id: str, at: datetime) -> None:
    """Write down that this silence kept an incident quiet which would have notified somebody."""
    row = {"silence_id": silence.id, "incident_id": incident_id, "at": at}
    if not insert_if_new(tx, silenced, row, key=["silence_id", "incident_id"]):
        return
    said = text("silence.moment.muted", by=named(silence.created_by), until=silence.until, reason=silence.reason)
    timeline.record(tx, Ref("incident", incident_id), at, BATON, said)
    outbox.want_card(tx, silence.ref)


def quieten(tx: Tx, silence: Silence, now: datetime) -> None:
    """Have what waits to be mentioned, in the morning for instance, wait for the end of this silence instead."""
    covered = set(covered_incidents(tx, silence.matchers))
    waiting = covered & set(tx.execute(select(holds.c.incident_id)).scalars())
    mine = holds.c.incident_id.in_(waiting)
    tx.execute(update(holds).where(mine).values(why=Why.SILENCED, until=silence.until))
    for incident_id in sorted(waiting):
        keep_quiet(tx, silence, incident_id, now)


def look_again(tx: Tx, now: datetime) -> None:
    """Have decided again at once what silences keep quiet: one of them is over."""
    tx.execute(update(holds).where(holds.c.why == Why.SILENCED, holds.c.until > now).values(until=now))
