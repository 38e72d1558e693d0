"""The morning summary: what waited for the start of work, as it stands now. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actor import Actor
from bot.incidents.fix import Fix
from bot.incidents.model import IncidentState
from bot.oncall.model import Calling
from bot.triage.identity import name_of
from bot.triage.model import Severity

ON_TIME = timedelta(minutes=5)  # what comes later than this says so


@dataclass(frozen=True, slots=True)
class Waited:
    """One incident that waited for the morning. `channel`, `ts` and `thread_ts` lead to its card, or to its alert."""

    id: str
    state: IncidentState
    severity: Severity
    source: str
    resource: Mapping[str, str]
    title: str
    since: datetime
    channel: str
    ts: str
    thread_ts: str | None = None
    by: Actor | None = None
    at: datetime | None = None
    fix: Fix | None = None

    @property
    def name(self) -> str:
        return name_of(self.resource, self.title, self.source)

    @property
    def ended_by_itself(self) -> bool:
        """Whether it is over without a person or an operation that ended it."""
        by_somebody = (self.by is not None and self.by.is_person) or (self.fix is not None and bool(self.fix.operation))
        return self.state is IncidentState.RESOLVED and not by_somebody


@dataclass(frozen=True, slots=True)
class MorningCard:
    """What waited since then for the start of work at `starts_at`, and was told at `told_at`."""

    id: str
    since: datetime
    starts_at: datetime
    told_at: datetime
    calling: Calling
    waited: tuple[Waited, ...]

    @property
    def is_late(self) -> bool:
        return self.told_at - self.starts_at > ON_TIME

    @property
    def open(self) -> tuple[Waited, ...]:
        """Return what nobody has taken on, the gravest first. Stale is not over."""
        wanted = [each for each in self.waited if each.state in {IncidentState.OPEN, IncidentState.STALE}]
        gravest_first = list(Severity)
        return tuple(sorted(wanted, key=lambda each: (gravest_first.index(each.severity), each.since)))

    @property
    def taken(self) -> tuple[Waited, ...]:
        return tuple(each for each in self.waited if each.state is IncidentState.ACKNOWLEDGED)

    @property
    def over(self) -> tuple[Waited, ...]:
        return tuple(each for each in self.waited if each.state is IncidentState.RESOLVED)
