"""How things look in its JSON: people are account ids, without names or addresses."""

from __future__ import annotations

import uuid
from typing import Any

from sandbox.opsgenie import wire
from sandbox.opsgenie.rota import Override, Participant, Period, Schedule
from sandbox.world import User

TYPES = {"default": "base"}


def account_id(email: str) -> str:
    return f"712020:{uuid.uuid5(uuid.NAMESPACE_URL, f'atlassian-account:{email}')}"


def responder(found: Participant) -> dict[str, str]:
    if found.type == "none":
        return {"type": "noone"}
    return {"id": account_id(found.name) if found.type == "user" else found.id, "type": found.type}


def participant(found: Participant) -> dict[str, Any]:
    shown: dict[str, Any] = responder(found)
    if found.members:
        behind = [participant(member) for member in found.members]
        if found.type == "escalation":
            for level, member in enumerate(behind):
                member["escalationTime"] = level * 5
        shown["onCallParticipants"] = behind
    return shown


def schedule(found: Schedule) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "description": "",
        "timezone": found.timezone,
        "enabled": found.enabled,
        "teamId": "cd68207b-c55d-4611-ab25-72fd0c439e9f",
    }


def period(found: Period) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "startDate": wire.stamp(found.start),
        "endDate": wire.stamp(found.end),
        "type": TYPES.get(found.type, found.type),
        "responder": responder(found.recipient),
    }
    if found.type == "historical":
        names = found.recipient.usernames()
        shown["flattenedResponders"] = [{"id": account_id(name), "type": "user"} for name in names]
    if found.from_user is not None and found.type == "forwarding":
        shown["from"] = {"id": account_id(found.from_user), "type": "user"}
    return shown


def override(schedule_: Schedule, made: Override) -> dict[str, Any]:
    return {
        "alias": made.alias,
        "responder": responder(made.user),
        "startDate": wire.stamp(made.start),
        "endDate": wire.stamp(made.end),
        "rotationIds": list(made.rotations) or [rotation.id for rotation in schedule_.rotations],
    }


def user(found: User, *, shows_email: bool) -> dict[str, Any]:
    """A Jira user; whoever hides their address has an empty one."""
    return {
        "accountId": account_id(found.email),
        "accountType": "atlassian",
        "emailAddress": found.email if shows_email else "",
        "displayName": found.real_name,
        "active": True,
        "timeZone": found.tz,
    }
