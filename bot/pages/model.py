"""A page: one alert at the on-call provider for one thing of Baton's, while it is wanted. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.actor import Actor
from bot.ports.paging import Priority
from bot.ref import Ref
from bot.text import Text
from bot.triage.model import Severity

PROVIDERS = {"opsgenie": "Opsgenie", "jsm": "Jira Service Management"}
"""What can be paged through, by the names of the configuration, as people call it."""


class PageState(StrEnum):
    WANTED = "wanted"  # nothing is under way
    REQUESTED = "requested"  # committed before the call: perhaps it was made
    OPEN = "open"
    FAILED = "failed"  # given up, and said so aloud
    CLOSING = "closing"  # committed before the call: perhaps it was closed
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom a page wakes: a schedule by its name here, and by its id or name (`recipient`) at its provider."""

    schedule: str
    provider: str
    recipient: str


@dataclass(frozen=True, slots=True)
class PageRules:
    """Whom a route pages, for which severities, and after how long without an answer somebody else is called.

    `team` is the team at the provider that is called last, if any.
    """

    destination: Destination
    severities: frozenset[Severity]
    escalate_after: timedelta | None = None
    team: str = ""


PRIORITIES = {
    Severity.CRITICAL: Priority.CRITICAL,
    Severity.ERROR: Priority.HIGH,
    Severity.WARNING: Priority.MODERATE,
    Severity.INFO: Priority.LOW,
}


@dataclass(frozen=True, slots=True)
class Page:
    """`is_wanted` is the domain's word, `state` what is known of the provider.

    `round` counts the alerts of one thing: each has its own alias, so that a closed one is never taken for the next.
    `sent_at`, of the system's clock, is when something was sent last; None while certainly nothing ever arrived.
    """

    ref: Ref
    destination: Destination
    words: Text
    priority: Priority
    is_wanted: bool
    state: PageState
    round: int = 1
    tries: int = 0
    sent_at: datetime | None = None
    request_ref: str | None = None
    alert_id: str | None = None
    closed_by: Actor | None = None

    @property
    def alias(self) -> str:
        """Return the provider's key for it: at most one open alert has it, however often it is created."""
        return f"baton-{self.ref}" if self.round == 1 else f"baton-{self.ref}-{self.round}"

    @property
    def awaits_another(self) -> bool:
        """Whether it is wanted once more, so that the alert which it had answers for it no longer."""
        is_ending = self.state in {PageState.CLOSING, PageState.CLOSED}
        return self.is_wanted and is_ending and self.alert_id is not None

    def is_answered_at(self, alias: str) -> bool:
        """Whether the alert with this alias is the page's own now, and not an earlier round's."""
        return alias == self.alias and not self.awaits_another


def ref_of_alias(alias: str) -> Ref | None:
    """Return what the page with this alias is about, None for an alias that is none of Baton's."""
    found = _ALIAS.fullmatch(alias)
    return Ref.parse(found["ref"]) if found else None


_ALIAS = re.compile(r"baton-(?P<ref>[a-z]+:\w+)(?:-\d+)?")
