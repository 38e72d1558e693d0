"""Tells the requester, and who asked for the same, what became of it: quietly, each in their language."""

from dataclasses import replace
from datetime import datetime

from bot import outbox
from bot.actor import Actor
from bot.outbox import Button, Place, Recipient
from bot.requests import queries
from bot.requests.desk import Desk
from bot.requests.model import Request
from bot.store import Tx
from bot.text import Mention, Text, text
from bot.workload import Interruption, interrupted

QUESTION = "request_question"
"""The page that asks a requester back who does not see the card's thread."""


def tell_requester(tx: Tx, desk: Desk, request: Request, now: datetime, words: Text, by: Actor | None = None) -> None:
    """Have the requester and the followers know, unless they did it themselves.

    A requester who asked in the card's thread is told there, others directly.
    """
    said = text("request.told", what=text("request.link_label", words=request.words[:80]), news=words)
    link = outbox.link_to(tx, request.ref, text("request.link_label", words=request.words[:80]))
    said = text("request.told", what=link, news=words) if link else said
    if request.requester != by:
        thread = _thread(tx, request)
        if thread:
            outbox.add_note(tx, request.ref, now, thread, words)
        else:
            write_to(tx, desk, request.requester, now, said)
    for follower in queries.followers_of(tx, request.id):
        if follower.who not in {by, request.requester}:
            write_to(tx, desk, follower.who, now, said)


def ask_back(tx: Tx, desk: Desk, request: Request, now: datetime, words: Text) -> None:
    """Ask the requester, who is called since it waits for them."""
    thread = _thread(tx, request)
    if thread:
        answer = Button("request.answer", request.id, text("button.request.answer"))
        who = (Mention(request.requester.id, notify=True),) if request.requester.is_person else ()
        outbox.add_note(tx, request.ref, now, thread, words, mention=who, buttons=(answer,))
    elif desk.is_live and request.requester.is_person:
        to = Recipient(request.requester.team, request.requester.id)
        outbox.add_page(tx, to, now, QUESTION, request.id)


def write_to(tx: Tx, desk: Desk, who: Actor, now: datetime, words: Text) -> None:
    """Write to one person directly; in shadow mode nobody is."""
    if desk.is_live and who.is_person:
        outbox.add_reply(tx, Recipient(who.team, who.id), now, words)


def call(tx: Tx, desk: Desk, request: Request, now: datetime, ids: tuple[str, ...], words: Text) -> None:
    """Mention people of the team in the card's thread, in the channel's language."""
    place = outbox.thread_of(tx, request.ref)
    if place is not None and ids:
        mentions = tuple(Mention(each, notify=True) for each in dict.fromkeys(ids))
        outbox.add_note(tx, request.ref, now, place, words, mention=mentions)
        count_call(tx, desk, request, now, ids)


def count_call(tx: Tx, desk: Desk, request: Request, now: datetime, ids: tuple[str, ...]) -> None:
    """Have the call counted in the workload of whom it interrupts; in shadow mode nobody is."""
    if desk.is_live:
        interrupted(tx, now, ids, Interruption.REQUEST, request.ref, schedule=request.schedule)


def _thread(tx: Tx, request: Request) -> Place | None:
    """Return the card's thread in the requester's language, if they talk there; None where they must be written to."""
    place = outbox.thread_of(tx, request.ref)
    if place is None or not request.origin.thread or place.channel != request.origin.channel:
        return place if not request.requester.is_person else None
    return replace(place, language=request.language)
