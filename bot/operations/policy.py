"""Who may do what: rules, facts and a request in, a decision with its reasons out. Pure.

No rule means refused, and what could not be checked refuses and says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.actor import Actor, ActorKind
from bot.config.policy import Needs, Rule, Who, WhoKind
from bot.text import Code, Mention, Text, text


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
    """What is known of an actor now. A group that is not in `known_groups` could not be checked."""

    actor: Actor
    standing: Standing = Standing.UNKNOWN
    on_call: Answer = Answer.UNKNOWN
    groups: frozenset[str] = frozenset()
    known_groups: frozenset[str] = frozenset()

    def in_group(self, group: str) -> Answer:
        if group not in self.known_groups:
            return Answer.UNKNOWN
        return Answer.YES if group in self.groups else Answer.NO


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do. `size` is the number of changes; 0 while there is no plan yet."""

    operation: str
    effect: str = ""
    size: int = 0
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed, what it still needs, and why it is not allowed, in words for the person."""

    allowed: bool
    reasons: tuple[Text, ...] = ()
    needs: frozenset[Needs] = field(default_factory=frozenset)


def decide(request: Request, rules: Iterable[Rule], facts: Facts) -> Decision:
    """Return whether any rule allows the request; of several the one that needs least."""
    barred = _barred(facts)
    if barred:
        return Decision(allowed=False, reasons=(barred,))
    applying = [rule for rule in rules if rule.operation == request.operation]
    if not applying:
        return Decision(allowed=False, reasons=(text("policy.no_rule", operation=Code(request.operation)),))
    refusals = [(rule, _refusals(rule, request, facts)) for rule in applying]
    allowing = [rule for rule, reasons in refusals if not reasons]
    if not allowing:
        return Decision(allowed=False, reasons=_distinct(reason for _, reasons in refusals for reason in reasons))
    easiest = min(allowing, key=lambda rule: rule.needs is not None)
    return Decision(allowed=True, needs=frozenset({easiest.needs} if easiest.needs else ()))


def _barred(facts: Facts) -> Text | None:
    """Return why this actor may do nothing at all, whatever the rules say."""
    match facts.actor.kind:
        case ActorKind.CLI | ActorKind.BATON:
            return None
        case ActorKind.SEEN_IN:
            return text("policy.not_a_person")
        case ActorKind.PERSON:
            return None if facts.standing is Standing.MEMBER else text(f"policy.standing.{facts.standing.value}")


def _refusals(rule: Rule, request: Request, facts: Facts) -> tuple[Text, ...]:
    """Return why this rule does not allow the request; empty if it does."""
    if not rule.who:
        return (text("policy.nobody", operation=Code(request.operation)),)
    answers = [(who, _is(who, facts)) for who in rule.who]
    if not any(answer is Answer.YES for _, answer in answers):
        return tuple(_not_one_of(who, answer) for who, answer in answers)
    if rule.size_at_most is not None and request.size > rule.size_at_most:
        return (text("policy.too_much", n=rule.size_at_most, size=request.size),)
    return ()


def _is(who: Who, facts: Facts) -> Answer:
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


def _answer(yes: bool) -> Answer:
    return Answer.YES if yes else Answer.NO


def _not_one_of(who: Who, answer: Answer) -> Text:
    suffix = "unknown" if answer is Answer.UNKNOWN else "not"
    match who.kind:
        case WhoKind.ON_CALL:
            return text(f"policy.on_call.{suffix}")
        case WhoKind.GROUP:
            return text(f"policy.group.{suffix}", group=Mention(who.id))
        case WhoKind.MEMBER:
            return text("policy.member.not")
        case WhoKind.USER:
            return text("policy.user.not", user=Mention(who.id))
        case WhoKind.CLI:
            return text("policy.cli.not", who=Code(who.id))


def _distinct(reasons: Iterable[Text]) -> tuple[Text, ...]:
    kept: list[Text] = []
    for reason in reasons:
        if reason not in kept:
            kept.append(reason)
    return tuple(kept)
