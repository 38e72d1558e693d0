"""Why somebody wants something: a reason in their words, and a ticket. Every run may have them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.operations.operation import Problem
from bot.text import text

REASON: Final = "reason"
TICKET: Final = "ticket"
LONGEST: Final[Mapping[str, int]] = {REASON: 1000, TICKET: 200}
"""How many characters each may have."""


@dataclass(frozen=True, slots=True)
class Why:
    reason: str = ""
    ticket: str = ""

    @classmethod
    def of(cls, reason: object, ticket: object) -> "Why":
        """Return what was written, in one line each and without what cannot be seen."""
        return cls(_line(reason), _line(ticket))

    def or_else(self, other: "Why") -> "Why":
        """Return this, and of the other what this does not say."""
        return Why(self.reason or other.reason, self.ticket or other.ticket)

    def problems(self, *, needs_reason: bool = False) -> Iterator[Problem]:
        """Yield what is wrong with it."""
        if needs_reason and not self.reason:
            yield Problem(REASON, text("arguments.missing", field=text("run.reason")))
        for name, longest in LONGEST.items():
            if len(getattr(self, name)) > longest:
                yield Problem(name, text("arguments.too_long", field=text(f"run.{name}"), n=longest))


def _line(written: object) -> str:
    shown = "".join(letter if letter.isprintable() else " " for letter in str(written or ""))
    return " ".join(shown.split())


NO_REASON = Why()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form or a command says: the arguments, not judged yet, and why."""

    arguments: Mapping[str, Any]
    why: Why = NO_REASON
