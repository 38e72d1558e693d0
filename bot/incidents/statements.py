"""What the intake of one more alert writes, compiled once: the path that every message takes before its answer."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    bindparam,
    case,
    desc,
    func,
    insert,
    null,
    or_,
    select,
    update,
)

from bot.incidents.model import IncidentState
from bot.incidents.occurrence import OPEN
from bot.store.prepared import Prepared
from bot.store.tables import alerts, incidents, messages, occurrences
from bot.store.upsert import insert_into

LATEST_COLUMNS = (
    incidents.c.id,
    incidents.c.route,
    incidents.c.fingerprint,
    incidents.c.state,
    incidents.c.opened_at,
    incidents.c.last_alert_at,
    incidents.c.resolved_at,
    incidents.c.resolved_by,
    incidents.c.severity,
    incidents.c.mentioned_at,
)
OPEN_IN_AIRFLOW = and_(  # failures that are looked up there, as `Tracked.is_followed` says of one
    occurrences.c.state.in_(OPEN),
    occurrences.c.airflow != "",
    or_(occurrences.c.dag_run_id.is_not(None), occurrences.c.logical_at.is_not(None)),
)
TRACKED_ANEW = ("state", "failed_at", "settled_at", "settled_by", "try_number", "due_at")

KEEP_MESSAGE = Prepared(lambda dialect: insert_into(dialect, messages).on_conflict_do_nothing())
KEEP_ALERT = Prepared(lambda _: insert(alerts))

LATEST = Prepared(
    lambda _: (
        select(*LATEST_COLUMNS)
        .where(incidents.c.route == bindparam("route"), incidents.c.fingerprint == bindparam("fingerprint"))
        .order_by(desc(incidents.c.opened_at))
        .limit(1)
        .with_for_update()
    )
)

PARENT = Prepared(
    lambda _: (
        select(alerts.c.kind, alerts.c.source, alerts.c.fingerprint, alerts.c.body)
        .join(messages, messages.c.id == alerts.c.message_id)
        .where(messages.c.channel == bindparam("channel"), messages.c.ts == bindparam("ts"))
        .order_by(desc(alerts.c.id))
        .limit(1)
    )
)

_AT = bindparam("at", type_=incidents.c.last_alert_at.type)


def _newer(name: str) -> ColumnElement[Any]:
    """Return the value that an alert brings, unless it brings none or is older than what is known already."""
    known = incidents.c[name]
    brought = func.coalesce(bindparam(name, type_=known.type), known)
    return case((incidents.c.last_alert_at <= _AT, brought), else_=known)


REPEAT = Prepared(
    lambda _: (
        update(incidents)
        .where(incidents.c.id == bindparam("incident_id"))
        .values(
            last_alert_at=case((incidents.c.last_alert_at <= _AT, _AT), else_=incidents.c.last_alert_at),
            alert_count=incidents.c.alert_count + 1,
            links=_newer("links"),
            error=_newer("error"),
            severity=_newer("severity"),
            state=case((incidents.c.state == IncidentState.STALE, IncidentState.OPEN.value), else_=incidents.c.state),
            version=incidents.c.version + 1,
        )
    )
)


def _track(dialect: str) -> Executable:
    statement = insert_into(dialect, occurrences)
    changed = {name: statement.excluded[name] for name in TRACKED_ANEW}
    changed["seen"] = case((occurrences.c.settled_at.is_(None), occurrences.c.seen), else_=null())
    changed["logical_at"] = func.coalesce(statement.excluded.logical_at, occurrences.c.logical_at)
    tracked: Executable = statement.on_conflict_do_update(index_elements=["incident_id", "key"], set_=changed)
    return tracked


TRACK = Prepared(_track)
