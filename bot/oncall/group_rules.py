"""Who shall be in a user group of Slack, and what its difference from that means. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who shall be in a group. Slack takes neither guests nor bots nor closed accounts."""

    user: str
    may_join: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """Who is in a group because of one schedule; None while that is not known."""

    users: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who shall be in a group, sorted, and by schedule because of what; nobody means that it is left as it is."""

    members: tuple[str, ...]
    parts: Mapping[str, tuple[str, ...]]
    is_known: bool = True


class Why(StrEnum):
    """Why a group is not as it is wanted."""

    CHANGED = "changed"  # other people are on call, or the configuration names others
    BY_HAND = "by_hand"  # somebody changed it in Slack


def part(on_call: Sequence[Member], fallback: Sequence[Member] | None) -> Part:
    """Return who is in the group for a schedule: who is on call, else, as in a gap, the fallback, if it is known."""
    users = tuple(member.user for member in on_call if member.may_join)
    if users or fallback is None:
        return Part(users or None)
    return Part(tuple(member.user for member in fallback if member.may_join))


def wanted(parts: Mapping[str, Part], stored: Mapping[str, Sequence[str]], permanent: Sequence[Member]) -> Wanted:
    """Return who shall be in the group: of every schedule those on call, of one that is unknown those who were.

    Before a schedule was ever known, nobody can be taken out for it: then nothing is known of the whole.
    """
    kept = {name: part.users if part.users is not None else stored.get(name) for name, part in parts.items()}
    known = {name: tuple(users) for name, users in kept.items() if users is not None}
    stay = tuple(member.user for member in permanent if member.may_join)
    members = {user for users in known.values() for user in users}
    whole = tuple(sorted({*members, *stay})) if members else ()
    return Wanted(whole, known, is_known=len(known) == len(parts))


def why(wanted: Sequence[str], written: Sequence[str], current: Sequence[str]) -> Why | None:
    """Return why the group differs from what is wanted, None where it does not.

    Where it was as wanted when Baton last looked or wrote, and the wish is the same, somebody else has changed it.
    """
    if set(current) == set(wanted):
        return None
    return Why.BY_HAND if set(written) == set(wanted) else Why.CHANGED
