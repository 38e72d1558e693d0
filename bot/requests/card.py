"""All that a request's card shows, and the pages of requests that one person is shown."""

from dataclasses import replace

from bot import outbox, timeline
from bot.actor import Actor
from bot.requests import queries, rules
from bot.requests.model import QueuePage, Request, RequestCard, ref
from bot.store import Tx
from bot.text import MessageLink, text


def card(tx: Tx, request_id: str) -> RequestCard | None:
    request = queries.load(tx, request_id)
    if request is None:
        return None
    return RequestCard(
        request,
        queries.followers_of(tx, request_id),
        queries.works_of(tx, request_id),
        rules.operation_for(request.kind, request.fields),
        queries.load(tx, request.duplicate_of) if request.duplicate_of else None,
    )


def with_history(tx: Tx, request_id: str) -> RequestCard | None:
    """Return the card with all that happened, for "what happened"."""
    found = card(tx, request_id)
    if found is None:
        return None
    return replace(found, history=tuple(timeline.history(tx, found.request.ref)))


def queue(tx: Tx, actor: Actor, number: int, *, mine: bool) -> QueuePage:
    """Return a page of what is open: what is due next first. `mine` is what this person has, asked for, or follows."""
    return queries.queue(tx, actor if mine else None, number)


def link(tx: Tx, request_id: str) -> MessageLink | None:
    """Return the way to the request's card, None while it is not posted."""
    return outbox.link_to(tx, ref(request_id), text("request.card"))


def others(tx: Tx, request: Request) -> tuple[Request, ...]:
    """Return the other open requests, those of the same kind first."""
    found = [each for each in queries.open_requests(tx) if each.id != request.id]
    return tuple(sorted(found, key=lambda each: each.kind is not request.kind))
