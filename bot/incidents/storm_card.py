"""All that the card of a storm shows, loaded at once. Pure values."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from bot.incidents.model import IncidentState
from bot.oncall.model import Calling
from bot.triage.identity import name_of
from bot.triage.model import Severity

_GRAVEST_FIRST = list(Severity)


@dataclass(frozen=True, slots=True)
class Member:
    """An incident that was raised in the storm, as it is now.

    `is_alone`: it has a card of its own, in Slack at `shown_ts` as soon as that is posted.
    """

    id: str
    state: IncidentState
    severity: Severity
    source: str
    owner: str
    resource: Mapping[str, str]
    title: str
    error: str
    opened_at: datetime
    alert_count: int
    is_alone: bool
    resolved_at: datetime | None = None
    shown_channel: str = ""
    shown_ts: str = ""
    thread_ts: str | None = None
    is_silenced: bool = False

    @property
    def name(self) -> str:
        """Return what broke, in few words: no two incidents of one tool have the same."""
        return name_of(self.resource, " · ".join(self.resource.values()) or self.title, self.source)

    @property
    def is_open(self) -> bool:
        return self.state.is_unresolved


@dataclass(frozen=True, slots=True)
class Totals:
    """Counted over all incidents of the storm, also those beyond what a card lists."""

    incidents: int
    unresolved: int
    unacknowledged: int
    alerts: int


@dataclass(frozen=True, slots=True)
class StormCard:
    """`members` are those that matter most: unresolved before resolved, grave before slight, early before late."""

    id: str
    started_at: datetime
    ended_at: datetime | None
    calling: Calling
    notified: bool
    totals: Totals
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What one tool says about the things of one owner. `error` is what most of them say, `saying_it` how many."""

    source: str
    owner: str
    members: tuple[Member, ...]
    error: str
    saying_it: int


def groups(members: Iterable[Member]) -> list[Group]:
    """Return the members by source and owner, the greatest group first."""

    def key(member: Member) -> tuple[str, str]:
        return member.source, member.owner

    gathered = [(of, tuple(its)) for of, its in groupby(sorted(members, key=key), key)]
    found = [_group(source, owner, its) for (source, owner), its in gathered]
    return sorted(found, key=lambda group: -len(group.members))


def _group(source: str, owner: str, members: tuple[Member, ...]) -> Group:
    first_lines = Counter(line for each in members if (line := each.error.strip().partition("\n")[0]))
    error, n = max(first_lines.items(), key=lambda item: item[1], default=("", 0))
    return Group(source, owner, in_order(members), error if n > 1 else "", n)


def in_order(members: Iterable[Member]) -> tuple[Member, ...]:
    """Return them with the unresolved first, then the gravest, then the oldest. What is silenced comes after those."""

    def key(member: Member) -> tuple[bool, bool, int, datetime]:
        gravity = _GRAVEST_FIRST.index(member.severity)
        return not member.is_open, member.is_silenced, gravity, member.opened_at

    return tuple(sorted(members, key=key))


def to_open(members: Iterable[Member], typed: str = "") -> tuple[Member, ...]:
    """Return those that have no thread of their own, whose name holds what was typed."""
    return tuple(each for each in members if not each.is_alone and typed.casefold() in each.name.casefold())


@dataclass(frozen=True, slots=True)
class Summary:
    """What a storm was, once it is over."""

    took: timedelta
    totals: Totals
    longest: Member | None
    longest_took: timedelta
    sources: tuple[tuple[str, int], ...]
    unresolved: tuple[Member, ...]


def summary(card: StormCard, now: datetime) -> Summary:
    """Return the storm's figures; an incident that is not resolved counts as open until `now`."""
    longest = max(card.members, key=lambda each: _took(each, now), default=None)
    return Summary(
        took=(card.ended_at or now) - card.started_at,
        totals=card.totals,
        longest=longest,
        longest_took=_took(longest, now) if longest else timedelta(0),
        sources=_most_common([each.source for each in card.members]),
        unresolved=tuple(each for each in card.members if each.is_open and not each.is_silenced),
    )


def _took(member: Member, now: datetime) -> timedelta:
    return (member.resolved_at or now) - member.opened_at


def _most_common(sources: Sequence[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(sources).most_common(3))
