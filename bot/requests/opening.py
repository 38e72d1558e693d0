"""What somebody asks for becomes a request, once; the same that somebody asked before is joined to that."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot import outbox, timeline
from bot.actor import Actor, named
from bot.audit import service as audit
from bot.dates.grammar import read_dates
from bot.dates.written import write
from bot.oncall.rules import calling
from bot.ref import new_id
from bot.requests import queries, rules, telling
from bot.requests.answers import Asked, Done, Joined, Refused
from bot.requests.desk import OPEN_DEED, Desk
from bot.requests.model import Request, State, Wish
from bot.store import Tx
from bot.store.tables import followers, requests
from bot.store.upsert import insert_if_new, insert_into
from bot.text import Text, text
from bot.triage.redact import redact

WORKFLOW = Actor.seen_in("workflow")
"""Who asks by a form that names nobody."""


def ask(actor: Actor, tx: Tx, desk: Desk, wish: Wish, now: datetime) -> Asked:
    """Have it become a request, on a card of its own. `actor` asks, for themselves or for somebody else.

    Asked twice by the same message or form it is one. What needs no secret to be done has none: they are taken out.
    """
    if actor.is_person and (why := desk.authorise(tx, actor, OPEN_DEED)):
        return Refused(why)
    if wish.requester not in {actor, WORKFLOW} and desk.authorise(tx, wish.requester, OPEN_DEED):
        return Refused(text("request.wrong.may_not_ask", who=named(wish.requester)), "requester")
    reader = desk.reader_of(tx, wish.requester.team, wish.requester.id)
    wish = _clean(wish, now.astimezone(reader.zone).date())
    if not wish.words:
        return Refused(text("request.wrong.no_words"), "what")
    if known := _known(actor, tx, wish, now):
        return known
    row = _row(actor, tx, desk, wish, now, reader.locale) | {"open_key": rules.open_key(wish)}
    if _insert(tx, row):
        return Done(_show(actor, tx, desk, row["id"], now), text("request.opened"))
    # Another process was first, just now; what it wrote is seen only if it is not over already.
    return _known(actor, tx, wish, now) or Refused(text("request.try_again"))


def _known(actor: Actor, tx: Tx, wish: Wish, now: datetime) -> Asked | None:
    """Return what was asked by the same message or form, or join what somebody asked before."""
    if known := queries.by_key(tx, wish.key):
        return Done(known, text("request.opened"))
    open_key = rules.open_key(wish)
    other = queries.standing(tx, open_key, lock=True) if open_key else None
    return _join(actor, tx, other, wish, now) if other else None


def _insert(tx: Tx, row: Mapping[str, Any]) -> bool:
    """Write it down unless the same message, or an open request for the same thing, was first."""
    statement = insert_into(tx.dialect.name, requests).on_conflict_do_nothing()
    return tx.execute(statement, dict(row), execution_options={"preserve_rowcount": True}).rowcount == 1


def _show(actor: Actor, tx: Tx, desk: Desk, request_id: str, now: datetime) -> Request:
    request = queries.load(tx, request_id)
    assert request is not None, "it was written just now"
    outbox.want_card(tx, request.ref, desk.place(request.origin))
    said = "opened" if actor == request.requester else "registered"
    timeline.record(tx, request.ref, now, actor, text(f"request.moment.{said}", requester=named(request.requester)))
    if request.mentioned_at:  # the card itself calls them
        telling.count_call(tx, desk, request, now, request.called.ids)
    body = {"kind": request.kind.value, "way": request.way.value, "requester": str(request.requester)}
    audit.append(tx, now, actor, "request.opened", request.ref, body)
    return request


def _row(actor: Actor, tx: Tx, desk: Desk, wish: Wish, now: datetime, language: str) -> dict[str, Any]:
    watched = desk.watched(wish.origin.channel)
    promised = rules.promised(desk.promise(wish.kind), now, desk.hours)
    mention_at = rules.first_mention(wish.is_urgent, now, desk.hours)
    return {
        "id": new_id(now),
        "team": wish.requester.team or actor.team,
        "key": wish.key,
        "kind": wish.kind,
        "state": State.NEW,
        "words": wish.words,
        "fields": dict(wish.fields),
        "needed_by": wish.needed_by,
        "why": wish.why,
        "is_urgent": wish.is_urgent,
        "requester": str(wish.requester),
        "registered_by": str(actor),
        "way": wish.way,
        "channel": wish.origin.channel,
        "message_ts": wish.origin.ts,
        "thread_ts": wish.origin.thread,
        "language": language,
        "schedule": watched.schedule,
        "opened_at": now,
        "called": calling(desk.duty(tx, watched.schedule, now)).to_json(),
        "mention_at": mention_at,
        "mentioned_at": now if mention_at <= now else None,
        "answer_due_at": promised.answer_at,
        "done_due_at": promised.done_at,
        "told": [],
        "look_at": now,
    }


def _join(actor: Actor, tx: Tx, other: Request, wish: Wish, now: datetime) -> Joined:
    """Have whoever asks follow what somebody asked before; asking once more changes nothing."""
    said = text("request.already", by=named(other.requester), state=standing(other), at=other.opened_at)
    if wish.requester == other.requester:
        return Joined(other, text("request.already_yours", state=standing(other), at=other.opened_at), is_new=False)
    origin = {"channel": wish.origin.channel, "thread_ts": wish.origin.thread}
    row = {"request_id": other.id, "actor": str(wish.requester), "since": now, **origin}
    is_new = insert_if_new(tx, followers, row, key=["request_id", "actor"])
    if is_new:
        timeline.record(tx, other.ref, now, actor, text("request.moment.joined", who=named(wish.requester)))
        audit.append(tx, now, actor, "request.joined", other.ref, {"requester": str(wish.requester)})
        outbox.want_card(tx, other.ref)
    return Joined(other, said, is_new)


def follow(actor: Actor, tx: Tx, original: Request, who: Actor, now: datetime) -> None:
    """Have a person told of what becomes of somebody else's request."""
    row = {"request_id": original.id, "actor": str(who), "since": now}
    if who != original.requester and insert_if_new(tx, followers, row, key=["request_id", "actor"]):
        timeline.record(tx, original.ref, now, actor, text("request.moment.joined", who=named(who)))
        outbox.want_card(tx, original.ref)


def standing(request: Request) -> Text:
    """Say how it stands, with who has it."""
    return text(f"request.standing.{request.state}", by=named(request.ended_by or request.assignee))


def _clean(wish: Wish, today: date) -> Wish:
    """Return what was written without secrets, no longer than is kept, with dates that mean the same tomorrow."""
    fields = {name[:40]: redact(value.strip())[: rules.LONGEST_FIELD] for name, value in wish.fields.items() if value}
    if written := fields.get("dates"):
        dates = read_dates(written, today)
        fields["dates"] = written if isinstance(dates, Text) else write(dates)
    return replace(
        wish,
        words=rules.visible(redact(wish.words.strip())[: rules.LONGEST_WORDS].strip()),
        needed_by=redact(wish.needed_by.strip())[: rules.LONGEST_SHORT],
        why=redact(wish.why.strip())[: rules.LONGEST_SHORT],
        fields=dict(list(fields.items())[: rules.MOST_FIELDS]),
    )
