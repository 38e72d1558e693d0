"""The schedules and users of the made-up workplace."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sandbox.opsgenie.rota import STEPS, Participant, Rotation, Schedule

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CYCLES_OF_HISTORY: Final = 20


def user_id(username: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"opsgenie-user:{username}"))


def participant(entry: str | Mapping[str, Any]) -> Participant:
    """A user's e-mail, `none`, or `{type: team | escalation, name, members: […]}`."""
    if entry == "none":
        return Participant("none", "", "none")
    if isinstance(entry, str):
        return Participant("user", user_id(entry), entry)
    members = tuple(participant(member) for member in entry["members"])
    return Participant(entry["type"], str(uuid.uuid5(uuid.NAMESPACE_URL, entry["name"])), entry["name"], members)


def schedule(entry: Mapping[str, Any], now: datetime) -> Schedule:
    zone = entry["timezone"]
    rotations = [_rotation(rotation, zone, now) for rotation in entry["rotations"]]
    return Schedule(entry["id"], entry["name"], zone, rotations, entry.get("enabled", True))


def _rotation(entry: Mapping[str, Any], zone: str, now: datetime) -> Rotation:
    people = tuple(participant(person) for person in entry["participants"])
    kind, length = entry["type"], int(entry.get("length", 1))
    cycle = STEPS[kind] * length * len(people)
    first = _last_boundary(entry["starts"], kind, now.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
    return Rotation(entry["id"], entry["name"], kind, length, first - cycle * CYCLES_OF_HISTORY, zone, people)


def _last_boundary(starts: str, kind: str, now: datetime) -> datetime:
    """The boundary at or before now: the first participant is the one on call when the sandbox starts.

    `starts` is "Monday 10:00" or, for daily and hourly rotations, "10:00".
    """
    day, _, clock = starts.rpartition(" ")
    hour, minute = (int(part) for part in clock.split(":"))
    boundary = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if kind == "weekly":
        boundary -= timedelta(days=(boundary.weekday() - WEEKDAYS.index(day)) % 7)
    while boundary > now:
        boundary -= STEPS[kind]
    return boundary
