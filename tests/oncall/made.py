"""People, times and shifts of which the tests of this folder are made."""

from datetime import UTC, datetime, timedelta

from bot.oncall.model import Snapshot
from bot.ports.paging import OnCall, Responder, Shift
from bot.ports.shifts import Period
from bot.ports.slack import SlackPerson

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
HOUR = timedelta(hours=1)


def somebody(name: str) -> Responder:
    return Responder(f"id-{name}", f"{name}@haneul.example", f"{name}@haneul.example")


MINJI, JUNHO, ALEX = somebody("minji"), somebody("junho"), somebody("alex")


def account(user: str, real_name: str, email: str | None = None, **flags: bool) -> SlackPerson:
    is_not = {"is_bot": False, "is_guest": False, "is_deleted": False}
    return SlackPerson("T0HANEUL", user, user.lower(), real_name, email, "ko-KR", "Asia/Seoul", **(is_not | flags))


DIRECTORY = (
    account("U0MINJI", "김민지", "minji@haneul.example"),
    account("U0JUNHO", "박준호", "junho@haneul.example"),
    account("U0ALEX", "Alex Rivera", "alex@haneul.example"),
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
