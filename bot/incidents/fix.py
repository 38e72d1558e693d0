"""Why an incident happened and what ended it, and what that teaches about the next one. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self, TypeVar

from bot.actor import Actor
from bot.operations.operation import Effect

LONGEST_REMARK = 500
Choice = TypeVar("Choice", bound=StrEnum)


class Cause(StrEnum):
    LATE_UPSTREAM = "late_upstream"
    BAD_DATA = "bad_data"
    CODE = "code"
    INFRASTRUCTURE = "infrastructure"
    PERMISSION = "permission"
    QUOTA = "quota"
    VENDOR = "vendor"
    FALSE_ALARM = "false_alarm"
    UNKNOWN = "unknown"


class Remedy(StrEnum):
    RERAN = "reran"
    CORRECTED = "corrected"
    WAITED = "waited"
    RESTARTED = "restarted"
    ROLLED_BACK = "rolled_back"
    ALLOWED = "allowed"
    NOTHING = "nothing"  # no action was needed: a fact about the alert as much as about the incident
    OTHER = "other"


_BY_EFFECT = {Effect.REPEATS_WORK: Remedy.RERAN}


@dataclass(frozen=True, slots=True)
class Fix:
    """What ended an incident, as far as somebody said it or a run did it. `remark` is in a person's own words."""

    cause: Cause | None = None
    remedy: Remedy | None = None
    remark: str = ""
    operation: str = ""

    @classmethod
    def said(cls, cause: str, remedy: str, remark: str) -> Self:
        """Return what a form says; a choice that the form does not offer counts as none."""
        return cls(_among(Cause, cause), _among(Remedy, remedy), " ".join(remark.split())[:LONGEST_REMARK])

    @classmethod
    def by_run(cls, operation: str, effect: Effect | None) -> Self:
        remedy = _BY_EFFECT.get(effect, Remedy.OTHER) if effect else Remedy.OTHER
        return cls(remedy=remedy, operation=operation)

    @classmethod
    def of(cls, row: Any) -> Self | None:
        """Return what the incident's row knows of it, None where nothing was noted."""
        found = cls(_among(Cause, row.cause), _among(Remedy, row.remedy), row.remark or "", row.operation or "")
        return found if found != cls() else None

    def completed_by(self, run: "Fix") -> "Fix":
        """Return this with what a run did, unless a person says that something else helped."""
        return replace(self, remedy=run.remedy, operation=run.operation) if self.remedy in {None, run.remedy} else self

    def corrects(self, known: "Fix") -> "Fix":
        """Return this in the place of what was known; whose run it was stays known unless something else helped."""
        return replace(self, operation=known.operation) if self.remedy is known.remedy else self

    def columns(self) -> dict[str, str | None]:
        return {name: value or None for name, value in asdict(self).items()}


def _among(choices: type[Choice], written: str | None) -> Choice | None:
    return next((each for each in choices if each.value == written), None)


@dataclass(frozen=True, slots=True)
class Thread:
    """Where an incident was told: a message, and the thread that it stands in."""

    channel: str
    ts: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How an earlier incident of the same thing ended."""

    id: str
    opened_at: datetime
    resolved_at: datetime
    by: Actor | None
    fix: Fix | None = None
    closed_for: timedelta = timedelta(0)  # before it came back

    @property
    def took(self) -> timedelta:
        """Return how long it was open in sum."""
        return self.resolved_at - self.opened_at - self.closed_for


@dataclass(frozen=True, slots=True)
class Helped:
    """One remedy that ended `times` of the `of` recent incidents whose remedy is known."""

    remedy: Remedy
    times: int
    of: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """Incidents of the same fingerprint before this one. `count` is of the last 30 days.

    `healed` of them ended because Airflow's own retries succeeded. `last` is the newest that was resolved; `helped` is
    there where different things have helped.
    """

    count: int
    last_opened_at: datetime
    last: Ended | None = None
    thread: Thread | None = None
    helped: Helped | None = None
    healed: int = 0


def most_helpful(fixes: Sequence[Fix | None]) -> Helped | None:
    """Return the remedy that ended most of these incidents, newest first; None where all known ones are the same."""
    known = [fix.remedy for fix in fixes if fix and fix.remedy]
    counted = Counter(known).most_common()  # of equals, the one that helped last
    if len(counted) < 2:
        return None
    remedy, times = counted[0]
    return Helped(remedy, times, len(known))
