"""Who may be given access, in Google's words: a person, a group, and whom Baton never gives anything. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

_EMAIL = re.compile(r"[^@\s<>:,]+@[^@\s<>:,]+\.[^@\s<>:,]+")
_SERVICE = ".gserviceaccount.com"


class MemberKind(StrEnum):
    """As in the members of Google's policies; what else there is keeps its own word in `Key.kind`."""

    USER = "user"
    GROUP = "group"
    SERVICE_ACCOUNT = "serviceAccount"


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """One address at Google, always in lower case: Google compares them so."""

    kind: MemberKind
    email: str

    @classmethod
    def user(cls, email: str) -> Self:
        kind = MemberKind.SERVICE_ACCOUNT if is_service_account(email) else MemberKind.USER
        return cls(kind, email.strip().lower())

    @classmethod
    def group(cls, email: str) -> Self:
        return cls(MemberKind.GROUP, email.strip().lower())

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.kind}:{self.email}"


def is_email(written: str) -> bool:
    return bool(_EMAIL.fullmatch(written))


def is_service_account(email: str) -> bool:
    """Return whether the address is a machine's: Google lists both alike, as `userByEmail`."""
    return email.strip().lower().endswith(_SERVICE)


def of_iam(written: str) -> tuple[str, str]:
    """Return kind and id of `user:x@y`, `allUsers`, `deleted:user:x?uid=1`: addresses in lower case, the rest kept."""
    kind, colon, rest = written.partition(":")
    if not colon:
        return written, ""
    if kind == "user" and is_service_account(rest):
        return MemberKind.SERVICE_ACCOUNT, rest.lower()
    return kind, rest.lower() if kind in {*MemberKind, "domain"} else rest


_ROLES: Mapping[str, str] = {
    "READER": "roles/bigquery.dataViewer",
    "WRITER": "roles/bigquery.dataEditor",
    "OWNER": "roles/bigquery.dataOwner",
}
_WORDS = {name.lower(): iam for name, iam in _ROLES.items()}
_RANKS = {iam: rank for rank, iam in enumerate(_ROLES.values())}


def role_of(written: str) -> str:
    """Return the role as IAM calls it, for `reader`, `READER` or `roles/bigquery.dataViewer`."""
    return _ROLES.get(written) or _WORDS.get(written.lower(), written)


def word_for(role: str) -> str:
    """Return the word that people know for a role: `reader`; a role without one keeps its own name."""
    return next((word for word, iam in _WORDS.items() if iam == role), role)


def includes(role: str, other: str) -> bool:
    """Return whether whoever has the role can do all that the other one lets do, as far as that is known."""
    if role == other:
        return True
    return role in _RANKS and other in _RANKS and _RANKS[role] > _RANKS[other]


OURS = "baton/"
"""How the titles of our own conditions begin."""


@dataclass(frozen=True, slots=True)
class Key:
    """What makes two entries the same to Google: case of addresses and spelling of roles do not matter.

    `condition` is empty, the title of a condition of ours, or the whole of somebody else's.
    """

    kind: str
    id: str
    role: str
    condition: str = ""

    def __str__(self) -> str:
        whom = f"{self.kind}:{self.id}" if self.id else self.kind
        return f"{whom} {self.role} {self.condition}".rstrip()

    @property
    def is_ours(self) -> bool:
        return self.condition.startswith(OURS)

    @property
    def grant_id(self) -> str:
        """Return the grant that its title names, of an entry of ours."""
        return self.condition.removeprefix(OURS)

    @property
    def is_deleted(self) -> bool:
        return self.kind == "deleted"

    def is_of(self, member: Member) -> bool:
        return (self.kind, self.id) == (member.kind.value, member.email)


def key_for(member: Member, role: str, title: str = "") -> Key:
    return Key(member.kind.value, member.email, role, title)


@dataclass(frozen=True, slots=True)
class Addition:
    """An entry to add: its key, and the condition that Google shall hold, if any."""

    key: Key
    condition: Mapping[str, Any] | None = None


class Compared(StrEnum):
    """What a person has already, against what they shall get."""

    ADD = "add"
    ALREADY_HAS = "already_has"
    WEAKER_EXISTS = "weaker_exists"


def compare(foreign: Collection[Key], wanted: Key) -> Compared:
    """Return what the entries that are not ours mean for the wanted one.

    One with a condition is not counted on: nobody here knows when it ends.
    """
    same = [each for each in foreign if (each.kind, each.id) == (wanted.kind, wanted.id) and not each.condition]
    if any(includes(each.role, wanted.role) for each in same):
        return Compared.ALREADY_HAS
    return Compared.WEAKER_EXISTS if any(includes(wanted.role, each.role) for each in same) else Compared.ADD
