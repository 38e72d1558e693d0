"""Who is on call, from what is stored: no vendor is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from bot.oncall import rules, snapshots
from bot.oncall.model import Duty, Identity, Snapshot, UpcomingShift
from bot.ports.paging import Responder, Somebody
from bot.ports.slack import SlackPerson
from bot.store import Tx
from bot.store.tables import people

_FIELDS = ("team", "user", "name", "real_name", "email", "locale", "zone", "is_bot", "is_guest", "is_deleted")


@dataclass(frozen=True, slots=True)
class Roster:
    """The configured schedules, each with the Slack user or group to fall back on, and people.yaml."""

    fallbacks: Mapping[str, str]
    identities: tuple[Identity, ...] = ()

    def duty(self, tx: Tx, schedule: str, now: datetime) -> Duty:
        """Return who is on call for a configured schedule; KeyError for another."""
        fallback = self.fallbacks[schedule]
        snapshot = snapshots.load(tx, schedule)
        known = candidates(tx, _responders(snapshot), self.identities)
        return rules.duty(schedule, fallback, snapshot, self.identities, known, now)

    def duty_or_first(self, tx: Tx, schedule: str, now: datetime) -> Duty:
        """Return who is on call for a schedule; for one that is configured no more, who is for the first one."""
        return self.duty(tx, schedule if schedule in self.fallbacks else next(iter(self.fallbacks)), now)

    def duties(self, tx: Tx, now: datetime) -> tuple[Duty, ...]:
        """Return who is on call for every schedule, in the order of the configuration."""
        return self.look(tx).duties(now)

    def upcoming(self, tx: Tx, user: str, now: datetime) -> tuple[UpcomingShift, ...]:
        """Return the running and coming shifts of a Slack user in all schedules, soonest first."""
        return self.look(tx).upcoming(user, now)

    def look(self, tx: Tx) -> "Rota":
        """Return what is known of all schedules, by two statements however many there are."""
        found = snapshots.load_all(tx, self.fallbacks)
        responders = {responder for snapshot in found.values() for responder in _responders(snapshot)}
        return Rota(self, found, candidates(tx, responders, self.identities) if responders else ())


@dataclass(frozen=True, slots=True)
class Rota:
    """What is stored of all schedules, and the accounts of whoever is in them."""

    roster: Roster
    snapshots: Mapping[str, Snapshot]
    people: Sequence[SlackPerson]

    def duties(self, now: datetime) -> tuple[Duty, ...]:
        """Return who is on call for every schedule, in the order of the configuration."""
        found, identities = self.snapshots, self.roster.identities
        return tuple(
            rules.duty(name, fallback, found.get(name), identities, self.people, now)
            for name, fallback in self.roster.fallbacks.items()
        )

    def upcoming(self, user: str, now: datetime) -> tuple[UpcomingShift, ...]:
        """Return the running and coming shifts of a Slack user in all schedules, soonest first."""
        own = (
            shift
            for name, snapshot in self.snapshots.items()
            for shift in rules.own_shifts(name, snapshot.shifts, self.roster.identities, self.people, user)
        )
        return tuple(sorted((each for each in own if each.end_at > now), key=lambda each: each.start_at))


def candidates(tx: Tx, responders: Iterable[Responder], identities: Sequence[Identity]) -> tuple[SlackPerson, ...]:
    """Return the accounts of Slack's directory that one of these responders may be."""
    responders = tuple(responders)
    users = {user for responder in responders for user in rules.named_users(responder, identities)}
    emails = {responder.email.lower() for responder in responders if responder.email}
    rows = tx.execute(
        select(*(people.c[field] for field in _FIELDS)).where(
            or_(people.c.user.in_(users), func.lower(people.c.email).in_(emails))
        )
    )
    return tuple(SlackPerson(**row) for row in rows.mappings())


def _responders(snapshot: Snapshot | None) -> set[Responder]:
    if snapshot is None:
        return set()
    current = snapshot.on_call.responders if isinstance(snapshot.on_call, Somebody) else ()
    planned = (responder for shift in snapshot.shifts for responder in shift.responders)
    return {*current, *snapshot.last_known, *planned}
