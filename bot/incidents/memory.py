"""What is remembered of earlier incidents of the same thing, and where each was told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, desc, func, literal, select

from bot.actor import Actor
from bot.incidents.card import Neighbour
from bot.incidents.fix import Earlier, Ended, Fix, Thread, most_helpful
from bot.incidents.model import IncidentState
from bot.store import Tx
from bot.store.tables import cards, incidents

REMEMBERED = timedelta(days=30)
LOOKED_THROUGH = 100  # earlier incidents, newest first: a thing that fails every hour has thousands

_OF_INTEREST = (
    incidents.c.id,
    incidents.c.state,
    incidents.c.opened_at,
    incidents.c.resolved_at,
    incidents.c.resolved_by,
    incidents.c.cause,
    incidents.c.remedy,
    incidents.c.remark,
    incidents.c.operation,
    incidents.c.closed_seconds,
    incidents.c.healed,
)


def earlier(tx: Tx, route: str, fingerprint: str, before: datetime) -> Earlier | None:
    """Return what is remembered of earlier incidents of this fingerprint, None where this is the first."""
    past = (incidents.c.route == route, incidents.c.fingerprint == fingerprint, incidents.c.opened_at < before)
    newest = select(*_OF_INTEREST).where(*past).order_by(desc(incidents.c.opened_at)).limit(LOOKED_THROUGH)
    rows = tx.execute(newest).all()
    if not rows:
        return None
    since = before - REMEMBERED
    recent = [row for row in rows if row.opened_at >= since]
    count, healed = len(recent), sum(row.healed for row in recent)
    if count == LOOKED_THROUGH:
        counts = select(func.count(), func.count(case((incidents.c.healed, 1))))
        count, healed = tx.execute(counts.where(*past, incidents.c.opened_at >= since)).one()
    ended = [each for row in rows if (each := _ended(row))]
    told = ended[0].id if ended else rows[0].id
    return Earlier(
        count=count,
        healed=healed,
        last_opened_at=rows[0].opened_at,
        last=ended[0] if ended else None,
        thread=threads(tx, [told]).get(told),
        helped=most_helpful([each.fix for each in ended if each.opened_at >= since]),
    )


def _ended(row: Any) -> Ended | None:
    if row.state != IncidentState.RESOLVED or row.resolved_at is None:
        return None
    by = Actor.parse(row.resolved_by) if row.resolved_by else None
    closed_for = timedelta(seconds=row.closed_seconds)
    return Ended(row.id, row.opened_at, row.resolved_at, by, Fix.of(row), closed_for)


def neighbour(tx: Tx, which: ColumnElement[bool]) -> Neighbour | None:
    """Return the incident before or after another one, where there is one."""
    columns = (incidents.c.id, incidents.c.opened_at, incidents.c.acknowledged_by)
    row = tx.execute(select(*columns).where(which)).first()
    if row is None:
        return None
    taken_by = Actor.parse(row.acknowledged_by) if row.acknowledged_by else None
    return Neighbour(row.opened_at, threads(tx, [row.id])[row.id], taken_by)


def threads(tx: Tx, incident_ids: Sequence[str]) -> Mapping[str, Thread]:
    """Return by id where each incident was told: on its card, or by the tool where no card of its own is posted."""
    which = incidents.c.id.in_(incident_ids)
    on = cards.c.ref == literal("incident:") + incidents.c.id
    columns = (incidents.c.id, incidents.c.channel, incidents.c.message_ts)
    shown = (cards.c.shown_channel, cards.c.ts, cards.c.root_ts)
    rows = tx.execute(select(*columns, *shown).select_from(incidents.outerjoin(cards, on)).where(which)).all()
    return {
        row.id: Thread(row.shown_channel, row.ts, row.root_ts) if row.ts else Thread(row.channel, row.message_ts)
        for row in rows
    }
