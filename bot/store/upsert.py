"""The one upsert, spelled alike on both databases."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def upsert(
    tx: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    key: Sequence[str],
    change: Sequence[str] | None = None,
) -> None:
    """Insert the rows, or change the columns `change` (default: all but the key) of those whose key exists."""
    if not rows:
        return
    statement = insert_into(tx.dialect.name, table)
    changed = change if change is not None else [name for name in rows[0] if name not in key]
    statement = statement.on_conflict_do_update(
        index_elements=list(key), set_={name: statement.excluded[name] for name in changed}
    )
    tx.execute(statement, [dict(row) for row in rows])


def insert_if_new(tx: Connection, table: Table, row: Mapping[str, Any], *, key: Sequence[str]) -> bool:
    """Insert the row unless its key exists; return whether it was new."""
    statement = insert_into(tx.dialect.name, table).on_conflict_do_nothing(index_elements=list(key))
    # SQLAlchemy keeps the row count of an insert only where it is told to: psycopg's is gone otherwise.
    return tx.execute(statement, dict(row), execution_options={"preserve_rowcount": True}).rowcount == 1


def insert_into(dialect: str, table: Table) -> Any:
    """Return an insert that knows what to do on conflict."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
