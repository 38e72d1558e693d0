"""A request that is withdrawn goes on for whoever asked for the same: the first of them is then its requester."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete

from bot.actor import Actor, named
from bot.audit import service as audit
from bot.requests import queries, rules, telling
from bot.requests.answers import Answer, Done, elsewhere
from bot.requests.desk import Desk
from bot.requests.model import Request
from bot.requests.moves import change, tell
from bot.store import Tx
from bot.store.tables import followers
from bot.text import text


def heir(actor: Actor, tx: Tx, request: Request) -> Actor | None:
    """Return who asked for the same first and has not left; None where only those did who take it back."""
    out = {actor, request.requester}
    asked = (each.who for each in queries.followers_of(tx, request.id) if each.who.is_person and each.who not in out)
    return next((who for who in asked if not queries.has_left(tx, who)), None)


def hand_over(actor: Actor, tx: Tx, desk: Desk, request: Request, to: Actor, now: datetime) -> Answer:
    """Have it be that person's request, as if they alone had asked; the others who asked follow it as before.

    They are written to directly, since the thread is that of whoever asked first.
    """
    open_key = rules.open_key(replace(request, requester=to))
    other = queries.standing(tx, open_key) if open_key else None
    moved = change(
        tx,
        desk,
        request,
        requester=str(to),
        registered_by=str(to),
        language=desk.reader_of(tx, to.team, to.id).locale,
        message_ts="",
        thread_ts="",
        open_key=None if other and other.id != request.id else open_key,
        **({"waiting_since": now, "told": rules.asked_anew(request)} if request.waits_for_requester else {}),
    )
    if moved is None:
        return elsewhere(queries.load(tx, request.id))
    gone = {str(each) for each in (actor, request.requester, to)}
    tx.execute(delete(followers).where(followers.c.request_id == request.id, followers.c.actor.in_(gone)))
    said = text("request.moment.handed_over", to=named(to))
    audit.append(tx, now, actor, "request.handed_over", request.ref, {"requester": str(to)})
    tell(tx, moved, now, actor, said)
    _tell_people(actor, tx, desk, request, moved, now)
    return Done(moved, said)


def _tell_people(actor: Actor, tx: Tx, desk: Desk, before: Request, request: Request, now: datetime) -> None:
    """Tell who follows, who is the requester now, what they are asked, and who is so no longer by another's deed."""
    news = text("request.news.handed_over", by=named(actor), to=named(request.requester))
    telling.tell_requester(tx, desk, request, now, news, actor)
    if before.requester != actor:
        telling.write_to(tx, desk, before.requester, now, news)
    if request.waits_for_requester:
        asked_by = named(request.assignee or actor)
        words = text("request.note.asked_back", by=asked_by, question=request.waits_for)
        telling.ask_back(tx, desk, request, now, words)
