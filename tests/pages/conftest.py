"""A pager on a store of each kind and a provider in memory, with an incident's card to speak under."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import timeline
from bot.clock import Clocks, StoppedClock
from bot.outbox import Place, want_card
from bot.pages import queries, service
from bot.pages.model import Destination, Page
from bot.pages.pager import Pager
from bot.ports.paging import Kind, NewAlert, Priority, Recipient
from bot.ref import Ref
from bot.store import Store
from bot.store.claim import claim
from bot.store.tables import notes, pages
from bot.text import text
from tests.pages.provider import Killed, Provider

WHAT = Ref("incident", "i1")
WHERE = Destination("data-platform", "opsgenie", "data-platform")
LEASE = timedelta(seconds=90)


def written(_tx, page: Page) -> NewAlert:
    recipients = (Recipient(Kind.SCHEDULE, page.destination.recipient),)
    return NewAlert(page.alias, page.words.msgid, priority=page.priority, recipients=recipients)


@dataclass
class Bench:
    store: Store
    clock: StoppedClock
    provider: Provider = field(default_factory=Provider)
    is_live: bool = True

    def __post_init__(self) -> None:
        self.store.write(lambda tx: want_card(tx, WHAT, Place("C0ALERTS")))

    @property
    def pager(self) -> Pager:
        clocks, doors = Clocks(self.clock, self.clock), {"opsgenie": self.provider}
        return Pager(
            self.store,
            clocks,
            doors,
            written,
            lambda *_: ("U0MINJI",),
            lambda _tx, actor: actor.id or "Baton",
            is_live=self.is_live,
        )

    def want(self) -> None:
        words, now = text("page.thread"), self.clock.now()
        self.store.write(lambda tx: service.want(tx, WHERE, WHAT, words, Priority.HIGH, now))

    def close(self) -> None:
        self.store.write(lambda tx: service.close(tx, WHAT))

    def once(self) -> bool:
        """Do one step of what is due; return whether there was any. Who is killed loses its lease, nothing else."""
        now = self.clock.now()
        taken = self.store.write(lambda tx: claim(tx, pages, 1, owner="worker", now=now, lease=LEASE))
        for each in taken:
            before = self.provider.calls
            try:
                self.pager.step(each)
            except Killed:
                self.clock.advance(LEASE + timedelta(seconds=1))
            assert self.provider.calls <= before + 1, "a step calls once"
        return bool(taken)

    def work(self, *, within: timedelta = timedelta(minutes=20), most: int = 1000) -> None:
        """Do everything that becomes due, moving the clock to it."""
        until = self.clock.now() + within
        for _ in range(most):
            if not self.once() and not self._skip(until):
                return
        raise AssertionError("it never comes to rest")

    def _skip(self, until) -> bool:
        query = select(pages.c.due_at).where(pages.c.due_at.is_not(None))
        times = self.store.read(lambda tx: tx.execute(query).scalars().all())
        if not times or min(times) > until:
            return False
        self.clock.at = max(self.clock.now(), min(times)) + timedelta(milliseconds=1)
        return True

    @property
    def state(self) -> str:
        page = self.store.read(lambda tx: queries.load(tx, WHAT))
        return page.state.value if page else "none"

    def history(self) -> list[str]:
        return [each.body.msgid for each in self.store.read(lambda tx: timeline.history(tx, WHAT))]

    def said(self) -> list[tuple[str, list[str]]]:
        """Return what was said in the thread, and who was called by it."""
        bodies = self.store.read(lambda tx: tx.execute(select(notes.c.body).order_by(notes.c.id)).scalars().all())
        return [(body["text"]["$text"], [each["$mention"] for each in body["mention"]]) for body in bodies]


@pytest.fixture
def bench(any_store, clock) -> Bench:
    return Bench(any_store, clock)
