"""The ordinary history of a thing, for people: who did what when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from bot.actor import Actor
from bot.moment import Moment
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.tables import timeline
from bot.text import Text, text_from_json, to_json


def record(tx: Tx, ref: Ref, at: datetime, actor: Actor, body: Text, *, facts: Mapping[str, Any] | None = None) -> None:
    """Write down a moment. `facts` are what reports read of it, since the thing's own row may change later."""
    told = dict(facts) if facts else None
    row = {"id": new_id(at), "ref": str(ref), "at": at, "actor": str(actor), "body": to_json(body), "facts": told}
    tx.execute(insert(timeline), row)


def history(tx: Tx, ref: Ref, *, limit: int = 100) -> list[Moment]:
    """Return the newest moments of `ref`, oldest first."""
    newest = (
        select(timeline)
        .where(timeline.c.ref == str(ref))
        .order_by(timeline.c.at.desc(), timeline.c.id.desc())
        .limit(limit)
    )
    rows = tx.execute(newest).all()
    return [Moment(row.at, Actor.parse(row.actor), text_from_json(row.body)) for row in reversed(rows)]
