"""How configuration names people: on-call, member, owners, approvers, group:S…, user:U…, cli:USER@HOST."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from bot.config.kinds import wrong

_WRITTEN = re.compile(
    r"(on-call|member|owners|approvers)|(group):(S[A-Z0-9]{2,20})|(user):([UW][A-Z0-9]{2,20})|(cli):(\S+@\S+)"
)


class WhoKind(StrEnum):
    ON_CALL = "on-call"
    MEMBER = "member"
    OWNERS = "owners"  # of the thing that is touched, as the configuration names them
    APPROVERS = "approvers"  # of the thing that is touched, likewise
    GROUP = "group"
    USER = "user"
    CLI = "cli"

    @property
    def is_of_the_thing(self) -> bool:
        """Whether it means other people for each thing that is touched."""
        return self in {WhoKind.OWNERS, WhoKind.APPROVERS}


@dataclass(frozen=True, slots=True)
class Who:
    """Some people: the person on call, full members, the thing's owners or approvers, a group, a user, a terminal."""

    kind: WhoKind
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind.value


def parse_who(written: object) -> Who:
    match = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise wrong("config.bad_who", value=str(written))
    kind, _, key = match[0].partition(":")
    return Who(WhoKind(kind), key)


def parse_owner(written: object) -> Who:
    """Return who owns or approves a thing: never `owners` or `approvers` again."""
    who = parse_who(written)
    if who.kind.is_of_the_thing:
        raise wrong("config.owner_of_itself", value=str(written))
    return who


_SCHEMA = WithJsonSchema({"type": "string", "examples": ["on-call", "group:S0DATA", "user:U0MINJI"]})
WrittenWho = Annotated[Who, BeforeValidator(parse_who), PlainSerializer(str), _SCHEMA]
WrittenOwner = Annotated[Who, BeforeValidator(parse_owner), PlainSerializer(str), _SCHEMA]
