"""The report of a stretch of time on call, as it was at its end: every block, and what each figure counts. Pure.

The unit is a raising: an incident that opens, and each reopening. `docs/report.md` says what each figure is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from bot.actor import Actor
from bot.incidents.fix import Fix, Thread
from bot.oncall.model import Stint, WorkingHours
from bot.ref import Ref
from bot.text import Text
from bot.triage.model import Severity


class Unit(StrEnum):
    COUNT = "count"
    MINUTES = "minutes"
    SHARE = "share"  # between 0 and 1


class Name(StrEnum):
    """The figures, by the words that texts, lists and JSON name them with."""

    RAISED = "raised"
    REOPENED = "reopened"
    ALERTS = "alerts"
    STORMS = "storms"
    ACKNOWLEDGED = "acknowledged"
    NEVER_ACKNOWLEDGED = "never_acknowledged"
    MTTA_MEDIAN = "mtta_median"
    MTTA_P90 = "mtta_p90"
    RESOLVED = "resolved"
    SELF_HEALED = "self_healed"
    STALE = "stale"
    SUPERSEDED = "superseded"
    OPEN = "open"
    MTTR_MEDIAN = "mttr_median"
    MTTR_P90 = "mttr_p90"
    NO_ACTION = "no_action"
    WITHOUT_RUNBOOK = "without_runbook"
    CALLED = "called"
    RUNS_DONE = "runs_done"
    RUNS_OPEN = "runs_open"
    RUNS_FAILED = "runs_failed"
    GRANTS_GIVEN = "grants_given"
    GRANTS_OPEN = "grants_open"
    GRANTS_FAILED = "grants_failed"
    REQUESTS_DONE = "requests_done"
    REQUESTS_WAITING = "requests_waiting"
    ORPHANS = "orphans"
    DEEDS = "deeds"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, the things that it counts, and `times` for those counted more than once. `why` there is no value."""

    name: Name
    unit: Unit
    value: float | None
    of: tuple[Ref, ...] = ()
    why: Text | None = None
    times: Mapping[Ref, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListRef:
    """Names the list behind a figure, for a button: of which report, and which figure."""

    schedule: str
    start: datetime
    end: datetime
    name: Name

    def __str__(self) -> str:
        return f"{self.schedule}|{self.start.isoformat()}|{self.end.isoformat()}|{self.name.value}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return what `str` wrote. Raises ValueError."""
        schedule, start, end, name = written.split("|")
        return cls(schedule, datetime.fromisoformat(start), datetime.fromisoformat(end), Name(name))


@dataclass(frozen=True, slots=True)
class Scope:
    """What a schedule's report is about: the routes that call it and their channels, its working hours.

    `topics_with_a_page` are the topics of alerts that have a runbook, `asked` the channels whose messages become
    requests.
    """

    schedule: str
    routes: frozenset[str]
    hours: WorkingHours
    topics_with_a_page: frozenset[str] = frozenset()
    airflows: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that a list names, with where people find it."""

    ref: Ref
    name: str
    at: datetime
    thread: Thread | None = None
    note: Text | None = None
    """What else its list says of it, as who was called about it."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A run that was begun for an incident, and how it stood at the end."""

    ref: Ref
    operation: str
    state: str


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """`next` is the step that suggests itself; a person may say another."""

    item: Item
    severity: Severity
    owner: str
    taken_by: Actor | None
    alerts: int
    tried: tuple[Tried, ...]
    next: Text


@dataclass(frozen=True, slots=True)
class Resolved:
    """A raising that ended well. `took` is from then to its end."""

    item: Item
    took: timedelta
    by: Actor | None
    fix: Fix | None
    healed: bool


class Watched(StrEnum):
    SILENCE = "silence"
    GRANT = "grant"
    FLAKY = "flaky"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Watch:
    """What the next person keeps an eye on: what ends soon, heals by itself, or is still to run."""

    kind: Watched
    item: Item
    words: Text


@dataclass(frozen=True, slots=True)
class Hours:
    """How often somebody was called, by the hour that their own clock showed."""

    business: int = 0
    off: int = 0
    sleep: int = 0

    @property
    def total(self) -> int:
        return self.business + self.off + self.sleep


@dataclass(frozen=True, slots=True)
class MeanHours:
    business: float
    off: float
    sleep: float

    @property
    def total(self) -> float:
        return self.business + self.off + self.sleep


@dataclass(frozen=True, slots=True)
class Workload:
    """Whom Baton called how often. The stretches before are as long as the window and end where it begins.

    None: nothing was written down in that time.
    """

    user: str
    hours: Hours
    last: Hours | None
    mean_of_four: MeanHours | None


@dataclass(frozen=True, slots=True)
class Source:
    """A tool that made noise. `no_action` counts those of its raisings that no person did anything about."""

    name: str
    alerts: int
    raised: int
    no_action: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A thing that broke more than once, with what helped last."""

    item: Item
    times: int
    last_fix: Fix | None
    last_took: timedelta | None


@dataclass(frozen=True, slots=True)
class RunLine:
    item: Item
    operation: str
    state: str
    by: Actor


@dataclass(frozen=True, slots=True)
class GrantLine:
    item: Item
    state: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RequestLine:
    item: Item
    kind: str
    state: str
    requester: Actor
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Orphan:
    """Something that belongs to nobody, or waits for somebody who may not know."""

    item: Item
    why: Text


@dataclass(frozen=True, slots=True)
class Effort:
    """What somebody did: how many things they pressed or wrote, and how long they had an incident in hand."""

    actor: Actor
    deeds: int
    in_hand: timedelta


@dataclass(frozen=True, slots=True)
class Doubt:
    """A time in which something was not known, so that figures about it may be too low."""

    words: Text
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What happened in [start, end), and how things stood at `end`. `first` says what to do first."""

    schedule: str
    start: datetime
    end: datetime
    zone: str
    first: Text
    stints: tuple[Stint, ...] = ()
    open: tuple[OpenIncident, ...] = ()
    watch: tuple[Watch, ...] = ()
    resolved: tuple[Resolved, ...] = ()
    workload: tuple[Workload, ...] = ()
    noise: tuple[Source, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    runs: tuple[RunLine, ...] = ()
    grants: tuple[GrantLine, ...] = ()
    requests: tuple[RequestLine, ...] = ()
    orphans: tuple[Orphan, ...] = ()
    follow_ups: tuple[Text, ...] = ()
    effort: tuple[Effort, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    figures: Mapping[Name, Figure] = field(default_factory=dict)

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing happened, as far as is known, and nothing is left."""
        nothing = not (self.open or self.resolved or self.requests or self.runs or self.orphans or self.doubts)
        return nothing and all(self.figures[name].value == 0 for name in (Name.RAISED, Name.STALE, Name.SUPERSEDED))

    def list_ref(self, name: Name) -> ListRef:
        return ListRef(self.schedule, self.start, self.end, name)
