"""Feedback on incidents: one verdict for each person and incident, to be changed or taken back at any time."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from bot import outbox, timeline
from bot.actor import Actor
from bot.incidents.opinion import Opinions, Tally, Verdict
from bot.operations.authority import Authorise
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import feedback, incidents
from bot.store.upsert import upsert
from bot.text import Mention, Text, text

DEED = "incident.feedback"


@dataclass(frozen=True, slots=True)
class Given:
    """What this person's verdict is now, None where they took it back. `is_new` tells whether this press made it so."""

    verdict: Verdict | None
    is_new: bool


def give(
    actor: Actor, tx: Tx, incident_id: str, verdict: Verdict, pressed_at: str, now: datetime, authorise: Authorise
) -> Given | Text:
    """Keep what this person thinks; the same verdict again takes it back. A text says why it is refused.

    `pressed_at` is Slack's time of the press, as it writes it: one that comes twice, or late, changes nothing.
    """
    if why := authorise(tx, actor, DEED):
        return why
    if not _locked(tx, incident_id):
        return text("incident.unknown")
    before = tx.execute(select(feedback).where(*_of(actor, incident_id))).first()
    if before and pressed_at <= before.pressed_at:
        return Given(Verdict(before.verdict) if before.verdict else None, is_new=False)
    after = None if before and before.verdict == verdict else verdict
    row = {
        "incident_id": incident_id,
        "actor": str(actor),
        "verdict": after,
        "right_owner": None,
        "pressed_at": pressed_at,
        "at": now,
    }
    upsert(tx, feedback, [row], key=["incident_id", "actor"])
    if after is Verdict.WRONG_OWNER:
        timeline.record(tx, _ref(incident_id), now, actor, text("feedback.moment.wrong_owner"))
    elif before and before.verdict == Verdict.WRONG_OWNER:
        timeline.record(tx, _ref(incident_id), now, actor, text("feedback.moment.wrong_owner_taken_back"))
    outbox.want_card(tx, _ref(incident_id))
    return Given(after, is_new=True)


def name_owner(actor: Actor, tx: Tx, incident_id: str, owner: str, now: datetime, authorise: Authorise) -> Text | None:
    """Keep whom this person takes for the right owner; return why that is refused, or None where it is done."""
    if why := authorise(tx, actor, DEED):
        return why
    wrong = (*_of(actor, incident_id), feedback.c.verdict == Verdict.WRONG_OWNER)
    known = tx.execute(select(feedback.c.right_owner).where(*wrong).with_for_update()).first()
    if known is None:
        return text("feedback.taken_back_meanwhile")
    if known.right_owner != owner:
        tx.execute(update(feedback).where(*wrong).values(right_owner=owner))
        timeline.record(tx, _ref(incident_id), now, actor, text("feedback.moment.right_owner", who=Mention(owner)))
        outbox.want_card(tx, _ref(incident_id))
    return None


def opinions(tx: Tx, incident_id: str) -> Opinions:
    """Return what people think of the incident now."""
    given = select(feedback.c.verdict, feedback.c.right_owner).where(
        feedback.c.incident_id == incident_id, feedback.c.verdict.is_not(None)
    )
    rows = tx.execute(given.order_by(feedback.c.at, feedback.c.actor)).all()
    counts = Counter(row.verdict for row in rows)
    owners = tuple(dict.fromkeys(row.right_owner for row in rows if row.right_owner))
    return Opinions(**{each.value: counts[each] for each in Verdict}, right_owners=owners)


def tallies(tx: Tx, since: datetime, until: datetime) -> tuple[Tally, ...]:
    """Return the verdicts that were given from `since` until before `until` and stand, by route and source."""
    groups = (incidents.c.route, incidents.c.source, feedback.c.verdict)
    query = (
        select(*groups, func.count().label("times"))
        .join(incidents, incidents.c.id == feedback.c.incident_id)
        .where(feedback.c.at >= since, feedback.c.at < until, feedback.c.verdict.is_not(None))
        .group_by(*groups)
        .order_by(func.count().desc(), *groups)
    )
    return tuple(Tally(row.route, row.source, Verdict(row.verdict), row.times) for row in tx.execute(query))


def _of(actor: Actor, incident_id: str) -> tuple[ColumnElement[bool], ...]:
    return feedback.c.incident_id == incident_id, feedback.c.actor == str(actor)


def _locked(tx: Tx, incident_id: str) -> bool:
    """Tell whether there is such an incident, and let nobody else change it meanwhile."""
    return tx.execute(select(incidents.c.id).where(incidents.c.id == incident_id).with_for_update()).first() is not None


def _ref(incident_id: str) -> Ref:
    return Ref("incident", incident_id)
