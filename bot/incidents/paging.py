"""Incidents and storms wake somebody at the on-call provider, and their pages end with them."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from bot.actor import BATON, Actor
from bot.incidents.model import IncidentState
from bot.incidents.paging_rules import Paged
from bot.incidents.route import Route
from bot.outbox import whole_of
from bot.pages import alerts, deeds
from bot.pages import service as pages
from bot.pages.deed import Deed
from bot.pages.deeds import Wish
from bot.pages.escalation import Level
from bot.pages.model import PRIORITIES
from bot.ports.paging import AlertStatus
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import escalations, incidents
from bot.store.upsert import upsert
from bot.text import Text, text
from bot.triage.escape import shorten
from bot.triage.identity import name_of
from bot.triage.model import Severity

LONGEST_ERROR = 300


def wake_for_incident(tx: Tx, incident_id: str, paged: Paged, at: datetime) -> None:
    """Wake somebody for an incident, unless somebody already is awake for it."""
    _wake(tx, Ref("incident", incident_id), paged, _about(tx, incident_id, paged.severity), at)


def wake_for_whole(tx: Tx, whole: Ref, paged: Paged, at: datetime) -> None:
    """Wake somebody once for a storm, or for the incident from which others follow, however many there are."""
    if above := whole_of(tx, whole):  # a root that is itself shown on the card of a storm
        wake_for_whole(tx, above, paged, at)
    elif _level_of(tx, whole) is None:
        if whole.kind == "storm":
            _wake(tx, whole, paged, text("page.about.storm"), at)
        elif _is_open(tx, whole.id):
            wake_for_incident(tx, whole.id, paged, at)


def gather(tx: Tx, shown: Collection[Ref], storm: Ref, route: Route, at: datetime) -> None:
    """Have one page for a storm instead of those of the incidents that its card shows now."""
    if route.paging is None:
        return
    were_paged = [over(tx, ref) for ref in shown]
    if any(were_paged):
        wake_for_whole(tx, storm, Paged(route.name, route.paging, Severity.ERROR), at)


def acknowledged(tx: Tx, ref: Ref, actor: Actor, now: datetime) -> None:
    """Call nobody else: somebody has it. The alert is acknowledged in their name, unless it is already."""
    call_nobody_else(tx, ref)
    known = alerts.newest_of(tx, ref)
    if known is None or not known.is_acknowledged or known.status != AlertStatus.OPEN:
        deeds.ask(actor, tx, ref, Wish(Deed.ACKNOWLEDGE, f"with it {now.isoformat()}"), now)


def over(tx: Tx, ref: Ref, actor: Actor = BATON) -> bool:
    """Close the page of what is over, in the name of whoever ended it; return whether there was one."""
    call_nobody_else(tx, ref)
    return pages.close(tx, ref, actor)


def call_nobody_else(tx: Tx, ref: Ref) -> None:
    tx.execute(update(escalations).where(escalations.c.ref == str(ref)).values(next_at=None))


def _wake(tx: Tx, ref: Ref, paged: Paged, words: Text, at: datetime) -> None:
    rules = paged.rules
    if not pages.want(tx, rules.destination, ref, words, PRIORITIES[paged.severity], at):
        return
    row = {
        "ref": str(ref),
        "route": paged.route,
        "level": Level.FIRST.value,
        "since": at,
        "next_at": at + rules.escalate_after if rules.escalate_after else None,
    }
    upsert(tx, escalations, [row], key=["ref"])


def _level_of(tx: Tx, ref: Ref) -> int | None:
    return tx.execute(select(escalations.c.level).where(escalations.c.ref == str(ref))).scalar()


def _about(tx: Tx, incident_id: str, severity: Severity) -> Text:
    """Return what whoever is woken reads: how bad, what broke, and the error."""
    said = (incidents.c.resource, incidents.c.title, incidents.c.source, incidents.c.error)
    row = tx.execute(select(*said).where(incidents.c.id == incident_id)).one()
    what = name_of(row.resource, row.title, row.source)
    words = "page.about.error" if row.error else "page.about.incident"
    return text(words, severity=text(f"severity.{severity}"), what=what, error=shorten(row.error, LONGEST_ERROR))


def _is_open(tx: Tx, incident_id: str) -> bool:
    return tx.execute(select(incidents.c.state).where(incidents.c.id == incident_id)).scalar() == IncidentState.OPEN
