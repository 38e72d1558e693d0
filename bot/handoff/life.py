"""The life of a handoff: its states, what its writer adds to the figures, and what it leaves to do. Pure values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from bot.oncall.model import Engineer

ON_TIME = timedelta(minutes=5)  # what is posted later than this says so


class State(StrEnum):
    """Words that are kept in the store. A handoff moves forward only."""

    PLANNED = "planned"
    DRAFTED = "drafted"  # the outgoing person has been asked for it
    SIGNED = "signed"  # and signed before the shift ended
    UNSIGNED = "unsigned"  # the shift is over; the grace time runs
    POSTED = "posted"
    ACCEPTED = "accepted"


class Effort(IntEnum):
    """How the shift was, in the words of who had it."""

    QUIET = 1
    FINE = 2
    BUSY = 3
    ROUGH = 4
    EXHAUSTING = 5


@dataclass(frozen=True, slots=True)
class Rules:
    """When what happens around a handoff; `covers_under` is how short a cover gets none."""

    draft_before: timedelta = timedelta(hours=1)
    grace: timedelta = timedelta(hours=2)
    covers_under: timedelta = timedelta(hours=24)
    remind_after: timedelta = timedelta(hours=4)
    canvas: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A schedule whose handoffs are posted: where, in which language, and who stands in where nobody is known."""

    schedule: str
    channel: str
    language: str
    fallback: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the outgoing person says: only they know it. `steps` is the next step of each open thing by its ref."""

    first: str = ""
    note: str = ""
    effort: Effort | None = None
    steps: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.first or self.note or self.effort or any(self.steps.values()))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something left to do, carried from handoff to handoff until it is ticked off."""

    id: str
    words: str
    owner: str | None
    due: date | None
    created_at: datetime
    done_at: datetime | None = None
    done_by: str | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """One handoff: of the shift from `since` to `boundary_at` (None: no end is planned yet)."""

    id: str
    schedule: str
    since: datetime
    shift_start: datetime
    boundary_at: datetime | None
    next_at: datetime | None
    state: State
    first: str
    """What the provider knows the outgoing first responder by."""
    outgoing: tuple[Engineer, ...]
    incoming: tuple[Engineer, ...]
    by_plan: bool
    said: Said
    revision: int
    edited_by: str | None
    edited_at: datetime | None
    drafted_at: datetime | None
    signed_at: datetime | None
    signed_by: str | None
    posted_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str | None
    reminded_at: datetime | None
    pictured_at: datetime | None
    picture_tries: int
    posted_signed: bool
    is_over: bool
    """Whether the turn has certainly ended."""

    @property
    def is_out(self) -> bool:
        return self.state in {State.POSTED, State.ACCEPTED}

    def is_late(self, grace: timedelta) -> bool:
        """Tell whether it was posted later than it should have been."""
        if self.posted_at is None or self.boundary_at is None:
            return False
        expected = self.boundary_at + (timedelta(0) if self.posted_signed else grace)
        return self.posted_at - expected > ON_TIME


def users(engineers: Sequence[Engineer]) -> tuple[str, ...]:
    """Return the Slack users that are certain, first responder first."""
    return tuple(each.user for each in engineers if each.user)
