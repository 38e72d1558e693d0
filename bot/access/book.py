"""Grants as an operation sees them: what is allowed, whom Google knows as whom, what is given now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.access import queries, service
from bot.access.catalog import Access
from bot.access.members import Member
from bot.access.model import Grant, Grantee, Resource, Wish
from bot.actor import Actor
from bot.clock import Clocks
from bot.config.who import Who
from bot.store import Store, Tx
from bot.store.tables import people
from bot.text import Mention, Text, text

IsOneOf = Callable[[Tx, Actor, Sequence[Who], datetime], Text | None]
"""Return why this actor is none of these people, as far as that is known, or None where they are."""


@dataclass(frozen=True, slots=True)
class Book:
    """The grants of this install. `google` is what people.yaml says of Slack users, by their id."""

    store: Store
    clocks: Clocks
    access: Access
    is_one_of: IsOneOf
    google: Mapping[str, str] = field(default_factory=dict)
    fresh_for: timedelta = timedelta(hours=6)

    def why_not_ask(self, actor: Actor, who: Sequence[Who]) -> Text | None:
        return self.store.read(lambda tx: self.is_one_of(tx, actor, who, self.clocks.business.now()))

    def person(self, team: str, user: str) -> Grantee | Text:
        now = self.clocks.business.now()
        return self.store.read(lambda tx: google_account(tx, team, user, self.google, now - self.fresh_for))

    def open_on(self, resource: Resource) -> tuple[Grant, ...]:
        return self.store.read(lambda tx: queries.open_on(tx, resource))

    def begin(self, wish: Wish) -> tuple[Grant, ...]:
        now = self.clocks.business.now()
        return self.store.write(lambda tx: service.begin(tx, wish, now))

    def extend(self, grant_id: str, run_id: str, lasts: timedelta, by: Actor) -> Grant | None:
        now = self.clocks.business.now()
        return self.store.write(lambda tx: service.extend(tx, grant_id, run_id, lasts, by, now))

    def of_run(self, run_id: str) -> tuple[Grant, ...]:
        return self.store.read(lambda tx: queries.of_run(tx, run_id))


def google_account(tx: Tx, team: str, user: str, google: Mapping[str, str], known_since: datetime) -> Grantee | Text:
    """Return who a Slack account is at Google: by people.yaml, else by its e-mail address. Doubt means nobody."""
    shown = Mention(user)
    row = tx.execute(select(people).where(people.c.team == team, people.c.user == user)).first()
    if row is None or row.fetched_at < known_since:
        return text("grant-access.unknown_person", who=shown)
    if row.is_deleted or row.is_bot or row.is_guest:
        return text("grant-access.no_colleague", who=shown)
    email = (google.get(user) or row.email or "").strip().lower()
    if not email:
        return text("grant-access.no_google", who=shown)
    if _is_somebody_elses(tx, user, email, google):
        return text("grant-access.two_people", who=shown)
    return Grantee(Member.user(email), Actor.person(team, user))


def _is_somebody_elses(tx: Tx, user: str, email: str, google: Mapping[str, str]) -> bool:
    """Return whether another account that is in use goes by the same address."""
    if any(other != user and address.lower() == email for other, address in google.items()):
        return True
    same = select(people.c.user).where(people.c.user != user, ~people.c.is_deleted, func.lower(people.c.email) == email)
    return any(google.get(other, email).lower() == email for other in tx.execute(same).scalars())
