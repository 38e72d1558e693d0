"""Pages are wanted and no longer wanted, in the domain's own transaction; `bot.pages.pager` calls the provider."""

from datetime import datetime

from sqlalchemy import select, update

from bot.actor import BATON, Actor
from bot.pages.model import Destination, PageState
from bot.ports.paging import Priority
from bot.ref import Ref
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import pages
from bot.store.upsert import insert_if_new
from bot.text import Text, to_json

_OVER = frozenset({PageState.FAILED.value, PageState.CLOSED.value})


def want(tx: Tx, destination: Destination, ref: Ref, words: Text, priority: Priority, now: datetime) -> bool:
    """Have one page open about `ref`. One that is open, or on its way, stays as it is; after its end a new one begins.

    It is only noted here and made by the pager soon after the commit. Return whether this one is new.
    """
    wish = {
        "schedule": destination.schedule,
        "provider": destination.provider,
        "recipient": destination.recipient,
        "words": to_json(words),
        "priority": priority.value,
        "is_wanted": True,
        "wanted_at": now,
        "closed_by": None,
        "tries": 0,
        "due_at": NEW,
    }
    first = {"ref": str(ref), "state": PageState.WANTED.value, "round": 1, "asked": 1, "attempts": 0, "version": 0}
    if insert_if_new(tx, pages, first | wish, key=["ref"]):
        return True
    row = tx.execute(select(pages).where(pages.c.ref == str(ref)).with_for_update()).one()
    is_over = not row.is_wanted or row.state in _OVER
    if is_over:
        tx.execute(update(pages).where(pages.c.ref == str(ref)).values(**wish, asked=pages.c.asked + 1))
    return is_over


def close(tx: Tx, ref: Ref, by: Actor = BATON) -> bool:
    """Have no page open about `ref` any more, closed in this actor's name; return whether one was wanted."""
    mine = pages.c.ref == str(ref), pages.c.is_wanted
    closer = str(by) if by.is_person else None
    values = {"is_wanted": False, "closed_by": closer, "tries": 0, "asked": pages.c.asked + 1, "due_at": NEW}
    return tx.execute(update(pages).where(*mine).values(**values)).rowcount == 1
