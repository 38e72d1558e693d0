"""The alerts of an on-call provider in memory: accepted at once, done at the next look, with faults to be told."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from bot.ports.errors import NotFound, OutcomeUnknown, VendorError
from bot.ports.paging import (
    Ability,
    Accepted,
    AlertFilter,
    AlertName,
    AlertPage,
    AlertStatus,
    ByAlias,
    Done,
    Failed,
    NewAlert,
    Outcome,
    PagedAlert,
    Pending,
    Recipient,
)

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


class Fault(Enum):
    LOST_BEFORE = auto()  # the request never arrived, and nobody knows
    LOST_AFTER = auto()  # it was done, and the answer never came
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()
    FORGOTTEN = auto()  # it was accepted, and nothing ever happens


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Provider:
    """`faults` are what goes wrong with the coming writes, `reads` with reads; `refusing` why requests fail later."""

    name: str = "opsgenie"
    abilities: frozenset[Ability] = frozenset()
    made: list[PagedAlert] = field(default_factory=list)
    written: list[NewAlert] = field(default_factory=list)
    faults: list[Fault | VendorError | None] = field(default_factory=list)
    reads: list[VendorError] = field(default_factory=list)
    pending: int = 0
    refusing: str = ""
    calls: int = 0
    did: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._outcomes: dict[str, Outcome] = {}

    def create(self, alert: NewAlert) -> Accepted:
        self.written.append(alert)
        return self._write(lambda: self._make(alert))

    def close(self, alert: AlertName, by: str, note: str = "") -> Accepted:
        return self._write(lambda: self._do("close", alert, by, status=AlertStatus.CLOSED))

    def get(self, alert: AlertName) -> PagedAlert:
        self._read()
        found = self._named(alert)
        if found is None:
            raise NotFound("Opsgenie", "no such alert")
        return found

    def outcome(self, request_ref: str) -> Outcome:
        self._read()
        if self.pending:
            self.pending -= 1
            return Pending()
        return self._outcomes.get(request_ref, Pending())

    def find(self, wanted: AlertFilter, offset: int = 0) -> AlertPage:
        return AlertPage(tuple(self.made))

    def acknowledge(self, alert: AlertName, by: str, note: str = "") -> Accepted:
        return self._write(lambda: self._do("acknowledge", alert, by, is_acknowledged=True))

    def snooze(self, alert: AlertName, until: datetime, by: str, note: str = "") -> Accepted:
        return self._write(lambda: self._do("snooze", alert, by, snoozed_until=until))

    def note(self, alert: AlertName, note: str, by: str) -> Accepted:
        return self._write(lambda: self._do("note", alert, by))

    def call(self, alert: AlertName, recipient: Recipient, by: str, note: str = "", /) -> Accepted:
        return self._write(lambda: self._do("call", alert, by))

    def open(self) -> list[PagedAlert]:
        return [each for each in self.made if each.status is AlertStatus.OPEN]

    def somebody_closes(self) -> None:
        self.made = [replace(each, status=AlertStatus.CLOSED) for each in self.made]

    def _write(self, act: Callable[[], Outcome]) -> Accepted:
        self.calls += 1
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, VendorError):
            raise fault
        if fault is Fault.KILLED_BEFORE:
            raise Killed
        if fault is Fault.LOST_BEFORE:
            raise OutcomeUnknown("Opsgenie", "no answer in time")
        reference = f"request-{self.calls}"
        if fault is not Fault.FORGOTTEN:
            self._outcomes[reference] = Failed(self.refusing) if self.refusing else act()
        if fault is Fault.KILLED_AFTER:
            raise Killed
        if fault is Fault.LOST_AFTER:
            raise OutcomeUnknown("Opsgenie", "no answer in time")
        return Accepted(reference)

    def _read(self) -> None:
        self.calls += 1
        if self.reads:
            raise self.reads.pop(0)

    def _make(self, alert: NewAlert) -> Outcome:
        same = next((each for each in self.open() if each.alias == alert.alias), None)
        if same is not None:
            self.made[self.made.index(same)] = replace(same, count=same.count + 1)
            return Done(same.id)
        made = PagedAlert(f"alert-{len(self.made)}", alert.alias, alert.message, AlertStatus.OPEN, False, AT, AT)
        self.made.append(made)
        return Done(made.id)

    def _do(self, what: str, alert: AlertName, by: str, **change: Any) -> Outcome:
        found = self._named(alert)
        if found is None or found.status is AlertStatus.CLOSED:
            return Failed("Alert does not exist")
        self.did.append((what, by))
        self.made[self.made.index(found)] = replace(found, **change)
        return Done(found.id)

    def _named(self, alert: AlertName) -> PagedAlert | None:
        if isinstance(alert, ByAlias):
            named = [each for each in self.made if each.alias == alert.alias]
            return next((each for each in named if each.status is AlertStatus.OPEN), named[-1] if named else None)
        return next((each for each in self.made if each.id == alert.id), None)
