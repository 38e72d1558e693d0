"""First shifts in the database, and what is open for whoever is on call."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from bot.actor import Actor
from bot.first_shift.model import Drill, FirstShift, OpenThings, Result
from bot.incidents.model import OPEN
from bot.operations.lifecycle import State
from bot.requests.queries import open_requests
from bot.store import Tx
from bot.store.tables import first_shifts, incidents, runs

_MOST = 1000  # that are counted


def load(tx: Tx, key: str, *, lock: bool = False) -> FirstShift | None:
    mine = select(first_shifts).where(first_shifts.c.id == key)
    row = tx.execute(mine.with_for_update() if lock else mine).first()
    return first_shift_of(row) if row else None


def of_person(tx: Tx, actor: Actor) -> FirstShift | None:
    mine = first_shifts.c.team == actor.team, first_shifts.c.user == actor.id
    row = tx.execute(select(first_shifts).where(*mine)).first()
    return first_shift_of(row) if row else None


def first_shift_of(row: Row[Any]) -> FirstShift:
    return FirstShift(
        id=row.id,
        team=row.team,
        user=row.user,
        round=row.round,
        results={name: Result.from_json(result) for name, result in row.results.items()},
        drill=Drill(row.drill),
        runbooks=tuple((topic, n) for topic, n in row.runbooks),
        is_testing=row.due_at is not None,
    )


def waiting(tx: Tx) -> OpenThings:
    """Return how much is open now; nothing is counted beyond a thousand."""
    open_now = select(incidents.c.id).where(incidents.c.state.in_(OPEN)).limit(_MOST).subquery()
    waits = select(runs.c.id).where(runs.c.state == State.AWAITING_APPROVAL.value, runs.c.waiting_since.is_not(None))
    n_open, n_waiting = (
        tx.execute(select(func.count()).select_from(each)).scalar_one() for each in (open_now, waits.subquery())
    )
    return OpenThings(n_open, n_waiting, len(open_requests(tx)))


def topics_since(tx: Tx, since: datetime) -> list[tuple[str, int]]:
    """Return the topics of the incidents since then, the commonest first."""
    n = func.count().label("n")
    counted = select(incidents.c.topic, n).where(incidents.c.opened_at >= since, incidents.c.topic.is_not(None))
    rows = tx.execute(counted.group_by(incidents.c.topic).order_by(n.desc(), incidents.c.topic).limit(20))
    return [(row.topic, row.n) for row in rows]
