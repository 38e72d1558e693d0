"""`policy.yaml`: who may do what. No rule means refused; an empty list means nobody."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, StrictInt, WithJsonSchema

from bot.config.kinds import wrong
from bot.config.model import Strict

_WRITTEN = re.compile(r"(on-call|member)|(group):(S[A-Z0-9]{2,20})|(user):([UW][A-Z0-9]{2,20})|(cli):(\S+@\S+)")


class WhoKind(StrEnum):
    ON_CALL = "on-call"
    MEMBER = "member"
    GROUP = "group"
    USER = "user"
    CLI = "cli"


@dataclass(frozen=True, slots=True)
class Who:
    """Some people: the person on call, full members of the workspace, a user group, one user, one command line."""

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


class Needs(StrEnum):
    APPROVAL = "approval"


class Rule(Strict):
    operation: str
    who: tuple[
        Annotated[Who, BeforeValidator(parse_who), PlainSerializer(str), WithJsonSchema({"type": "string"})], ...
    ]
    size_at_most: Annotated[StrictInt, Field(ge=1)] | None = None
    """The greatest plan that this rule allows, in changes; no limit of its own if absent."""
    needs: Needs | None = None
    """`approval`: a second person has to say yes before it runs."""


class Policy(Strict):
    rules: tuple[Rule, ...] = ()

    def rules_for(self, operation: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.operation == operation)
