"""People, times and shifts of which the tests of this folder are made."""

from datetime import UTC, datetime, timedelta

from bot.oncall.model import Person, Snapshot
from bot.oncall.shifts import Period
from bot.ports.paging import OnCall, Responder, Shift

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)


def somebody(name: str) -> Responder:
    return Responder(f"id-{name}", f"{name}@haneul.example", f"{name}@haneul.example")


MINJI, JUNHO, ALEX = somebody("minji"), somebody("junho"), somebody("alex")

DIRECTORY = (
    Person("U0MINJI", "minji", "김민지", "minji@haneul.example"),
    Person("U0JUNHO", "junho", "박준호", "junho@haneul.example"),
    Person("U0ALEX", "alex", "Alex Rivera", "alex@haneul.example"),
)


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


def period(who: Responder | tuple[Responder, ...], start: float, end: float, rank: int = 0, **more: bool) -> Period:
    people = who if isinstance(who, tuple) else (who,)
    return Period(people, at(start), at(end), rotation=f"rotation {rank}", rank=rank, **more)


def shift(who: Responder | tuple[Responder, ...], start: float, end: float) -> Shift:
    people = who if isinstance(who, tuple) else (who,)
    return Shift(people, at(start), at(end))


def snapshot(on_call: OnCall, *shifts: Shift, fetched: float = 0, **more) -> Snapshot:
    return Snapshot(on_call, at(fetched), shifts, known_until=at(500), **more)
