"""What a search finds: incidents in a list, a page at a time. Pure values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.actor import Actor
from bot.incidents.fix import Fix, Thread
from bot.incidents.model import IncidentState
from bot.triage.model import Severity

PAGE: Final = 8
LOOKED_AT: Final = 1000  # incidents whose words are compared for one page


@dataclass(frozen=True, slots=True)
class Found:
    id: str
    state: IncidentState
    severity: Severity
    source: str
    name: str
    opened_at: datetime
    last_alert_at: datetime
    acknowledged_by: Actor | None
    resolved_by: Actor | None
    resolved_at: datetime | None
    closed_for: timedelta
    fix: Fix | None
    thread: Thread

    @property
    def took(self) -> timedelta | None:
        return self.resolved_at - self.opened_at - self.closed_for if self.resolved_at else None


@dataclass(frozen=True, slots=True)
class Page:
    """`older` is where the next page begins, empty where there is none.

    `looked_back_to` is given where a page was not filled because enough was looked at: what is older was not.
    """

    found: tuple[Found, ...] = ()
    older: str = ""
    looked_back_to: datetime | None = None
