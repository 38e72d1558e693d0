"""All that an incident's card shows, loaded at once. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actor import Actor
from bot.incidents.fix import Earlier, Fix, Thread
from bot.incidents.model import IncidentState
from bot.incidents.occurrence import Tracked
from bot.incidents.opinion import Opinions
from bot.oncall.model import Calling, Held
from bot.pages.deed import AlertStanding
from bot.silences.model import Silence
from bot.triage.identity import name_of
from bot.triage.model import Severity

FLAPS_FROM = 2  # reopenings within a day
NO_OPINIONS = Opinions()


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident that is told with the one that it follows from. `is_alone`: it has a card of its own."""

    id: str
    name: str
    state: IncidentState
    severity: Severity
    is_alone: bool


@dataclass(frozen=True, slots=True)
class Root:
    """The incident from which another one follows."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The incident that this one took over from, or that took over: since when, who had it, where it is told."""

    opened_at: datetime
    thread: Thread
    taken_by: Actor | None = None


@dataclass(frozen=True, slots=True)
class IncidentCard:
    id: str
    state: IncidentState
    severity: Severity
    source: str
    resource: Mapping[str, str]
    title: str
    error: str
    owner: str
    topic: str | None
    links: Mapping[str, str]
    opened_at: datetime
    last_alert_at: datetime
    alert_count: int
    reopen_count: int
    calling: Calling
    notified: bool
    noticed_at: datetime | None = None  # where Baton read of it afterwards
    held: Held | None = None
    next_run_at: datetime | None = None
    acknowledged_by: Actor | None = None
    acknowledged_at: datetime | None = None
    resolved_by: Actor | None = None
    resolved_at: datetime | None = None
    fix: Fix | None = None
    occurrences: tuple[Tracked, ...] = ()
    earlier: Earlier | None = None
    opinions: Opinions = NO_OPINIONS
    silence: Silence | None = None
    reopened_at: tuple[datetime, ...] = ()  # within a day before the last time
    predecessor: Neighbour | None = None
    successor: Neighbour | None = None
    closed_for: timedelta = timedelta(0)  # between its ends and its reopenings, in sum
    has_runbook: bool = False
    root: Root | None = None
    waiting: tuple[Waiting, ...] = ()
    alert: AlertStanding | None = None  # at the on-call provider
    load: str = ""  # that has failed and may be rerun

    @property
    def name(self) -> str:
        return name_of(self.resource, self.title, self.source)

    @property
    def took(self) -> timedelta | None:
        """Return how long it was open in sum, None before its end."""
        return self.resolved_at - self.opened_at - self.closed_for if self.resolved_at else None

    @property
    def is_flapping(self) -> bool:
        return self.is_unresolved and len(self.reopened_at) >= FLAPS_FROM

    @property
    def is_unresolved(self) -> bool:
        return self.state.is_unresolved

    @property
    def open_occurrences(self) -> tuple[Tracked, ...]:
        return tuple(each for each in self.occurrences if each.state.is_open)

    @property
    def nobody_looks_up(self) -> tuple[Tracked, ...]:
        """Return the open failures that only a message or a person can end: no Airflow can be asked about them."""
        return tuple(each for each in self.open_occurrences if not each.is_followed)
