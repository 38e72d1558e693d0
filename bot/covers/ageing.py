"""What time does to covers: what nobody took before it began is over, and who asked is told."""

from datetime import datetime

from bot import outbox, timeline
from bot.actor import BATON
from bot.audit import service as audit
from bot.covers import queries
from bot.covers.model import Stage
from bot.covers.outcomes import say
from bot.covers.record import for_the_record
from bot.store import Tx
from bot.text import text


def let_time_pass(tx: Tx, now: datetime) -> None:
    """End what was not taken in time; who asked stays on call and is told once."""
    for cover in queries.expired(tx, now):
        if queries.change(tx, cover, stage=Stage.EXPIRED, ended_at=now, ended_by=str(BATON), open_key=None):
            timeline.record(tx, cover.ref, now, BATON, text("cover.moment.expired"))
            audit.append(tx, now, BATON, "cover.expired", cover.ref, for_the_record(cover))
            outbox.want_card(tx, cover.ref)
            say(tx, cover, "expired", (cover.requester,), now)
