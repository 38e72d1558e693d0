"""A silence: which alerts notify nobody, until when, by whom, why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.actor import Actor
from bot.ref import Ref
from bot.triage.identity import normal
from bot.triage.model import Severity

SOURCE, SEVERITY, ROUTE = "source", "severity", "route"


class SilenceState(StrEnum):
    PENDING = "pending"  # waits for a second person and mutes nothing
    ACTIVE = "active"
    ENDED = "ended"  # by a person
    EXPIRED = "expired"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a silence is asked about: an alert, or an incident as it stands."""

    route: str
    source: str
    severity: Severity
    resource: Mapping[str, str]

    def value(self, key: str) -> str | None:
        """Return what the matcher key names; the three words of every alert win over parts of a resource."""
        own = {SOURCE: self.source, SEVERITY: self.severity.value, ROUTE: self.route}
        return own.get(key) or self.resource.get(key)


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition: `source`, `severity`, `route` or a part of the resource, and a pattern for its value.

    `*` stands for any characters; names are compared as everywhere (NFC, one kind of space, case folded).
    """

    key: str
    pattern: str

    def __str__(self) -> str:
        return f"{self.key}={self.pattern}"

    @property
    def is_anything(self) -> bool:
        return not self.pattern.replace("*", "").strip()

    def fits(self, value: str) -> bool:
        """Return whether the pattern fits, in time that grows with the value's length only."""
        value = normal(value)
        first, *rest = normal(self.pattern).split("*")
        if not rest:
            return value == first
        *middle, last = rest
        if not value.startswith(first):
            return False
        at = len(first)
        for part in middle:
            found = value.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        return value.endswith(last) and len(value) - len(last) >= at


Matchers = tuple[Matcher, ...]


def matches(matchers: Matchers, subject: Subject) -> bool:
    """Return whether all of them fit. Critical alerts are muted only where `severity` says so."""
    if subject.severity is Severity.CRITICAL and not includes_critical(matchers):
        return False
    values = ((matcher, subject.value(matcher.key)) for matcher in matchers)
    return bool(matchers) and all(value is not None and matcher.fits(value) for matcher, value in values)


def includes_critical(matchers: Matchers) -> bool:
    return any(each.key == SEVERITY and each.fits(Severity.CRITICAL) for each in matchers)


@dataclass(frozen=True, slots=True)
class Wish:
    """A silence as somebody asks for it."""

    matchers: Matchers
    until: datetime
    reason: str
    ticket: str = ""
    origin: Ref | None = None  # the incident from whose card it was asked for


@dataclass(frozen=True, slots=True)
class Silence:
    """`asked_until` is a later end that `asked_by` asks for and that waits for a second person."""

    id: str
    state: SilenceState
    matchers: Matchers
    until: datetime
    reason: str
    ticket: str
    created_by: Actor
    created_at: datetime
    origin: Ref | None = None
    asked_until: datetime | None = None
    asked_by: Actor | None = None
    confirmed_by: Actor | None = None
    ended_by: Actor | None = None
    ended_at: datetime | None = None
    reminded_at: datetime | None = None
    version: int = 0

    @property
    def ref(self) -> Ref:
        return ref(self.id)

    @property
    def includes_critical(self) -> bool:
        return includes_critical(self.matchers)

    def covers(self, subject: Subject) -> bool:
        return matches(self.matchers, subject)

    def mutes(self, subject: Subject, at: datetime) -> bool:
        """Return whether it is in force at that time and covers the subject."""
        return self.state is SilenceState.ACTIVE and at < self.until and self.covers(subject)


def ref(silence_id: str) -> Ref:
    return Ref("silence", silence_id)


@dataclass(frozen=True, slots=True)
class Muted:
    """What a silence has kept quiet so far: incidents that opened or came back, and their alerts in that time."""

    incidents: int = 0
    alerts: int = 0
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.incidents > 0


@dataclass(frozen=True, slots=True)
class SilenceCard:
    """All that a silence's card shows."""

    silence: Silence
    muted: Muted
