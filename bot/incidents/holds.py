"""Mentions that wait for something, as rows: one for each incident that has not mentioned anybody yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, case, delete, select

from bot.oncall.model import Held, Why
from bot.store import Tx
from bot.store.prepared import Prepared
from bot.store.tables import holds
from bot.store.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Hold:
    """An incident's mention waits since then."""

    incident_id: str
    held: Held
    since: datetime


def keep(tx: Tx, incident_id: str, held: Held, at: datetime) -> None:
    """Have the mention wait; it waits since the first time that it did for the same reason."""
    _KEEP.count(tx, incident_id=incident_id, why=held.why, since=at, until=held.until)


def _keep(dialect: str) -> Executable:
    statement = insert_into(dialect, holds)
    new = statement.excluded
    since = case((holds.c.why == new.why, holds.c.since), else_=new.since)
    changed = {"why": new.why, "since": since, "until": new.until}
    kept: Executable = statement.on_conflict_do_update(index_elements=["incident_id"], set_=changed)
    return kept


_KEEP = Prepared(_keep)


def end(tx: Tx, incident_id: str) -> None:
    """Have what is over wait for nothing but the morning summary, which tells of it too."""
    tx.execute(delete(holds).where(holds.c.incident_id == incident_id, holds.c.why != Why.MORNING))


def forget(tx: Tx, incident_id: str) -> None:
    tx.execute(delete(holds).where(holds.c.incident_id == incident_id))


def of(tx: Tx, incident_id: str) -> Hold | None:
    row = tx.execute(select(holds).where(holds.c.incident_id == incident_id)).first()
    return Hold(row.incident_id, Held(row.until, Why(row.why)), row.since) if row else None


def waits_for(tx: Tx, incident_id: str, why: Why) -> bool:
    mine = (holds.c.incident_id == incident_id) & (holds.c.why == why)
    return tx.execute(select(holds.c.why).where(mine)).first() is not None


def ended(tx: Tx, now: datetime) -> Sequence[str]:
    """Return the incidents whose mention has waited long enough; for the morning summary it waits by other rules."""
    waiting = [why.value for why in Why if why is not Why.MORNING]
    query = select(holds.c.incident_id).where(holds.c.why.in_(waiting), holds.c.until <= now)
    return tx.execute(query.order_by(holds.c.until)).scalars().all()
