"""Brings each handoff forward by the clock: begins it with a turn, asks for it, posts it, reminds of it.

Every look is one transaction for each schedule, and repeatable: whoever is killed in it has done nothing, and two
replicas find the other's work. When the shift ends is asked of the rota each time, so that an override that moves or
removes the boundary moves the handoff with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import update

from bot import outbox
from bot.handoff import rows
from bot.handoff.life import Desk, Handoff, Rules, State
from bot.handoff.line import Known, Rota
from bot.handoff.telling import ask_for_draft, post, remind
from bot.handoff.turns import Change, Stretch, change_of, cut, takes_over
from bot.ref import new_id
from bot.store import Store, Tx
from bot.store.tables import handoffs
from bot.store.upsert import insert_if_new

log = structlog.get_logger()

AT_ONCE = 12  # turns that one look catches up with: a quarter of a year of weeks


@dataclass(frozen=True, slots=True)
class Keeper:
    """`desks` are the schedules whose handoffs are posted somewhere."""

    store: Store
    rota: Rota
    desks: Sequence[Desk]
    rules: Rules

    def look(self, now: datetime) -> None:
        """Do what is due now for every schedule; one that fails holds up no other."""
        for desk in self.desks:
            try:
                self.store.write(partial(self._look, desk=desk, now=now))
            except Exception:
                log.exception("handoff not kept", schedule=desk.schedule)

    def _look(self, tx: Tx, desk: Desk, now: datetime) -> None:
        for _ in range(AT_ONCE):
            running = rows.open_one(tx, desk.schedule, lock=True) or self._begin(tx, desk, now)
            if running is None or not self._has_ended(tx, desk, running, now):
                break
        for each in rows.waiting(tx, desk.schedule, now):
            self._bring_forward(tx, desk, each, now)

    def _begin(self, tx: Tx, desk: Desk, now: datetime) -> Handoff | None:
        """Begin the handoff of the turn that runs, where one does and that is certain."""
        last = rows.last_one(tx, desk.schedule)
        since = last.boundary_at if last else None
        known = self.rota.known(tx, desk.schedule, since or now, now)
        if known is None:
            return None
        line = tuple(cut(known.line, since or now))
        turn = next((each for each in line if takes_over(each, self.rules.covers_under)), None)
        if turn is None or turn.start_at > now:
            return None
        start = _start_of(turn, line, since) if since else known.on_call_since or now
        row = _first_row(desk.schedule, start, since or start, turn, now)
        insert_if_new(tx, handoffs, row, key=["schedule", "shift_start"])
        return rows.open_one(tx, desk.schedule)

    def _has_ended(self, tx: Tx, desk: Desk, running: Handoff, now: datetime) -> bool:
        """Follow the rota, and close the turn once it is over; return whether that is so.

        While the provider does not answer the end may have been moved: that is waited for as long as for a
        signature. Then what was planned counts, and the handoff says so.
        """
        known = self.rota.known(tx, desk.schedule, running.shift_start, now)
        if known is not None:
            running = self._follow(tx, running, known, now)
        if running.boundary_at is None or now < running.boundary_at:
            return False
        if known is None and now < running.boundary_at + self.rules.grace:
            return False
        state = State.SIGNED if running.signed_at else State.UNSIGNED
        _change(tx, running, open_key=None, state=state, by_plan=known is None)
        return True

    def _follow(self, tx: Tx, running: Handoff, known: Known, now: datetime) -> Handoff:
        change = self._change_of(running, known)
        if change.is_repointed:  # what was planned turned out otherwise: it is somebody else's turn
            running = replace(_begun_anew(tx, running), first=change.next_first)
            _change(tx, running, first=running.first)
            change = self._change_of(running, known)
        running = _named(tx, running, known, change)
        if _plan_of(running) == (change.at, change.next_at, change.next):
            return running
        if self._is_put_off(running, change.at, now):  # what is signed is not yet what there will be to hand over
            running = _begun_anew(tx, running)
        planned = {"boundary_at": change.at, "next_at": change.next_at, "incoming": rows.engineers_to(change.next)}
        _change(tx, running, **planned)
        outbox.want_card(tx, rows.draft_ref(running.id))
        return replace(running, boundary_at=change.at, next_at=change.next_at, incoming=change.next)

    def _is_put_off(self, running: Handoff, end: datetime | None, now: datetime) -> bool:
        """Tell whether what was asked for or signed already is to be asked for only later."""
        if running.boundary_at is None or running.state not in {State.DRAFTED, State.SIGNED}:
            return False
        return end is None or end > max(running.boundary_at, now + self.rules.draft_before)

    def _change_of(self, running: Handoff, known: Known) -> Change:
        line = tuple(cut(known.line, running.shift_start))
        return change_of(line, running.first, running.boundary_at, self.rules.covers_under, known.until)

    def _bring_forward(self, tx: Tx, desk: Desk, handoff: Handoff, now: datetime) -> None:
        end, rules = handoff.boundary_at, self.rules
        if end is None:
            return
        match handoff.state:
            case State.PLANNED if now >= end - rules.draft_before:
                ask_for_draft(tx, desk, handoff, now)
                _change(tx, handoff, state=State.DRAFTED, drafted_at=now)
            case State.UNSIGNED if now >= end + rules.grace:
                post(tx, desk, handoff, now)
            case State.UNSIGNED if handoff.drafted_at is None:
                ask_for_draft(tx, desk, handoff, now)
                _change(tx, handoff, drafted_at=now)
            case State.SIGNED if handoff.is_over:
                post(tx, desk, handoff, now)
            case State.POSTED if self._is_to_remind(handoff, now):
                remind(tx, desk, handoff, now)
                _change(tx, handoff, reminded_at=now)

    def _is_to_remind(self, handoff: Handoff, now: datetime) -> bool:
        began = max(at for at in (handoff.posted_at, handoff.next_at) if at)
        return handoff.reminded_at is None and now >= began + self.rules.remind_after


def _start_of(turn: Stretch, line: Sequence[Stretch], since: datetime) -> datetime:
    """Return where a turn began; where it is not known who was on call before it, it began with the change."""
    before = [each for each in line if each.start_at < turn.start_at]
    return turn.start_at if all(each.is_known for each in before) else since


def _named(tx: Tx, running: Handoff, known: Known, change: Change) -> Handoff:
    """Return the turn with its people as they are known by now: an account may have been found since it began."""
    line = [each for each in cut(known.line, running.shift_start) if each.start_at < (change.at or known.until)]
    outgoing = next((each.engineers for each in reversed(line) if each.first == running.first), running.outgoing)
    if outgoing == running.outgoing:
        return running
    _change(tx, running, outgoing=rows.engineers_to(outgoing))
    return replace(running, outgoing=outgoing)


def _begun_anew(tx: Tx, running: Handoff) -> Handoff:
    """Return the handoff as nobody was asked for it and nobody has signed it; what was written stays."""
    anew: dict[str, Any] = {"state": State.PLANNED, "drafted_at": None, "signed_at": None, "signed_by": None}
    _change(tx, running, **anew)
    return replace(running, **anew)


def _plan_of(handoff: Handoff) -> tuple[Any, ...]:
    return handoff.boundary_at, handoff.next_at, handoff.incoming


def _first_row(schedule: str, start: datetime, since: datetime, turn: Stretch, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(now),
        "schedule": schedule,
        "shift_start": start,
        "since": since,
        "open_key": schedule,
        "state": State.PLANNED,
        "first": turn.first,
        "outgoing": rows.engineers_to(turn.engineers),
        "incoming": [],
        "said": {},
    }


def _change(tx: Tx, handoff: Handoff, **values: Any) -> None:
    tx.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**values))
