"""Pages are wanted and no longer wanted, in the domain's own transaction; `bot.pages.pager` calls the provider."""

from datetime import datetime

from sqlalchemy import select, update

from bot.pages.model import Destination, PageState
from bot.ports.paging import Priority
from bot.ref import Ref
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import pages
from bot.store.upsert import insert_if_new
from bot.text import Text, to_json

_OVER = frozenset({PageState.FAILED.value, PageState.CLOSED.value})


def want(tx: Tx, destination: Destination, ref: Ref, words: Text, priority: Priority, now: datetime) -> None:
    """Have one page open about `ref`. One that is open, or on its way, stays as it is; after its end a new one begins.

    It is only noted here and made by the pager soon after the commit.
    """
    wish = {
        "schedule": destination.schedule,
        "provider": destination.provider,
        "recipient": destination.recipient,
        "words": to_json(words),
        "priority": priority.value,
        "is_wanted": True,
        "wanted_at": now,
        "tries": 0,
        "due_at": NEW,
    }
    first = {"ref": str(ref), "state": PageState.WANTED.value, "round": 1, "asked": 1, "attempts": 0, "version": 0}
    if insert_if_new(tx, pages, first | wish, key=["ref"]):
        return
    row = tx.execute(select(pages).where(pages.c.ref == str(ref)).with_for_update()).one()
    if not row.is_wanted or row.state in _OVER:
        tx.execute(update(pages).where(pages.c.ref == str(ref)).values(**wish, asked=pages.c.asked + 1))


def close(tx: Tx, ref: Ref) -> None:
    """Have no page open about `ref` any more. Without one nothing happens."""
    mine = pages.c.ref == str(ref), pages.c.is_wanted
    tx.execute(update(pages).where(*mine).values(is_wanted=False, tries=0, asked=pages.c.asked + 1, due_at=NEW))
