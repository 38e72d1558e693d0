"""Who may do what: a policy, facts and a request in, a decision with its reasons out. Pure.

No rule means refused, and what could not be checked refuses and says so. What is forbidden or frozen is so for
everybody; protected targets need approval besides what the rule wants. In an emergency the glass may be broken.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.actor import Actor
from bot.config.policy import BreakGlass, Needs, Policy, Rule
from bot.config.scope import Scope
from bot.config.who import Who
from bot.operations.facts import Facts, Subject
from bot.operations.frozen import frozen_until
from bot.operations.scopes import covers, speaks_of, touches
from bot.operations.whom import why_barred, why_none_of
from bot.text import Code, Text, text


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do. `size` is the number of changes; 0 while there is no plan yet.

    `asked_by` are all who had a part in asking, the one who answers for it last: none of them may approve it.
    `break_glass`: it is to run at once, past rules, approvals and freezes, as far as the policy lets them.
    """

    operation: str
    effect: str = ""
    size: int = 0
    subject: Subject = field(default_factory=Subject)
    asked_by: tuple[Actor, ...] = ()
    reason: str = ""
    ticket: str = ""
    break_glass: bool = False

    @property
    def told(self) -> frozenset[Needs]:
        return frozenset(each for each in Needs if getattr(self, each.value).strip())


@dataclass(frozen=True, slots=True)
class Approvals:
    """So many distinct people of these have to say yes: never who asked, nor another account of the same person."""

    count: int
    by: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed, what it needs before it may run, and why.

    `reasons` say in words for the person why it is refused, or why it needs approval. Every one of `approvals` must
    be met; one person may count for several. `lacks` is what of `needs` was not told. `break_glass` is the channel
    in which everybody is told if the actor breaks the glass, or has: "" where they may not.
    """

    allowed: bool
    reasons: tuple[Text, ...] = ()
    approvals: tuple[Approvals, ...] = ()
    needs: frozenset[Needs] = field(default_factory=frozenset)
    lacks: frozenset[Needs] = field(default_factory=frozenset)
    break_glass: str = ""

    @property
    def needs_nobody(self) -> bool:
        """Whether it may run now, without anybody else's yes."""
        return self.allowed and not self.approvals


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in everybody's way; `breakable` where breaking the glass opens it."""

    reason: Text
    breakable: bool


def decide(request: Request, policy: Policy, facts: Facts, now: datetime) -> Decision:
    """Return whether it is allowed; of several rules the one that wants least counts, of equals the first written."""
    barred = why_barred(facts)
    if barred:
        return refused(barred)
    obstacles = (*forbidden(policy, request), *frozen(policy, request, now))
    glass = policy.break_glass
    no_glass = why_no_glass(glass, request, facts) if all(each.breakable for each in obstacles) else ()
    may_break = glass is not None and not no_glass and all(each.breakable for each in obstacles)
    if request.break_glass:
        return _past_everything(request, glass if may_break else None, obstacles, no_glass)
    decision = refused(*(each.reason for each in obstacles)) if obstacles else _by_rules(request, policy, facts)
    if decision.needs_nobody or glass is None or not may_break:
        return decision
    return replace(decision, break_glass=glass.channel)


def refused(*reasons: Text) -> Decision:
    return Decision(allowed=False, reasons=_distinct(reasons))


# What holds for everybody


def forbidden(policy: Policy, request: Request) -> Iterator[Obstacle]:
    for each in policy.forbidden:
        name = touched(each, request)
        if name is not None:
            said = text("policy.forbidden", what=Code(name or request.operation))
            yield Obstacle(_because(said, each.why), each.break_glass)


def frozen(policy: Policy, request: Request, now: datetime) -> Iterator[Obstacle]:
    for each in policy.freezes:
        until = frozen_until(each, now) if touched(each, request) is not None else None
        if until is not None:
            yield Obstacle(text("policy.frozen", name=each.name, until=until), each.break_glass)


def protections(policy: Policy, request: Request) -> Iterator[tuple[Approvals, Text]]:
    """Yield each approval that the touched things themselves need, with why."""
    for each in policy.protected:
        name = touched(each, request)
        if name is not None:
            said = text("policy.protected", what=Code(name))
            yield Approvals(each.approval.count, each.approval.by), _because(said, each.why)


def _because(said: Text, why: str) -> Text:
    return text("policy.because", said=said, why=why) if why else said


def touched(scope: Scope, request: Request) -> str | None:
    return touches(scope, request.subject) if speaks_of(scope, request.operation, request.effect) else None


# The rules


def _by_rules(request: Request, policy: Policy, facts: Facts) -> Decision:
    applying = [rule for rule in policy.rules if speaks_of(rule, request.operation, request.effect)]
    if not applying:
        return refused(text("policy.no_rule", operation=Code(request.operation)))
    refusals = [why_not(rule, request, facts) for rule in applying]
    fitting = [index for index, reasons in enumerate(refusals) if not reasons]
    if not fitting:
        return refused(*(reason for reasons in refusals for reason in reasons))
    best = applying[min(fitting, key=lambda index: _effort(applying[index]))]
    easier = (reasons for rule, reasons in zip(applying, refusals, strict=True) if _effort(rule) < _effort(best))
    return _allowed(best, request, policy, [reason for reasons in easier for reason in reasons])


def why_not(rule: Rule, request: Request, facts: Facts) -> tuple[Text, ...]:
    """Return why this rule, which speaks of the operation, does not allow it; empty if it does."""
    if not covers(rule, request.subject):
        return (text("policy.other_target", what=_named(request)),)
    if not rule.who:
        return (text("policy.nobody", operation=Code(request.operation)),)
    return why_none_of(rule.who, request.subject, facts) or _too_much(rule, request)


def _allowed(rule: Rule, request: Request, policy: Policy, why: Sequence[Text]) -> Decision:
    approval, needs = rule.needs.approval, rule.needs.words
    protected = tuple(protections(policy, request))
    wanted = [Approvals(approval.count, approval.by or rule.who)] if approval else []
    approvals = tuple(dict.fromkeys([*wanted, *(each for each, _ in protected)]))
    reasons = (*(why if approval else ()), *(said for _, said in protected))
    return Decision(True, _distinct(reasons), approvals, needs, needs - request.told)


def _effort(rule: Rule) -> tuple[int, int]:
    """Return how much a rule wants, to compare: first the people, then the words."""
    return (rule.needs.approval.count if rule.needs.approval else 0), len(rule.needs.words)


def _too_much(limits: Rule | BreakGlass, request: Request) -> tuple[Text, ...]:
    if limits.size_at_most is not None and request.size > limits.size_at_most:
        return (text("policy.too_much", n=limits.size_at_most, size=request.size),)
    duration = request.subject.duration
    if limits.longest is not None and duration is not None and duration > limits.longest:
        return (text("policy.too_long", longest=limits.longest, duration=duration),)
    return ()


# Breaking the glass


def why_no_glass(glass: BreakGlass | None, request: Request, facts: Facts) -> tuple[Text, ...]:
    """Return why this actor may not break the glass for it; empty if they may."""
    if glass is None:
        return (text("policy.break_glass.nobody"),)
    is_meant = speaks_of(glass, request.operation, request.effect) and covers(glass, request.subject)
    if not is_meant:
        return (text("policy.break_glass.not_for_this"),)
    return why_none_of(glass.who, request.subject, facts) or _too_much(glass, request)


def _past_everything(
    request: Request, glass: BreakGlass | None, obstacles: Sequence[Obstacle], no_glass: Sequence[Text]
) -> Decision:
    if glass is None:
        firm = [each.reason for each in obstacles if not each.breakable]
        return refused(*firm, *no_glass)
    needs = frozenset({Needs.REASON})
    return Decision(True, needs=needs, lacks=needs - request.told, break_glass=glass.channel)


def _named(request: Request) -> Code:
    return Code(", ".join(request.subject.targets) or request.operation)


def _distinct(reasons: Iterable[Text]) -> tuple[Text, ...]:
    kept: list[Text] = []
    for reason in reasons:
        if reason not in kept:
            kept.append(reason)
    return tuple(kept)
