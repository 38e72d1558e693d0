"""What each part of the policy says to one request, in words: what `baton policy explain` prints. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.config.policy import Policy, Rule
from bot.config.scope import Scope
from bot.operations.facts import Facts
from bot.operations.frozen import frozen_until
from bot.operations.policy import Approvals, Decision, Request, touched, why_no_glass, why_not
from bot.operations.scopes import speaks_of
from bot.text import Code, Text, text


@dataclass(frozen=True, slots=True)
class Said:
    """What one part of the policy says. `path` is where it is written: `("rules", 0)`."""

    path: tuple[str | int, ...]
    words: Text


def explain(request: Request, policy: Policy, facts: Facts, now: datetime) -> Iterator[Said]:
    """Yield what every part says, in the order in which they count: what holds for everybody first."""
    for index, forbidden in enumerate(policy.forbidden):
        yield Said(("forbidden", index), _holds(forbidden, request, text("policy.explain.forbids")))
    for index, freeze in enumerate(policy.freezes):
        until = frozen_until(freeze, now)
        held = text("policy.frozen", name=freeze.name, until=until) if until else text("policy.explain.not_now")
        yield Said(("freezes", index), _holds(freeze, request, held))
    for index, rule in enumerate(policy.rules):
        yield Said(("rules", index), _of_rule(rule, request, facts))
    for index, each in enumerate(policy.protected):
        wanted = approval_words(Approvals(each.approval.count, each.approval.by))
        yield Said(("protected", index), _holds(each, request, wanted))
    if policy.break_glass:
        why = why_no_glass(policy.break_glass, request, facts)
        words = text("policy.explain.not_fitting", reasons=why) if why else text("policy.explain.may_break")
        yield Said(("break_glass",), words)


def known(request: Request, facts: Facts) -> Iterator[Text]:
    """Yield what the policy is told: of what is touched, and of who asks."""
    subject = request.subject
    if subject.targets:
        tags, owners = (_listed(each) for each in (sorted(subject.tags), map(str, subject.owners)))
        approvers = _listed(map(str, subject.approvers))
        targets = _listed(subject.targets)
        yield text("policy.explain.subject", targets=targets, tags=tags, owners=owners, approvers=approvers)
    groups = _listed(sorted(facts.groups))
    standing, on_call = Code(facts.standing.value), Code(facts.on_call.value)
    yield text("policy.explain.facts", standing=standing, on_call=on_call, groups=groups)


def summary(decision: Decision) -> Iterator[Text]:
    """Yield the decision with its reasons, what it needs, and whether the glass may be broken."""
    outcome = "refused" if not decision.allowed else "with_approval" if decision.approvals else "allowed"
    yield text(f"policy.explain.{outcome}")
    yield from decision.reasons
    yield from map(approval_words, decision.approvals)
    if decision.lacks:
        yield text("policy.explain.lacks", what=_listed(sorted(each.value for each in decision.lacks)))
    if decision.break_glass:
        yield text("policy.explain.glass", channel=Code(decision.break_glass))


def _listed(names: Iterable[str]) -> tuple[Code, ...] | str:
    return tuple(Code(name) for name in names) or "–"


def approval_words(approvals: Approvals) -> Text:
    return text("policy.explain.approval", n=approvals.count, by=tuple(Code(str(who)) for who in approvals.by))


def _holds(scope: Scope, request: Request, words: Text) -> Text:
    return text("policy.explain.other") if touched(scope, request) is None else words


def _of_rule(rule: Rule, request: Request, facts: Facts) -> Text:
    if not speaks_of(rule, request.operation, request.effect):
        return text("policy.explain.other")
    reasons = why_not(rule, request, facts)
    if reasons:
        return text("policy.explain.not_fitting", reasons=reasons)
    wanted = [Code(each.value) for each in sorted(rule.needs.words)]
    told = text("policy.explain.told", what=tuple(wanted)) if wanted else ""
    approval = rule.needs.approval
    if approval is None:
        return text("policy.explain.fits", told=told)
    approvals = approval_words(Approvals(approval.count, approval.by or rule.who))
    return text("policy.explain.fits_with", approvals=approvals, told=told)
