"""Whether the people on call have changed since it was told last, and what kind of change that is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.oncall.model import Engineer, Snapshot
from bot.oncall.rules import believed
from bot.ports.paging import Nobody, OnCall, Shift, Somebody
from bot.ports.shifts import key_of

SHORT = timedelta(hours=24)
"""Covers under this are told in one line, and get no handoff."""


class Kind(StrEnum):
    SHIFT = "shift"  # the next people take over
    COVER = "cover"  # somebody stands in for less than a day
    RETURN = "return"  # and hands back to whom they stood in for


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is on call by what was told last, by the provider's keys; nobody is empty.

    `cover_of` are the people that a short cover stands in for.
    """

    keys: tuple[str, ...]
    since: datetime
    cover_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    kind: Kind
    now: Standing


def changed(told: Standing, answer: Somebody | Nobody, shifts: Sequence[Shift], now: datetime) -> Changed | None:
    """Return what the answer changes about what was told, None where the same people are on call."""
    keys = keys_of(answer)
    if keys == told.keys:
        return None
    since = min(answer.since or now, now)
    if told.cover_of is not None and keys == told.cover_of:
        return Changed(Kind.RETURN, Standing(keys, since))
    if is_short_cover(answer, shifts, since, now):
        covered = told.keys if told.cover_of is None else told.cover_of
        return Changed(Kind.COVER, Standing(keys, since, covered))
    return Changed(Kind.SHIFT, Standing(keys, since))


def is_short_cover(answer: Somebody | Nobody, shifts: Sequence[Shift], since: datetime, now: datetime) -> bool:
    """Tell whether people stand in by an override, for a known time of less than a day."""
    running = next((shift for shift in shifts if shift.start_at <= now < shift.end_at), None)
    if running is None or not running.is_override or not isinstance(answer, Somebody):
        return False
    until = answer.until or running.end_at
    return until - since < SHORT


def keys_of(answer: Somebody | Nobody) -> tuple[str, ...]:
    return tuple(key_of(each) for each in answer.responders) if isinstance(answer, Somebody) else ()


def is_certain(snapshot: Snapshot, answer: OnCall, engineers: Sequence[Engineer]) -> bool:
    """Tell whether an answer may be acted on: one that only the plan gives must name people whom Slack knows.

    A plan may name a team where the provider itself, asked a minute later, names its people.
    """
    return answer == snapshot.on_call or all(engineer.user for engineer in engineers)


def unconfirmed(snapshot: Snapshot, told: Standing, now: datetime) -> datetime | None:
    """Return the moment of a planned change that has passed while the provider did not answer, if nobody told of it."""
    answer = snapshot.on_call
    if not isinstance(answer, Somebody | Nobody) or isinstance(believed(snapshot, now), Somebody | Nobody):
        return None
    is_due = answer.until is not None and snapshot.fetched_at < answer.until <= now
    return answer.until if is_due and keys_of(answer) == told.keys else None
