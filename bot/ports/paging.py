"""What Baton asks of the on-call provider: who is on call, and its alerts. Three answers when there are three."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Ability(StrEnum):
    """What not every provider can do. What one cannot raises Unsupported, so look here before offering it."""

    OVERRIDES = "overrides"  # lists the overrides of a schedule
    COVER = "cover"  # creates and deletes overrides
    EMAILS = "emails"  # names people by their e-mail address
    SNOOZE = "snooze"  # holds an alert's notifications back until a time
    RESPONDERS = "responders"  # calls somebody else besides for an alert that is open
    ACTOR = "actor"  # keeps who did something to an alert; others write down the owner of Baton's credentials


@dataclass(frozen=True, slots=True)
class Responder:
    """A person as the provider names them. `user` is their Slack id where the provider itself knows it."""

    provider_id: str
    email: str | None = None
    display: str = ""
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    """These people are on call, first responder first; the times are of the merged shift where known."""

    responders: tuple[Responder, ...]
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Nobody:
    """The schedule has a gap; `until` is when somebody comes, where known."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The provider could not be asked, or gave no usable answer. Never shown as nobody."""

    reason: str


OnCall = Somebody | Nobody | Unknown


@dataclass(frozen=True, slots=True)
class Shift:
    """An uninterrupted stretch of the final schedule for one set of people; adjacent and cut periods are merged.

    `rotations` names for each of them the rotations in which they serve, where the provider tells: who stands in for
    one of two people must not take the place of both.
    """

    responders: tuple[Responder, ...]
    start_at: datetime
    end_at: datetime
    rotation: str = ""
    is_override: bool = False
    rotations: tuple[tuple[str, ...], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Override:
    """Somebody stands in. `id` names it at the provider; `rotations` are names or ids, none means all of them."""

    id: str
    responder: Responder
    start_at: datetime
    end_at: datetime
    rotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """An override to be made. `key` is Baton's own name for it, `person` their id, user name or e-mail there."""

    key: str
    person: str
    start_at: datetime
    end_at: datetime
    rotations: tuple[str, ...] = ()


class Schedules(Protocol):
    """The schedules of one on-call provider. Methods raise the errors of `bot.ports.errors`."""

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> frozenset[Ability]: ...

    def current(self, schedule: str, at: datetime) -> OnCall: ...

    def next(self, schedule: str, at: datetime) -> OnCall:
        """Return who takes over at the next change of people after `at`, with `since` as that moment."""
        ...

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        """Return the final shifts that touch [start, end), in order, gaps left out."""
        ...

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[Override]:
        """Return the overrides that touch [start, end), in order; a provider may have forgotten past ones."""
        ...

    def create_override(self, schedule: str, cover: Cover) -> Override:
        """Return the override that now stands. One that is there already is returned, not made again."""
        ...

    def delete_override(self, schedule: str, override_id: str) -> None:
        """Take an override away; one that is not there is no error."""
        ...


class Priority(StrEnum):
    CRITICAL = "P1"
    HIGH = "P2"
    MODERATE = "P3"
    LOW = "P4"
    INFORMATIONAL = "P5"


class AlertStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Kind(StrEnum):
    """What an alert can be sent to."""

    USER = "user"
    TEAM = "team"
    SCHEDULE = "schedule"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom an alert wakes, by the id or, where the provider knows names, the name."""

    kind: Kind
    name: str


@dataclass(frozen=True, slots=True)
class NewAlert:
    """A page. At most one open alert has an `alias`: creating it twice makes one alert that counts two.

    Texts longer than the provider takes are cut, never refused.
    """

    alias: str
    message: str
    description: str = ""
    priority: Priority = Priority.MODERATE
    recipients: tuple[Recipient, ...] = ()
    tags: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)
    entity: str = ""
    source: str = "Baton"


@dataclass(frozen=True, slots=True)
class PagedAlert:
    """An alert at the provider. `tiny_id` is for people and comes round again: show it, never keep it."""

    id: str
    alias: str
    message: str
    status: AlertStatus
    is_acknowledged: bool
    created_at: datetime
    updated_at: datetime
    snoozed_until: datetime | None = None
    count: int = 1
    priority: str = ""
    owner: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    tiny_id: str = ""


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts to list; what is None does not matter. Times are of creation, [since, until)."""

    status: AlertStatus | None = None
    since: datetime | None = None
    until: datetime | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class AlertPage:
    """Newest first; `following` is the offset of the next page, None at the end or where the provider's reach ends."""

    alerts: tuple[PagedAlert, ...]
    following: int | None = None


@dataclass(frozen=True, slots=True)
class ById:
    id: str


@dataclass(frozen=True, slots=True)
class ByAlias:
    """The open alert with this alias, else the latest closed one."""

    alias: str


AlertName = ById | ByAlias


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the request and will see to it; `request_ref` is what to ask `outcome` with."""

    request_ref: str


@dataclass(frozen=True, slots=True)
class Done:
    alert_id: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It was taken and could not be done; `reason` is in the provider's words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pending:
    """Not done yet. A provider also says so of a request that it never got: give up after a while."""


Outcome = Done | Failed | Pending


class Alerts(Protocol):
    """The alerts of one on-call provider. Methods raise the errors of `bot.ports.errors`.

    What is written is only accepted: whether it happened says `outcome`. `by` is the e-mail address of the person who
    did it. It proves nothing to the provider, so authorise before.
    """

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> frozenset[Ability]: ...

    def create(self, alert: NewAlert) -> Accepted: ...

    def find(self, wanted: AlertFilter, offset: int = 0) -> AlertPage: ...

    def get(self, alert: AlertName) -> PagedAlert: ...

    def acknowledge(self, alert: AlertName, by: str, note: str = "") -> Accepted: ...

    def close(self, alert: AlertName, by: str, note: str = "") -> Accepted: ...

    def snooze(self, alert: AlertName, until: datetime, by: str, note: str = "") -> Accepted: ...

    def note(self, alert: AlertName, note: str, by: str) -> Accepted: ...

    def call(self, alert: AlertName, recipient: Recipient, by: str, note: str = "", /) -> Accepted:
        """Call somebody else besides."""
        ...

    def outcome(self, request_ref: str) -> Outcome:
        """Return what became of an accepted request; ask again while it is pending."""
        ...
