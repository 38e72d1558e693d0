"""What is seen of alerts at the provider, and what people did to them from Slack, changes the incidents."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from bot import outbox, timeline
from bot.actor import Actor
from bot.incidents import paging, queries, service, storms
from bot.incidents.joining import SOURCE
from bot.oncall.model import Identity
from bot.oncall.queries import candidates
from bot.oncall.rules import accounts
from bot.pages import alerts
from bot.pages import queries as pages
from bot.pages.alerts import Known
from bot.pages.deed import AlertDeed, Deed
from bot.pages.model import PROVIDERS, ref_of_alias
from bot.ports.paging import AlertStatus, PagedAlert, Responder
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import incidents, paged_alerts
from bot.text import Text, text
from bot.triage.identity import fingerprint
from bot.triage.model import Alert, Kind

Opens = Callable[[Tx, str, PagedAlert, datetime], str | None]
"""Take an alert of this provider in that Baton did not make; return the incident that it belongs to, if any."""


@dataclass(frozen=True, slots=True)
class AlertsSeen:
    """`identities` are people.yaml: who acknowledged an alert is named by the provider's names."""

    identities: tuple[Identity, ...]
    opens: Opens

    def __call__(self, tx: Tx, before: Known, alert: PagedAlert, now: datetime) -> Ref | None:
        """Bring what the alert is about to what was seen of it; return what that is."""
        ref = before.ref or self._about(tx, before.provider, alert, now)
        if ref is None or ref.kind not in {"incident", "storm"}:
            return ref
        if _is_of_now(tx, ref, alert):
            if alert.is_acknowledged and not before.is_acknowledged:
                self._acknowledged(tx, ref, before.provider, alert, now)
            if alert.status is AlertStatus.CLOSED and before.status is not AlertStatus.CLOSED:
                _closed(tx, ref, before.provider, alert, now)
        outbox.want_card(tx, ref)
        return ref

    def _about(self, tx: Tx, provider: str, alert: PagedAlert, now: datetime) -> Ref | None:
        """Find what an alert is about of which only a webhook has told."""
        ours = ref_of_alias(alert.alias)
        if ours:  # made by another Baton where no page is about it here
            return ours if pages.load(tx, ours) else None
        known = _opened_by_its_post(tx, alert)
        if known is None and alert.status is AlertStatus.OPEN:
            known = self.opens(tx, provider, alert, now)
        return service.ref(known) if known else None

    def _acknowledged(self, tx: Tx, ref: Ref, provider: str, alert: PagedAlert, now: datetime) -> None:
        person = self._person(tx, alert.owner)
        actor = person or Actor.seen_in(provider)
        words = "page.seen.acknowledged" if person or not alert.owner else "page.seen.acknowledged_by"
        said = text(words, provider=PROVIDERS.get(provider, provider), who=alert.owner)
        acknowledge(actor, tx, ref, now, said)

    def _person(self, tx: Tx, name: str) -> Actor | None:
        """Return who has this name at the provider, where Slack certainly knows them."""
        if not name:
            return None
        responder = Responder(name, name if "@" in name else None, name)
        found = accounts(responder, self.identities, candidates(tx, (responder,), self.identities))
        return Actor.person(found[0].team, found[0].user) if len(found) == 1 else None


def acknowledge(actor: Actor, tx: Tx, ref: Ref, now: datetime, said: Text) -> None:
    """Have an incident, or all of a storm's, acknowledged by whoever did so at the provider."""
    paging.call_nobody_else(tx, ref)
    if ref.kind == "storm":
        storms.acknowledge_each(actor, tx, ref.id, now)
    else:
        service.seen_acknowledged(actor, tx, ref.id, now, said)


def done(tx: Tx, deed: AlertDeed, now: datetime) -> None:
    """Do what follows from a deed that the provider has confirmed."""
    mine = paged_alerts.c.ref == str(deed.ref), paged_alerts.c.status == AlertStatus.OPEN
    if deed.deed is Deed.ACKNOWLEDGE:
        tx.execute(update(paged_alerts).where(*mine).values(is_acknowledged=True))
        acknowledge(deed.actor, tx, deed.ref, now, text("incident.moment.acknowledged"))
    elif deed.deed is Deed.SNOOZE:
        tx.execute(update(paged_alerts).where(*mine).values(snoozed_until=deed.until))
    elif deed.deed is Deed.CLOSE and deed.alert_id is None:
        paging.over(tx, deed.ref, deed.actor)
    alerts.look_again(tx, deed.ref)


def _is_of_now(tx: Tx, ref: Ref, alert: PagedAlert) -> bool:
    """Whether what is seen of the alert still matters: of Baton's own alerts only the page's present one does."""
    if ref_of_alias(alert.alias) != ref:
        return True
    page = pages.load(tx, ref)
    return page is not None and page.is_answered_at(alert.alias)


def _closed(tx: Tx, ref: Ref, provider: str, alert: PagedAlert, now: datetime) -> None:
    """Close Baton's page that somebody closed there; an incident of the provider's own alert is over with it."""
    actor = Actor.seen_in(provider)
    if ref_of_alias(alert.alias) == ref:
        if paging.over(tx, ref, actor):
            timeline.record(tx, ref, now, actor, text("page.seen.closed", provider=PROVIDERS.get(provider, provider)))
        return
    known = queries.locked(tx, ref.id)
    if known and known.state.is_unresolved and _is_of_provider(tx, ref.id):
        service.close(actor, tx, known, now, text("incident.moment.source_says_over"))


def _is_of_provider(tx: Tx, incident_id: str) -> bool:
    return tx.execute(select(incidents.c.source).where(incidents.c.id == incident_id)).scalar() == SOURCE


def _opened_by_its_post(tx: Tx, alert: PagedAlert) -> str | None:
    """Return the incident that the provider's own post about this alert has opened, if it is unresolved."""
    print_ = fingerprint(Alert(Kind.ALERT, SOURCE, resource={"alert": alert.tiny_id}))
    mine = incidents.c.fingerprint == print_, incidents.c.open_key.is_not(None), incidents.c.source == SOURCE
    newest = select(incidents.c.id).where(*mine).order_by(incidents.c.id.desc()).limit(1)
    return tx.execute(newest).scalar() if alert.tiny_id else None
