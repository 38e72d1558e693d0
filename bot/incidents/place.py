"""Which incident a thread in Slack is about."""

from sqlalchemy import select

from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import cards


def incident_in(tx: Tx, channel: str, thread_ts: str) -> str | None:
    """Return the newest incident whose card is in this thread, None where there is none."""
    here = cards.c.root_ts == thread_ts, cards.c.shown_channel == channel, cards.c.ref.startswith("incident:")
    found = tx.execute(select(cards.c.ref).where(*here).order_by(cards.c.ref.desc()).limit(1)).scalar()
    return Ref.parse(found).id if found else None
