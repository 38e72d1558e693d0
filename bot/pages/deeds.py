"""Deeds at the provider's alerts in the database: asked for once, claimed, ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, desc, select, update

from bot import outbox, timeline
from bot.actor import Actor
from bot.pages import queries
from bot.pages.deed import AlertDeed, Deed, DeedState
from bot.pages.model import PageState
from bot.ports.paging import AlertStatus, Kind, Recipient
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.claim import NEW, Claim
from bot.store.tables import page_deeds, paged_alerts
from bot.store.upsert import insert_if_new
from bot.text import text, text_from_json

_MAKING = frozenset({PageState.WANTED, PageState.REQUESTED, PageState.OPEN})


@dataclass(frozen=True, slots=True)
class Which:
    """An alert at a provider; `alert_id` None: the one that the page has, or is about to have."""

    provider: str
    alert_id: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done. `key` tells one press from another, so that one that comes twice is done once."""

    deed: Deed
    key: str
    until: datetime | None = None
    note: str = ""
    recipient: Recipient | None = None


def alert_of(tx: Tx, ref: Ref) -> Which | None:
    """Return the alert that is open about this: its page's, else the newest that is linked to it."""
    page = queries.load(tx, ref)
    if page is not None and page.is_wanted and (page.state in _MAKING or page.awaits_another):
        return Which(page.destination.provider)
    linked = paged_alerts.c.ref == str(ref), paged_alerts.c.status == AlertStatus.OPEN
    row = tx.execute(select(paged_alerts).where(*linked).order_by(paged_alerts.c.told_at.desc()).limit(1)).first()
    return Which(row.provider, row.alert_id) if row else None


def ask(actor: Actor, tx: Tx, ref: Ref, wish: Wish, now: datetime) -> bool:
    """Have it done at the alert that is open about `ref`, in this actor's name; False where there is none.

    It is only noted here, done by the reconciler soon after the commit, and followed to its outcome.
    """
    which = alert_of(tx, ref)
    if which is None:
        return False
    recipient = wish.recipient
    row = {
        "id": new_id(now),
        "key": f"{actor}|{ref}|{wish.deed}|{wish.key}"[:300],
        "ref": str(ref),
        "provider": which.provider,
        "alert_id": which.alert_id,
        "deed": wish.deed.value,
        "actor": str(actor),
        "until": wish.until,
        "note": wish.note,
        "recipient": {"kind": recipient.kind.value, "name": recipient.name} if recipient else None,
        "asked_at": now,
        "state": DeedState.REQUESTED.value,
        "tries": 0,
        "due_at": NEW,
    }
    if insert_if_new(tx, page_deeds, row, key=["key"]):
        timeline.record(tx, ref, now, actor, text(f"page.asked.{wish.deed}"))
        outbox.want_card(tx, ref)
    return True


def shown(tx: Tx, ref: Ref, since: datetime, *, limit: int = 3) -> tuple[AlertDeed, ...]:
    """Return the newest deeds since then, oldest first, for the card."""
    mine = page_deeds.c.ref == str(ref), page_deeds.c.asked_at >= since
    rows = tx.execute(select(page_deeds).where(*mine).order_by(desc(page_deeds.c.id)).limit(limit)).all()
    return tuple(deed_of(row) for row in reversed(rows))


def deed_of(row: Row[Any]) -> AlertDeed:
    called = row.recipient
    return AlertDeed(
        id=row.id,
        ref=Ref.parse(row.ref),
        provider=row.provider,
        deed=Deed(row.deed),
        actor=Actor.parse(row.actor),
        asked_at=row.asked_at,
        state=DeedState(row.state),
        alert_id=row.alert_id,
        until=row.until,
        note=row.note,
        recipient=Recipient(Kind(called["kind"]), called["name"]) if called else None,
        tries=row.tries,
        sent_at=row.sent_at,
        request_ref=row.request_ref,
        why=text_from_json(row.why) if row.why else None,
    )


def send_ahead(tx: Tx, claim: Claim, now: datetime) -> bool:
    """Write down that it is about to be sent, while the row is ours; False: the claim was lost, send nothing."""
    mine = (
        page_deeds.c.id == claim.row.id,
        page_deeds.c.version == claim.version,
        page_deeds.c.lease_owner == claim.owner,
    )
    sent = update(page_deeds).where(*mine).values(state=DeedState.SENDING.value, sent_at=now, request_ref=None)
    return tx.execute(sent).rowcount == 1
