"""Who does something: a person, Baton itself, the command line, or what a source was seen to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from bot.text import Mention, Param, text


class ActorKind(StrEnum):
    PERSON = "person"
    BATON = "baton"
    CLI = "cli"
    SEEN_IN = "seen_in"


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts. A person is team id and user id together, never a display name."""

    kind: ActorKind
    id: str = ""
    team: str = ""

    @classmethod
    def person(cls, team: str, user: str) -> Self:
        return cls(ActorKind.PERSON, user, team)

    @classmethod
    def cli(cls, user_at_host: str) -> Self:
        return cls(ActorKind.CLI, user_at_host)

    @classmethod
    def seen_in(cls, source: str) -> Self:
        """Nobody told Baton: it saw the outcome in the source itself, for instance in Airflow."""
        return cls(ActorKind.SEEN_IN, source)

    @property
    def is_person(self) -> bool:
        return self.kind is ActorKind.PERSON

    def __str__(self) -> str:
        return ":".join(part for part in (self.kind.value, self.team, self.id) if part)

    @classmethod
    def parse(cls, text: str) -> Self:
        kind, _, rest = text.partition(":")
        if kind == ActorKind.PERSON:
            team, _, user = rest.partition(":")
            return cls.person(team, user)
        return cls(ActorKind(kind), rest)


BATON = Actor(ActorKind.BATON)


_SYSTEMS = {"airflow": "Airflow", "opsgenie": "Opsgenie", "jsm": "Jira Service Management"}


def named(actor: Actor | None) -> Param:
    """Return the actor for a sentence: a person by name without notifying them, the rest in words."""
    if actor is None:
        return text("actor.unknown")
    match actor.kind:
        case ActorKind.PERSON:
            return Mention(actor.id)
        case ActorKind.BATON:
            return "Baton"
        case ActorKind.CLI:
            return text("actor.cli", who=actor.id)
        case ActorKind.SEEN_IN:
            return text("actor.seen_in", where=_SYSTEMS.get(actor.id, actor.id))
