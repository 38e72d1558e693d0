"""Finds incidents, newest first, page by page, and looks at no more of them than a page needs.

Ids begin with their time, so a page begins where the one before it ended, and every statement reads an index from
there on. Words and things are looked up in `incident_words`, which knows things instead of incidents.
"""

import heapq
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, intersect, select

from bot.actor import Actor
from bot.incidents.fix import Fix
from bot.incidents.found import LOOKED_AT, PAGE, Found, Page
from bot.incidents.index import facet, facets
from bot.incidents.memory import threads
from bot.incidents.model import IncidentState
from bot.incidents.search import ALL, Search
from bot.incidents.words import holds, words_of
from bot.ref import new_id
from bot.store import Tx
from bot.store.tables import incident_words, incidents
from bot.triage.identity import name_of
from bot.triage.model import Severity

FEW: Final = 50  # things whose incidents are read one thing after another

_BATCH = 50
_NEWEST = "g"  # after every id: those are hexadecimal
_LAST = "\U0010ffff"  # after every character
_MILLISECONDS = 11  # characters at the beginning of an id


def find(tx: Tx, search: Search, before: str = "", *, look_at: int = LOOKED_AT) -> Page:
    """Return the newest incidents that the search admits, of those older than the id `before`.

    At most `look_at` incidents are compared with it.
    """
    looked: list[Row[Any]] = []
    admitted: list[Row[Any]] = []
    for row in islice(_newest_first(tx, search, before or _NEWEST), look_at):
        looked.append(row)
        if _admits(search, row):
            admitted.append(row)
        if len(admitted) > PAGE:
            return Page(found(tx, admitted[:PAGE]), older=admitted[PAGE - 1].id)
    if len(looked) == look_at:
        return Page(found(tx, admitted), looked[-1].id, looked[-1].opened_at)
    return Page(found(tx, admitted))


def _newest_first(tx: Tx, search: Search, before: str) -> Iterator[Row[Any]]:
    """Yield the incidents that may be meant: all filters hold, the words hold for their thing."""
    wheres = _lanes(tx, search)
    lanes = [_lane(tx, where, before) for where in wheres]
    return heapq.merge(*lanes, key=lambda row: row.id, reverse=True)


def _lane(tx: Tx, where: tuple[ColumnElement[bool], ...], before: str) -> Iterator[Row[Any]]:
    """Yield the rows of one range of an index, newest first, a batch at a time."""
    batch = PAGE + 1
    while True:
        older = select(incidents).where(*where, incidents.c.id < before).order_by(incidents.c.id.desc())
        rows = tx.execute(older.limit(batch)).all()
        yield from rows
        if len(rows) < batch:
            return
        before, batch = rows[-1].id, _BATCH


def _lanes(tx: Tx, search: Search) -> list[tuple[ColumnElement[bool], ...]]:
    """Return ranges of indexes in which everything is that the search admits, each in the order of the ids."""
    also = [incidents.c.id >= new_id(search.since)[:_MILLISECONDS]] if search.since else []
    things = _things(search)
    if things is not None:
        named = tx.execute(things.limit(FEW + 1)).scalars().all()
        if len(named) <= FEW:
            also += [incidents.c.state.in_(search.states)] if search.states else []
            also += [incidents.c.source == search.source] if search.source else []
            return [(incidents.c.fingerprint == each, *also) for each in named]
        # Joined to nothing, the column has no index: else SQLite reads and sorts all incidents of all these things.
        also.append((incidents.c.fingerprint + "").in_(things))
    if search.source:
        mine = incidents.c.source == search.source
        return [(mine, incidents.c.state == state, *also) for state in search.states or ALL]
    return [(incidents.c.state == state, *also) for state in search.states] or [tuple(also)]


def _things(search: Search) -> Select[Any] | CompoundSelect[Any] | None:
    """Return the fingerprints of the things that have every word and every name of the search."""
    ranges = [_beginning_with(word) for word in search.words]
    for each in search.filters:
        word = facet(each.facet, each.value)
        ranges.append(_beginning_with(word) if each.is_beginning else incident_words.c.word == word)
    wanted = [select(incident_words.c.fingerprint).where(where) for where in ranges]
    if not wanted:
        return None
    return intersect(*wanted) if len(wanted) > 1 else wanted[0].distinct()


def _beginning_with(word: str) -> ColumnElement[bool]:
    return (incident_words.c.word >= word) & (incident_words.c.word < word + _LAST)


def _admits(search: Search, row: Row[Any]) -> bool:
    """Tell whether this very incident has the words and names: its thing may have had them at another time."""
    named = list(facets(row.resource))
    if not all(any(name == each.facet and each.admits(value) for name, value in named) for each in search.filters):
        return False
    said = (*row.resource.values(), row.title, row.error, row.source, row.owner, row.remark or "")
    return not search.words or holds(words_of(said), search.words)


def found(tx: Tx, rows: Sequence[Row[Any]]) -> tuple[Found, ...]:
    """Return these incidents as they are listed, in the same order."""
    told = threads(tx, [row.id for row in rows])
    return tuple(
        Found(
            id=row.id,
            state=IncidentState(row.state),
            severity=Severity(row.severity),
            source=row.source,
            name=name_of(row.resource, row.title, row.source),
            opened_at=row.opened_at,
            last_alert_at=row.last_alert_at,
            acknowledged_by=_actor(row.acknowledged_by),
            resolved_by=_actor(row.resolved_by),
            resolved_at=row.resolved_at,
            closed_for=timedelta(seconds=row.closed_seconds),
            fix=Fix.of(row),
            thread=told[row.id],
        )
        for row in rows
    )


def _actor(written: str | None) -> Actor | None:
    return Actor.parse(written) if written else None
