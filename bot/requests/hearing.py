"""What people say where colleagues ask: answers to a question, forms, and messages that look like a request.

Nobody is nagged: each message is looked at once and asked about at most once; edits and replies in threads never are.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.actor import Actor
from bot.outbox import Recipient, add_page, add_reply
from bot.ref import new_id
from bot.requests import queries, rules, service
from bot.requests.answers import Asked, Joined, Refused
from bot.requests.desk import OPEN_DEED, Desk
from bot.requests.kind import Kind
from bot.requests.model import Asking, Origin, Request, Standing, Way, Wish
from bot.requests.opening import WORKFLOW, ask
from bot.requests.reading import Certainty, Recognised, recognise
from bot.requests.workflow import Form, read_form
from bot.store import Tx
from bot.store.tables import askings
from bot.store.upsert import insert_if_new
from bot.text import text
from bot.triage.model import Message

ASKING = "request_asking"
"""The page that asks an author whether a message is a request."""
_BY_PEOPLE = frozenset({"", "thread_broadcast", "file_share"})


def hear(tx: Tx, desk: Desk, message: Message, own_user: str, now: datetime) -> None:
    """Take in one message: what it answers, or what it asks for. The same message twice changes nothing."""
    if message.is_edit or not message.ts:
        return
    watched = desk.channels.get(message.channel)
    if message.bot_id:
        if watched and message.bot_id in watched.forms and (form := _form(message)):
            _take_form(tx, desk, message, form, now)
    elif message.user and message.subtype in _BY_PEOPLE:
        known = queries.request_in(tx, message.channel, message.thread_ts) if message.thread_ts else None
        if known:
            _take_answer(tx, desk, known, message, now)
        elif watched and watched.recognise != "off" and not message.thread_ts and not _is_said_to(own_user, message):
            _take_message(tx, desk, message, now)


def _is_said_to(user: str, message: Message) -> bool:
    """Return whether it speaks to Baton by name: that comes as an event of its own."""
    return bool(user) and f"<@{user}" in str(message.payload.get("text"))


def _take_answer(tx: Tx, desk: Desk, request: Request, message: Message, now: datetime) -> None:
    author = Actor.person(message.team, message.user or "")
    if rules.is_theirs(request, author) and rules.was_asked_before(request, message.at):
        service.answer(author, tx, desk, request.id, message.text, now)


def _form(message: Message) -> Form | None:
    """Return the form that was posted. Who sent it may stand as an id only in the text as Slack wrote it."""
    form = read_form(message.text)
    as_written = read_form(str(message.payload.get("text") or ""))
    return replace(form, user=as_written.user) if form and as_written and not form.user else form


def _take_form(tx: Tx, desk: Desk, message: Message, form: Form, now: datetime) -> None:
    """Have a form be a request of the person that it names, who must be one of us; without one it is the form's."""
    requester = Actor.person(message.team, form.user) if form.user else WORKFLOW
    origin = Origin(message.channel, message.ts, message.thread_ts or "")
    wish = Wish(
        kind=form.kind,
        words=form.what,
        requester=requester,
        way=Way.WORKFLOW,
        origin=origin,
        key=f"{message.channel}:{message.ts}",
        fields=form.fields,
        needed_by=form.needed_by,
        why=form.why,
    )
    answer = ask(requester, tx, desk, wish, now)
    if not isinstance(answer, Joined) or answer.is_new:  # the same event again tells nobody twice
        _answer(tx, requester, origin, answer, now)


def _take_message(tx: Tx, desk: Desk, message: Message, now: datetime) -> None:
    author = Actor.person(message.team, message.user or "")
    reader = desk.reader_of(tx, author.team, author.id)
    found = recognise(message.text, desk.vocabulary(tx, now), now, reader.zone)
    if found.certainty is Certainty.NO or found.kind is None or desk.authorise(tx, author, OPEN_DEED):
        return
    asking = _noticed(tx, message, author, found, now)
    if asking is None:
        return
    if found.certainty is Certainty.SURE and desk.channels[message.channel].recognise == "open":
        _open(tx, desk, asking, now)
    elif desk.is_live:
        to = Recipient(author.team, author.id, message.channel, thread_ts=message.thread_ts)
        add_page(tx, to, now, ASKING, asking.id)


def _noticed(tx: Tx, message: Message, author: Actor, found: Recognised, now: datetime) -> Asking | None:
    """Write down that it looks like a request; None where it was seen before."""
    assert found.kind is not None, "what is recognised has a kind"
    row: dict[str, Any] = {
        "id": new_id(now),
        "channel": message.channel,
        "ts": message.ts,
        "team": author.team,
        "user": author.id,
        "state": Standing.ASKED,
        "words": message.text[:3000],
        "kind": found.kind,
        "fields": dict(found.fields),
        "at": now,
    }
    return asking_of(tx, row["id"]) if insert_if_new(tx, askings, row, key=["channel", "ts"]) else None


def asking_of(tx: Tx, asking_id: str) -> Asking | None:
    row = tx.execute(select(askings).where(askings.c.id == asking_id)).first()
    if row is None:
        return None
    origin, author = Origin(row.channel, row.ts), Actor.person(row.team, row.user)
    return Asking(row.id, Standing(row.state), origin, author, row.words, Kind(row.kind), dict(row.fields))


def say_yes(actor: Actor, tx: Tx, desk: Desk, asking_id: str, now: datetime) -> Asked:
    """Have the message be a request: so says its author."""
    asking = asking_of(tx, asking_id)
    if asking is None or asking.author != actor or not _settle(tx, asking, Standing.OPENED):
        return Refused(text("request.asking.over"))
    return _asked(tx, desk, asking, now)


def say_no(actor: Actor, tx: Tx, asking_id: str) -> bool:
    """Leave the message alone: it is not asked about again. False where it is not this person's to say."""
    asking = asking_of(tx, asking_id)
    return asking is not None and asking.author == actor and _settle(tx, asking, Standing.REFUSED)


def _open(tx: Tx, desk: Desk, asking: Asking, now: datetime) -> None:
    _settle(tx, asking, Standing.OPENED)
    _answer(tx, asking.author, asking.origin, _asked(tx, desk, asking, now), now)


def _asked(tx: Tx, desk: Desk, asking: Asking, now: datetime) -> Asked:
    """Have it be a request; where that is refused the question stays, so that a yes counts later."""
    answer = ask(asking.author, tx, desk, _wish(asking), now)
    if isinstance(answer, Refused):
        _settle(tx, asking, Standing.ASKED, before=Standing.OPENED)
    return answer


def _settle(tx: Tx, asking: Asking, to: Standing, *, before: Standing = Standing.ASKED) -> bool:
    mine = askings.c.id == asking.id, askings.c.state == before
    return tx.execute(update(askings).where(*mine).values(state=to)).rowcount == 1


def _wish(asking: Asking) -> Wish:
    key = f"{asking.origin.channel}:{asking.origin.ts}"
    return Wish(asking.kind, asking.words, asking.author, Way.MESSAGE, asking.origin, key, asking.fields)


def _answer(tx: Tx, author: Actor, origin: Origin, answer: Asked, now: datetime) -> None:
    """Tell the author what a card does not show: that somebody asked before, or why not."""
    to = Recipient(author.team, author.id, origin.channel, thread_ts=origin.thread or None)
    match answer:
        case Joined(said=said) if author.is_person:
            add_reply(tx, to, now, said)
        case Refused(why=why) if author.is_person:
            add_reply(tx, to, now, why)
        case _:
            return
