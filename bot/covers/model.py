"""A cover: who stands in for whom, when, and how far that has come with people and at the provider. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.oncall.model import Engineer
from bot.ref import Ref
from bot.text import Text

PROVIDERS = {"opsgenie": "Opsgenie", "jsm": "Jira Service Management", "static": "baton.yaml", "ical": "iCal"}
"""Who keeps a schedule, by the names of the configuration, as people call it."""


class Stage(StrEnum):
    """What people made of it."""

    ASKED = "asked"
    TAKEN = "taken"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # its time began, and nobody had taken it


class State(StrEnum):
    """What is known of the override at the provider."""

    NONE = "none"
    SENT = "sent"  # committed before the call: perhaps it is there
    STANDING = "standing"  # read back
    REMOVING = "removing"
    GONE = "gone"
    FAILED = "failed"  # given up, and said so


@dataclass(frozen=True, slots=True)
class Slot:
    """One person's place in one coming shift, or a gap, where `engineer` is None.

    `rotations` are those in which they serve; none means all of the schedule.
    """

    schedule: str
    start_at: datetime
    end_at: datetime
    position: int = 0
    engineer: Engineer | None = None
    rotations: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Return what a menu carries to name it: it proves nothing."""
        return f"{self.schedule}|{self.start_at.isoformat()}|{self.position}"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the form asks for: a slot by its key, or the part of it between `start_at` and `end_at`.

    `whom` is asked alone, or put in; None asks everybody.
    """

    slot: str
    start_at: datetime | None = None
    end_at: datetime | None = None
    whom: str | None = None
    why: str = ""

    @property
    def schedule(self) -> str:
        return self.slot.partition("|")[0]


@dataclass(frozen=True, slots=True)
class Rota:
    """What a cover needs to know of a schedule: its name at the provider, where it is told, who is who there.

    `accounts` are the provider's names of Slack users, as people.yaml knows them; `by_hand` is why the override cannot
    be made by Baton and what to do instead, None where it can.
    """

    name: str
    key: str
    provider: str
    channel: str | None = None
    accounts: Mapping[str, str] | None = None
    by_hand: Text | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """Of `relieved`, by `taker`, from `start_at` to `end_at`; `expires_at` is until when it can be taken."""

    id: str
    schedule: str
    is_direct: bool
    team: str
    requester: str
    relieved: Engineer | None
    rotations: tuple[str, ...]
    start_at: datetime
    end_at: datetime
    expires_at: datetime
    why: str
    stage: Stage
    state: State
    asked: str | None = None
    taker: str | None = None
    person: str | None = None
    ended_by: str | None = None
    override_id: str | None = None
    sent_at: datetime | None = None
    tries: int = 0
    problem: Text | None = None

    @property
    def ref(self) -> Ref:
        return Ref("cover", self.id)

    @property
    def provider_key(self) -> str:
        """Return Baton's own name of the override: twice the same makes one."""
        return f"baton-cover-{self.id}"

    @property
    def is_over(self) -> bool:
        """Whether neither people nor the provider have anything left to do."""
        return self.stage is Stage.EXPIRED or (self.stage is Stage.WITHDRAWN and self.state in {State.NONE, State.GONE})


class Standing(StrEnum):
    """How it stands, in one word: what its card says first."""

    ASKED = "asked"
    MAKING = "making"
    STANDING = "standing"
    FAILED = "failed"
    REMOVING = "removing"
    STUCK = "stuck"  # withdrawn, and the override could not be taken away
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @classmethod
    def of(cls, cover: Cover) -> Self:
        match cover.stage, cover.state:
            case Stage.ASKED, _:
                return cls.ASKED
            case Stage.EXPIRED, _:
                return cls.EXPIRED
            case Stage.TAKEN, State.STANDING:
                return cls.STANDING
            case Stage.TAKEN, State.FAILED:
                return cls.FAILED
            case Stage.TAKEN, _:
                return cls.MAKING
            case _, State.NONE | State.GONE:
                return cls.WITHDRAWN
            case _, State.FAILED:
                return cls.STUCK
            case _:
                return cls.REMOVING


@dataclass(frozen=True, slots=True)
class CoverCard:
    """A cover with who keeps the schedule."""

    cover: Cover
    provider: str
