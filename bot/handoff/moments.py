"""Histories in bulk: of whatever a window touched, up to its end."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, func, select

from bot.handoff.lives import Written
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.tables import handoffs, timeline

AT_ONCE = 900
_MILLISECONDS = 11  # characters at the beginning of an id


def begins(at: datetime) -> str:
    """Return what the ids of that millisecond begin with: ids sort by time, and are smaller or greater than it."""
    return new_id(at)[:_MILLISECONDS]


def began(id_: str) -> datetime:
    """Return when the thing with this id began: what ids begin with. Raises ValueError."""
    return datetime.fromtimestamp(int(id_[:_MILLISECONDS], 16) / 1000, UTC)


def watched_since(tx: Tx) -> datetime | None:
    """Return when anything was written down first: what happened, or that somebody was on call. None: nothing was."""
    happened = tx.execute(select(timeline.c.at).order_by(timeline.c.id).limit(1)).scalar()
    handed = tx.execute(select(func.min(handoffs.c.id))).scalar()
    return min((at for at in (happened, began(handed) if handed else None) if at), default=None)


def in_window(column: ColumnElement[str], start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return that an id is of the window, to the millisecond: which index to read, before the times are compared."""
    return column >= begins(start), column < begins(end) + "g"


def touched(tx: Tx, kind: str, start: datetime, end: datetime) -> set[str]:
    """Return the ids of everything of a kind whose history has a moment in the window."""
    here = in_window(timeline.c.id, start, end)
    of_kind = (func.substr(timeline.c.ref, 1, len(kind) + 1) == f"{kind}:",)  # no range: its index would be preferred
    rows = tx.execute(
        select(timeline.c.ref).distinct().where(*here, *of_kind, timeline.c.at >= start, timeline.c.at < end)
    ).scalars()
    return {ref.partition(":")[2] for ref in rows}


def lived(tx: Tx, table: Table, since: datetime, before: datetime) -> set[str]:
    """Return the ids of what began before the one moment, by its id, and had not ended at the other.

    What lasts is read by the index of the ends, and so is what ended later: together with another condition they would
    be looked for among all that ever was.
    """
    ended, last = table.c.ended_at, begins(before) + "g"
    found = (tx.execute(select(table.c.id).where(which)).scalars() for which in (ended.is_(None), ended >= since))
    return {each for some in found for each in some if each < last}


def rows_of(tx: Tx, table: Table, ids: Iterable[str]) -> Iterator[Row[Any]]:
    """Yield the rows with these ids in their order."""
    for some in at_once(ids):
        yield from tx.execute(select(table).where(table.c.id.in_(some)).order_by(table.c.id))


def histories(tx: Tx, kind: str, ids: Iterable[str], end: datetime) -> Mapping[str, list[Written]]:
    """Return by id what happened to each before `end`, oldest first."""
    told: dict[str, list[Written]] = defaultdict(list)
    columns = (timeline.c.ref, timeline.c.at, timeline.c.actor, timeline.c.body, timeline.c.facts)
    for some in at_once(ids):
        refs = [f"{kind}:{each}" for each in some]
        query = select(*columns).where(timeline.c.ref.in_(refs), timeline.c.at < end)
        for ref, at, actor, body, facts in tx.execute(query.order_by(timeline.c.at, timeline.c.id)):
            told[ref.partition(":")[2]].append(_written(at, actor, body, facts))
    return told


def _written(at: datetime, actor: str, body: Mapping[str, Any], facts: Mapping[str, Any] | None) -> Written:
    msgid, params = body["$text"], body["params"]
    if msgid.endswith(".moment.why"):  # the moment itself is one of its parameters
        msgid, params = params["moment"]["$text"], params["moment"]["params"]
    return Written(at, actor, msgid.rpartition(".")[2], params, facts)


def deeds(tx: Tx, start: datetime, end: datetime) -> Mapping[str, Counter[Ref]]:
    """Return of how many moments of the window each person is the maker, by what they are about."""
    here = in_window(timeline.c.id, start, end)
    mine = timeline.c.actor >= "person:", timeline.c.actor < "person;"
    query = select(timeline.c.actor, timeline.c.ref, func.count().label("n")).where(
        *here, *mine, timeline.c.at >= start, timeline.c.at < end
    )
    made: dict[str, Counter[Ref]] = defaultdict(Counter)
    for row in tx.execute(query.group_by(timeline.c.actor, timeline.c.ref).order_by(timeline.c.ref)):
        made[row.actor][Ref.parse(row.ref)] = row.n
    return made


def at_once(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    """Yield the ids in order, as many at a time as one statement takes."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
