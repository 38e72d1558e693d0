"""What people do to an alert from Slack: done once, followed to its outcome, whatever goes wrong on the way."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.actor import Actor
from bot.clock import Clocks
from bot.pages import deeds
from bot.pages.deed import Deed
from bot.pages.deeds import Wish
from bot.pages.doer import Doer
from bot.pages.rules import TRIES
from bot.ports.errors import Forbidden, RateLimited, Unavailable
from bot.ports.paging import Kind, Recipient
from bot.store.claim import claim
from bot.store.tables import page_deeds
from tests.pages.conftest import LEASE, WHAT, Bench
from tests.pages.provider import Fault, Killed

MINJI = Actor.person("T0HANEUL", "U0MINJI")
DOWN = Unavailable("Opsgenie", "503")
SHOWN = [Deed.ACKNOWLEDGE, Deed.CLOSE, Deed.SNOOZE]
BLIND = [Deed.NOTE, Deed.CALL]
LOST = [Fault.LOST_AFTER, Fault.KILLED_AFTER, Fault.LOST_BEFORE, Fault.KILLED_BEFORE, Fault.FORGOTTEN]


@dataclass
class Hand:
    """A page that is open, and somebody who acts on it."""

    bench: Bench
    is_live: bool = True

    def __post_init__(self):
        self.effects = []
        self.bench.want()
        self.bench.work()
        self.provider = self.bench.provider
        self.before = self.provider.calls

    def asks(self, deed, key="1"):
        bench = self.bench
        until = bench.clock.now() + timedelta(hours=1) if deed is Deed.SNOOZE else None
        called = Recipient(Kind.USER, "junho") if deed is Deed.CALL else None
        wish = Wish(deed, key, until=until, note="hello", recipient=called)
        return bench.store.write(lambda tx: deeds.ask(MINJI, tx, WHAT, wish, bench.clock.now()))

    @property
    def doer(self):
        clocks = Clocks(self.bench.clock, self.bench.clock)
        doors = {"opsgenie": self.provider}
        seen = lambda _tx, deed, _now: self.effects.append(deed.deed)  # noqa: E731 - one line says it
        sign = lambda _tx, actor: f"{actor.id}@example.com"  # noqa: E731 - one line says it
        return Doer(self.bench.store, clocks, doors, sign, seen, is_live=self.is_live)

    def works(self, within=timedelta(minutes=30)):
        """Do everything that becomes due, moving the clock to it; who is killed loses the lease, nothing else."""
        bench, until = self.bench, self.bench.clock.now() + within
        for _ in range(500):
            now = bench.clock.now()
            taken = bench.store.write(lambda tx, at=now: claim(tx, page_deeds, 1, owner="worker", now=at, lease=LEASE))
            for each in taken:
                calls = self.provider.calls
                try:
                    self.doer.step(each)
                except Killed:
                    bench.clock.advance(LEASE + timedelta(seconds=1))
                assert self.provider.calls <= calls + 1, "a step calls once"
            if not taken and not self._skips(until):
                return
        raise AssertionError("it never comes to rest")

    def _skips(self, until):
        query = select(page_deeds.c.due_at).where(page_deeds.c.due_at.is_not(None))
        times = self.bench.store.read(lambda tx: tx.execute(query).scalars().all())
        if not times or min(times) > until:
            return False
        self.bench.clock.at = max(self.bench.clock.now(), min(times)) + timedelta(milliseconds=1)
        return True

    @property
    def states(self):
        query = select(page_deeds.c.state).order_by(page_deeds.c.id)
        return list(self.bench.store.read(lambda tx: tx.execute(query).scalars()))

    def said(self):
        return [each for each in self.bench.said() if each[0] != "page.note.open"]


@pytest.fixture
def hand(bench):
    return Hand(bench)


@pytest.mark.parametrize("deed", list(Deed))
def test_it_is_requested_done_and_said(hand, deed):
    asked = hand.asks(deed)
    requested = hand.states
    hand.works()

    assert (asked, requested, hand.states) == (True, ["requested"], ["done"])
    assert hand.effects == [deed]
    assert hand.provider.did == [(deed.value, "U0MINJI@example.com")]
    assert set(hand.bench.history()) == {"page.moment.open", f"page.asked.{deed}", f"page.done.{deed}"}
    assert hand.said() == []


@pytest.mark.parametrize("deed", SHOWN)
@pytest.mark.parametrize("fault", LOST)
def test_what_the_alert_shows_is_done_in_the_end_whatever_happens(hand, deed, fault):
    hand.provider.faults = [fault]
    hand.asks(deed)
    hand.works()

    assert hand.states == ["done"]
    assert len(hand.provider.did) == 1


@pytest.mark.parametrize("deed", BLIND)
@pytest.mark.parametrize("fault", LOST)
def test_what_no_alert_shows_is_never_sent_twice_and_called_not_confirmed(hand, deed, fault):
    hand.provider.faults = [fault]
    hand.asks(deed)
    hand.works()

    assert hand.states == ["unconfirmed"]
    assert len(hand.provider.did) <= 1
    assert hand.said() == [(f"page.unconfirmed.{deed}", ["U0MINJI"])]
    assert hand.effects == []


@pytest.mark.parametrize("deed", list(Deed))
def test_a_provider_that_is_down_for_a_while_is_asked_again(hand, deed):
    hand.provider.faults = [DOWN, RateLimited("Opsgenie", "429", retry_after=30)]
    hand.asks(deed)
    hand.works()

    assert (hand.states, len(hand.provider.did)) == (["done"], 1)


@pytest.mark.parametrize(("fault", "tries"), [(DOWN, TRIES), (Forbidden("Opsgenie", "403"), 1)])
def test_what_does_not_work_is_given_up_and_said_to_who_asked(hand, fault, tries):
    hand.provider.faults = [fault] * 100
    hand.asks(Deed.ACKNOWLEDGE)
    hand.works()

    assert (hand.states, hand.provider.calls - hand.before) == (["failed"], tries)
    assert hand.said() == [("page.failed.acknowledge", ["U0MINJI"])]


def test_what_the_provider_could_not_do_and_does_not_show_has_failed(hand):
    hand.provider.refusing = "Alert is locked"
    hand.asks(Deed.SNOOZE)
    hand.works()

    assert (hand.states, hand.said()) == (["failed"], [("page.failed.snooze", ["U0MINJI"])])


def test_what_somebody_has_just_done_there_counts_as_done(hand):
    hand.provider.somebody_closes()
    hand.asks(Deed.CLOSE)
    hand.works()

    assert (hand.states, hand.said()) == (["done"], [])


def test_an_outcome_that_nobody_can_ask_for_is_not_confirmed_in_the_end(hand):
    hand.asks(Deed.NOTE)
    hand.provider.reads = [DOWN] * 100
    hand.works()

    assert hand.states == ["unconfirmed"]


def test_one_press_that_comes_twice_is_one_deed_and_another_press_is_another(hand):
    hand.asks(Deed.NOTE, "1")
    hand.asks(Deed.NOTE, "1")
    hand.asks(Deed.NOTE, "2")
    hand.works()

    assert hand.states == ["done", "done"]


def test_without_an_alert_nothing_is_asked(hand):
    hand.bench.close()
    hand.bench.work()

    assert hand.asks(Deed.ACKNOWLEDGE) is False
    assert hand.states == []


def test_an_alert_that_ends_before_its_turn_is_no_reason_to_call_anybody(hand):
    hand.asks(Deed.ACKNOWLEDGE)
    hand.bench.close()
    hand.works()

    assert (hand.states, hand.said(), hand.provider.did) == (["failed"], [], [])


def test_in_shadow_mode_nothing_is_done(hand):
    hand.is_live = False
    hand.asks(Deed.CLOSE)
    hand.works()

    assert (hand.states, hand.provider.did) == (["failed"], [])


def test_who_lost_the_claim_sends_nothing(hand):
    hand.asks(Deed.NOTE)
    bench = hand.bench
    [taken] = bench.store.write(lambda tx: claim(tx, page_deeds, 1, owner="worker", now=bench.clock.now(), lease=LEASE))
    bench.store.write(lambda tx: tx.execute(update(page_deeds).values(version=page_deeds.c.version + 1)))
    hand.doer.step(taken)

    assert hand.provider.did == []
