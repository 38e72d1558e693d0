"""Somebody is given access for a time, once, and it ends in time, whatever happens to Baton meanwhile."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import select

from bot.access.model import OPEN
from bot.store.tables import grants
from sandbox.person import text_of
from tests import loopback
from tests.kill.office import Effects, Office, offering

PROJECT, DATASET, WHO = "haneul-prod", "orders", "sora@haneul.example"
FIRST, LONGER, PAST = "15m", "40m", timedelta(minutes=45)
MOST_SECONDS_TOO_LONG = 60  # of uptime, past its end


@dataclass
class Granting:
    """Asked for by Sora and agreed to by Minji, the owner; then `_go_on` ends it in one way or another."""

    office: Office
    number: int
    since: str = field(init=False)
    has_it: bool = field(default=False, init=False)
    is_gone: bool = field(default=False, init=False)
    most_at_once: int = field(default=0, init=False)

    def begin(self) -> None:
        self.before = self._access()
        assert not self._entries(), "the play before has left its access behind"
        self.sora = self.office.sandbox.person("U0SORA")
        self.since = self.office.newest()

    def press(self) -> None:
        entries = len(self._entries())
        self.most_at_once = max(self.most_at_once, entries)
        self.has_it = self.has_it or bool(entries)
        if not self.has_it:
            self._ask(FIRST)
        elif not self.is_gone:
            self._go_on()

    def _go_on(self) -> None:
        """Give it back."""
        for card in offering(self.office.told(self.since), "grant.end"):
            self.office.click(card, "grant.end", by=self.sora)
        self.is_gone = not self._entries()

    def _ask(self, lasts: str) -> None:
        """Ask until there is a card, say yes to what was planned, and have the owner say yes; once."""
        cards = offering(self.office.told(self.since), "run.runbook")
        if not cards:
            self.office.command(f'/grant-access {PROJECT}.{DATASET} {lasts} reason="month-end numbers"', by=self.sora)
        for extra in offering(cards[1:], "run.cancel"):
            self.office.click(extra, "run.cancel", by=self.sora)
        for action_id, person in (("run.confirm", self.sora), ("run.approve", self.office.person)):
            if offering(cards[:1], action_id):
                self.office.click(cards[0], action_id, by=person)

    def seen(self) -> str:
        told = "\n".join(text_of(each) for each in self.office.told(self.since))
        return f"{type(self).__name__} has it: {self.has_it}, is gone: {self.is_gone}\n{self._access()}\n{told}"

    def is_over(self) -> bool:
        return self.is_gone and not self._open_grants()

    def check(self) -> Effects:
        """The dataset's list is what it was, but for members that Google deleted and takes from nobody; never twice."""
        before = [each for each in self.before if not str(each.get("iamMember", "")).startswith("deleted:")]
        assert self._access() in (self.before, before), f"{self.before}\n{self._access()}"
        return Effects(wanted=1, seen=self.most_at_once)

    def _open_grants(self) -> list[Any]:
        query = select(grants).where(grants.c.state.in_([state.value for state in OPEN]))
        return list(self.office.store.read(lambda tx: tx.execute(query).all()))

    def _entries(self) -> list[dict[str, Any]]:
        return [each for each in self._access() if str(each.get("userByEmail", "")).lower() == WHO]

    def _access(self) -> list[dict[str, Any]]:
        url = f"{self.office.sandbox.bigquery_url}/bigquery/v2/projects/{PROJECT}/datasets/{DATASET}"
        answer = loopback.get(url, params={"accessPolicyVersion": 3}, timeout=30).raise_for_status()
        found: list[dict[str, Any]] = answer.json()["access"]
        return found


@dataclass
class Expiring(Granting):
    """The same, made longer once, and then its time is over."""

    LONG: ClassVar = timedelta(minutes=20)
    was_asked_again: bool = field(default=False, init=False)
    was_made_longer: bool = field(default=False, init=False)
    up_at_the_end: float | None = field(default=None, init=False)

    def _go_on(self) -> None:
        if not self.was_asked_again:
            if self._cards_wait():
                self._ask(FIRST)  # the run that gave it has still to say so
                return
            self.was_asked_again, self.since = True, self.office.newest()
        if not self.was_made_longer:
            self._ask(LONGER)
            ends = [row.expires_at for row in self._open_grants()]
            self.was_made_longer = any(at - self.office.sandbox.clock.now() > self.LONG for at in ends)
        elif self.up_at_the_end is None:
            self.office.sandbox.clock.advance(PAST)
            self.up_at_the_end = self.office.baton.uptime()
        elif not self._entries():
            self.is_gone = True
            too_long = self.office.baton.uptime() - self.up_at_the_end
            assert too_long <= MOST_SECONDS_TOO_LONG, f"it lived {too_long:.0f} s of uptime past its end"

    def _cards_wait(self) -> bool:
        told = self.office.told(self.since)
        return any(offering(told, each) for each in ("run.confirm", "run.approve", "run.cancel"))
