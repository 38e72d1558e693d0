"""Mentions that wait for something, as rows: one for each incident that has not mentioned anybody yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.oncall.model import Held, Why
from bot.store import Tx
from bot.store.tables import holds
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Hold:
    """An incident's mention waits since then."""

    incident_id: str
    held: Held
    since: datetime


def keep(tx: Tx, incident_id: str, held: Held, at: datetime) -> None:
    """Have the mention wait; it waits since the first time that it did for the same reason."""
    before = of(tx, incident_id)
    since = before.since if before and before.held.why is held.why else at
    row = {"incident_id": incident_id, "why": held.why, "since": since, "until": held.until}
    upsert(tx, holds, [row], key=["incident_id"])


def forget(tx: Tx, incident_id: str) -> None:
    tx.execute(delete(holds).where(holds.c.incident_id == incident_id))


def of(tx: Tx, incident_id: str) -> Hold | None:
    row = tx.execute(select(holds).where(holds.c.incident_id == incident_id)).first()
    return Hold(row.incident_id, Held(row.until, Why(row.why)), row.since) if row else None


def ended(tx: Tx, now: datetime) -> Sequence[str]:
    """Return the incidents whose mention has waited long enough; for the morning summary it waits by other rules."""
    waiting = [why.value for why in Why if why is not Why.MORNING]
    query = select(holds.c.incident_id).where(holds.c.why.in_(waiting), holds.c.until <= now)
    return tx.execute(query.order_by(holds.c.until)).scalars().all()
