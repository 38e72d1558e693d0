"""Makes the checks of a first shift one after another; its card shows each result as it comes."""

from dataclasses import dataclass

from bot import outbox
from bot.clock import Clocks
from bot.first_shift import queries
from bot.first_shift.checks import Checks
from bot.first_shift.model import FirstShift, Result
from bot.store import Store, Tx
from bot.store.claim import NEW, Claim, finish


@dataclass(frozen=True, slots=True)
class Keeper:
    store: Store
    clocks: Clocks
    checks: Checks

    def step(self, claim: Claim) -> None:
        """Make the next check. What a killed process did not write down is tested again: it changed nothing."""
        found = queries.first_shift_of(claim.row)
        left = [name for name in self.checks.all if name not in found.results]
        if not left:
            self.store.write(lambda tx: finish(tx, claim))
            return
        result = self.checks.make(left[0], found)
        self.store.write(lambda tx: _keep(tx, claim, found, left[0], result, is_last=len(left) == 1))


def _keep(tx: Tx, claim: Claim, found: FirstShift, name: str, result: Result, *, is_last: bool) -> None:
    """Write the result down, unless everything is to be tested anew meanwhile: then the row stays due."""
    current = queries.load(tx, found.id, lock=True)
    if current is None or current.round != found.round:
        finish(tx, claim, due_at=NEW)
        return
    results = {each: known.to_json() for each, known in found.results.items()} | {name: result.to_json()}
    if finish(tx, claim, due_at=None if is_last else NEW, results=results):
        outbox.want_card(tx, found.ref)
