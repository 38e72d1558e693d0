"""Who is on call, in Baton's own words: engineers, duties with three answers, and what a mention decides."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.ports.paging import OnCall, Responder, Shift
from bot.text import Text
from bot.triage.model import Severity


@dataclass(frozen=True, slots=True)
class Identity:
    """One entry of people.yaml: this Slack user is known to the provider by these ids, user names or e-mails."""

    user: str
    provider_ids: tuple[str, ...] = ()


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


class Certainty(StrEnum):
    """What is known of who is on call; the words are kept in the store."""

    SOMEBODY = "somebody"
    NO_ACCOUNT = "no_account"  # somebody is, whose Slack user is not certain
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Calling:
    """Whom an incident calls, and why them.

    `name` is the one on call whose Slack user is not certain; `known_at` is when the last known person was confirmed.
    """

    ids: tuple[str, ...]
    certainty: Certainty = Certainty.SOMEBODY
    name: str = ""
    known_at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        at = self.known_at.isoformat() if self.known_at else None
        return {"ids": list(self.ids), "certainty": self.certainty.value, "name": self.name, "known_at": at}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Return what `to_json` wrote."""
        at = datetime.fromisoformat(data["known_at"]) if data["known_at"] else None
        return cls(tuple(data["ids"]), Certainty(data["certainty"]), data["name"], at)


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
class Stint:
    """A stretch of time in which the same people were on call, first responder first, or nobody, or it is not known.

    `rotation` is where the first of them comes from; `problem` is why it is not known. `keys` tell the people apart as
    the provider does, whatever is known of their Slack accounts.
    """

    schedule: str
    since: datetime
    until: datetime
    engineers: tuple[Engineer, ...]
    certainty: Certainty
    is_override: bool = False
    rotation: str = ""
    problem: Text | None = None
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpcomingShift:
    """A shift of somebody's own. `position` counts the people on call in it: 0 responds first."""

    schedule: str
    start_at: datetime
    end_at: datetime
    position: int = 0


class When(StrEnum):
    """When a severity may mention somebody; the words are those of the configuration."""

    ALWAYS = "always"
    WORKING_HOURS = "working_hours"
    SUMMARY = "summary"
    NEVER = "never"


def _default_mentions() -> Mapping[Severity, When]:
    return {
        Severity.CRITICAL: When.ALWAYS,
        Severity.ERROR: When.ALWAYS,
        Severity.WARNING: When.WORKING_HOURS,
        Severity.INFO: When.SUMMARY,
    }


@dataclass(frozen=True, slots=True)
class MentionRules:
    """A route's rules: when each severity mentions, and how long an incident stays quiet after a mention.

    `while_retrying` is how long a mention waits at most while Airflow tries again by itself; zero waits never.
    """

    when: Mapping[Severity, When] = field(default_factory=_default_mentions)
    again_after: timedelta = timedelta(hours=1)
    while_retrying: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Wall-clock hours in `zone` on `days` (Monday is 0) that are not `off`; `end` is not part of them."""

    zone: ZoneInfo
    start: time = time(9)
    end: time = time(18)
    days: frozenset[int] = frozenset(range(5))
    off: Container[date] = frozenset()

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError("working hours must start before they end, on one day")
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError("working hours need days from 0 (Monday) to 6 (Sunday)")


@dataclass(frozen=True, slots=True)
class Notify:
    """Mention these Slack users or groups now."""

    ids: tuple[str, ...]


class Why(StrEnum):
    """What a mention waits for; the words are kept in the store."""

    SILENCED = "silenced"  # somebody silenced it, and said why
    MORNING = "morning"  # the morning summary, which mentions once for all that waited for it
    AGAIN = "again"  # this incident has mentioned somebody less than an hour ago
    RETRYING = "retrying"  # Airflow tries again by itself


@dataclass(frozen=True, slots=True)
class Held:
    """Mention nobody now; at `until` it is decided again, unless somebody took the incident on or it is over."""

    until: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Quiet:
    """Mention nobody, ever: so the route says of this severity."""


Decision = Notify | Held | Quiet
