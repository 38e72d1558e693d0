"""A request that is over begins again: with a new promise, and told to whoever has it or is on call."""

from datetime import datetime
from typing import Any

from bot.actor import Actor, named
from bot.oncall.rules import calling
from bot.requests import queries, rules, telling
from bot.requests.answers import Answer, Done, Refused, elsewhere
from bot.requests.desk import HANDLE_DEED, Desk
from bot.requests.model import Request, State
from bot.requests.moves import move
from bot.store import Tx
from bot.text import text


def reopen(actor: Actor, tx: Tx, desk: Desk, request_id: str, now: datetime) -> Answer:
    """Have a request open again that is over; the promise begins anew. Who asked for it may do so, too."""
    found = queries.load(tx, request_id, lock=True)
    if found is None or found.is_open:
        return elsewhere(found)
    if actor != found.requester and (why := desk.authorise(tx, actor, HANDLE_DEED)):
        return Refused(why)
    to = State.IN_PROGRESS if found.assignee else State.NEW
    open_key = rules.open_key(found)
    other = queries.standing(tx, open_key) if open_key else None
    said = text("request.moment.reopened")
    values = _anew(tx, desk, found, now) | {"open_key": None if other else open_key}
    moved = move(tx, desk, found, to, actor, now, said, **values)
    if moved is None:
        return elsewhere(queries.load(tx, found.id))
    telling.tell_requester(tx, desk, moved, now, text("request.news.reopened", by=named(actor)), actor)
    _call(actor, tx, desk, moved, now)
    return Done(moved, text("request.reopened_beside", by=named(other.requester)) if other else said)


def _anew(tx: Tx, desk: Desk, request: Request, now: datetime) -> dict[str, Any]:
    """Return what a request has that begins again. What nobody has is told to whoever is on call, in working hours."""
    promised = rules.promised(desk.promise(request.kind), now, desk.hours)
    mention_at = None if request.assignee else rules.first_mention(request.is_urgent, now, desk.hours)
    over: dict[str, Any] = {"ended_at": None, "ended_by": None, "outcome": "", "evidence": None, "duplicate_of": None}
    return over | {
        "answer_due_at": None if request.assignee else promised.answer_at,
        "done_due_at": promised.done_at,
        "left_seconds": None,
        "called": calling(desk.duty(tx, request.schedule, now)).to_json(),
        "told": [f"run:{each.run_id}" for each in queries.works_of(tx, request.id)],  # these end it no more
        "mention_at": mention_at,
        "mentioned_at": now if mention_at and mention_at <= now else None,
    }


def _call(actor: Actor, tx: Tx, desk: Desk, request: Request, now: datetime) -> None:
    """Call whoever has it again; what nobody has is told now, or in the morning with what came at night."""
    if request.assignee:
        whom = (request.assignee.id,) if request.assignee != actor else ()
        telling.call(tx, desk, request, now, whom, text("request.note.reopened", by=named(actor)))
    elif request.mentioned_at:
        telling.call(tx, desk, request, now, request.called.ids, text("request.note.reopened", by=named(actor)))
