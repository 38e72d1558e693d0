"""Rows into the values of `bot.requests`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select

from bot.actor import Actor
from bot.oncall.model import Calling
from bot.operations.lifecycle import ENDED
from bot.operations.lifecycle import State as RunState
from bot.ref import Ref
from bot.requests.kind import Kind
from bot.requests.model import (
    COUNTED,
    KIND,
    OPEN,
    PER_PAGE,
    Awaited,
    Follower,
    Origin,
    Promised,
    QueuePage,
    Request,
    State,
    Way,
    Work,
    ref,
)
from bot.store import Tx
from bot.store.tables import cards, followers, people, requests, runs

_OPEN = tuple(state.value for state in State if state in OPEN)
_DUE = func.coalesce(requests.c.answer_due_at, requests.c.done_due_at)
_DUE_FIRST = (_DUE.is_(None), _DUE, requests.c.id)


def load(tx: Tx, request_id: str, *, lock: bool = False) -> Request | None:
    query = select(requests).where(requests.c.id == request_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().first()
    return request_of(row) if row else None


def by_key(tx: Tx, key: str) -> Request | None:
    """Return what became of the message, form or command of that key."""
    return _first(tx, select(requests).where(requests.c.key == key))


def standing(tx: Tx, open_key: str, *, lock: bool = False) -> Request | None:
    """Return the open request for the same kind of thing and the same object; locked it stays open meanwhile."""
    query = select(requests).where(requests.c.open_key == open_key)
    return _first(tx, query.with_for_update() if lock else query)


def open_requests(tx: Tx, schedules: Iterable[str] | None = None, *, limit: int = 500) -> tuple[Request, ...]:
    """Return what is open, of these schedules or of all: what is due next first, then by age."""
    query = select(requests).where(requests.c.state.in_(_OPEN))
    if schedules is not None:
        query = query.where(requests.c.schedule.in_(list(schedules)))
    return requests_in(tx, query.order_by(*_DUE_FIRST).limit(limit))


def queue(tx: Tx, mine: Actor | None, page: int) -> QueuePage:
    """Return a page of what is open, the last one where there are fewer: what is due next first, then by age.

    `mine` leaves only what this person has, is called for, asked for or follows. Nothing is counted beyond `COUNTED`.
    """
    which = [requests.c.state.in_(_OPEN)] + ([_is_of(mine)] if mine else [])
    some = select(requests.c.id).where(*which).limit(COUNTED + 1).subquery()
    total = tx.execute(select(func.count()).select_from(some)).scalar_one()
    found = QueuePage((), 0, total, mine is not None)
    number = min(max(page, 0), found.pages - 1)
    rows = select(requests).where(*which).order_by(*_DUE_FIRST).offset(number * PER_PAGE).limit(PER_PAGE)
    return replace(found, requests=requests_in(tx, rows), number=number)


def _is_of(user: Actor) -> ColumnElement[bool]:
    """Return whether a request is this person's in any way. Whom it calls is kept as JSON, there each id in quotes."""
    is_called = cast(requests.c.called, String).contains(f'"{user.id}"', autoescape=True)
    return or_(
        requests.c.assignee == str(user),
        requests.c.requester == str(user),
        and_(requests.c.assignee.is_(None), is_called),
        _is_followed_by(user),
    )


def _is_followed_by(user: Actor) -> ColumnElement[bool]:
    return exists().where(followers.c.request_id == requests.c.id, followers.c.actor == str(user))


def of_requester(tx: Tx, user: Actor, *, limit: int = 20) -> tuple[Request, ...]:
    """Return what this person asked for or follows: the open ones first, then the newest."""
    query = select(requests).where(or_(requests.c.requester == str(user), _is_followed_by(user)))
    is_over = requests.c.ended_at.is_not(None)
    return requests_in(tx, query.order_by(is_over, requests.c.id.desc()).limit(limit))


def opened_between(tx: Tx, start: datetime, end: datetime, schedule: str | None = None) -> tuple[Request, ...]:
    return _between(tx, requests.c.opened_at, start, end, schedule)


def ended_between(tx: Tx, start: datetime, end: datetime, schedule: str | None = None) -> tuple[Request, ...]:
    """Return what was ended in that time, in any of the four ways, and was not reopened since."""
    return _between(tx, requests.c.ended_at, start, end, schedule)


def open_at(tx: Tx, at: datetime, schedule: str | None = None) -> tuple[Request, ...]:
    """Return what was asked before that moment and not over by then, as it stands now."""
    still = or_(requests.c.ended_at.is_(None), requests.c.ended_at > at)
    query = select(requests).where(requests.c.opened_at <= at, still)
    if schedule is not None:
        query = query.where(requests.c.schedule == schedule)
    return requests_in(tx, query.order_by(requests.c.id))


def _between(tx: Tx, column: Any, start: datetime, end: datetime, schedule: str | None) -> tuple[Request, ...]:
    query = select(requests).where(column >= start, column < end)
    if schedule is not None:
        query = query.where(requests.c.schedule == schedule)
    return requests_in(tx, query.order_by(column, requests.c.id))


def followers_of(tx: Tx, request_id: str) -> tuple[Follower, ...]:
    rows = tx.execute(select(followers).where(followers.c.request_id == request_id).order_by(followers.c.since))
    return tuple(Follower(Actor.parse(row.actor), row.since) for row in rows)


def has_left(tx: Tx, person: Actor) -> bool:
    """Return whether Slack has said that the account is deactivated. Who is not known yet has not left."""
    mine = people.c.team == person.team, people.c.user == person.id
    return bool(tx.execute(select(people.c.is_deleted).where(*mine)).scalar())


def works_of(tx: Tx, request_id: str) -> tuple[Work, ...]:
    """Return the runs that were begun from the request, oldest first."""
    rows = tx.execute(select(runs).where(runs.c.origin == str(ref(request_id))).order_by(runs.c.id))
    return tuple(_work(row) for row in rows)


def _work(row: Any) -> Work:
    state, by = RunState(row.state), Actor.parse(row.confirmer or row.requester)
    return Work(row.id, row.operation, state.value, by, state in ENDED, state is RunState.SUCCEEDED)


def worked_on(tx: Tx) -> tuple[tuple[Request, tuple[Work, ...]], ...]:
    """Return the open requests from which runs were begun, each with these, oldest first."""
    mine = runs.c.origin == f"{KIND}:" + requests.c.id
    query = select(requests.c.id.label("request_id"), runs).join(runs, mine).where(requests.c.state.in_(_OPEN))
    works: defaultdict[str, list[Work]] = defaultdict(list)
    for row in tx.execute(query.order_by(runs.c.id)):
        works[row.request_id].append(_work(row))
    found = requests_in(tx, select(requests).where(requests.c.id.in_(list(works)))) if works else ()
    return tuple((request, tuple(works[request.id])) for request in found)


def request_in(tx: Tx, channel: str, thread_ts: str) -> Request | None:
    """Return the newest request whose card is in this thread, None where there is none."""
    here = cards.c.root_ts == thread_ts, cards.c.shown_channel == channel, cards.c.ref.startswith(f"{KIND}:")
    found = tx.execute(select(cards.c.ref).where(*here).order_by(cards.c.ref.desc()).limit(1)).scalar()
    if found:
        return load(tx, Ref.parse(found).id)
    asked = select(requests).where(requests.c.channel == channel, requests.c.thread_ts == thread_ts)
    return _first(tx, asked.where(requests.c.state.in_(_OPEN)).order_by(requests.c.id.desc()).limit(1))


def awaited_answers(tx: Tx, limit: int) -> tuple[Awaited, ...]:
    """Return where requesters are asked who may answer in the thread of a card: the newest asked first."""
    columns = cards.c.shown_channel, cards.c.root_ts, requests.c.waiting_since
    asked = requests.c.state == State.WAITING, requests.c.waits_for_requester, cards.c.root_ts.is_not(None)
    shown = select(*columns).join(cards, cards.c.ref == f"{KIND}:" + requests.c.id).where(*asked)
    rows = tx.execute(shown.order_by(requests.c.waiting_since.desc()).limit(limit))
    return tuple(Awaited(row.shown_channel, row.root_ts, row.waiting_since) for row in rows)


def due(tx: Tx, now: datetime) -> tuple[str, ...]:
    """Return the requests with which time has something to do, the longest due first."""
    query = select(requests.c.id).where(requests.c.look_at <= now).order_by(requests.c.look_at)
    return tuple(tx.execute(query.limit(200)).scalars())


def unassigned(tx: Tx) -> tuple[Request, ...]:
    """Return the open requests that nobody took: they belong to whoever is on call."""
    query = select(requests).where(requests.c.state.in_(_OPEN), requests.c.assignee.is_(None))
    return requests_in(tx, query.order_by(requests.c.id))


def _first(tx: Tx, query: Select[Any]) -> Request | None:
    row = tx.execute(query).mappings().first()
    return request_of(row) if row else None


def requests_in(tx: Tx, query: Select[Any]) -> tuple[Request, ...]:
    """Return the requests that a query for whole rows finds, in its order."""
    return tuple(request_of(row) for row in tx.execute(query).mappings())


def request_of(row: Mapping[Any, Any]) -> Request:
    same = ("id", "team", "words", "fields", "language", "schedule", "opened_at", "needed_by", "why", "is_urgent")
    more = ("taken_at", "mention_at", "mentioned_at", "answered_at", "waits_for_requester", "waits_for")
    rest = ("waiting_since", "ended_at", "outcome", "duplicate_of", "version")
    return Request(
        **{name: row[name] for name in (*same, *more, *rest)},
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        requester=Actor.parse(row["requester"]),
        registered_by=Actor.parse(row["registered_by"]),
        way=Way(row["way"]),
        origin=Origin(row["channel"], row["message_ts"], row["thread_ts"]),
        assignee=Actor.parse(row["assignee"]) if row["assignee"] else None,
        called=Calling.from_json(row["called"]),
        promised=Promised(row["answer_due_at"], row["done_due_at"]),
        left=timedelta(seconds=row["left_seconds"]) if row["left_seconds"] is not None else None,
        told=tuple(row["told"]),
        ended_by=Actor.parse(row["ended_by"]) if row["ended_by"] else None,
        evidence=Ref.parse(row["evidence"]) if row["evidence"] else None,
    )
