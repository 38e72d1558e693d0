"""The on-call provider's own posts in Slack join what their alert is about: Baton's pages go in no loop."""

import re
from datetime import timedelta

from sqlalchemy import select

from bot.pages import alerts
from bot.pages.model import ref_of_alias
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import incidents, paged_alerts, pages
from bot.triage.model import Alert, Message

SOURCE = "opsgenie"  # also of its successor: both post in the same words
TINY_IDS_LAST = timedelta(days=7)
"""For how long a short number is taken for the same alert: the provider counts round."""
COMPARED, SHORTEST = 50, 12
_ALIAS = re.compile(r"\bbaton-(?:incident|storm|grant):[0-9a-f]{24}(?:-\d{1,6})?\b")
_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{13}\b")


def subject_of(tx: Tx, message: Message, alert: Alert) -> Ref | None:
    """Return what the alert is about of which a provider's post tells, where that is known; else None.

    That is what Baton's page is about; or the open incident of an alert that Baton did not make, when this is posted in
    a second channel. It is known by the alias, by the alert's id or number, and, before anybody knows those, by the
    words of the page.
    """
    if alert.source != SOURCE:
        return None
    found = _by_alias(message) or _by_id(tx, message, alert) or _by_number(tx, message, alert) or _by_words(tx, message)
    if found is None or not (_is_paged(tx, found) or _is_open_elsewhere(tx, found, message.channel)):
        return None
    alerts.look_again(tx, found)  # something was just said about it
    return found


def know_alert(tx: Tx, provider: str, message: Message, incident: Ref) -> None:
    """Keep which alert of the provider an incident is about that its post has opened."""
    if found := _ID.search(" ".join(message.links)):
        alerts.know(tx, provider, found[0], incident, message.received_at)


def _by_alias(message: Message) -> Ref | None:
    found = _ALIAS.search(message.text)
    return ref_of_alias(found[0]) if found else None


def _by_id(tx: Tx, message: Message, alert: Alert) -> Ref | None:
    """Find it by an id in the post; one of another number is of an alert to which this one only links."""
    ids, number = _ids(message), alert.resource.get("alert", "")
    if not ids:
        return None
    told = [paged_alerts.c.alert_id.in_(ids), paged_alerts.c.ref.is_not(None)]
    if number:
        told.append(paged_alerts.c.tiny_id.in_(["", number]))  # empty: not yet looked at
    return _ref(tx.execute(select(paged_alerts.c.ref).where(*told).limit(1)).scalar())


def _by_number(tx: Tx, message: Message, alert: Alert) -> Ref | None:
    """Find it by its number, where the post has no id: another account at the provider counts from one, too."""
    number = alert.resource.get("alert", "")
    if not number or _ids(message):
        return None
    told = (
        paged_alerts.c.tiny_id == number,
        paged_alerts.c.ref.is_not(None),
        paged_alerts.c.told_at > message.received_at - TINY_IDS_LAST,
    )
    newest = select(paged_alerts.c.ref).where(*told).order_by(paged_alerts.c.told_at.desc()).limit(1)
    return _ref(tx.execute(newest).scalar())


def _ids(message: Message) -> list[str]:
    return _ID.findall(" ".join((*message.links, message.text)))[:COMPARED]


def _by_words(tx: Tx, message: Message) -> Ref | None:
    """Find the newest page that is wanted and whose whole words the post repeats."""
    said = " ".join(message.text.split())
    wanted = select(pages.c.ref, pages.c.message).where(pages.c.is_wanted)
    for ref, words in tx.execute(wanted.order_by(pages.c.wanted_at.desc()).limit(COMPARED)):
        if words and len(words) >= SHORTEST and words in said:
            return Ref.parse(ref)
    return None


def _is_paged(tx: Tx, ref: Ref) -> bool:
    return tx.execute(select(pages.c.ref).where(pages.c.ref == str(ref))).first() is not None


def _is_open_elsewhere(tx: Tx, ref: Ref, channel: str) -> bool:
    """Whether it is an unresolved incident of another channel."""
    mine = incidents.c.id == ref.id, incidents.c.channel != channel, incidents.c.open_key.is_not(None)
    return ref.kind == "incident" and tx.execute(select(incidents.c.id).where(*mine)).first() is not None


def _ref(written: str | None) -> Ref | None:
    return Ref.parse(written) if written else None
