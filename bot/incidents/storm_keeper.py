"""Keeps the cards of storms up to date, and ends storms."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import Clocks
from bot.incidents import storms
from bot.incidents.storm_rules import StormRules
from bot.store import Store, Tx
from bot.store.claim import Claim, finish


@dataclass(frozen=True, slots=True)
class StormKeeper:
    """`rules` by route; a route that is gone, or knows no storms any more, has its storms ended."""

    store: Store
    clocks: Clocks
    rules: Mapping[str, StormRules | None]

    def step(self, claim: Claim) -> None:
        now, business_now = self.clocks.system.now(), self.clocks.business.now()

        def keep(tx: Tx) -> None:
            pause = storms.keep_up(tx, claim.row, self.rules.get(claim.row.route), business_now)
            finish(tx, claim, due_at=now + pause if pause else None)

        self.store.write(keep)
