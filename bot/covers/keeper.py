"""Brings the provider's overrides to what people agreed: one goal a step, believed when it was read back.

Before a write it is committed that it is about to be sent. Where its answer is lost the override is looked for, and
only made again once it certainly is not there. A step may be killed at any line.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.clock import Clocks
from bot.covers import queries, rules
from bot.covers.model import Cover, Rota, State
from bot.covers.outcomes import Turn
from bot.covers.rules import POLL, Next
from bot.ports.errors import OutcomeUnknown, VendorError
from bot.ports.paging import Override, Schedules
from bot.store import Store
from bot.store.claim import NEW, Claim
from bot.text import text

MARGIN = timedelta(days=1)  # round the cover, within which its override is looked for


@dataclass(frozen=True, slots=True)
class Keeper:
    """`doors` are the providers by the names of the schedules. Where it is not live, nothing is ever written there."""

    store: Store
    clocks: Clocks
    rotas: Mapping[str, Rota]
    doors: Mapping[str, Schedules]
    is_live: bool = True

    def step(self, claim: Claim) -> None:
        """Do the next thing for one cover."""
        cover = queries.cover_of(claim.row)
        turn = Turn(claim, cover, self.rotas.get(cover.schedule), self.clocks)
        door = self.doors.get(cover.schedule) if self.is_live else None
        match rules.next_step(cover, self.clocks.business.now()):
            case Next.REST:
                self.store.write(lambda tx: queries.give_back(tx, claim, None))
            case Next.TOO_LATE:
                self.store.write(lambda tx: turn.fail(tx, text("cover.problem.too_late")))
            case _ if door is None:
                self.store.write(lambda tx: turn.fail(tx, text("cover.problem.no_provider")))
            case Next.CREATE:
                self._create(turn, door)
            case Next.CONFIRM:
                self._look(turn, door, lambda found: self._confirm(turn, found))
            case Next.REMOVE:
                self._look(turn, door, lambda found: self._remove(turn, door, found))

    def _create(self, turn: Turn, door: Schedules) -> None:
        now = self.clocks.system.now()
        if not self.store.write(lambda tx: queries.send_ahead(tx, turn.claim, State.SENT, now)):
            self.store.write(lambda tx: queries.give_back(tx, turn.claim, NEW))
            return
        try:
            made = door.create_override(turn.key, rules.to_make(turn.cover))
        except OutcomeUnknown:
            self.store.write(lambda tx: turn.wait(tx, POLL))
        except VendorError as error:
            refused = error
            self.store.write(lambda tx: turn.trouble(tx, refused, State.NONE))
        else:
            self.store.write(lambda tx: turn.wait(tx, timedelta(0), override_id=made.id))

    def _look(self, turn: Turn, door: Schedules, then: Callable[[Override | None], None]) -> None:
        """Read the overrides of that time back, and go on with the cover's own, if it is there."""
        cover = turn.cover
        try:
            there = door.overrides(turn.key, cover.start_at - MARGIN, cover.end_at + MARGIN)
        except VendorError as error:
            failed = error
            self.store.write(lambda tx: turn.trouble(tx, failed, cover.state))
        else:
            then(rules.found(cover, there))

    def _confirm(self, turn: Turn, found: Override | None) -> None:
        if found is not None:
            there = found
            self.store.write(lambda tx: turn.standing(tx, there))
        elif rules.may_still_arrive(turn.cover, self.clocks.system.now()):
            self.store.write(lambda tx: turn.wait(tx, POLL))
        else:
            self.store.write(lambda tx: turn.again(tx, text("cover.problem.not_there"), State.NONE))

    def _remove(self, turn: Turn, door: Schedules, found: Override | None) -> None:
        """Take it away; that it is gone is believed at the next look."""
        if found is None:
            self.store.write(turn.wait_for_late if self._may_come(turn.cover) else turn.gone)
            return
        try:
            door.delete_override(turn.key, found.id)
        except OutcomeUnknown:
            self.store.write(lambda tx: turn.removed(tx, found))
        except VendorError as error:
            refused = error
            self.store.write(lambda tx: turn.trouble(tx, refused, State.REMOVING))
        else:
            self.store.write(lambda tx: turn.removed(tx, found))

    def _may_come(self, cover: Cover) -> bool:
        """Whether what was never read back may still arrive: then its absence proves nothing."""
        return cover.override_id is None and rules.may_still_arrive(cover, self.clocks.system.now())
