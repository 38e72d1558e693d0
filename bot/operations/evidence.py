"""What proves how one run went: the run, its entries of the audit, and the pages that people had to go by. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actor import Actor
from bot.audit.chain import Head, Record, hash_of
from bot.operations.model import Run

_DECISIONS = frozenset(
    {"run.requested", "run.awaiting_approval", "run.approved", "run.denied", "run.cancelled", "run.stopped"}
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One run with its record, oldest first, and the head of the whole audit when this was collected."""

    run: Run
    records: tuple[Record, ...]
    head: Head
    at: datetime

    @property
    def is_unchanged(self) -> bool:
        """Whether each entry has the hash of its content. That none is missing only the whole audit can tell."""
        return all(each.entry.hash == hash_of(each.entry) for each in self.records)

    @property
    def decisions(self) -> tuple[Record, ...]:
        """Return what people did: every entry of a person or a command line, and the moves that mean a decision."""
        return tuple(each for each in self.records if each.entry.deed in _DECISIONS or _is_of_a_person(each))

    @property
    def steps(self) -> tuple[Record, ...]:
        """Return what was sent, with before and after, and what the vendor answered."""
        return tuple(each for each in self.records if each.entry.deed.startswith(("step.", "grant.", "access.")))

    @property
    def plan(self) -> Mapping[str, Any]:
        """Return the newest plan that the audit has; empty where there never was one."""
        found: Mapping[str, Any] = self._newest("plan")
        return found

    @property
    def runbook(self) -> Mapping[str, str]:
        """Return the pages of the operation's runbook as they were when it was planned: file name → SHA-256."""
        found: Mapping[str, str] = self._newest("runbook")
        return found

    def _newest(self, key: str) -> Any:
        return next((each.body[key] for each in reversed(self.records) if each.body.get(key)), {})


def _is_of_a_person(record: Record) -> bool:
    return Actor.parse(record.entry.actor).is_person or record.entry.actor.startswith("cli:")
