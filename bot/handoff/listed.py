"""The list behind a figure, a page at a time."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import select

from bot.handoff.model import Item, ListRef, Scope
from bot.handoff.moments import at_once
from bot.handoff.page import PAGE, Listed
from bot.handoff.queries import report
from bot.handoff.things import threads_of
from bot.incidents.memory import threads
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import grants, incidents, requests, runs, storms
from bot.triage.identity import name_of

_MILLISECONDS = 11  # characters at the beginning of an id


def listed(tx: Tx, scope: Scope, ref: ListRef, page: int = 0) -> Listed:
    """Return a page of what a figure of the report counts; the report is made anew, and the same as it was."""
    figure = report(tx, scope, ref.start, ref.end).figures[ref.name]
    last = max(len(figure.of) - 1, 0) // PAGE
    page = min(max(page, 0), last)
    shown = figure.of[page * PAGE : (page + 1) * PAGE]
    return Listed(ref, figure, items(tx, shown), page, len(figure.of))


def items(tx: Tx, refs: Iterable[Ref]) -> tuple[Item, ...]:
    """Return these things by name, with where people find them."""
    wanted = tuple(refs)
    named: dict[Ref, Item] = {}
    for kind in dict.fromkeys(ref.kind for ref in wanted):
        named |= _items(tx, kind, [ref.id for ref in wanted if ref.kind == kind])
    return tuple(named.get(ref) or Item(ref, str(ref), _at(ref)) for ref in wanted)


def _items(tx: Tx, kind: str, ids: list[str]) -> Mapping[Ref, Item]:
    found = {}
    for some in at_once(ids):
        where = threads(tx, some) if kind == "incident" else threads_of(tx, kind, some)
        for each, name in _names(tx, kind, some).items():
            ref = Ref(kind, each)
            found[ref] = Item(ref, name, _at(ref), where.get(each))
    return found


def _names(tx: Tx, kind: str, ids: Iterable[str]) -> Mapping[str, str]:
    match kind:
        case "incident":
            rows = tx.execute(select(incidents).where(incidents.c.id.in_(list(ids))))
            return {row.id: name_of(row.resource, row.title, row.source) for row in rows}
        case "run":
            rows = tx.execute(select(runs.c.id, runs.c.operation, runs.c.arguments).where(runs.c.id.in_(list(ids))))
            return {row.id: " ".join([row.operation, *_said(row.arguments)]) for row in rows}
        case "grant":
            rows = tx.execute(select(grants.c.id, grants.c.member, grants.c.resource).where(grants.c.id.in_(list(ids))))
            return {row.id: f"{row.member} → {row.resource}" for row in rows}
        case "request":
            rows = tx.execute(select(requests.c.id, requests.c.words).where(requests.c.id.in_(list(ids))))
            return {row.id: row.words for row in rows}
        case "storm":
            rows = tx.execute(select(storms.c.id, storms.c.route).where(storms.c.id.in_(list(ids))))
            return {row.id: f"storm {row.route}" for row in rows}
        case _:
            return {}


def _said(arguments: Mapping[str, object]) -> list[str]:
    return [each for each in arguments.values() if isinstance(each, str) and each]


def _at(ref: Ref) -> datetime:
    """Return when a thing began: its id begins with it."""
    try:
        return datetime.fromtimestamp(int(ref.id[:_MILLISECONDS], 16) / 1000, UTC)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
