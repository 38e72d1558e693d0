"""The incidents of a window as they were at its end: the rows that do not change, and what their history tells."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select

from bot.handoff.gathered import Known, Past
from bot.handoff.lives import raisings
from bot.handoff.model import Scope
from bot.handoff.moments import at_once, begins, histories, in_window, touched
from bot.incidents.memory import threads
from bot.incidents.model import OPEN
from bot.store import Tx
from bot.store.tables import alerts, incidents, storms
from bot.triage.identity import name_of
from bot.triage.model import Kind, Severity

_COLUMNS = (
    *(incidents.c.id, incidents.c.route, incidents.c.fingerprint, incidents.c.source, incidents.c.resource),
    *(incidents.c.title, incidents.c.topic, incidents.c.owner, incidents.c.severity, incidents.c.noticed_at),
)


def past(tx: Tx, scope: Scope, start: datetime, end: datetime) -> Past:
    """Return the incidents of the scope's routes that the window touched, or that were open at its end."""
    ids = touched(tx, "incident", start, end) | _perhaps_open(tx, end)
    known = _known(tx, scope, ids)
    told = histories(tx, "incident", known, end)
    lives = {each: raisings(each, told.get(each, ())) for each in known}
    lives = {each: life for each, life in lives.items() if life}
    still_open = [each for each, life in lives.items() if life[-1].is_open]
    severities = _severities(tx, still_open, end)
    return Past(
        start,
        end,
        {each: _as_then(known[each], severities.get(each)) for each in lives},
        lives,
        _alerts(tx, lives, start, end),
        _storms(tx, scope, start, end),
        {each: thread for some in at_once(lives) for each, thread in threads(tx, some).items()},
    )


def _perhaps_open(tx: Tx, end: datetime) -> set[str]:
    """Return what may have been open at `end`: it is open now, or was over or quiet only later."""
    later, before = begins(end), begins(end) + "g"
    is_open = incidents.c.state.in_([state.value for state in OPEN]) & (incidents.c.id < before)
    over_later = is_open, incidents.c.resolved_at >= end, incidents.c.stale_at >= end  # each by an index of its own
    found = {each for which in over_later for each in tx.execute(select(incidents.c.id).where(which)).scalars()}
    found |= set(tx.execute(select(incidents.c.supersedes).where(incidents.c.id >= later)).scalars())  # taken over
    return {each for each in found if each and each < before}


def _known(tx: Tx, scope: Scope, ids: Iterable[str]) -> Mapping[str, Known]:
    found = {}
    for some in at_once(ids):
        for row in tx.execute(select(*_COLUMNS).where(incidents.c.id.in_(some))):
            if row.route not in scope.routes:  # in a condition its index would be preferred to that of the ids
                continue
            name = name_of(row.resource, row.title, row.source)
            thing = (row.route, row.fingerprint)
            more = (row.source, name, row.topic or "", row.owner, Severity(row.severity), row.noticed_at)
            found[row.id] = Known(row.id, thing, *more)
    return found


def _as_then(known: Known, severity: Severity | None) -> Known:
    if severity is None or severity is known.severity:
        return known
    more = (known.topic, known.owner, severity, known.noticed_at)
    return Known(known.id, known.thing, known.source, known.name, *more)


def _severities(tx: Tx, ids: Iterable[str], end: datetime) -> Mapping[str, Severity]:
    """Return what the newest alert before `end` called each incident."""
    newest: dict[str, tuple[datetime, Severity]] = {}
    for some in at_once(ids):
        before = alerts.c.incident_id.in_(some), alerts.c.at < end, alerts.c.severity.is_not(None)
        columns = (alerts.c.incident_id, alerts.c.severity, func.max(alerts.c.at).label("last_at"))
        query = select(*columns).where(*before, alerts.c.kind == Kind.ALERT)
        for row in tx.execute(query.group_by(alerts.c.incident_id, alerts.c.severity)):
            found = (row.last_at, Severity(row.severity))
            newest[row.incident_id] = max(newest.get(row.incident_id, found), found)
    return {incident_id: severity for incident_id, (_, severity) in newest.items()}


def _alerts(tx: Tx, lives: Mapping[str, object], start: datetime, end: datetime) -> Mapping[str, int]:
    """Return how many alerts of the window each incident had."""
    here = (*in_window(alerts.c.id, start, end), alerts.c.at >= start, alerts.c.at < end)
    query = select(alerts.c.incident_id, func.count()).where(*here, alerts.c.kind == Kind.ALERT)
    rows = tx.execute(query.group_by(alerts.c.incident_id)).all()
    return Counter({incident_id: n for incident_id, n in rows if incident_id in lives})


def _storms(tx: Tx, scope: Scope, start: datetime, end: datetime) -> tuple[str, ...]:
    """Return the storms that began in the window."""
    here = (*in_window(storms.c.id, start, end), storms.c.started_at >= start, storms.c.started_at < end)
    query = select(storms.c.id).where(*here, storms.c.route.in_(sorted(scope.routes)))
    return tuple(tx.execute(query.order_by(storms.c.id)).scalars())
