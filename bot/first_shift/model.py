"""What a person who is on call for the first time is shown: checks with their results, and a drill. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from bot.oncall.model import UpcomingShift
from bot.ref import Ref
from bot.text import Text, text_from_json, to_json


class Sign(StrEnum):
    """What a check found; what could not be found out is never shown as fine."""

    OK = "ok"
    RED = "red"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, and what to do where it is not fine."""

    sign: Sign
    words: Text
    fix: Text | None = None

    def to_json(self) -> dict[str, Any]:
        return {"sign": self.sign.value, "words": to_json(self.words), "fix": to_json(self.fix) if self.fix else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        fix = text_from_json(data["fix"]) if data["fix"] else None
        return cls(Sign(data["sign"]), text_from_json(data["words"]), fix)


class Drill(StrEnum):
    """How far somebody is in the drill, in its order. Everything in it is made up and stays in its card."""

    OFFERED = "offered"
    ALERT = "alert"
    ACKNOWLEDGED = "acknowledged"
    READ = "read"
    PLANNED = "planned"
    CLEARED = "cleared"
    RESOLVED = "resolved"

    @property
    def following(self) -> "Drill":
        """Return what a press leads to; the end stays the end."""
        steps = list(Drill)
        return steps[min(steps.index(self) + 1, len(steps) - 1)]


@dataclass(frozen=True, slots=True)
class FirstShift:
    """One person's checklist; `round` counts how often it was begun, `is_testing` is until the last check was made."""

    id: str
    team: str
    user: str
    round: int
    results: Mapping[str, Result]
    drill: Drill = Drill.OFFERED
    runbooks: Sequence[tuple[str, int]] = ()
    is_testing: bool = False

    @property
    def ref(self) -> Ref:
        return Ref("first_shift", self.id)


@dataclass(frozen=True, slots=True)
class OpenThings:
    """How much waits for whoever is on call."""

    incidents: int = 0
    runs: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class FirstShiftCard:
    """A checklist with the names of all its checks, in their order, and what is open now."""

    first_shift: FirstShift
    checks: tuple[str, ...]
    shift: UpcomingShift | None = None
    waiting: OpenThings = field(default_factory=OpenThings)

    @property
    def left(self) -> int:
        """Return how many checks were not made: not yet, or they came into the configuration since."""
        return sum(1 for each in self.checks if each not in self.first_shift.results)

    def count(self, sign: Sign) -> int:
        """Return how many checks found this."""
        found = self.first_shift.results
        return sum(1 for each in self.checks if each in found and found[each].sign is sign)
