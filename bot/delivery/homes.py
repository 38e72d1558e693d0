"""Brings each person's Home to what is so: a look at the store, and one call to Slack where it shows something else."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy import ColumnElement, case, null

from bot.clock import Clocks
from bot.delivery import pace
from bot.delivery.readers import Readers
from bot.home.model import Closed, Home, Shown
from bot.home.service import shown_of
from bot.ports.errors import Conflict, OutcomeUnknown, RateLimited, Unavailable, VendorError
from bot.ports.slack import Slack
from bot.reconcile import later
from bot.store import Store, Tx
from bot.store.claim import CHANGED, Claim, finish, release
from bot.store.tables import homes
from bot.store.types import canonical
from bot.views import home as view

log = structlog.get_logger()


class Load(Protocol):
    def __call__(self, tx: Tx, team: str, user: str, shown: Shown) -> Home | Closed:
        """Return what this person may see of what they have turned to."""
        ...


@dataclass(frozen=True, slots=True)
class Homes:
    store: Store
    slack: Slack
    clocks: Clocks
    load: Load
    readers: Readers

    def step(self, claim: Claim) -> None:
        """Publish one Home where it differs from what is shown."""
        now, row = self.clocks.system.now(), claim.row
        shown = self.store.read(lambda tx: self.render(tx, row.team, row.user, shown_of(row)))
        seen = hashlib.sha256(canonical(shown).encode()).hexdigest()
        if seen == row.shown_digest:
            self._done(claim, now)
        elif not self.store.write(lambda tx: pace.wait_for_turn(tx, pace.HOMES, claim, now)):
            self._publish(claim, shown, seen, now)

    def render(self, tx: Tx, team: str, user: str, shown: Shown) -> dict[str, Any]:
        """Return the view as this person reads it."""
        home, reader = self.load(tx, team, user, shown), self.readers.of_person(tx, team, user)
        return view.closed(home, reader) if isinstance(home, Closed) else view.home(home, view.reading(home, reader))

    def _publish(self, claim: Claim, shown: dict[str, Any], seen: str, now: datetime) -> None:
        try:
            hash_ = self.slack.publish(claim.row.user, shown, hash_=claim.row.view_hash)
        except RateLimited as error:
            until = now + timedelta(seconds=error.retry_after)
            self.store.write(lambda tx: pace.hold(tx, pace.HOMES, until, claim))
        except (Conflict, OutcomeUnknown):  # what it shows now is not what was seen last: show it whatever that is
            forgotten = {"view_hash": None, "shown_digest": None, "turn_at": None}
            self.store.write(lambda tx: release(tx, claim, due_at=_soon(claim, now), **forgotten))
        except Unavailable as error:
            problem = str(error)
            self.store.write(lambda tx: release(tx, claim, due_at=later(now, claim.attempts), problem=problem))
        except VendorError as error:  # another state of it is worth a new try, this one is not
            log.warning("Home refused", user=claim.row.user, problem=str(error))
            self._done(claim, now, problem=str(error))
        else:
            self._done(claim, now, shown_digest=seen, view_hash=hash_, problem=None)

    def _done(self, claim: Claim, now: datetime, **values: Any) -> None:
        """Give the row back; it is due again if more was wanted meanwhile."""
        due_at = _due_if_changed(claim)
        self.store.write(lambda tx: finish(tx, claim, due_at=due_at, looked_at=now, turn_at=None, **values))


def _soon(claim: Claim, now: datetime) -> datetime:
    """Return when to try again: at once, and more and more slowly where that does not help."""
    return CHANGED if claim.attempts == 1 else later(now, claim.attempts)


def _due_if_changed(claim: Claim) -> ColumnElement[Any]:
    return case((homes.c.wanted > claim.row.wanted, CHANGED), else_=null())
