"""Who is on call, in Baton's own words: engineers, duties with three answers, and what a mention decides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ports.paging import OnCall, Responder, Shift
from bot.text import Text


class Doubt(StrEnum):
    """Why a responder has no Slack user that Baton is sure of."""

    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    DEACTIVATED = "deactivated"
    BOT = "bot"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Engineer:
    """One person on call. `user` is their Slack id, or None where it is not certain, and then `doubt` says why."""

    name: str
    user: str | None = None
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """These engineers are on call, first responder first."""

    engineers: tuple[Engineer, ...]
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on call, and that is known."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It is not known who is on call; `known_at` is when the last known people were last confirmed."""

    last_known: tuple[Engineer, ...] = ()
    known_at: datetime | None = None
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on call for a schedule. `next` is None where no change of people is known.

    `fallback` is the Slack user or group that is called in a gap and beside the last known.
    """

    schedule: str
    fallback: str
    now: Covered | Gap | Unclear
    next: Covered | Gap | None = None

    def includes(self, user: str) -> bool | None:
        """Return whether this Slack user is on call; None where that is not known."""
        match self.now:
            case Covered(engineers):
                if any(engineer.user == user for engineer in engineers):
                    return True
                return None if any(engineer.user is None for engineer in engineers) else False
            case Gap():
                return False
            case Unclear():
                return None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the provider last said about a schedule; up to `known_until` the shifts are complete.

    `last_known` were on call at `known_at`; `problem` is why the provider could not be asked since `fetched_at`.
    """

    on_call: OnCall
    fetched_at: datetime
    shifts: tuple[Shift, ...]
    known_until: datetime
    last_known: tuple[Responder, ...] = ()
    known_at: datetime | None = None
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class UpcomingShift:
    """A shift of somebody's own. `position` counts the people on call in it: 0 responds first."""

    schedule: str
    start_at: datetime
    end_at: datetime
    position: int = 0


@dataclass(frozen=True, slots=True)
class Notify:
    """Mention these Slack users or groups now."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """Mention nobody now; what is still open at `until` belongs to the morning summary."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Quiet:
    """Mention nobody; `again_at` is when this incident may mention again, None for never."""

    again_at: datetime | None = None
