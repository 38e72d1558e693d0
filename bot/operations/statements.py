"""What people said to plans, in the database. Nothing of it is ever taken away; a yes may be void."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.actor import Actor
from bot.operations.statement import Said, Statement
from bot.ref import new_id
from bot.store import Tx
from bot.store.tables import approvals
from bot.text import Text, text_from_json, to_json


def statements_of(tx: Tx, run_id: str) -> tuple[Statement, ...]:
    """Return everything that was said about a run, in that order."""
    query = select(approvals).where(approvals.c.run_id == run_id).order_by(approvals.c.id)
    return tuple(_statement(row) for row in tx.execute(query))


def statements_of_all(tx: Tx, run_ids: Collection[str]) -> Mapping[str, tuple[Statement, ...]]:
    """Return by run everything that was said about these, in that order."""
    query = select(approvals).where(approvals.c.run_id.in_(run_ids)).order_by(approvals.c.run_id, approvals.c.id)
    by_run = groupby(tx.execute(query), key=lambda row: str(row.run_id))
    return {run_id: tuple(map(_statement, rows)) for run_id, rows in by_run}


def _statement(row: Row[Any]) -> Statement:
    void = text_from_json(row.void_because) if row.void_because else None
    return Statement(row.id, Said(row.said), Actor.parse(row.actor), row.at, row.digest, row.reason, void)


def keep(tx: Tx, run_id: str, digest: str, said: Said, actor: Actor, now: datetime, reason: str = "") -> None:
    row = {"id": new_id(now), "run_id": run_id, "digest": digest, "said": said.value, "actor": str(actor), "at": now}
    tx.execute(insert(approvals), row | {"reason": reason})


def void(tx: Tx, run_id: str, why: Text, actors: Iterable[Actor] | None = None) -> None:
    """Have every yes to this run, or that of these people, count no longer."""
    mine = [approvals.c.run_id == run_id, approvals.c.said.in_((Said.YES.value, Said.BROKE_GLASS.value))]
    if actors is not None:
        mine.append(approvals.c.actor.in_([str(actor) for actor in actors]))
    standing = approvals.c.void_because.is_(None)
    tx.execute(update(approvals).where(*mine, standing).values(void_because=to_json(why)))
