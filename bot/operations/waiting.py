"""Runs that wait for people, by the clock: those who can decide are reminded, others called, at last it expires."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

import structlog

from bot.actor import BATON, named
from bot.operations import queries
from bot.operations.calling import call_approvers, tell
from bot.operations.desk import Desk, Waits
from bot.operations.lifecycle import State
from bot.operations.model import Run
from bot.outbox import thread_of
from bot.store import Store, Tx
from bot.text import text

log = structlog.get_logger()


class Due(StrEnum):
    NUDGE = "nudge"
    ESCALATE = "escalate"
    EXPIRE = "expire"


def due(run: Run, waits: Waits, now: datetime) -> Due | None:
    """Return what is to be done about a run that waits. What is paused is only reminded of: it is half done."""
    if run.waiting_since is None:
        return None
    waited = now - run.waiting_since
    if run.state is State.AWAITING_APPROVAL:
        if waited >= waits.expires_after:
            return Due.EXPIRE
        if waited >= waits.escalate_after and run.escalated_at is None:
            return Due.ESCALATE
    return Due.NUDGE if waited >= waits.nudge_after and run.nudged_at is None else None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Looks after the runs that wait. Each in a transaction of its own, so that one gone wrong holds up no other."""

    store: Store
    desk: Desk

    def runs(self) -> list[str]:
        return self.store.read(queries.waiting)

    def look(self, now: datetime) -> None:
        for run_id in self.runs():
            try:
                self.store.write(partial(self._look_at, run_id=run_id, now=now))
            except Exception:
                log.exception("not looked after a run that waits", run=run_id)

    def _look_at(self, tx: Tx, run_id: str, now: datetime) -> None:
        run = queries.load(tx, run_id)
        match due(run, self.desk.waits, now) if run else None, run:
            case Due.EXPIRE, Run() as waiting:
                _expire(tx, waiting, now)
            case Due.ESCALATE, Run() as waiting:
                self._escalate(tx, waiting, now)
            case Due.NUDGE, Run() as waiting:
                self._nudge(tx, waiting, now)

    def _nudge(self, tx: Tx, run: Run, now: datetime) -> None:
        """Remind those who can decide; of a paused run, the one who answers for it."""
        assert run.waiting_since is not None, "it is due because it waits"
        if not queries.remember(tx, run, nudged_at=now):
            return
        if run.state is State.PAUSED:
            answering = run.confirmer or run.requester
            users = [answering.id] if answering.is_person else []
            tell(tx, run, now, text("run.still_paused", since=run.waiting_since), users)
            return
        words = text("run.still_waits", by=named(run.confirmer or run.requester), since=run.waiting_since)
        call_approvers(tx, self.desk.authority, run, self.desk.request_of(run), now, words)

    def _escalate(self, tx: Tx, run: Run, now: datetime) -> None:
        """Call who is on call, or who stands in for them, where nobody has decided for long."""
        assert run.waiting_since is not None, "it is due because it waits"
        place = thread_of(tx, run.ref)
        if place is None or not queries.remember(tx, run, escalated_at=now):
            return
        asked_by = {actor.id for actor in run.asked_by}
        users = [user for user in self.desk.escalate_to(tx, place.channel, now) if user not in asked_by]
        words = text("run.escalated", by=named(run.confirmer or run.requester), since=run.waiting_since)
        tell(tx, run, now, words, users)


def _expire(tx: Tx, run: Run, now: datetime) -> None:
    assert run.waiting_since is not None, "it is due because it waits"
    why = text("run.nobody_decided", since=run.waiting_since)
    if queries.move(tx, run, State.EXPIRED, at=now, by=BATON, why=why):
        answering = run.confirmer or run.requester
        tell(tx, run, now, why, [answering.id] if answering.is_person else [])
