"""A provider of on-call schedules that a test may change and break as time goes on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.adapters.static_schedule import Rotation
from bot.ports.errors import Unavailable
from bot.ports.paging import Ability, OnCall, Responder, Shift, Somebody
from bot.ports.shifts import Period, Window, change_after, key_of, on_call_at, overlaid


@dataclass(frozen=True)
class Change:
    """Somebody else, or nobody, from `start` to `end`; the provider knows of it from `made_at` on."""

    made_at: datetime
    start: datetime
    end: datetime
    user: str | None = None

    def period(self) -> Period:
        people = (_responder(self.user),) if self.user else ()
        return Period(people, self.start, self.end, is_override=self.user is not None)


@dataclass
class Rota:
    """A rotation, what was changed about it, and when the provider did not answer. It says what is true at `now`."""

    rotation: Rotation
    until: datetime
    changes: Sequence[Change] = ()
    outages: Sequence[tuple[datetime, datetime]] = ()
    asked: int = 0
    name: str = "static"
    abilities: frozenset[Ability] = field(default_factory=frozenset)
    now: datetime | None = None

    # What is true

    def plan(self, known_at: datetime) -> tuple[Shift, ...]:
        """Return all shifts as the provider knew them at that moment."""
        window = Window(self.rotation.begins(0), self.until)
        layers = [each.period() for each in self.changes if each.made_at <= known_at]
        return overlaid(tuple(self.rotation.periods(window)), layers)

    def on_call(self, at: datetime) -> tuple[str, ...]:
        """Return who really is on call."""
        answer = on_call_at(self.plan(at), at, self._window)
        return tuple(key_of(each).upper() for each in answer.responders) if isinstance(answer, Somebody) else ()

    def answers(self, at: datetime) -> bool:
        return not any(start <= at < end for start, end in self.outages)

    @property
    def _window(self) -> Window:
        return Window(self.rotation.begins(0), self.until)

    # The port

    def current(self, schedule: str, at: datetime) -> OnCall:
        self._ask(at)
        return on_call_at(self.plan(at), at, self._window)

    def next(self, schedule: str, at: datetime) -> OnCall:
        return change_after(self.plan(at), at, self._window)

    def shifts(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        """Return the shifts as they are known now; a test says when that is."""
        assert self.now is not None, "the walk says what time it is"
        self._ask(self.now)
        return [shift for shift in self.plan(self.now) if shift.start_at < end and shift.end_at > start]

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[Shift]:
        return ()

    def _ask(self, at: datetime) -> None:
        self.asked += 1
        if not self.answers(at):
            raise Unavailable("the rota", "no answer in time")


def _responder(user: str) -> Responder:
    return Responder(user, user=user)
