"""What people do with their first shift: begin it, test again, go through the drill. It is their own card alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot import outbox
from bot.actor import Actor
from bot.covers.service import Covers
from bot.first_shift import queries
from bot.first_shift.model import Drill, FirstShift, FirstShiftCard
from bot.outbox import Place
from bot.ref import new_id
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import first_shifts
from bot.store.upsert import insert_if_new
from bot.text import Text

MONTH, MOST_RUNBOOKS = timedelta(days=30), 5
WhyNot = Callable[[Tx, Actor], Text | None]


@dataclass(frozen=True, slots=True)
class FirstShifts:
    """`names` are those of the checks, `has_page` whether there is a runbook about a topic."""

    covers: Covers
    names: tuple[str, ...]
    has_page: Callable[[str], bool]

    def card(self, tx: Tx, key: str, now: datetime) -> FirstShiftCard | None:
        found = queries.load(tx, key)
        if found is None:
            return None
        own = self.covers.roster.upcoming(tx, found.user, now)
        return FirstShiftCard(found, self.names, own[0] if own else None, queries.waiting(tx))

    def begin(self, actor: Actor, tx: Tx, language: str, now: datetime, why_not: WhyNot) -> Text | FirstShift:
        """Have everything tested, anew where it was before; the card is in the person's own conversation with Baton."""
        if why := why_not(tx, actor):
            return why
        used = [[topic, n] for topic, n in queries.topics_since(tx, now - MONTH) if self.has_page(topic)]
        fresh: dict[str, Any] = {"results": {}, "runbooks": used[:MOST_RUNBOOKS], "started_at": now, "due_at": NEW}
        first = {"id": new_id(now), "team": actor.team, "user": actor.id, "drill": Drill.OFFERED.value, "round": 1}
        row = first | fresh | {"attempts": 0, "version": 0}
        if not insert_if_new(tx, first_shifts, row, key=["team", "user"]):
            again = update(first_shifts).where(_theirs(actor)).values(**fresh, round=first_shifts.c.round + 1)
            tx.execute(again)
        found = queries.of_person(tx, actor)
        assert found is not None, "it was just written"
        outbox.want_card(tx, found.ref, Place(actor.id, language=language))
        return found

    def practise(self, actor: Actor, tx: Tx, stage: str, why_not: WhyNot) -> Text | None:
        """Go one step on in the drill, from the step that the button showed. Nothing outside the card changes."""
        if why := why_not(tx, actor):
            return why
        known = {each.value: each for each in Drill}
        if stage in known:
            here = _theirs(actor), first_shifts.c.drill == stage
            self._to(tx, actor, known[stage].following, *here)
        return None

    def practise_again(self, actor: Actor, tx: Tx, why_not: WhyNot) -> Text | None:
        if why := why_not(tx, actor):
            return why
        self._to(tx, actor, Drill.ALERT, _theirs(actor))
        return None

    def _to(self, tx: Tx, actor: Actor, drill: Drill, *where: Any) -> None:
        changed = tx.execute(update(first_shifts).where(*where).values(drill=drill.value)).rowcount
        found = queries.of_person(tx, actor) if changed else None
        if found:
            outbox.want_card(tx, found.ref)


def _theirs(actor: Actor) -> Any:
    return (first_shifts.c.team == actor.team) & (first_shifts.c.user == actor.id)
