"""How things look in Opsgenie's JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.opsgenie.alerts import Alert, Note, Outcome
from sandbox.opsgenie.rota import Override, Participant, Period, Rotation, Schedule
from sandbox.opsgenie.search import is_snoozed
from sandbox.opsgenie.seed import user_id
from sandbox.world import User

INTEGRATION = {"id": "4513b7ea-3b91-438f-b7e4-e3e54af9147c", "name": "Baton", "type": "API"}


def stamp(moment: datetime) -> str:
    """UTC with Z; milliseconds only where there are any, as the API writes it."""
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond >= 1000 else "seconds").replace("+00:00", "Z")


def parent(schedule: Schedule) -> dict[str, Any]:
    return {"id": schedule.id, "name": schedule.name, "enabled": schedule.enabled}


def schedule(found: Schedule, *, rotations: bool) -> dict[str, Any]:
    shown = {
        "id": found.id,
        "name": found.name,
        "description": "",
        "timezone": found.timezone,
        "enabled": found.enabled,
        "ownerTeam": {"id": "90098alp9-f0e3-41d3-a060-0ea895027630", "name": "data"},
    }
    return {**shown, "rotations": [rotation(one) for one in found.rotations]} if rotations else shown


def rotation(found: Rotation) -> dict[str, Any]:
    starts = found.starts_at.replace(tzinfo=ZoneInfo(found.zone))
    return {
        "id": found.id,
        "name": found.name,
        "startDate": stamp(starts),
        "type": found.type,
        "length": found.length,
        "participants": [recipient(one) for one in found.participants],
    }


def recipient(found: Participant) -> dict[str, Any]:
    """A participant as configured: users carry `username`, everything else `name`."""
    if found.type == "none":
        return {"type": "none"}
    return {"type": found.type, "id": found.id, "username" if found.type == "user" else "name": found.name}


def participant(found: Participant) -> dict[str, Any]:
    """A participant as on call: teams and escalations show who is behind them."""
    shown: dict[str, Any] = {"id": found.id, "name": found.name, "type": found.type}
    if found.type == "user":
        return shown
    behind = [participant(member) for member in found.members]
    if found.type == "escalation":
        for level, member in enumerate(behind):
            member.update(escalationTime=level * 5, notifyType="default")
    return {**shown, "onCallParticipants": behind}


def period(found: Period) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "startDate": stamp(found.start),
        "endDate": stamp(found.end),
        "type": found.type,
        "recipient": _timeline_recipient(found.recipient),
    }
    if found.type == "historical":
        names = found.recipient.usernames()
        shown["flattenedRecipients"] = [{"id": user_id(name), "name": name, "type": "user"} for name in names]
    if found.from_user is not None and found.type == "forwarding":
        shown["fromUser"] = found.from_user
    return shown


def _timeline_recipient(found: Participant) -> dict[str, Any]:
    return {"type": "none"} if found.type == "none" else {"id": found.id, "type": found.type, "name": found.name}


def override(schedule_: Schedule, found: Override) -> dict[str, Any]:
    names = {one.id: one.name for one in schedule_.rotations}
    return {
        "_parent": parent(schedule_),
        "alias": found.alias,
        "user": recipient(found.user),
        "startDate": stamp(found.start),
        "endDate": stamp(found.end),
        "rotations": [{"id": key, "name": names.get(key, "")} for key in found.rotations or names],
    }


def alert(found: Alert, now: datetime, *, full: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": found.id,
        "tinyId": found.tiny_id,
        "alias": found.alias,
        "message": found.message,
        "status": found.status,
        "acknowledged": found.acknowledged,
        "isSeen": found.seen,
        "tags": found.tags,
        "snoozed": is_snoozed(found, now),
        "count": found.count,
        "lastOccurredAt": stamp(found.last_occurred_at),
        "createdAt": stamp(found.created_at),
        "updatedAt": stamp(found.updated_at),
        "source": found.source,
        "owner": found.owner,
        "priority": found.priority,
        "responders": [_responder(one) for one in found.responders],
        "integration": INTEGRATION,
        "report": report(found),
        "ownerTeamId": "",
    }
    if found.snoozed_until is not None and is_snoozed(found, now):
        shown["snoozedUntil"] = stamp(found.snoozed_until)
    if full:
        extra = {"actions": found.actions, "entity": found.entity, "details": found.details}
        shown = {**shown, **extra, "description": found.description}
    return shown


def _responder(given: dict[str, str]) -> dict[str, str]:
    named = given.get("username") or given.get("name") or ""
    return {"type": given["type"], "id": given.get("id") or user_id(named)}


def report(found: Alert) -> dict[str, Any]:
    """Durations in milliseconds since the alert was created; absent until it happened."""
    shown: dict[str, Any] = {}
    if found.acknowledged_at is not None:
        shown["ackTime"] = _ms_between(found.created_at, found.acknowledged_at)
        shown["acknowledgedBy"] = found.acknowledged_by
    if found.closed_at is not None:
        shown["closeTime"] = _ms_between(found.created_at, found.closed_at)
        shown["closedBy"] = found.closed_by
    return shown


def _ms_between(start: datetime, end: datetime) -> int:
    return int((end - start).total_seconds() * 1000)


def outcome(found: Outcome) -> dict[str, Any]:
    return {
        "success": found.done,
        "action": found.action,
        "processedAt": stamp(found.processed_at),
        "integrationId": INTEGRATION["id"],
        "isSuccess": found.done,
        "status": found.status,
        "alertId": found.alert_id or "",
        "alias": found.alias or "",
    }


def note(found: Note) -> dict[str, Any]:
    return {
        "note": found.note, "owner": found.owner, "createdAt": stamp(found.created_at), "offset": found.offset
    }  # fmt: skip


def log(found: Note) -> dict[str, Any]:
    return {
        "log": found.note, "type": "alertRecipient" if found.owner != "api" else "system",
        "owner": found.owner, "createdAt": stamp(found.created_at), "offset": found.offset,
    }  # fmt: skip


def user(found: User, since: datetime) -> dict[str, Any]:
    return {
        "id": user_id(found.email),
        "username": found.email,
        "fullName": found.real_name,
        "role": {"id": "Admin" if found.is_admin else "User", "name": "Admin" if found.is_admin else "User"},
        "skypeUsername": "",
        "timeZone": found.tz,
        "locale": found.locale.replace("-", "_"),
        "userAddress": {"country": "", "state": "", "city": "", "line": "", "zipCode": ""},
        "tags": [],
        "details": {},
        "blocked": False,
        "verified": True,
        "createdAt": stamp(since),
    }
