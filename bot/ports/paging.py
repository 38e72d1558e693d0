"""What Baton asks of the on-call provider: who is on call. Three answers when there are three."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
    """An uninterrupted stretch of the final schedule for one set of people; adjacent and cut periods are merged."""

    responders: tuple[Responder, ...]
    start_at: datetime
    end_at: datetime
    rotation: str = ""
    is_override: bool = False


class Schedules(Protocol):
    """One on-call provider. Methods raise the errors of `bot.ports.errors`."""

    @property
    def name(self) -> str: ...

    def current(self, schedule: str, at: datetime) -> OnCall: ...

    def next(self, schedule: str, at: datetime) -> OnCall:
        """Return who takes over at the next change of people after `at`, with `since` as that moment."""
        ...

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        """Return the final shifts that touch [start, end), in order, gaps left out."""
        ...
