"""Hands due rows to reconcilers under a lease, on any table with the claimable columns of `bot.store.tables`.

A worker may be killed at any line: its lease runs out and another takes the row. One that lost its lease changes
nothing, since finishing asks for the owner and the version of the claim.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Select,
    String,
    Table,
    and_,
    bindparam,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.engine import Connection

from bot.store.prepared import Prepared

# `due_at` is system time. What is wanted at once is due at a fixed past moment, since the domain knows business time
# only; the later of the two lets what is new go before what merely changed.
NEW = datetime(2000, 1, 1, tzinfo=UTC)
CHANGED = datetime(2000, 1, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Claim:
    """A row in somebody's hands until `until`; `row` is its state at the moment of claiming."""

    table: Table
    row: Row[Any]
    owner: str
    version: int
    until: datetime

    @property
    def attempts(self) -> int:
        """How many times the row was claimed since it last succeeded, this time included."""
        return int(self.row.attempts)


class DueTables:
    """Tells which of the tables have due rows, by one statement: it is asked after every commit."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._tables = {table.name: table for table in tables}
        self._asked = Prepared(lambda _: union_all(*(_named_if_due(table) for table in self._tables.values())))

    def at(self, tx: Connection, now: datetime) -> list[Table]:
        return [self._tables[name] for (name,) in self._asked.rows(tx, now=now)]


def _named_if_due(table: Table) -> Select[Any]:
    now = bindparam("now", type_=table.c.due_at.type)
    return select(literal_column(f"'{table.name}'", String)).where(
        select(table.c.version).where(_due(table, now)).exists()
    )


def claim(tx: Connection, table: Table, n: int, *, owner: str, now: datetime, lease: timedelta) -> list[Claim]:
    """Take up to `n` due rows, longest overdue first. On PostgreSQL rows that another worker is taking are skipped."""
    keys = list(table.primary_key.columns)
    due = select(*keys).where(_due(table, now)).order_by(table.c.due_at).limit(n).with_for_update(skip_locked=True)
    chosen = due.cte("due")
    statement = (
        update(table)
        .where(tuple_(*keys).in_(select(*chosen.c)) if len(keys) > 1 else keys[0].in_(select(chosen.c[0])))
        .values(lease_until=now + lease, lease_owner=owner, attempts=table.c.attempts + 1, version=table.c.version + 1)
        .returning(*table.c)
    )
    rows = sorted(tx.execute(statement), key=lambda row: row.due_at)
    return [Claim(table, row, owner, row.version, now + lease) for row in rows]


def owners(tx: Connection, table: Table, now: datetime) -> set[str]:
    """Return who holds rows of this table: those stay due while they are in hands, so that few are looked at."""
    held = table.c.due_at <= now, table.c.lease_owner.is_not(None)
    return set(tx.execute(select(table.c.lease_owner).where(*held).distinct()).scalars())


def take_back(tx: Connection, table: Table, gone: Iterable[str]) -> int:
    """Free what these owners hold, since they cannot finish it any more; return how many rows that were."""
    freed = {"lease_until": None, "lease_owner": None, "version": table.c.version + 1}
    return tx.execute(update(table).where(table.c.lease_owner.in_(list(gone))).values(freed)).rowcount


def finish(tx: Connection, claim: Claim, *, due_at: datetime | ColumnElement[Any] | None = None, **values: Any) -> bool:
    """Give the row back as done, or due again at `due_at`; return False when the claim had been lost."""
    return _give_back(tx, claim, due_at=due_at, attempts=0, **values)


def release(tx: Connection, claim: Claim, *, due_at: datetime | ColumnElement[Any] | None, **values: Any) -> bool:
    """Give the row back as not done, to be tried at `due_at` (None: never by itself); the attempts go on counting."""
    return _give_back(tx, claim, due_at=due_at, **values)


def _give_back(tx: Connection, claim: Claim, **values: Any) -> bool:
    table = claim.table
    mine = and_(
        *(column == getattr(claim.row, column.name) for column in table.primary_key.columns),
        table.c.lease_owner == claim.owner,
        table.c.version == claim.version,
    )
    statement = update(table).where(mine).values(lease_until=None, lease_owner=None, **values)
    return tx.execute(statement).rowcount == 1


def _due(table: Table, now: datetime | BindParameter[Any]) -> Any:
    return and_(table.c.due_at <= now, or_(table.c.lease_until.is_(None), table.c.lease_until < now))
