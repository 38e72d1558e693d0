"""What is read from the store for a report, before anything is counted. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from bot.handoff.lives import Raising
from bot.handoff.model import Item, RunLine
from bot.handoff.rules import Clock
from bot.incidents.fix import Thread
from bot.ref import Ref
from bot.triage.model import Severity


@dataclass(frozen=True, slots=True)
class Known:
    """What of an incident never changes, but for `severity`, which is that of its newest alert before the end."""

    id: str
    thing: tuple[str, str]
    source: str
    name: str
    topic: str
    owner: str
    severity: Severity
    noticed_at: datetime | None


@dataclass(frozen=True)
class Past:
    """The incidents that a window touched or left open. `alerts` counts those of the window by incident.

    `raised` are the raisings of the window, the oldest first; `open` those that were open at its end.
    """

    start: datetime
    end: datetime
    known: Mapping[str, Known] = field(default_factory=dict)
    lives: Mapping[str, tuple[Raising, ...]] = field(default_factory=dict)
    alerts: Mapping[str, int] = field(default_factory=dict)
    storms: tuple[str, ...] = ()
    threads: Mapping[str, Thread] = field(default_factory=dict)

    @cached_property
    def all(self) -> tuple[Raising, ...]:
        return tuple(sorted((each for life in self.lives.values() for each in life), key=lambda each: each.raised_at))

    @cached_property
    def raised(self) -> tuple[Raising, ...]:
        return tuple(each for each in self.all if self.start <= each.raised_at < self.end)

    @cached_property
    def resolved(self) -> tuple[Raising, ...]:
        """Return what was resolved in the window, whenever it was raised."""
        ended = [each for each in self.all if each.took is not None and each.ended_at]
        found = [each for each in ended if each.ended_at and self.start <= each.ended_at < self.end]
        return tuple(sorted(found, key=lambda each: each.ended_at or self.end))

    @cached_property
    def open(self) -> tuple[Raising, ...]:
        return tuple(each for each in self.all if each.is_open)

    def item(self, raising: Raising) -> Item:
        known = self.known[raising.incident_id]
        thread = self.threads.get(known.id)
        return Item(Ref("incident", known.id), known.name, raising.raised_at, thread)


@dataclass(frozen=True, slots=True)
class Run:
    """`since` is when it came into the state in which it stood."""

    line: RunLine
    origin: Ref | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    item: Item
    until: datetime


@dataclass(frozen=True, slots=True)
class Call:
    user: str
    at: datetime
    clock: Clock
    ref: Ref
