"""A request moves along its table: compare and swap, with timeline, audit and the card in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import Actor
from bot.audit import service as audit
from bot.requests import queries, rules
from bot.requests.desk import Desk
from bot.requests.lifecycle import ARROWS, may_move
from bot.requests.model import Request, State
from bot.store import Tx
from bot.store.tables import requests
from bot.text import Text


def move(
    tx: Tx,
    desk: Desk,
    request: Request,
    to: State,
    actor: Actor,
    now: datetime,
    said: Text,
    *,
    noted: Mapping[str, Any] | None = None,
    **values: Any,
) -> Request | None:
    """Move the request if it still is what it was, and return it as it is now; None where somebody else was first.

    Raises ValueError where no arrow leads there.
    """
    if not may_move(request.state, to):
        raise ValueError(f"no arrow leads from {request.state} to {to}")
    moved = change(tx, desk, request, state=to, **values)
    if moved is None:
        return None
    body = {"from": request.state.value, "to": to.value, "meaning": ARROWS[request.state][to], **(noted or {})}
    audit.append(tx, now, actor, f"request.{to.value}", request.ref, body)
    tell(tx, moved, now, actor, said)
    return moved


def change(tx: Tx, desk: Desk, request: Request, **values: Any) -> Request | None:
    """Change columns of what still is as it was, and when time looks at it next."""
    same = requests.c.id == request.id, requests.c.version == request.version
    changed = update(requests).where(*same).values(version=request.version + 1, **values)
    if tx.execute(changed).rowcount != 1:
        return None
    found = queries.load(tx, request.id)
    assert found is not None, "requests are never deleted"
    look_at = rules.look_at(found, desk.pace)
    tx.execute(update(requests).where(requests.c.id == request.id).values(look_at=look_at))
    return found


def tell(tx: Tx, request: Request, now: datetime, actor: Actor, said: Text) -> None:
    timeline.record(tx, request.ref, now, actor, said)
    outbox.want_card(tx, request.ref)
