"""How often Baton called people in a window, and in the stretches before it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from bot.handoff.gathered import Call
from bot.handoff.model import Hours, Scope, Workload
from bot.handoff.rules import COMPARED, Clock, clock_of, hours_of, mean_of
from bot.oncall.history import stints
from bot.oncall.model import Stint
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import interruptions


def calls(tx: Tx, scope: Scope, people: Collection[str], start: datetime, end: datetime) -> tuple[Call, ...]:
    """Return the calls of the window, oldest first: for this schedule, or for none in particular of who was on call."""
    of_theirs = (interruptions.c.schedule == "") & interruptions.c.user.in_(people)
    mine = or_(interruptions.c.schedule == scope.schedule, of_theirs)
    here = mine, interruptions.c.at >= start, interruptions.c.at < end
    rows = tx.execute(select(interruptions).where(*here).order_by(interruptions.c.at, interruptions.c.id))
    return tuple(Call(row.user, row.at, clock_of(row.at, row.zone, scope.hours), Ref.parse(row.ref)) for row in rows)


def on_call(tx: Tx, scope: Scope, start: datetime, end: datetime) -> tuple[str, ...]:
    """Return the Slack users who were on call in the window, in the order in which they were."""
    return users_of(stints(tx, scope.schedule, start, end))


def users_of(found: Sequence[Stint]) -> tuple[str, ...]:
    """Return the Slack users of these stints, each once."""
    return tuple(dict.fromkeys(each.user for stint in found for each in stint.engineers if each.user))


def first_written_at(tx: Tx) -> datetime | None:
    """Return since when calls are written down."""
    return tx.execute(select(func.min(interruptions.c.at)).where(interruptions.c.id == _first())).scalar()


def _first() -> object:
    return select(func.min(interruptions.c.id)).scalar_subquery()


def workloads(
    tx: Tx, scope: Scope, called: Sequence[Call], people: Sequence[str], start: datetime, end: datetime
) -> tuple[Workload, ...]:
    """Return the load of everybody who was on call or was called, the heaviest first.

    A stretch before counts where calls were written down by its end: of others nothing is known, which is not zero.
    """
    span, known_since = end - start, first_written_at(tx)
    ends = [start - span * n for n in range(COMPARED)]
    known = [at for at in ends if known_since is not None and at > known_since]
    before = {at: _by_person(calls(tx, scope, on_call(tx, scope, at - span, at), at - span, at)) for at in known}
    now = _by_person(called)
    loads = (_load(user, now, before, start) for user in dict.fromkeys((*people, *now)))
    return tuple(sorted(loads, key=lambda load: (-load.hours.total, load.user)))


def _load(
    user: str, now: Mapping[str, Hours], before: Mapping[datetime, Mapping[str, Hours]], start: datetime
) -> Workload:
    past = [hours.get(user, Hours()) for hours in before.values()]
    last = before[start].get(user, Hours()) if start in before else None
    return Workload(user, now.get(user, Hours()), last, mean_of(past))


def _by_person(called: Sequence[Call]) -> Mapping[str, Hours]:
    clocks: dict[str, list[Clock]] = defaultdict(list)
    for each in called:
        clocks[each.user].append(each.clock)
    return {user: hours_of(theirs) for user, theirs in clocks.items()}
