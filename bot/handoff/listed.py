"""The list behind a figure, a page at a time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from bot.actor import Actor, named
from bot.handoff.blocks import of_these
from bot.handoff.calls import calls, users_of
from bot.handoff.model import Item, ListRef, Name, Report, Scope
from bot.handoff.moments import at_once, began, deeds
from bot.handoff.page import PAGE, Listed
from bot.handoff.queries import report
from bot.handoff.things import threads_of
from bot.incidents.memory import threads
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import grants, handoffs, incidents, requests, runs, silences, storms
from bot.text import Mention, Param, Text, text
from bot.triage.identity import name_of

MOST_NOTED = 5  # calls or people that are told of one thing


def listed(tx: Tx, scope: Scope, ref: ListRef, page: int = 0) -> Listed:
    """Return a page of what a figure of the report counts; the report is made anew, and the same as it was."""
    found = report(tx, scope, ref.start, ref.end)
    figure = found.figures[ref.name]
    last = max(len(figure.of) - 1, 0) // PAGE
    page = min(max(page, 0), last)
    shown = figure.of[page * PAGE : (page + 1) * PAGE]
    noted = _notes(tx, scope, found, ref.name)
    told = (replace(each, note=noted.get(each.ref) or each.note) for each in items(tx, shown))
    return Listed(ref, figure, tuple(told), page, len(figure.of))


def _notes(tx: Tx, scope: Scope, found: Report, name: Name) -> Mapping[Ref, Text]:
    """Return by thing for whom a figure about people counts it."""
    people = users_of(found.stints)
    said: dict[Ref, list[Text]] = defaultdict(list)
    if name is Name.CALLED:
        for call in calls(tx, scope, people, found.start, found.end):
            clock = text(f"report.clock.{call.clock}")
            said[call.ref].append(text("report.list.call", who=Mention(call.user), at=call.at, clock=clock))
    if name is Name.DEEDS:
        for actor, made in of_these(deeds(tx, found.start, found.end), people).items():
            for ref, n in made.items():
                said[ref].append(text("report.list.deeds", who=named(Actor.parse(actor)), times=n))
    return {ref: text("report.list.note", each=_some(each)) for ref, each in said.items()}


def _some(said: Sequence[Text]) -> tuple[Param, ...]:
    left = len(said) - MOST_NOTED
    return (*said[:MOST_NOTED], text("report.more", left=left)) if left > 0 else tuple(said)


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
        sources = _sources(tx, some) if kind == "incident" else {}
        for each, name in _names(tx, kind, some).items():
            ref, source = Ref(kind, each), sources.get(each)
            told_by = text("report.list.source", name=source) if source else None
            found[ref] = Item(ref, name, _at(ref), where.get(each), told_by)
    return found


def _sources(tx: Tx, ids: Iterable[str]) -> Mapping[str, str]:
    rows = tx.execute(select(incidents.c.id, incidents.c.source).where(incidents.c.id.in_(list(ids))))
    return {row.id: row.source for row in rows}


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
        case "silence":
            rows = tx.execute(select(silences.c.id, silences.c.matchers).where(silences.c.id.in_(list(ids))))
            return {row.id: " ".join(f"{key}={pattern}" for key, pattern in row.matchers) for row in rows}
        case "handoff":
            rows = tx.execute(select(handoffs.c.id, handoffs.c.schedule).where(handoffs.c.id.in_(list(ids))))
            return {row.id: f"handoff {row.schedule}" for row in rows}
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
        return began(ref.id)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
