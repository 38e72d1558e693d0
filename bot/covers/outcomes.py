"""What an answer of the provider, or its silence, makes of a cover in the database, and what people are told of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import BATON, Actor
from bot.audit import service as audit
from bot.clock import Clocks
from bot.covers import queries, rules
from bot.covers.model import PROVIDERS, Cover, Rota, Stage, State
from bot.covers.record import for_the_record
from bot.ports.errors import Conflict, RateLimited, Unavailable, VendorError
from bot.ports.paging import Override
from bot.reconcile import backoff
from bot.store import Tx
from bot.store.claim import CHANGED, NEW, Claim
from bot.store.tables import ticks
from bot.text import Mention, Param, Text, text, to_json

_PASSING = (Conflict, RateLimited, Unavailable)


@dataclass(frozen=True, slots=True)
class Turn:
    """One step of one cover: its methods give the row back, each in a transaction of its own."""

    claim: Claim
    cover: Cover
    rota: Rota | None
    clocks: Clocks

    @property
    def key(self) -> str:
        return self.rota.key if self.rota else ""

    @property
    def provider(self) -> str:
        name = self.rota.provider if self.rota else ""
        return PROVIDERS.get(name, name) or "-"

    def wait(self, tx: Tx, pause: timedelta, **values: Any) -> None:
        queries.give_back(tx, self.claim, self.clocks.system.now() + pause, **values)

    def wait_for_late(self, tx: Tx) -> None:
        self.wait(tx, rules.POLL)

    def standing(self, tx: Tx, there: Override) -> None:
        """It was read back: now it is so, and who stands in is on call."""
        values = {"override_id": there.id, "tries": 0, "problem": None}
        if self._to(tx, State.STANDING, text("cover.moment.standing", provider=self.provider), **values):
            taker = self.cover.taker if self.cover.is_direct else None  # who pressed "I'll take it" knows already
            self._say(tx, "standing", self._but(self.cover.requester if self.cover.is_direct else None, taker))

    def gone(self, tx: Tx) -> None:
        values = {"tries": 0, "problem": None}
        was_there = self.cover.override_id is not None
        if self._to(tx, State.GONE, text("cover.moment.gone", provider=self.provider), **values) and was_there:
            ended_by = Actor.parse(self.cover.ended_by).id if self.cover.ended_by else None
            self._say(tx, "gone", self._but(ended_by, self.cover.taker))

    def trouble(self, tx: Tx, error: VendorError, back_to: State) -> None:
        """The provider did not do it: try again what may pass, give up the rest."""
        if not isinstance(error, _PASSING):
            self.fail(tx, error.words)
            return
        pause = backoff(self.cover.tries + 1)
        if isinstance(error, RateLimited):
            pause = max(pause, timedelta(seconds=error.retry_after))
        self.again(tx, error.words, back_to, pause)

    def removed(self, tx: Tx, there: Override) -> None:
        """It was asked to take this one away, and no other that says the same: that it is gone is seen next."""
        self.again(tx, text("cover.problem.not_gone"), State.REMOVING, override_id=there.id)

    def again(self, tx: Tx, why: Text, back_to: State, pause: timedelta = rules.POLL, **values: Any) -> None:
        """Try once more after a pause, or give up where that was often enough."""
        tries = self.cover.tries + 1
        if tries >= rules.TRIES:
            self.fail(tx, why)
        elif queries.is_as_claimed(tx, self.claim):
            self.wait(tx, pause, state=back_to.value, tries=tries, problem=to_json(why), **values)
        else:
            self.wait(tx, pause, **values)

    def fail(self, tx: Tx, why: Text) -> None:
        """Give up, and say aloud what to do by hand; where people want something else by now, that is done instead."""
        if not queries.is_as_claimed(tx, self.claim):
            self.wait(tx, rules.POLL)
            return
        values = {"tries": 0, "problem": to_json(why), "open_key": None}
        if self._to(tx, State.FAILED, text("cover.moment.failed", why=why), **values):
            became = "failed" if self.cover.stage is Stage.TAKEN else "stuck"
            self._say(tx, became, self._but(None, self.cover.taker, self.cover.requester), why=why)

    def _but(self, who_knows: str | None, *users: str | None) -> tuple[str, ...]:
        """Return these users and who is relieved, each once, without the one whose own press it was."""
        relieved = self.cover.relieved.user if self.cover.relieved else None
        return tuple(dict.fromkeys(user for user in (*users, relieved) if user and user != who_knows))

    def _to(self, tx: Tx, state: State, said: Text, **values: Any) -> bool:
        """Give the row back in another state, with its moment, its entry in the audit, and a fresh look at the rota."""
        if not queries.give_back(tx, self.claim, None, state=state.value, **values):
            return False
        now = self.clocks.business.now()
        cover = replace(self.cover, override_id=values.get("override_id", self.cover.override_id))
        audit.append(tx, now, BATON, f"cover.{state.value}", cover.ref, for_the_record(cover))
        timeline.record(tx, cover.ref, now, BATON, said)
        outbox.want_card(tx, cover.ref)
        look_at_the_rota(tx, cover.schedule)
        return True

    def _say(self, tx: Tx, became: str, users: tuple[str, ...], **more: Param) -> None:
        say(tx, self.cover, became, users, self.clocks.business.now(), provider=self.provider, **more)


def say(tx: Tx, cover: Cover, became: str, users: tuple[str, ...], now: datetime, **more: Param) -> None:
    """Tell those whom it concerns in its card's thread, once."""
    place = outbox.thread_of(tx, cover.ref)
    if place is None:
        return
    relieved = cover.relieved
    whose: Param = text("cover.nobody")
    if relieved:
        whose = Mention(relieved.user) if relieved.user else relieved.name
    taker: Param = Mention(cover.taker) if cover.taker else text("cover.nobody")
    about: dict[str, Param] = {"schedule": cover.schedule, "since": cover.start_at, "until": cover.end_at}
    words = text(f"cover.note.{became}", taker=taker, relieved=whose, **about, **more)
    outbox.add_note(tx, cover.ref, now, place, words, mention=tuple(Mention(user, notify=True) for user in users))


def look_at_the_rota(tx: Tx, schedule: str) -> None:
    """Have the provider asked now who is on call: it has just changed."""
    mine = ticks.c.name == f"on-call:{schedule}", ticks.c.due_at > NEW
    tx.execute(update(ticks).where(*mine).values(due_at=CHANGED))
