"""One claim on one run: what its step may use, and the ways in which it may end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import update

from bot.actor import BATON, Actor
from bot.clock import Clocks
from bot.operations import queries
from bot.operations.arguments import build
from bot.operations.authority import Authority
from bot.operations.catalog import Catalog
from bot.operations.lifecycle import State
from bot.operations.model import Report, Run
from bot.operations.operation import Asking, Operation, Ports
from bot.outbox import add_note, thread_of, want_card
from bot.ports.errors import Conflict, RateLimited, Unavailable, VendorError
from bot.reconcile import backoff
from bot.store import Store, Tx
from bot.store.claim import Claim, finish, release
from bot.store.tables import runs
from bot.text import Mention, Text, text, to_json

PASSING = (RateLimited, Unavailable, Conflict)  # nothing was written, and it may work in a moment


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a plan stays fresh, how long what was done is followed, and how often a silent vendor is asked again.

    The lease outlives one step: several reads of at most 20 s and one write of at most 60 s.
    """

    plan_valid_for: timedelta = timedelta(minutes=30)
    follow_for: timedelta = timedelta(hours=2)
    tries: int = 6
    lease: timedelta = timedelta(minutes=5)


Revisions = Callable[[str], Mapping[str, str]]
"""The pages of a runbook by file name, each with the hash of what it says now."""


class Engine(Protocol):
    """What the executor is made of."""

    @property
    def store(self) -> Store: ...
    @property
    def clocks(self) -> Clocks: ...
    @property
    def ports(self) -> Ports: ...
    @property
    def authority(self) -> Authority: ...
    @property
    def catalog(self) -> Catalog: ...
    @property
    def patience(self) -> Patience: ...
    @property
    def revisions(self) -> Revisions: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """`now` is system time, for leases and pauses; `at` is business time, for people."""

    engine: Engine
    claim: Claim
    run: Run
    now: datetime

    @property
    def at(self) -> datetime:
        return self.engine.clocks.business.now()

    @property
    def operation(self) -> Operation:
        built = build(self.engine.catalog[self.run.operation], self.run.arguments)
        if isinstance(built, tuple):
            raise TypeError(f"{self.run.operation} no longer takes the arguments of {self.run.id}: {built}")
        return built

    @property
    def ports(self) -> Ports:
        """Return the ports of this moment, signed with who asked, so that the vendor's own history says so."""
        asked_by = self.run.requester.id or self.run.requester.kind.value
        asking = Asking(self.run.id, self.run.requester, self.run.why.reason)
        signed = f"Baton run {self.run.id}, asked for by {asked_by}"
        return replace(self.engine.ports, now=self.at, on_behalf_of=signed, asking=asking)

    @property
    def is_late(self) -> bool:
        return self.run.deadline_at is not None and self.now >= self.run.deadline_at

    @property
    def tried_enough(self) -> bool:
        return self.claim.attempts >= self.engine.patience.tries

    def write(self, fn: Callable[[Tx], Any]) -> None:
        self.engine.store.write(fn)

    def move(self, to: State, *, by: Actor = BATON, why: Text | None = None, **values: Any) -> None:
        self.write(lambda tx: self.move_in(tx, to, by=by, why=why, **values))

    def move_in(self, tx: Tx, to: State, *, by: Actor = BATON, why: Text | None = None, **values: Any) -> bool:
        return queries.move(tx, self.run, to, at=self.at, by=by, why=why, **values)

    def end(self, tx: Tx, to: State, report: Report) -> None:
        """Move to the run's end and say it in the thread: shortly where it went well, since the card has it all.

        What did not go well is said aloud and whole, since people may read it on a phone at night.
        """
        if self.move_in(tx, to, report=report.to_json()):
            loud = to not in {State.SUCCEEDED, State.NO_CHANGE, State.CANCELLED}
            title = text(f"operation.{self.run.operation}")
            self.say(tx, text(f"run.verdict.{to.value}", summary=report.summary, operation=title), loud=loud)

    def say(self, tx: Tx, words: Text, *, loud: bool) -> None:
        """Post a note into the run's thread; aloud it calls the one who started it."""
        place = thread_of(tx, self.run.ref)
        starter = self.run.confirmer or self.run.requester
        called = (Mention(starter.id, notify=True),) if loud and starter.is_person else ()
        if place is not None:
            add_note(tx, self.run.ref, self.at, place, words, mention=called)

    def again(self, tx: Tx, due_at: datetime, **values: Any) -> bool:
        """Give the run back as it is, to be looked at again; all went well so far."""
        return finish(tx, self.claim, due_at=due_at, **values)

    def retry(self, tx: Tx, error: VendorError, **values: Any) -> bool:
        """Give the run back with its problem on the card, to be tried again after a growing pause."""
        want_card(tx, self.run.ref)
        return release(tx, self.claim, due_at=self.now + self.pause(error), problem=to_json(error.words), **values)

    def pause(self, error: VendorError | None = None) -> timedelta:
        if isinstance(error, RateLimited):
            return timedelta(seconds=error.retry_after)
        return backoff(self.claim.attempts)

    def rest(self) -> None:
        """Give the run back for good: somebody must press something."""
        self.write(lambda tx: finish(tx, self.claim, due_at=None))

    def keep_problem(self, words: Text, **values: Any) -> None:
        """Show a problem on the card and keep the claim."""

        def keep(tx: Tx) -> None:
            mine = runs.c.id == self.run.id, runs.c.version == self.claim.version
            if tx.execute(update(runs).where(*mine).values(problem=to_json(words), **values)).rowcount:
                want_card(tx, self.run.ref)

        self.write(keep)
