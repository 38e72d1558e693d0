"""Whose yes counts for what needs approval, and what is still missing. Pure."""

from collections.abc import Iterable, Sequence

from bot.operations.facts import Answer, Facts
from bot.operations.policy import Approvals, Decision, Request, refused
from bot.operations.whom import why_barred, why_none_of
from bot.text import text


def may_approve(request: Request, approvals: Sequence[Approvals], facts: Facts, asked: Sequence[Facts]) -> Decision:
    """Return whether this person's yes counts for any of the approvals; `asked` are the facts of who asked."""
    barred = why_barred(facts) or (None if facts.actor.is_person else text("policy.not_a_person"))
    if barred:
        return refused(barred)
    same = {facts.is_same_person(each) for each in asked}
    if Answer.YES in same:
        return refused(text("run.not_your_own"))
    if Answer.UNKNOWN in same:
        return refused(text("policy.same_person.unknown"))
    reasons = [why_none_of(each.by, request.subject, facts) for each in approvals]
    if not all(reasons):
        return Decision(allowed=True)
    return refused(*(reason for each in reasons for reason in each))


def outstanding(request: Request, approvals: Iterable[Approvals], yes: Sequence[Facts]) -> tuple[Approvals, ...]:
    """Return what is still to be met after these people said yes, each with how many more it takes.

    Accounts that may belong to one person count once.
    """
    left = ((each, each.count - _counted(each, request, yes)) for each in approvals)
    return tuple(Approvals(missing, each.by) for each, missing in left if missing > 0)


def _counted(approvals: Approvals, request: Request, accounts: Sequence[Facts]) -> int:
    """Return how many certainly distinct people of these there are among the accounts."""
    people: list[Facts] = []
    for facts in accounts:
        is_one_more = all(facts.is_same_person(other) is Answer.NO for other in people)
        if is_one_more and not why_none_of(approvals.by, request.subject, facts):
            people.append(facts)
    return len(people)
