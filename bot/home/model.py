"""What a Home shows, loaded at once. Pure values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from bot.access.model import Grant
from bot.actor import Actor
from bot.handoff.life import Handoff
from bot.incidents.fix import Thread
from bot.incidents.found import Found
from bot.oncall.model import Duty, UpcomingShift
from bot.requests.model import Request
from bot.silences.model import Silence
from bot.text import Text

FEW: Final = 5  # of each list where all of them are shown together
PAGE: Final = 15
COUNTED: Final = 1000  # more are not counted, only said to be more

T = TypeVar("T")


class Part(StrEnum):
    """What somebody looks at on their Home. The words are kept in the store and in buttons."""

    OVERVIEW = "overview"  # that of whoever is on call for them, that of their own for the others
    ON_CALL = "on_call"  # what whoever is on call sees
    MINE = "mine"
    INCIDENTS = "incidents"
    APPROVALS = "approvals"
    REQUESTS = "requests"
    ENDING = "ending"

    @property
    def is_list(self) -> bool:
        return self in {Part.INCIDENTS, Part.APPROVALS, Part.REQUESTS, Part.ENDING}


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody has turned to, and the number of the page, from 0 on."""

    part: Part = Part.OVERVIEW
    page: int = 0

    @property
    def size(self) -> int:
        return PAGE if self.part.is_list else FEW

    @property
    def offset(self) -> int:
        return self.page * self.size if self.part.is_list else 0


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """Some of a list, from the place `offset` on; `total` counts all, or `COUNTED` + 1 where there are more."""

    items: tuple[T, ...] = ()
    total: int = 0
    offset: int = 0

    @property
    def is_cut(self) -> bool:
        return self.total > COUNTED

    @property
    def after(self) -> int:
        """Return how many follow, as far as they were counted."""
        return max(0, self.total - self.offset - len(self.items))


@dataclass(frozen=True, slots=True)
class Approval:
    """A run that waits for this person's yes."""

    run_id: str
    summary: Text
    requester: Actor
    since: datetime
    thread: Thread | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """A silence or a grant that ends soon, and where it is told."""

    thing: Silence | Grant
    thread: Thread | None = None

    @property
    def at(self) -> datetime:
        return self.thing.until if isinstance(self.thing, Silence) else self.thing.expires_at


@dataclass(frozen=True, slots=True)
class Home:
    """All that one Home shows. A list that is None is not for this reader, or not part of what they look at.

    `follow` says by incident how many others follow from it; `names` are those of everybody who is named.
    """

    shown: Shown
    duties: tuple[Duty, ...] = ()
    on_call: tuple[Duty, ...] = ()  # those on which the reader is, as far as is known
    own: tuple[UpcomingShift, ...] = ()
    incidents: Listed[Found] | None = None
    follow: Mapping[str, int] = field(default_factory=dict)
    stale: int = 0
    approvals: Listed[Approval] | None = None
    requests: Listed[Request] | None = None  # by what was promised next, then by age
    ending: Listed[Ending] | None = None
    asked: tuple[Request, ...] | None = None  # what the reader asked for
    grants: tuple[Grant, ...] | None = None
    handoffs: tuple[Handoff, ...] = ()  # that the reader still has to write or to accept
    may: frozenset[str] = frozenset()  # deeds and operations that the policy lets the reader begin
    threads: Mapping[str, Thread] = field(default_factory=dict)  # of requests, by their ids
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    reader: Actor | None = None

    @property
    def all_requests(self) -> tuple[Request, ...]:
        return (*(self.requests.items if self.requests else ()), *(self.asked or ()))


@dataclass(frozen=True, slots=True)
class Closed:
    """Why this person has no Home, in words for them."""

    why: Text


def actors(home: Home) -> Iterator[Actor]:
    """Yield everybody of whom the lists speak."""
    for found in home.incidents.items if home.incidents else ():
        yield from (each for each in (found.acknowledged_by, found.resolved_by) if each)
    yield from (each.requester for each in (home.approvals.items if home.approvals else ()))
    for ending in home.ending.items if home.ending else ():
        thing = ending.thing
        yield thing.created_by if isinstance(thing, Silence) else thing.asked_by
        if isinstance(thing, Grant) and thing.person:
            yield thing.person
    for request in home.all_requests:
        yield from (each for each in (request.requester, request.assignee, request.ended_by) if each)
    for grant in home.grants or ():
        yield grant.asked_by
