"""Adds to the audit and checks it. Entries are never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.actor import Actor
from bot.audit.chain import GENESIS, Broken, Entry, Fine, Head, check, hash_of
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import audit, audit_head
from bot.store.upsert import insert_if_new

_THE_HEAD = 1


def append(tx: Tx, at: datetime, actor: Actor, deed: str, ref: Ref, body: Mapping[str, Any]) -> Entry:
    """Add what was done, in the transaction that does it. The head stays locked until that ends."""
    head = _locked_head(tx)
    bare = Entry(head.position + 1, at, str(actor), deed, str(ref), dict(body), head.hash)
    entry = replace(bare, hash=hash_of(bare))
    tx.execute(insert(audit), asdict(entry))
    new_head = {"position": entry.position, "hash": entry.hash}
    tx.execute(update(audit_head).where(audit_head.c.id == _THE_HEAD).values(new_head))
    return entry


def verify(tx: Tx) -> Fine | Broken:
    """Return whether the record is as it was written, from its first entry to its head."""
    row = tx.execute(select(audit_head.c.position, audit_head.c.hash)).first()
    return check(entries(tx), Head(row.position, row.hash) if row else Head())


def entries(tx: Tx, ref: Ref | None = None) -> Iterator[Entry]:
    """Yield the record in order, or only what concerns `ref`."""
    wanted = select(audit).order_by(audit.c.position)
    for row in tx.execute(wanted if ref is None else wanted.where(audit.c.ref == str(ref))):
        yield Entry(*(getattr(row, name) for name in Entry.__dataclass_fields__))


def _locked_head(tx: Tx) -> Head:
    first = {"id": _THE_HEAD, "position": 0, "hash": GENESIS}
    query = select(audit_head).where(audit_head.c.id == _THE_HEAD).with_for_update()
    row = tx.execute(query).first()
    if row is None:
        insert_if_new(tx, audit_head, first, key=["id"])
        row = tx.execute(query).one()
    return Head(row.position, row.hash)
