"""Times in which something that Baton looks at did not answer: what was not seen then is unknown, not absent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from bot.store import Tx
from bot.store.tables import outages
from bot.store.upsert import insert_if_new


@dataclass(frozen=True, slots=True)
class Outage:
    """`until` None: it lasts."""

    source: str
    since: datetime
    until: datetime | None
    problem: str


def failed(tx: Tx, source: str, now: datetime, problem: str) -> None:
    """Write down that the source did not answer, unless that is known already."""
    if not _lasting(tx, source):
        row = {"source": source, "since": now, "until": None, "problem": problem}
        insert_if_new(tx, outages, row, key=["source", "since"])


def answered(tx: Tx, source: str, now: datetime) -> None:
    """Write down that the source answers again, if it did not."""
    if _lasting(tx, source):
        open_ones = outages.c.source == source, outages.c.until.is_(None)
        tx.execute(update(outages).where(*open_ones).values(until=now))


def missed(tx: Tx, source: str, since: datetime, until: datetime, problem: str) -> None:
    """Write down a time, over by now, of which the source will never be seen."""
    row = {"source": source, "since": since, "until": until, "problem": problem}
    insert_if_new(tx, outages, row, key=["source", "since"])


def made_up(tx: Tx, source: str) -> None:
    """Forget the outage that lasts, if one does: what was not seen then was seen afterwards."""
    tx.execute(delete(outages).where(outages.c.source == source, outages.c.until.is_(None)))


def _lasting(tx: Tx, source: str) -> bool:
    query = select(outages.c.since).where(outages.c.source == source, outages.c.until.is_(None))
    return tx.execute(query.limit(1)).first() is not None


def between(tx: Tx, sources: frozenset[str], start: datetime, end: datetime) -> tuple[Outage, ...]:
    """Return the outages of these sources that reach into [start, end), cut to it, as they were known at `end`."""
    here = outages.c.since < end, or_(outages.c.until.is_(None), outages.c.until > start)
    rows = tx.execute(select(outages).where(*here, outages.c.source.in_(sorted(sources))).order_by(outages.c.since))
    return tuple(Outage(row.source, max(row.since, start), min(row.until or end, end), row.problem) for row in rows)
