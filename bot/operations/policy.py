"""Who may do what: a policy, facts and a request in, a decision with its reasons out. Pure.

No rule means refused, and what could not be checked refuses and says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.actor import Actor, ActorKind
from bot.config.policy import Needs, Policy, Rule
from bot.config.who import Who, WhoKind
from bot.operations.facts import Answer, Facts, Standing, Subject, belongs, expanded
from bot.text import Code, Mention, Text, text


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to do. `size` is the number of changes; 0 while there is no plan yet.

    `asked_by` are all who had a part in asking, the one who answers for it last: none of them may approve it.
    """

    operation: str
    effect: str = ""
    size: int = 0
    subject: Subject = field(default_factory=Subject)
    asked_by: tuple[Actor, ...] = ()
    reason: str = ""
    ticket: str = ""

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
    be met; one person may count for several. `lacks` is what of `needs` was not told.
    """

    allowed: bool
    reasons: tuple[Text, ...] = ()
    approvals: tuple[Approvals, ...] = ()
    needs: frozenset[Needs] = field(default_factory=frozenset)
    lacks: frozenset[Needs] = field(default_factory=frozenset)

    @property
    def needs_nobody(self) -> bool:
        """Whether it may run now, without anybody else's yes."""
        return self.allowed and not self.approvals


def decide(request: Request, policy: Policy, facts: Facts) -> Decision:
    """Return whether any rule allows the request; of several the one that needs least, of equals the first written."""
    barred = _barred(facts)
    if barred:
        return _refused(barred)
    applying = policy.rules_for(request.operation)
    if not applying:
        return _refused(text("policy.no_rule", operation=Code(request.operation)))
    refusals = {index: _refusals(rule, request, facts) for index, rule in enumerate(applying)}
    fitting = [index for index, reasons in refusals.items() if not reasons]
    if not fitting:
        return _refused(*(reason for reasons in refusals.values() for reason in reasons))
    easiest = min(fitting, key=lambda index: _effort(applying[index]))
    easier = (refusals[index] for index, rule in enumerate(applying) if _effort(rule) < _effort(applying[easiest]))
    return _allowed(applying[easiest], request, tuple(reason for reasons in easier for reason in reasons))


def may_approve(request: Request, approvals: Sequence[Approvals], facts: Facts, asked: Sequence[Facts]) -> Decision:
    """Return whether this person's yes counts for any of the approvals; `asked` are the facts of who asked."""
    barred = _barred(facts) or (None if facts.actor.is_person else text("policy.not_a_person"))
    if barred:
        return _refused(barred)
    same = {facts.is_same_person(each) for each in asked}
    if Answer.YES in same:
        return _refused(text("run.not_your_own"))
    if Answer.UNKNOWN in same:
        return _refused(text("policy.same_person.unknown"))
    reasons = [_none_of(each.by, request.subject, facts) for each in approvals]
    if not all(reasons):
        return Decision(allowed=True)
    return _refused(*(reason for each in reasons for reason in each))


def outstanding(request: Request, approvals: Iterable[Approvals], yes: Sequence[Facts]) -> tuple[Approvals, ...]:
    """Return what is still to be met after these people said yes, each with how many more it takes.

    Two accounts that may be one person count as one.
    """
    people = _distinct_people(yes)
    left = ((each, each.count - _counted(each, request, people)) for each in approvals)
    return tuple(Approvals(missing, each.by) for each, missing in left if missing > 0)


def _counted(approvals: Approvals, request: Request, people: Sequence[Facts]) -> int:
    return sum(not _none_of(approvals.by, request.subject, facts) for facts in people)


def _distinct_people(accounts: Sequence[Facts]) -> list[Facts]:
    found: list[Facts] = []
    for facts in accounts:
        if all(facts.is_same_person(other) is Answer.NO for other in found):
            found.append(facts)
    return found


def _allowed(rule: Rule, request: Request, why: tuple[Text, ...]) -> Decision:
    approval, needs = rule.needs.approval, rule.needs.words
    approvals = (Approvals(approval.count, approval.by or rule.who),) if approval else ()
    return Decision(True, _distinct(why), approvals, needs, needs - request.told)


def _refused(*reasons: Text) -> Decision:
    return Decision(allowed=False, reasons=_distinct(reasons))


def _effort(rule: Rule) -> tuple[int, int]:
    """Return how much a rule wants, to compare: first the people, then the words."""
    return (rule.needs.approval.count if rule.needs.approval else 0), len(rule.needs.words)


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
    not_one = _none_of(rule.who, request.subject, facts)
    if not_one:
        return not_one
    if rule.size_at_most is not None and request.size > rule.size_at_most:
        return (text("policy.too_much", n=rule.size_at_most, size=request.size),)
    duration = request.subject.duration
    if rule.longest is not None and duration is not None and duration > rule.longest:
        return (text("policy.too_long", longest=rule.longest, duration=duration),)
    return ()


def _none_of(listed: Iterable[Who], subject: Subject, facts: Facts) -> tuple[Text, ...]:
    """Return why the actor is none of those whom the list names; empty where they are one."""
    named = tuple(listed)
    answers = [(who, belongs(facts, who)) for who in expanded(named, subject)]
    if any(answer is Answer.YES for _, answer in answers):
        return ()
    empty = (who for who in named if who.kind.is_of_the_thing and not tuple(expanded((who,), subject)))
    unnamed = tuple(text(f"policy.{who.kind.value}.none") for who in empty)
    return (*(_not_one_of(who, answer) for who, answer in answers), *unnamed)


def _not_one_of(who: Who, answer: Answer) -> Text:
    suffix = "unknown" if answer is Answer.UNKNOWN else "not"
    match who.kind:
        case WhoKind.GROUP:
            return text(f"policy.group.{suffix}", group=Mention(who.id))
        case WhoKind.USER:
            return text("policy.user.not", user=Mention(who.id))
        case WhoKind.CLI:
            return text("policy.cli.not", who=Code(who.id))
        case WhoKind.MEMBER:
            return text("policy.member.not")
        case _:
            return text(f"policy.on_call.{suffix}")


def _distinct(reasons: Iterable[Text]) -> tuple[Text, ...]:
    kept: list[Text] = []
    for reason in reasons:
        if reason not in kept:
            kept.append(reason)
    return tuple(kept)
