"""What is known of alerts at the provider: told by a webhook, or Baton's own; always as the provider itself says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, delete, func, select, update

from bot.clock import Clocks
from bot.pages import queries, service
from bot.ports.errors import NotFound, RateLimited, VendorError
from bot.ports.paging import Alerts, AlertStatus, ById, PagedAlert
from bot.reconcile import later
from bot.ref import Ref
from bot.store import Store, Tx
from bot.store.claim import NEW, Claim, finish, release
from bot.store.tables import hook_calls, paged_alerts
from bot.store.upsert import insert_if_new
from bot.text import to_json

log = structlog.get_logger()

PACES = (
    (timedelta(hours=1), timedelta(seconds=20)),
    (timedelta(days=1), timedelta(minutes=5)),
)
RARELY = timedelta(hours=1)
"""How often an open alert is looked at while it is younger than that; a webhook, a post or a deed says more at once."""
_ANEW: dict[str, Any] = {
    "due_at": NEW,
    "lease_until": None,
    "lease_owner": None,
    "version": paged_alerts.c.version + 1,
}
"""Have it looked at now. A look that is under way may have come too early: it is taken back and counts for nothing."""
CALLS_KEPT = timedelta(days=7)
NO_TIME = "0"


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of an alert before a look: `status` None where nobody had looked yet."""

    provider: str
    alert_id: str
    ref: Ref | None
    status: AlertStatus | None
    is_acknowledged: bool


Seen = Callable[[Tx, Known, PagedAlert, datetime], Ref | None]
"""Do what follows from what was seen; return what the alert is about, None where that concerns nobody here."""


def know(tx: Tx, provider: str, alert_id: str, ref: Ref | None, now: datetime) -> None:
    """Have an alert looked at now, and from then on; one that is known keeps what it is about."""
    row = {"provider": provider, "alert_id": alert_id, "ref": str(ref) if ref else None, "told_at": now, "due_at": NEW}
    if not insert_if_new(tx, paged_alerts, row, key=["provider", "alert_id"]):
        about = {"ref": func.coalesce(paged_alerts.c.ref, str(ref))} if ref else {}
        tx.execute(update(paged_alerts).where(*_named(provider, alert_id)).values(**_ANEW, **about))


def look_again(tx: Tx, ref: Ref) -> None:
    """Have the open alerts about this looked at now."""
    mine = paged_alerts.c.ref == str(ref), paged_alerts.c.due_at.is_not(None)
    tx.execute(update(paged_alerts).where(*mine).values(**_ANEW))


def closed(tx: Tx, provider: str, alert_id: str) -> None:
    """Keep that Baton itself has closed it: it need not be looked at any more."""
    over = {"status": AlertStatus.CLOSED.value, "due_at": None}
    tx.execute(update(paged_alerts).where(*_named(provider, alert_id)).values(**over))


def told(tx: Tx, provider: str, alert_id: str, action: str, updated_at: str, now: datetime) -> bool:
    """Take what a webhook says: nothing of it is believed, the alert is looked at. The same twice is one.

    What does not say when it happened is not known from the next of its kind: it is looked at each time.
    """
    call = {"provider": provider, "alert_id": alert_id, "action": action, "updated_at": updated_at}
    keys = list(call)
    is_new = insert_if_new(tx, hook_calls, call | {"received_at": now}, key=keys)
    if is_new or updated_at == NO_TIME:
        know(tx, provider, alert_id, None, now)
    return is_new


def forget_old_calls(tx: Tx, now: datetime) -> None:
    tx.execute(delete(hook_calls).where(hook_calls.c.received_at < now - CALLS_KEPT))


def newest_of(tx: Tx, ref: Ref) -> Row[Any] | None:
    """Return what is known of the newest alert about this; while a page is wanted, of that page's own alone."""
    page = queries.load(tx, ref)
    mine = select(paged_alerts).where(paged_alerts.c.ref == str(ref), paged_alerts.c.status.is_not(None))
    if page and page.is_wanted:
        mine = mine.where(paged_alerts.c.alert_id == (None if page.awaits_another else page.alert_id))
    return tx.execute(mine.order_by(paged_alerts.c.told_at.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Watcher:
    """Reads alerts again at the provider, which alone is believed."""

    store: Store
    clocks: Clocks
    alerts: Mapping[str, Alerts]
    seen: Seen

    def step(self, claim: Claim) -> None:
        door = self.alerts.get(claim.row.provider)
        if door is None:  # no longer configured
            self.store.write(lambda tx: finish(tx, claim))
            return
        try:
            alert = door.get(ById(claim.row.alert_id))
        except NotFound:
            self.store.write(lambda tx: _deleted(tx, claim))
        except VendorError as error:
            self._later(claim, error)
        else:
            self.store.write(lambda tx: self._keep(tx, claim, alert))

    def _keep(self, tx: Tx, claim: Claim, alert: PagedAlert) -> None:
        """Write down what was seen, and what follows from it, in one transaction."""
        row, now = claim.row, self.clocks.business.now()
        before = Known(
            row.provider,
            row.alert_id,
            Ref.parse(row.ref) if row.ref else None,
            AlertStatus(row.status) if row.status else None,
            row.is_acknowledged,
        )
        if not finish(tx, claim, due_at=self._due_at(alert, before.ref), problem=None, **_columns(alert)):
            return
        about = self.seen(tx, before, alert, now)
        if about is not None and before.ref is None:
            known = {"ref": str(about), "due_at": self._due_at(alert, about)}
            tx.execute(update(paged_alerts).where(*_named(row.provider, row.alert_id)).values(**known))

    def _due_at(self, alert: PagedAlert, about: Ref | None) -> datetime | None:
        if about is None or alert.status is AlertStatus.CLOSED:
            return None
        age = self.clocks.business.now() - alert.created_at
        return self.clocks.system.now() + next((pause for until, pause in PACES if age < until), RARELY)

    def _later(self, claim: Claim, error: VendorError) -> None:
        now, problem = self.clocks.system.now(), to_json(error.words)
        due_at = later(now, claim.attempts)
        if isinstance(error, RateLimited):
            due_at = max(due_at, now + timedelta(seconds=error.retry_after))
        log.warning("alert not read", provider=claim.row.provider, problem=str(error))
        self.store.write(lambda tx: release(tx, claim, due_at=due_at, problem=problem))


def _deleted(tx: Tx, claim: Claim) -> None:
    """Keep that it is there no more, and want no page that has lost its alert. Nobody has answered by that."""
    if not finish(tx, claim, status=AlertStatus.CLOSED.value) or not claim.row.ref:
        return
    ref = Ref.parse(claim.row.ref)
    page = queries.load(tx, ref)
    if page and page.alert_id == claim.row.alert_id and not page.awaits_another:
        service.close(tx, ref)


def _named(provider: str, alert_id: str) -> tuple[ColumnElement[bool], ...]:
    return paged_alerts.c.provider == provider, paged_alerts.c.alert_id == alert_id


def _columns(alert: PagedAlert) -> dict[str, Any]:
    return {
        "alias": alert.alias,
        "message": alert.message,
        "tiny_id": alert.tiny_id,
        "priority": alert.priority,
        "status": alert.status.value,
        "is_acknowledged": alert.is_acknowledged,
        "owner": alert.owner,
        "snoozed_until": alert.snoozed_until,
        "created_at": alert.created_at,
    }
