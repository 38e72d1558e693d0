"""Where people use operations: what there is, who may, and how a run moves when somebody presses something."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.actor import Actor, named
from bot.audit import service as audit
from bot.config.who import Who, WhoKind
from bot.operations import queries
from bot.operations.answers import GONE, Accepted, Answer, Refused, Unchanged, elsewhere, lacking
from bot.operations.arguments import build
from bot.operations.authority import Authority
from bot.operations.catalog import CATALOG, Catalog
from bot.operations.facts import Subject
from bot.operations.lifecycle import State
from bot.operations.model import Run
from bot.operations.operation import Ports
from bot.operations.policy import Decision, Request
from bot.ref import Ref
from bot.store import Tx
from bot.store.claim import NEW
from bot.text import Code, Lines, text


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a run waits for people: until they are reminded, until others are called, until it expires."""

    nudge_after: timedelta = timedelta(minutes=30)
    escalate_after: timedelta = timedelta(hours=2)
    expires_after: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Desk:
    """The operations there are, what they may touch, and who may use them.

    `escalate_to` are the users or groups to call about a channel's run when nobody decides.
    """

    authority: Authority
    ports: Ports = field(default_factory=Ports)
    catalog: Catalog = field(default_factory=lambda: CATALOG)
    waits: Waits = field(default_factory=Waits)
    escalate_to: Callable[[Tx, str, datetime], tuple[str, ...]] = lambda _tx, _channel, _now: ()

    def subject(self, run: Run) -> Subject:
        """Return what the policy is told of a run; nothing of one that this version could not run either."""
        built = build(self.catalog[run.operation], run.arguments)
        return Subject() if isinstance(built, tuple) else built.about(self.ports)

    def request_of(self, run: Run, *, by: Actor | None = None) -> Request:
        """Return what the policy is asked about a run; `by` is who would answer for it from now on."""
        asked = run.request(self.catalog[run.operation].effect, self.subject(run))
        return replace(asked, asked_by=(run.requester, by)) if by else asked


def moved(tx: Tx, run: Run, to: State, actor: Actor, now: datetime, said: str, **values: Any) -> Answer:
    """Move the run, or say where it is by now."""
    if queries.move(tx, run, to, at=now, by=actor, **values):
        return Accepted(run.id, text(said))
    newer = queries.load(tx, run.id)
    return elsewhere(newer) if newer else GONE


def go(tx: Tx, run: Run, actor: Actor, now: datetime, **values: Any) -> Answer:
    """Take the targets and let the run begin."""
    held = taken(tx, run)
    if held is not None:
        return held
    due: dict[str, Any] = {"confirmed_at": now, "due_at": NEW, "deadline_at": None, "waiting_since": None}
    return moved(tx, run, State.APPROVED, actor, now, "run.begins", **due, **values)


def taken(tx: Tx, run: Run) -> Unchanged | None:
    """Take the run's targets, or say who has one of them."""
    assert run.plan is not None, "a run that was agreed to has a plan"
    holder = queries.lock(tx, run, run.plan)
    if holder is None:
        return None
    by = named(holder.confirmer or holder.requester)
    return Unchanged(run.id, text("run.target_is_taken", by=by, at=holder.confirmed_at or holder.created_at))


def refused(tx: Tx, actor: Actor, ref: Ref, decision: Decision, now: datetime) -> Refused:
    """Refuse with the reasons of the policy, and keep that in the audit."""
    audit.append(tx, now, actor, "policy.refused", ref, {"reasons": [reason.msgid for reason in decision.reasons]})
    return Refused(text("policy.refused", reasons=Lines(decision.reasons)))


def not_theirs(actor: Actor, tx: Tx, desk: Desk, run: Run, now: datetime) -> Refused | None:
    """Refuse who neither takes part in the run nor may run its operation.

    Who takes part may stop or look whatever the policy says by now: a freeze must not keep a run from being stopped.
    """
    if actor in {run.requester, run.confirmer, run.approver}:
        if not actor.is_person:
            return None
        why = desk.authority.why_none_of(tx, actor, (Who(WhoKind.MEMBER),), now)
        return Refused(why) if why else None
    decision = desk.authority.decide(tx, actor, replace(desk.request_of(run), break_glass=False), now)
    may = decision.allowed or decision.break_glass
    return None if may else refused(tx, actor, run.ref, decision, now)


def not_now(actor: Actor, tx: Tx, desk: Desk, run: Run, now: datetime) -> Refused | None:
    """Refuse that a run goes on which the policy, asked with the facts of now, would not let begin."""
    if desk.authority.shadow:
        return Refused(text("run.shadow"))
    request = desk.request_of(run)
    decision = desk.authority.wanted(tx, request, now)
    if not decision.allowed:
        return refused(tx, actor, run.ref, decision, now)
    if desk.authority.outstanding(tx, request, run.yes, now):
        return Refused(text("policy.refused", reasons=Lines((text("run.policy_wants_more"),))))
    return None


def why_not_asked(actor: Actor, tx: Tx, desk: Desk, ref: Ref, wanted: Request, now: datetime) -> Refused | None:
    """Refuse what this actor may not ask for, what they must give a reason for, and what could never begin."""
    decision = desk.authority.decide(tx, actor, wanted, now)
    if not decision.allowed:
        return refused(tx, actor, ref, decision, now)
    if decision.lacks:
        return lacking(decision.lacks)
    return nobody_could_approve(tx, desk, wanted, now) if decision.approvals else None


def nobody_could_approve(tx: Tx, desk: Desk, wanted: Request, now: datetime) -> Refused | None:
    """Refuse what could never begin, since nobody's yes would count, and say what to do."""
    if not desk.authority.who_could_approve(tx, wanted, now).nobody:
        return None
    reasons = desk.authority.wanted(tx, wanted, now).reasons or (text("policy.needs_approval"),)
    return Refused(text("run.nobody_could_approve", reasons=Lines(reasons), operation=Code(wanted.operation)))
