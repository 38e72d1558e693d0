"""A grant: who may do what to which dataset or table until when, on whose word. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.access.members import OURS, Addition, Key, Member, key_for
from bot.actor import Actor
from bot.config.who import Who
from bot.ports.bigquery import DatasetName, TableName
from bot.ref import Ref
from bot.text import Text


class GrantState(StrEnum):
    ACTIVATING = "activating"  # agreed to; not yet seen at Google
    ACTIVE = "active"
    REVOKING = "revoking"
    ENDED = "ended"
    REVOKE_FAILED = "revoke_failed"  # Google does not take it away; tried again and again
    DRIFTED = "drifted"  # somebody changed it at Google, so that it is ours no longer


class Ending(StrEnum):
    """Why a grant ends, or has ended."""

    EXPIRED = "expired"
    GIVEN_BACK = "given_back"
    REVOKED = "revoked"
    STANDING = "standing"  # there was such an entry that is not ours: nothing was given
    NOT_GIVEN = "not_given"  # Google did not take it, or the time was over before
    REMOVED_ELSEWHERE = "removed_elsewhere"
    WIDENED = "widened"


class Sent(StrEnum):
    """What is known of the write that a grant waits for."""

    SENT = "sent"  # committed before the call: perhaps it was done
    DONE = "done"  # Google said so


OPEN = frozenset({GrantState.ACTIVATING, GrantState.ACTIVE, GrantState.REVOKING, GrantState.REVOKE_FAILED})
GIVES = frozenset({GrantState.ACTIVATING, GrantState.ACTIVE})
TAKES = frozenset({GrantState.REVOKING, GrantState.REVOKE_FAILED})

ARROWS: Mapping[GrantState, Mapping[GrantState, str]] = {
    GrantState.ACTIVATING: {
        GrantState.ACTIVATING: "It lasts longer.",
        GrantState.ACTIVE: "Seen at Google.",
        GrantState.REVOKING: "Its time is over, or somebody ended it, before it was seen; it may be at Google.",
        GrantState.DRIFTED: "It was written, and somebody removed it at once.",
        GrantState.ENDED: "Nothing of ours is at Google: it was there already, or Google did not take it.",
    },
    GrantState.ACTIVE: {
        GrantState.ACTIVE: "It lasts longer.",
        GrantState.REVOKING: "Its time is over, or somebody ended it.",
        GrantState.DRIFTED: "Somebody removed or replaced the entry at Google.",
    },
    GrantState.REVOKING: {
        GrantState.ENDED: "Our entry is gone from Google, or another grant needs it.",
        GrantState.REVOKE_FAILED: "Google does not take it away.",
    },
    GrantState.REVOKE_FAILED: {GrantState.ENDED: "Our entry is gone from Google at last."},
    GrantState.ENDED: {},
    GrantState.DRIFTED: {},
}


Resource = DatasetName | TableName
"""What has a list of its own at Google: a dataset, or one table of it."""


def resource_of(written: str) -> Resource:
    """Return what `project.dataset` or `project.dataset.table` names. Raises ValueError."""
    try:
        return DatasetName.parse(written)
    except ValueError:
        return TableName.parse(written)


def dataset_of(resource: Resource) -> DatasetName:
    return resource if isinstance(resource, DatasetName) else resource.in_dataset


def target_of(resource: Resource) -> str:
    """Return the name that policies know: `dataset:project.dataset` or `table:project.dataset.table`."""
    return f"{'dataset' if isinstance(resource, DatasetName) else 'table'}:{resource}"


@dataclass(frozen=True, slots=True)
class Grantee:
    """Who gets the access: the address at Google, and the person in Slack where it is one."""

    member: Member
    person: Actor | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What an agreed run wants of one list at Google. `run_id` and the rest together are given once."""

    run_id: str
    resource: Resource
    role: str
    grantees: tuple[Grantee, ...]
    lasts: timedelta
    reason: str
    asked_by: Actor
    self_expiring: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """`is_owned` tells whether the entry at Google is ours to remove; None while nobody has looked."""

    id: str
    run_id: str
    resource: Resource
    member: Member
    role: str
    state: GrantState
    expires_at: datetime
    reason: str
    asked_by: Actor
    created_at: datetime
    person: Actor | None = None
    self_expiring: bool = False
    is_owned: bool = False
    sent: Sent | None = None
    entry: Mapping[str, Any] | None = None
    ending: Ending | None = None
    ended_by: Actor | None = None
    activated_at: datetime | None = None
    ended_at: datetime | None = None
    extended_by: str | None = None
    reminded_at: datetime | None = None
    failed_at: datetime | None = None
    tries: int = 0
    problem: Text | None = None
    version: int = 0

    @property
    def ref(self) -> Ref:
        return ref(self.id)

    @property
    def title(self) -> str:
        """Return the title of its condition at Google; empty where only Baton ends it."""
        return f"{OURS}{self.id}" if self.self_expiring else ""

    @property
    def key(self) -> Key:
        return key_for(self.member, self.role, self.title)

    @property
    def addition(self) -> Addition:
        return Addition(self.key, self.condition)

    @property
    def condition(self) -> dict[str, str] | None:
        """Return the condition by which Google itself ends it."""
        if not self.self_expiring:
            return None
        until = self.expires_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"title": self.title, "expression": f'request.time < timestamp("{until}")'}


def ref(grant_id: str) -> Ref:
    return Ref("grant", grant_id)


@dataclass(frozen=True, slots=True)
class Held:
    """What stands in a list at Google. `expressions` are those of the conditions that have our titles."""

    keys: tuple[Key, ...]
    etag: str
    expressions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GrantCard:
    """All that a grant's card shows."""

    grant: Grant
    owner: Who | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What somebody has or asked for, and what others have of the datasets that are theirs."""

    mine: tuple[GrantCard, ...] = ()
    others: tuple[GrantCard, ...] = ()
    owns: bool = False
