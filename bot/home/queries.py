"""What Homes show, out of the store: each list by as many statements as it takes for one, however long it is."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, Select, bindparam, func, literal, select, union_all

from bot.access.model import OPEN as OPEN_GRANTS
from bot.access.model import Grant, GrantState
from bot.access.queries import grants_in
from bot.actor import Actor
from bot.home.model import COUNTED, Listed, Shown
from bot.home.rules import last_page
from bot.incidents.finding import found
from bot.incidents.fix import Thread
from bot.incidents.found import Found
from bot.incidents.model import OPEN, IncidentState
from bot.operations.lifecycle import State
from bot.operations.model import Run
from bot.operations.queries import run_of
from bot.operations.statements import statements_of_all
from bot.requests.model import OPEN as OPEN_REQUESTS
from bot.requests.model import Request
from bot.requests.queries import requests_in
from bot.silences.model import Silence, SilenceState
from bot.silences.queries import silences_in
from bot.store import Tx
from bot.store.tables import cards, grants, incidents, requests, runs, silences
from bot.triage.model import Severity

LOOKED_AT: Final = 50  # runs that wait, things that end: more than anybody looks through

_STANDS_ALONE = incidents.c.root_id.is_(None)
_URGENCY = (Severity.CRITICAL, Severity.ERROR, Severity.WARNING, Severity.INFO)
_LANES: Final = tuple((state, severity) for state in OPEN for severity in _URGENCY)  # what nobody has taken on first


def _counted(state: IncidentState) -> Any:
    """Return how many there are of one state. Of two at once SQLite would look through all that stand alone."""
    some = select(incidents.c.id).where(incidents.c.state == state.value, _STANDS_ALONE).limit(COUNTED + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _lane(rank: int, state: IncidentState, severity: Severity) -> Any:
    """Return the ids at a lane's beginning, read from its index, as far as the page reaches."""
    mine = incidents.c.state == state.value, incidents.c.severity == severity.value, _STANDS_ALONE
    oldest = select(incidents.c.id, literal(rank).label("rank")).where(*mine).order_by(incidents.c.id)
    return select(oldest.limit(bindparam("until", type_=Integer)).subquery())


def _by_urgency() -> Select[Any]:
    lanes = union_all(*(_lane(rank, *each) for rank, each in enumerate(_LANES))).subquery()
    chosen = select(lanes.c.id).order_by(lanes.c.rank, lanes.c.id)
    return chosen.offset(bindparam("offset", type_=Integer)).limit(bindparam("size", type_=Integer))


# Made once: to make them takes longer than to run them.
_COUNTS = select(*map(_counted, (*OPEN, IncidentState.STALE)))
_MOST_URGENT = _by_urgency()


def urgent(tx: Tx, shown: Shown) -> tuple[Listed[Found], int]:
    """Return the open incidents of a page, the most urgent first, and how many are stale.

    Those that follow from another one are told with it. Nothing is counted beyond `COUNTED`.
    """
    untaken, taken, stale = tx.execute(_COUNTS).one()
    total = untaken + taken
    offset = last_page(shown, total).offset
    page = {"until": offset + shown.size, "offset": offset, "size": shown.size}
    ids = tx.execute(_MOST_URGENT, page).scalars().all() if total else []
    rows = {row.id: row for row in tx.execute(select(incidents).where(incidents.c.id.in_(ids)))} if ids else {}
    return Listed(found(tx, [rows[each] for each in ids]) if ids else (), total, offset), stale


def followers(tx: Tx, ids: Collection[str]) -> Mapping[str, int]:
    """Return by incident how many open ones follow from it.

    Joined to nothing, the state has no index: else SQLite would look through all that is open instead of the few.
    """
    mine = incidents.c.root_id.in_(ids), (incidents.c.state + "").in_(OPEN)
    counted = select(incidents.c.root_id, func.count()).where(*mine).group_by(incidents.c.root_id)
    return {row[0]: row[1] for row in tx.execute(counted)} if ids else {}


def waiting_for_a_yes(tx: Tx) -> tuple[Run, ...]:
    """Return the runs that wait for approval, the longest first, with what was said to them and without their steps."""
    waits = runs.c.state == State.AWAITING_APPROVAL.value, runs.c.waiting_since.is_not(None)
    rows = tx.execute(select(runs).where(*waits).order_by(runs.c.waiting_since).limit(LOOKED_AT)).all()
    said = statements_of_all(tx, [row.id for row in rows]) if rows else {}
    return tuple(run_of(row, (), said.get(row.id, ())) for row in rows)


def open_requests(tx: Tx, shown: Shown, schedules: Collection[str]) -> Listed[Request]:
    """Return the open requests of a page: what was promised for the nearest time first, then by age.

    With schedules only what belongs to those. Nothing is counted beyond `COUNTED`.
    """
    mine = [requests.c.state.in_([each.value for each in OPEN_REQUESTS])]
    mine += [requests.c.schedule.in_(schedules)] if schedules else []
    some = select(requests.c.id).where(*mine).limit(COUNTED + 1).subquery()
    total = tx.execute(select(func.count()).select_from(some)).scalar_one()
    offset = last_page(shown, total).offset
    due = func.coalesce(requests.c.answer_due_at, requests.c.done_due_at)
    ordered = select(requests).where(*mine).order_by(due.is_(None), due, requests.c.id)
    return Listed(requests_in(tx, ordered.offset(offset).limit(shown.size)), total, offset)


def requests_of(tx: Tx, person: Actor, shown: Shown) -> tuple[Request, ...]:
    """Return what somebody asked for: what is still open, then what is over, each the newest first.

    Both are read from an index, as many as are shown, however much the person ever asked for.
    """
    newest = select(requests).where(requests.c.requester == str(person)).order_by(requests.c.id.desc())
    still_open = requests_in(tx, newest.where(requests.c.ended_at.is_(None)).limit(shown.size))
    left = shown.size - len(still_open)
    return (*still_open, *(requests_in(tx, newest.where(requests.c.ended_at.is_not(None)).limit(left)) if left else ()))


def silences_ending(tx: Tx, until: datetime) -> tuple[Silence, ...]:
    mine = silences.c.state == SilenceState.ACTIVE.value, silences.c.until <= until
    return silences_in(tx, select(silences).where(*mine).order_by(silences.c.until).limit(LOOKED_AT))


def grants_ending(tx: Tx, until: datetime) -> tuple[Grant, ...]:
    mine = grants.c.state == GrantState.ACTIVE.value, grants.c.expires_at <= until
    return grants_in(tx, select(grants).where(*mine).order_by(grants.c.expires_at).limit(LOOKED_AT))


def grants_of(tx: Tx, person: Actor) -> tuple[Grant, ...]:
    """Return what somebody has, the next to end first."""
    mine = grants.c.person == str(person), grants.c.state.in_([each.value for each in OPEN_GRANTS])
    return grants_in(tx, select(grants).where(*mine).order_by(grants.c.expires_at).limit(LOOKED_AT))


def threads(tx: Tx, refs: Collection[str]) -> Mapping[str, Thread]:
    """Return by reference where each is told that is told already."""
    columns = (cards.c.ref, cards.c.shown_channel, cards.c.ts, cards.c.root_ts)
    rows = tx.execute(select(*columns).where(cards.c.ref.in_(refs), cards.c.ts.is_not(None))) if refs else ()
    return {row.ref: Thread(row.shown_channel, row.ts, row.root_ts) for row in rows}
