"""Weeks that pass on a clock that stands still: a rotation, what people override, outages, replicas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.adapters.static_schedule import Override, Rotation, StaticSchedules
from bot.directory.service import keep_people
from bot.handoff import rows
from bot.handoff.front import Front
from bot.handoff.keeper import Keeper
from bot.handoff.life import Desk, Handoff, Rules
from bot.handoff.line import Rota
from bot.oncall import service as oncall
from bot.oncall.queries import Roster
from bot.ports.errors import Unavailable, VendorError
from bot.ports.slack import SlackPerson
from bot.store import Store
from bot.store.tables import cards, handoffs, notes
from tests.handoff.story import SCOPE

TEAM = "T0HANEUL"
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)  # ten o'clock in Seoul, when shifts change
PLATFORM = Desk("data-platform", "C0ONCALL", "en", "S0ENG")
KIM, LEE, PARK = "U0KIM", "U0LEE", "U0PARK"


def account(user: str) -> SlackPerson:
    name = user.removeprefix("U0").title()
    return SlackPerson(TEAM, user, name, name, None, "en-GB", "Asia/Seoul", False, False, False)


def rotation(zone: ZoneInfo = SEOUL, starts_on: date = date(2026, 11, 2), **more) -> Rotation:
    return Rotation(zone, time(10), starts_on, (KIM, LEE, PARK), **more)


class Unanswering:
    """A provider that is down."""

    def current(self, *_):
        raise Unavailable("static", "no answer")


@dataclass
class Weeks:
    """One schedule as time passes. `is_up`: whether Baton runs; `is_answering`: whether the provider does."""

    store: Store
    now: datetime = MONDAY
    rotation: Rotation = field(default_factory=rotation)
    rules: Rules = field(default_factory=Rules)
    is_up: bool = True
    is_answering: bool = True
    replicas: int = 1
    accounts: Sequence[str] = (KIM, LEE, PARK)
    desks: Mapping[str, Desk] = field(default_factory=lambda: {PLATFORM.schedule: PLATFORM})

    def __post_init__(self) -> None:
        self.roster = Roster({PLATFORM.schedule: PLATFORM.fallback})
        self.hire(*self.accounts)

    def hire(self, *users: str) -> None:
        """Have these accounts known."""
        known = [account(user) for user in users]
        self.store.write(lambda tx: keep_people(tx, known, self.now))

    @property
    def keeper(self) -> Keeper:
        return Keeper(self.store, Rota(self.roster), (PLATFORM,), self.rules)

    @property
    def front(self) -> Front:
        return Front(self.desks, {SCOPE.schedule: SCOPE}, self.rules, _by_id, lambda: self.now)

    def override(self, start: datetime, end: datetime, user: str) -> None:
        made = (*self.rotation.overrides, Override(start, end, user))
        self.rotation = replace(self.rotation, overrides=made)

    def go(self, until: datetime, step: timedelta = timedelta(hours=12)) -> None:
        """Let time pass, with a look every so often and exactly at the end."""
        while self.now < until:
            self.now = min(self.now + step, until)
            self.look()

    def look(self) -> None:
        if not self.is_up:
            return
        provider = StaticSchedules({"rota": self.rotation}) if self.is_answering else Unanswering()
        try:
            oncall.refresh(self.store, provider, PLATFORM.schedule, "rota", self.now)
        except VendorError:
            assert not self.is_answering
        for _ in range(self.replicas):
            self.keeper.look(self.now)

    # What came of it

    @property
    def all(self) -> list[Handoff]:
        rows_ = self.store.read(lambda tx: tx.execute(select(handoffs).order_by(handoffs.c.shift_start)).all())
        return [rows.handoff_of(row) for row in rows_]

    @property
    def out(self) -> list[Handoff]:
        """Return what was posted, oldest first."""
        return [each for each in self.all if each.is_out]

    def told(self) -> list[tuple[str, str]]:
        """Return each posted handoff as its outgoing and incoming user."""
        return [(_first(each.outgoing), _first(each.incoming)) for each in self.out]

    def cards(self) -> dict[str, str]:
        """Return the wanted cards with their places."""
        return dict(self.store.read(lambda tx: tx.execute(select(cards.c.ref, cards.c.channel)).all()))

    def notes(self) -> list[str]:
        found = self.store.read(lambda tx: tx.execute(select(notes.c.body).order_by(notes.c.id)).scalars().all())
        return [body["text"]["$text"] for body in found]


def _first(engineers) -> str:
    return (engineers[0].user or engineers[0].name) if engineers else ""


def _by_id(tx, actor, who, now):
    """Tell by ids alone who somebody is: members are all."""
    from bot.config.who import WhoKind
    from bot.text import text

    is_one = any(each.kind is WhoKind.MEMBER or each.id == actor.id for each in who)
    return None if is_one else text("policy.refused", reasons="not one of them")
