"""The two clocks: business time (expiry, shifts, ageing) and system time (leases, backoff, signatures)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present as an aware UTC datetime."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that asks the machine


@dataclass
class ShiftedClock:
    """The system's time moved by an offset: the demo and the tests travel with it."""

    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.offset


@dataclass
class StoppedClock:
    """A time that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@dataclass(frozen=True, slots=True)
class Clocks:
    business: Clock = field(default_factory=SystemClock)
    system: Clock = field(default_factory=SystemClock)
