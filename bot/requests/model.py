"""A request: what a colleague asks of the data team, who has it, and how it stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.actor import Actor
from bot.moment import Moment
from bot.oncall.model import Calling
from bot.ref import Ref
from bot.requests.kind import Kind

KIND = "request"
PER_PAGE = 8  # of the queue
COUNTED = 500  # more of the queue are neither counted nor turned to, only said to be more


class State(StrEnum):
    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    DONE = "done"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"

    @property
    def is_open(self) -> bool:
        return self in OPEN


OPEN = frozenset({State.NEW, State.IN_PROGRESS, State.WAITING})


class Way(StrEnum):
    """How it came in."""

    SHORTCUT = "shortcut"
    COMMAND = "command"
    FORM = "form"
    WORKFLOW = "workflow"
    MESSAGE = "message"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Origin:
    """The message in which it was asked, or the channel alone; `thread_ts` is the thread in which people talk of it."""

    channel: str
    ts: str = ""
    thread_ts: str = ""

    @property
    def thread(self) -> str:
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for, before it is a request. `fields` are named as those of the fitting operation.

    `key` names the thing in Slack that asked (a message, a form), so that it makes one request however often it comes.
    """

    kind: Kind
    words: str
    requester: Actor
    way: Way
    origin: Origin
    key: str
    fields: Mapping[str, str] = field(default_factory=dict)
    needed_by: str = ""
    why: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    """Until when somebody answers and until when it is done; None where that was kept, or waits for the requester."""

    answer_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """Return what is due next: the answer, then the rest."""
        return self.answer_at or self.done_at


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it stands.

    `assignee` is who took it or was given it; without one it belongs to whoever is on call for `schedule`, who is
    `called`. A waiting one waits for `waits_for`: the requester's answer, or somebody named in the words. What counts
    of a promise while the requester is asked is kept in `left`. `outcome` says what was done, or why not.
    """

    id: str
    team: str
    kind: Kind
    state: State
    words: str
    fields: Mapping[str, str]
    requester: Actor
    registered_by: Actor
    way: Way
    origin: Origin
    language: str
    schedule: str
    opened_at: datetime
    needed_by: str = ""
    why: str = ""
    is_urgent: bool = False
    assignee: Actor | None = None
    taken_at: datetime | None = None
    called: Calling = field(default_factory=lambda: Calling(()))
    mention_at: datetime | None = None
    mentioned_at: datetime | None = None
    answered_at: datetime | None = None
    waits_for_requester: bool = False
    waits_for: str = ""
    waiting_since: datetime | None = None
    promised: Promised = Promised()
    left: timedelta | None = None
    told: tuple[str, ...] = ()
    ended_at: datetime | None = None
    ended_by: Actor | None = None
    outcome: str = ""
    evidence: Ref | None = None
    duplicate_of: str | None = None
    version: int = 0

    @property
    def ref(self) -> Ref:
        return ref(self.id)

    @property
    def is_open(self) -> bool:
        return self.state.is_open

    def is_late(self, now: datetime) -> bool:
        """Return whether a promise is broken: the present one, or for what is over the last one."""
        due = self.promised.next_at
        return due is not None and (self.ended_at or now) > due


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who asked for the same, and is told, too."""

    who: Actor
    since: datetime


@dataclass(frozen=True, slots=True)
class Work:
    """A run of an operation that was begun from the request."""

    run_id: str
    operation: str
    state: str
    by: Actor
    is_over: bool
    has_succeeded: bool


@dataclass(frozen=True, slots=True)
class RequestCard:
    """All that a request's card shows. `operation` is what fits it, empty where nothing does."""

    request: Request
    followers: tuple[Follower, ...] = ()
    works: tuple[Work, ...] = ()
    operation: str = ""
    original: Request | None = None
    history: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of the queue: which requests of how many, of which `COUNTED` + 1 are many. `mine` leaves others out."""

    requests: tuple[Request, ...]
    number: int
    total: int
    mine: bool

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.total, COUNTED) // PER_PAGE))

    @property
    def is_cut(self) -> bool:
        return self.total > COUNTED


@dataclass(frozen=True, slots=True)
class Awaited:
    """A thread in which a requester may answer what they were asked at that time."""

    channel: str
    thread_ts: str
    since: datetime


class Standing(StrEnum):
    """What became of a message that looks like a request."""

    ASKED = "asked"
    OPENED = "opened"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Asking:
    """A message that looks like a request, with what became of it."""

    id: str
    standing: Standing
    origin: Origin
    author: Actor
    words: str
    kind: Kind
    fields: dict[str, str]


def ref(request_id: str) -> Ref:
    return Ref(KIND, request_id)
