"""Pages in the database: read, and given back as they are by now."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, select, update

from bot.actor import Actor
from bot.pages.model import Destination, Page, PageState
from bot.ports.paging import Priority
from bot.ref import Ref
from bot.store import Tx
from bot.store.claim import NEW, Claim, finish
from bot.store.tables import pages
from bot.text import text_from_json


def load(tx: Tx, ref: Ref) -> Page | None:
    row = tx.execute(select(pages).where(pages.c.ref == str(ref))).first()
    return page_of(row) if row else None


def problem(tx: Tx, ref: Ref) -> Any:
    """Return why the page of `ref` does not stand, as it was written down."""
    return tx.execute(select(pages.c.problem).where(pages.c.ref == str(ref))).scalar()


def page_of(row: Row[Any]) -> Page:
    return Page(
        ref=Ref.parse(row.ref),
        destination=Destination(row.schedule, row.provider, row.recipient),
        words=text_from_json(row.words),
        priority=Priority(row.priority),
        is_wanted=row.is_wanted,
        state=PageState(row.state),
        round=row.round,
        tries=row.tries,
        sent_at=row.sent_at,
        request_ref=row.request_ref,
        alert_id=row.alert_id,
        closed_by=Actor.parse(row.closed_by) if row.closed_by else None,
    )


def send_ahead(tx: Tx, claim: Claim, state: PageState, now: datetime, **values: Any) -> bool:
    """Write down what is about to be sent, while the row is ours; False when the claim was lost: nothing may be sent.

    What was wanted may have changed since the row was claimed: then nothing is sent either, and it is looked at anew.
    """
    mine = (
        pages.c.ref == claim.row.ref,
        pages.c.version == claim.version,
        pages.c.lease_owner == claim.owner,
        pages.c.asked == claim.row.asked,
    )
    sent = update(pages).where(*mine).values(state=state.value, sent_at=now, request_ref=None, **values)
    return tx.execute(sent).rowcount == 1


def give_back(tx: Tx, claim: Claim, due_at: datetime | None, **values: Any) -> bool:
    """Give the page back until `due_at`; at once where something else was wanted meanwhile. False: it was lost."""
    return finish(tx, claim, due_at=case((pages.c.asked > claim.row.asked, NEW), else_=due_at), **values)
