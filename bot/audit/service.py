"""Adds to the audit, checks it, and erases what is personal in it. Entries are never changed."""

from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Select, String, bindparam, cast, insert, or_, select, update

from bot.actor import Actor
from bot.audit.chain import ERASED, GENESIS, Broken, Entry, Fine, Head, Record, check, hash_of
from bot.audit.personal import WHO, Piece, part
from bot.ref import Ref
from bot.store import Tx
from bot.store.prepared import Prepared
from bot.store.tables import audit, audit_head, audit_personal, people
from bot.store.types import canonical
from bot.store.upsert import insert_if_new
from bot.text import Text

Authorise = Callable[[Tx, Actor, str], Text | None]
DEEDS = ("audit.erase",)
"""What a policy may allow people to do with the audit."""
LOG = Ref("audit", "log")
"""The audit as a whole."""

_THE_HEAD = 1
_AT_ONCE = 500  # rows in memory while the whole record is read


def append(tx: Tx, at: datetime, actor: Actor, deed: str, ref: Ref, body: Mapping[str, Any]) -> Entry:
    """Add what was done, in the transaction that does it. The head stays locked until that ends.

    Names, addresses and free text are kept apart, where `erase` can take them away.
    """
    said = {**body, WHO: called} if (called := _called(tx, actor)) else body
    public, pieces = part(orjson.loads(canonical(said)), actor.id)
    head = _locked_head(tx)
    bare = Entry(head.position + 1, at, str(actor), deed, str(ref), public, head.hash)
    entry = replace(bare, hash=hash_of(bare))
    _ADD.count(tx, **_fields(entry))
    if pieces:
        _ADD_PERSONAL.many(tx, [asdict(piece) | {"position": entry.position} for piece in pieces])
    _MOVE_HEAD.count(tx, position=entry.position, hash=entry.hash)
    return entry


def hold(tx: Tx) -> None:
    """Let nobody else add to the record until this transaction ends. SQLite has one writer at a time anyway."""
    _locked_head(tx)


def verify(tx: Tx, exported: Iterable[Head] = ()) -> Fine | Broken:
    """Return whether the record is as it was written, from its first entry to its head and to heads kept elsewhere."""
    with closing(records(tx)) as found:
        return check(found, head(tx), exported)


def head(tx: Tx) -> Head:
    row = tx.execute(select(audit_head.c.position, audit_head.c.hash)).first()
    return Head(row.position, row.hash) if row else Head()


def records(tx: Tx, *about: Ref, since: datetime | None = None, until: datetime | None = None) -> Generator[Record]:
    """Yield the record in order, a few rows in memory at a time: all, of these things, of `since <= at < until`."""
    wanted = [
        *([audit.c.ref.in_([str(each) for each in about])] if about else []),
        *([audit.c.at >= since] if since else []),
        *([audit.c.at < until] if until else []),
    ]
    parts = select(audit_personal).join(audit, audit.c.position == audit_personal.c.position).where(*wanted)
    by_position = groupby(_rows(tx, parts.order_by(audit_personal.c.position, audit_personal.c.place)), _position)
    position, pieces = next(by_position, _NO_MORE)
    for row in _rows(tx, select(audit).where(*wanted).order_by(audit.c.position)):
        entry = Entry(*(getattr(row, name) for name in Entry.__dataclass_fields__))
        its: tuple[Piece, ...] = ()
        if position == entry.position:
            its = tuple(Piece(each.place, tuple(each.people), each.salt, each.value) for each in pieces)
            position, pieces = next(by_position, _NO_MORE)
        yield Record(entry, its)


def erase(actor: Actor, tx: Tx, whose: Collection[str], now: datetime, authorise: Authorise) -> int | Text:
    """Take away for good what is personal of these people, by Slack id or address; return how many parts that were.

    Names, addresses and what they wrote go; that something was done, when, and by which id stays, and the record
    remains whole. Returns why not, where the policy does not allow it.
    """
    if why := authorise(tx, actor, DEEDS[0]):
        return why
    _locked_head(tx)
    found = [(row.position, row.place) for row in tx.execute(_belonging_to(whose))]
    gone: dict[str, Any] = {"salt": None, "value": None, "people": [], "erased_at": now}
    for position, place in found:
        this = audit_personal.c.position == position, audit_personal.c.place == place
        tx.execute(update(audit_personal).where(*this).values(gone))
    if found:
        append(tx, now, actor, ERASED, LOG, {"pieces": found})
    return len(found)


def personal_parts(tx: Tx, whose: Collection[str]) -> int:
    """Return how many parts `erase` would take away."""
    return len(tx.execute(_belonging_to(whose)).all())


_ADD = Prepared(lambda _: insert(audit).values({each.name: bindparam(each.name, type_=each.type) for each in audit.c}))
_KEPT = tuple(audit_personal.c[name] for name in ("position", "place", "people", "salt", "value"))
_ADD_PERSONAL = Prepared(
    lambda _: insert(audit_personal).values({each.name: bindparam(each.name, type_=each.type) for each in _KEPT})
)
_LOCK_HEAD = Prepared(
    lambda _: select(audit_head.c.position, audit_head.c.hash).where(audit_head.c.id == _THE_HEAD).with_for_update()
)
_MOVE_HEAD = Prepared(
    lambda _: (
        update(audit_head)
        .where(audit_head.c.id == _THE_HEAD)
        .values(
            position=bindparam("position", type_=audit_head.c.position.type),
            hash=bindparam("hash", type_=audit_head.c.hash.type),
        )
    )
)
_CALLED = Prepared(
    lambda _: select(people.c.real_name, people.c.name, people.c.email).where(
        people.c.team == bindparam("team", type_=people.c.team.type),
        people.c.user == bindparam("user", type_=people.c.user.type),
    )
)
_NO_MORE: tuple[int, Iterator[Any]] = (0, iter(()))


def _called(tx: Tx, actor: Actor) -> dict[str, str]:
    """Return how the person is called by now; accounts go and names change, so it is part of the entry."""
    found = _CALLED.rows(tx, team=actor.team, user=actor.id) if actor.is_person else []
    if not found:
        return {}
    real_name, name, email = found[0]
    return {"name": real_name or name, **({"email": email} if email else {})}


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__dataclass_fields__}


def _locked_head(tx: Tx) -> Head:
    rows = _LOCK_HEAD.rows(tx)
    if not rows:
        insert_if_new(tx, audit_head, {"id": _THE_HEAD, "position": 0, "hash": GENESIS}, key=["id"])
        rows = _LOCK_HEAD.rows(tx)
    position, newest = rows[0]
    return Head(position, newest)


def _belonging_to(whose: Collection[str]) -> Select[Any]:
    """Return the query for what is personal of these people and not yet erased."""
    of_whom, key = cast(audit_personal.c.people, String), (audit_personal.c.position, audit_personal.c.place)
    written = [orjson.dumps(each.lower() if "@" in each else each).decode() for each in whose]
    theirs = or_(*(of_whom.contains(each, autoescape=True) for each in written))
    return select(*key).where(audit_personal.c.erased_at.is_(None), theirs).order_by(*key)


def _rows(tx: Tx, query: Select[Any]) -> Iterator[Any]:
    with closing(tx.execute(query, execution_options={"yield_per": _AT_ONCE})) as found:
        yield from found


def _position(row: Any) -> int:
    return int(row.position)
