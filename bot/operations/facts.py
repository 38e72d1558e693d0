"""What is known of people and of what they want to touch: the values that the policy decides from. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.actor import BATON, Actor
from bot.config.who import Who, WhoKind


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """What an account is in the workspace, as far as the directory proves it."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an actor now. A group that is not in `known_groups` could not be checked.

    `identity` are the e-mail addresses and the entry of people.yaml by which the person behind the account, or behind
    the terminal, is known; without any it cannot be told whether two accounts are two people.
    """

    actor: Actor
    standing: Standing = Standing.UNKNOWN
    on_call: Answer = Answer.UNKNOWN
    groups: frozenset[str] = frozenset()
    known_groups: frozenset[str] = frozenset()
    identity: frozenset[str] = frozenset()

    def in_group(self, group: str) -> Answer:
        if group not in self.known_groups:
            return Answer.UNKNOWN
        return Answer.YES if group in self.groups else Answer.NO

    def is_same_person(self, other: "Facts") -> Answer:
        """Tell whether both accounts belong to one person."""
        if self.actor == other.actor or self.identity & other.identity:
            return Answer.YES
        is_known = all(each.identity or each.actor == BATON for each in (self, other))
        return Answer.NO if is_known else Answer.UNKNOWN


@dataclass(frozen=True, slots=True)
class Subject:
    """What an operation touches, as the configuration knows it, before and after it is planned.

    `targets` are the names under which a policy may speak of it: `dag:INSTANCE/dag_id`, `load:name`,
    `dataset:project.dataset`, `table:project.dataset.table`. `duration` is for how long, of what ends by itself.
    `for_whom` are those who gain by it: none of them may approve it, whoever asked.
    `owners` and `approvers` never contain themselves: they are users, groups, members or the person on call.
    """

    targets: tuple[str, ...] = ()
    owners: tuple[Who, ...] = ()
    approvers: tuple[Who, ...] = ()
    duration: timedelta | None = None
    tags: frozenset[str] = field(default_factory=frozenset)
    for_whom: tuple[str, ...] = ()


def expanded(listed: Iterable[Who], subject: Subject) -> Iterator[Who]:
    """Yield whom a list names, the owners and approvers of the subject in their place."""
    for who in listed:
        match who.kind:
            case WhoKind.OWNERS:
                yield from subject.owners
            case WhoKind.APPROVERS:
                yield from subject.approvers
            case _:
                yield who


def belongs(facts: Facts, who: Who) -> Answer:
    """Tell whether this actor is one of those whom `who` names; nobody is `owners` before they are expanded."""
    person = facts.actor.is_person
    match who.kind:
        case WhoKind.CLI:
            return _answer(facts.actor == Actor.cli(who.id))
        case WhoKind.USER:
            return _answer(person and facts.actor.id == who.id)
        case WhoKind.MEMBER:
            return _answer(person and facts.standing is Standing.MEMBER)
        case WhoKind.GROUP:
            return facts.in_group(who.id) if person else Answer.NO
        case WhoKind.ON_CALL:
            return facts.on_call if person else Answer.NO
        case WhoKind.OWNERS | WhoKind.APPROVERS:
            return Answer.NO


def _answer(yes: bool) -> Answer:
    return Answer.YES if yes else Answer.NO
