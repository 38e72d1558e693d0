"""The schedules of an on-call provider in memory, which keeps overrides, with faults to be told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from bot.ports.errors import OutcomeUnknown, VendorError
from bot.ports.paging import Ability, Cover, Nobody, OnCall, Override, Responder, Shift


class Fault(Enum):
    LOST_BEFORE = auto()  # the request never arrived, and nobody knows
    LOST_AFTER = auto()  # it was done, and the answer never came
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Provider:
    """`faults` are what goes wrong with the coming writes, `reads` with the coming reads."""

    name: str = "opsgenie"
    abilities: frozenset[Ability] = frozenset({Ability.OVERRIDES, Ability.COVER})
    made: dict[str, Override] = field(default_factory=dict)
    faults: list[Fault | VendorError | None] = field(default_factory=list)
    reads: list[VendorError] = field(default_factory=list)
    creations: int = 0

    def current(self, schedule: str, at: datetime) -> OnCall:
        return Nobody()

    def next(self, schedule: str, at: datetime) -> OnCall:
        return Nobody()

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        return ()

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[Override]:
        if self.reads:
            raise self.reads.pop(0)
        return tuple(each for each in self.made.values() if each.start_at < end and each.end_at > start)

    def create_override(self, schedule: str, cover: Cover) -> Override:
        fault = self._begin()
        if cover.key not in self.made:
            self.creations += 1
            person = Responder(cover.person, cover.person)
            self.made[cover.key] = Override(cover.key, person, cover.start_at, cover.end_at, cover.rotations)
        self._end(fault)
        return self.made[cover.key]

    def delete_override(self, schedule: str, override_id: str) -> None:
        fault = self._begin()
        self.made.pop(override_id, None)
        self._end(fault)

    def _begin(self) -> Fault | None:
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, VendorError):
            raise fault
        if fault is Fault.KILLED_BEFORE:
            raise Killed
        if fault is Fault.LOST_BEFORE:
            raise OutcomeUnknown("Opsgenie", "no answer in time")
        return fault

    def _end(self, fault: Fault | None) -> None:
        if fault is Fault.KILLED_AFTER:
            raise Killed
        if fault is Fault.LOST_AFTER:
            raise OutcomeUnknown("Opsgenie", "no answer in time")
