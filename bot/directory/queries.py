"""What the stored copy of Slack's directory says about people."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from bot.store import Tx
from bot.store.tables import people, user_groups
from bot.views.reader import Reader


class Names(Mapping[str, str]):
    """Slack ids of users and groups as the names that people go by, looked up one by one: a card shows few."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def __getitem__(self, key: str) -> str:
        named = select(people.c.real_name).where(people.c.user == key)
        if key.startswith("S"):
            named = select(user_groups.c.handle).where(user_groups.c.group_id == key)
        name = self._tx.execute(named).scalar()
        if name is None:
            raise KeyError(key)
        return str(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tx.execute(select(people.c.user)).scalars())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def names_of(tx: Tx, ids: Collection[str]) -> dict[str, str]:
    """Return the names of these users and groups, as far as they are known, by two statements."""
    named = tx.execute(select(people.c.user, people.c.real_name).where(people.c.user.in_(ids)))
    handles = tx.execute(select(user_groups.c.group_id, user_groups.c.handle).where(user_groups.c.group_id.in_(ids)))
    return {row[0]: row[1] for row in (*named, *handles)}


def reader_of(tx: Tx, team: str, user: str, now: datetime, default: Reader) -> Reader:
    """Return the person as a reader: their Slack language and zone, else the workspace's."""
    row = tx.execute(select(people.c.locale, people.c.zone).where(people.c.team == team, people.c.user == user)).first()
    channel = replace(default, now=now, names=Names(tx))
    return Reader.of(row.locale, row.zone, now, channel) if row else channel


def team_of(tx: Tx, user: str) -> str:
    """Return the workspace of an account; empty where it is not known."""
    return str(tx.execute(select(people.c.team).where(people.c.user == user).limit(1)).scalar() or "")


def is_colleague(tx: Tx, team: str, user: str) -> bool:
    """Tell whether the copy of the directory knows this as a full member's account that is in use."""
    mine = people.c.team == team, people.c.user == user
    others = people.c.is_bot | people.c.is_guest | people.c.is_deleted
    return tx.execute(select(people.c.user).where(*mine, ~others)).first() is not None


def addresses(tx: Tx, users: Collection[str]) -> set[str]:
    """Return the e-mail addresses that Slack knows for these user ids."""
    found = tx.execute(select(people.c.email).where(people.c.user.in_(users), people.c.email.is_not(None)))
    return set(found.scalars())


def members_of(tx: Tx, group: str, since: datetime) -> frozenset[str] | None:
    """Return who is in a user group, None where that was not fetched since then."""
    fresh = user_groups.c.group_id == group, user_groups.c.fetched_at >= since
    row = tx.execute(select(user_groups.c.members).where(*fresh)).first()
    return frozenset(row.members) if row else None
