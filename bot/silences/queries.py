"""Rows into the values of `bot.silences`, and what a silence covers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select

from bot.actor import Actor
from bot.oncall.model import WorkingHours
from bot.ref import Ref
from bot.silences import rules
from bot.silences.model import Matcher, Matchers, Muted, Silence, SilenceCard, SilenceState, Subject, matches, ref
from bot.store import Tx
from bot.store.prepared import Prepared
from bot.store.tables import alerts, incidents, silenced, silences
from bot.triage.identity import name_of
from bot.triage.model import Severity

MOST_LOOKED_AT = 5_000  # incidents of the preview; a form waits for it
REMEMBERED = timedelta(hours=24)  # how long the list shows what has ended
_NAMES = 5
_A_FEW_MINUTES = timedelta(minutes=5)
_UNRESOLVED = ("open", "acknowledged", "stale")
_ACTORS = ("created_by", "asked_by", "confirmed_by", "ended_by")

_STANDING = (SilenceState.ACTIVE.value, SilenceState.PENDING.value)
_IN_FORCE = Prepared(
    lambda _: (
        select(silences)
        .where(
            silences.c.state == bindparam("state", type_=silences.c.state.type),
            silences.c.until > bindparam("at", type_=silences.c.until.type),
        )
        .order_by(silences.c.until.desc())
    )
)


@dataclass(frozen=True, slots=True)
class Silences:
    """What the handlers may look up; `hours` are those of the install."""

    hours: WorkingHours

    def hours_where(self, zone: ZoneInfo) -> WorkingHours:
        """Return the working hours on the clock of that zone: whoever silences until the morning means their own."""
        return replace(self.hours, zone=zone)

    def load(self, tx: Tx, silence_id: str) -> Silence | None:
        return load(tx, silence_id)

    def listed(self, tx: Tx, now: datetime) -> tuple[SilenceCard, ...]:
        return listed(tx, now)

    def would_have_muted(self, tx: Tx, matchers: Matchers, now: datetime) -> Muted | None:
        return would_have_muted(tx, matchers, now) if matchers else None


def load(tx: Tx, silence_id: str, *, lock: bool = False) -> Silence | None:
    query = select(silences).where(silences.c.id == silence_id)
    row = tx.execute(query.with_for_update() if lock else query).mappings().first()
    return _silence(row) if row else None


def muting(tx: Tx, subject: Subject, at: datetime) -> Silence | None:
    """Return the silence in force at that time that covers the subject; of several the one that lasts longest."""
    rows = _IN_FORCE.rows(tx, state=SilenceState.ACTIVE.value, at=at)
    live = (_silence(dict(zip(silences.c.keys(), row, strict=True))) for row in rows)
    return next((found for found in live if found.mutes(subject, at)), None)


def covering(tx: Tx, subject: Subject) -> Silence | None:
    """Return the silence that was not ended yet and covers the subject; of several the one that lasts longest."""
    active = select(silences).where(silences.c.state == SilenceState.ACTIVE).order_by(silences.c.until.desc())
    return next((found for found in map(_silence, tx.execute(active).mappings()) if found.covers(subject)), None)


def standing(tx: Tx, open_key: str) -> Silence | None:
    """Return the silence with these conditions that stands: of the same conditions there is one at a time."""
    row = tx.execute(select(silences).where(silences.c.open_key == open_key)).mappings().first()
    return _silence(row) if row else None


def listed(tx: Tx, now: datetime) -> tuple[SilenceCard, ...]:
    """Return what stands, the next to end first, then what ended in the last day, the newest first."""
    stands = select(silences).where(silences.c.state.in_(_STANDING)).order_by(silences.c.until)
    over = select(silences).where(silences.c.ended_at >= now - REMEMBERED).order_by(silences.c.ended_at.desc())
    rows = [*tx.execute(stands).mappings(), *tx.execute(over).mappings()]
    return tuple(_card(tx, _silence(row)) for row in rows)


def due(tx: Tx, now: datetime, ahead: timedelta) -> tuple[Silence, ...]:
    """Return the silences that stand and whose end is past, or nearer than `ahead` and not yet said to be near."""
    near = and_(silences.c.until <= now + ahead, silences.c.reminded_at.is_(None))
    query = select(silences).where(silences.c.state.in_(_STANDING), or_(silences.c.until <= now, near))
    return tuple(_silence(row) for row in tx.execute(query.with_for_update()).mappings())


def no_longer_undoable(tx: Tx, now: datetime) -> Sequence[Ref]:
    """Return the silences whose end could be undone until a moment ago: their cards still offer it."""
    since, until = now - rules.UNDO_WITHIN - _A_FEW_MINUTES, now - rules.UNDO_WITHIN
    query = select(silences.c.id).where(silences.c.ended_at > since, silences.c.ended_at <= until)
    return [ref(each) for each in tx.execute(query.where(silences.c.state == SilenceState.ENDED)).scalars()]


def silences_in(tx: Tx, query: Select[Any]) -> tuple[Silence, ...]:
    """Return the silences that a query for whole rows finds, in its order."""
    return tuple(_silence(row) for row in tx.execute(query).mappings())


def card(tx: Tx, silence_id: str) -> SilenceCard | None:
    found = load(tx, silence_id)
    return _card(tx, found) if found else None


def _card(tx: Tx, silence: Silence) -> SilenceCard:
    return SilenceCard(silence, muted(tx, silence))


def muted(tx: Tx, silence: Silence) -> Muted:
    """Return what the silence has kept quiet."""
    kept = (
        select(incidents.c.id, incidents.c.source, incidents.c.title, incidents.c.resource)
        .join(silenced, silenced.c.incident_id == incidents.c.id)
        .where(silenced.c.silence_id == silence.id)
        .order_by(silenced.c.at)
    )
    rows = tx.execute(kept).all()
    if not rows:
        return Muted()
    during = [alerts.c.incident_id.in_([row.id for row in rows]), alerts.c.at >= silence.created_at]
    if silence.ended_at:
        during.append(alerts.c.at < silence.ended_at)
    count = tx.execute(select(func.count()).select_from(alerts).where(alerts.c.kind == "alert", *during)).scalar_one()
    return Muted(len(rows), count, tuple(_name(row) for row in rows[:_NAMES]))


def would_have_muted(tx: Tx, matchers: Matchers, now: datetime) -> Muted:
    """Return what these conditions would have kept quiet lately, the most frequent names first."""
    columns = (incidents.c.route, incidents.c.source, incidents.c.severity, incidents.c.resource)
    recent = (
        select(*columns, incidents.c.title, incidents.c.alert_count)
        .where(incidents.c.opened_at >= now - rules.LOOKED_BACK)
        .order_by(incidents.c.opened_at.desc())
        .limit(MOST_LOOKED_AT)
    )
    fitting = [row for row in tx.execute(recent) if matches(matchers, _subject(row))]
    names = Counter(_name(row) for row in fitting).most_common(_NAMES)
    return Muted(len(fitting), sum(row.alert_count for row in fitting), tuple(name for name, _ in names))


def covered_incidents(tx: Tx, matchers: Matchers) -> Iterator[str]:
    """Yield the ids of the unresolved incidents that these conditions fit."""
    columns = (incidents.c.id, incidents.c.route, incidents.c.source, incidents.c.severity, incidents.c.resource)
    rows = tx.execute(select(*columns).where(incidents.c.state.in_(_UNRESOLVED))).all()
    return (row.id for row in rows if matches(matchers, _subject(row)))


def _subject(row: Row[*tuple[Any, ...]]) -> Subject:
    return Subject(row.route, row.source, Severity(row.severity), row.resource)


def _name(row: Row[*tuple[Any, ...]]) -> str:
    return name_of(row.resource, row.title, row.source)


def _silence(told: Mapping[Any, Any]) -> Silence:
    actors = {name: Actor.parse(told[name]) for name in _ACTORS if told[name]}
    matchers = tuple(Matcher(key, pattern) for key, pattern in told["matchers"])
    origin = Ref.parse(told["origin"]) if told["origin"] else None
    read = {"state": SilenceState(told["state"]), "matchers": matchers, "origin": origin}
    return Silence(**{name: value for name, value in {**told, **read, **actors}.items() if name != "open_key"})
