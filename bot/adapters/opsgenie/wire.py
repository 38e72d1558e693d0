"""The shapes of answers about schedules, and what they mean to Baton. Unknown fields are ignored.

Opsgenie says recipient where its successor, Jira Service Management, says responder; both are read here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field

from bot.ports.paging import Override, Responder
from bot.ports.shifts import Period, Window

_GROUPS = frozenset({"team", "escalation", "schedule", "group"})
_NOBODY = frozenset({"none", "noone"})
_STANDS_IN = frozenset({"override", "forwarding"})
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Recipient(_Wire):
    """Who a period or an on-call answer names; `name` of a user is the user name, which is an e-mail."""

    id: str = ""
    name: str = ""
    type: str = "user"

    @property
    def is_somebody(self) -> bool:
        return self.type not in _NOBODY and bool(self.id or self.name)

    def responder(self) -> Responder:
        is_address = self.type == "user" and "@" in self.name
        return Responder(self.id or self.name, self.name if is_address else None, self.name)


class Participant(Recipient):
    waits: int = Field(default=0, alias="escalationTime")
    nested: list["Participant | str"] | None = Field(default=None, alias="onCallParticipants")


class OnCalls(_Wire):
    """People are under one name or the other, as `flat` says: objects or bare user names."""

    participants: list[Participant | str] | None = Field(default=None, alias="onCallParticipants")
    recipients: list[Participant | str] | None = Field(
        default=None, validation_alias=AliasChoices("onCallRecipients", "onCallUsers")
    )


class OnCallsAnswer(_Wire):
    data: OnCalls


class TimelinePeriod(_Wire):
    start_at: AwareDatetime = Field(alias="startDate")
    end_at: AwareDatetime = Field(alias="endDate")
    type: str = "default"
    recipient: Recipient | None = Field(default=None, validation_alias=AliasChoices("recipient", "responder"))
    flattened: list[Recipient] | None = Field(
        default=None, validation_alias=AliasChoices("flattenedRecipients", "flattenedResponders")
    )

    @property
    def people(self) -> tuple[Responder, ...]:
        """Return the people of a past period, else the recipient, who may be a team."""
        named = self.flattened or ([self.recipient] if self.recipient else [])
        return tuple(recipient.responder() for recipient in named if recipient.is_somebody)


class Rotation(_Wire):
    id: str = ""
    name: str = ""
    order: float | None = None
    periods: list[TimelinePeriod] | None = None


class FinalTimeline(_Wire):
    rotations: list[Rotation] | None = None


class Timeline(_Wire):
    start_at: AwareDatetime = Field(alias="startDate")
    end_at: AwareDatetime = Field(alias="endDate")
    final: FinalTimeline = Field(default_factory=FinalTimeline, alias="finalTimeline")


class TimelineAnswer(_Wire):
    data: Timeline


class User(_Wire):
    """A user as overrides name them."""

    id: str = ""
    username: str = ""
    name: str = ""

    def responder(self) -> Responder:
        named = self.username or self.name
        return Responder(self.id or named, named if "@" in named else None, named)


class RotationName(_Wire):
    id: str = ""
    name: str = ""


class MadeOverride(_Wire):
    alias: str
    user: User
    start_at: AwareDatetime = Field(alias="startDate")
    end_at: AwareDatetime = Field(alias="endDate")
    rotations: list[RotationName] | None = None

    def override(self) -> Override:
        names = tuple(rotation.name or rotation.id for rotation in self.rotations or ())
        return Override(self.alias, self.user.responder(), _utc(self.start_at), _utc(self.end_at), names)


class OverrideAnswer(_Wire):
    data: MadeOverride


class OverridesAnswer(_Wire):
    data: list[MadeOverride]


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody on call now: their level of escalation (0 is called first), and the participant of the schedule."""

    responder: Responder
    level: int
    via: Responder


class Opaque(Exception):
    """Somebody is on call, but the answer does not say who."""


def called(on_calls: OnCalls) -> list[Called]:
    """Return everybody on call, in the order of the answer; raise `Opaque` for a kind of participant not known."""
    top = on_calls.participants if on_calls.participants is not None else on_calls.recipients
    return [found for entry in top or () for found in _flattened(_participant(entry), 0, None)]


def leaves_people_out(on_calls: OnCalls) -> bool:
    """Tell whether the answer names a team or the like without saying who is in it."""
    entries = [_participant(entry) for entry in on_calls.participants or ()]
    while entries:
        entry = entries.pop()
        if entry.type in _GROUPS and entry.nested is None:
            return True
        entries += [_participant(each) for each in entry.nested or ()]
    return False


def _flattened(participant: Participant, level: int, via: Responder | None) -> Iterator[Called]:
    """Yield the users in a participant; teams and escalations nest, and waiting times add up."""
    level += participant.waits
    via = via or participant.responder()
    if participant.type in _NOBODY:
        return
    if participant.type == "user" and participant.is_somebody:
        yield Called(participant.responder(), level, via)
    elif participant.type in _GROUPS or participant.nested:
        for nested in participant.nested or ():
            yield from _flattened(_participant(nested), level, via)
    else:
        raise Opaque(f"{participant.type} {participant.name}".strip())


def _participant(entry: Participant | str) -> Participant:
    return entry if isinstance(entry, Participant) else Participant(id=entry, name=entry)


def window(timeline: Timeline) -> Window:
    return Window(_utc(timeline.start_at), _utc(timeline.end_at))


def periods(timeline: Timeline) -> Iterator[Period]:
    """Yield the periods of the final timeline, ranked by the order of their rotations."""
    rotations = timeline.final.rotations or []
    for rank, rotation in enumerate(sorted(rotations, key=_order)):
        stretches = sorted(rotation.periods or (), key=lambda period: period.start_at)
        for period, people in zip(stretches, _people(stretches), strict=True):
            stands_in = period.type in _STANDS_IN
            yield Period(people, _utc(period.start_at), _utc(period.end_at), rotation.name, rank, stands_in)


def _order(rotation: Rotation) -> float:
    return rotation.order if rotation.order is not None else float("inf")


def _people(stretches: Sequence[TimelinePeriod]) -> Iterator[tuple[Responder, ...]]:
    """Yield who has each period. Of a running one whose recipient is a team, only the past half names people."""
    previous: TimelinePeriod | None = None
    for period in stretches:
        is_rest = (
            previous is not None
            and previous.flattened
            and not period.flattened
            and previous.end_at == period.start_at
            and previous.recipient == period.recipient
        )
        yield previous.people if previous is not None and is_rest else period.people
        previous = period


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def is_id(name: str) -> bool:
    return bool(_ID.fullmatch(name))


def reference(name: str) -> dict[str, str]:
    return {"id" if is_id(name) else "name": name}


def date(at: datetime) -> str:
    """Return the moment as it is read there: to the second and with an offset."""
    return at.isoformat(timespec="seconds")
