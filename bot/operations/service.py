"""What people do with runs: ask for one, say yes, approve or deny, cancel, change, look again.

Each function takes the actor first, authorises, and returns a value that says what happened, in words for them. A
second click changes nothing and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from bot import timeline
from bot.actor import Actor, named
from bot.audit import service as audit
from bot.operations import queries
from bot.operations.arguments import build, parameters
from bot.operations.authority import Authority
from bot.operations.catalog import CATALOG, Catalog
from bot.operations.facts import Subject
from bot.operations.lifecycle import ARROWS, OPEN_TO_CHANGE, UNDER_WAY, WAITS_FOR_YES, State
from bot.operations.model import Run
from bot.operations.operation import Operation, Ports, Problem, Problems
from bot.operations.policy import Decision, Request
from bot.operations.why import NO_REASON, Asked, Why
from bot.outbox import Place, want_card
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import runs
from bot.text import Code, Lines, Text, text


@dataclass(frozen=True, slots=True)
class Accepted:
    """It happened; the card of the run shows how it goes on."""

    run_id: str
    words: Text


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing happened, since the run is elsewhere by now; `words` say where."""

    run_id: str
    words: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing happened. `problems` belong to fields of the form; `words` say it all."""

    words: Text
    problems: tuple[Problem, ...] = ()


Answer = Accepted | Unchanged | Refused


@dataclass(frozen=True, slots=True)
class Desk:
    """Where runs are asked for: the operations there are, what they may touch, and who may use them."""

    authority: Authority
    ports: Ports = field(default_factory=Ports)
    catalog: Catalog = field(default_factory=lambda: CATALOG)

    def subject(self, run: Run) -> Subject:
        """Return what the policy is told of a run; nothing of one that this version could not run either."""
        built = build(self.catalog[run.operation], run.arguments)
        return Subject() if isinstance(built, tuple) else built.about(self.ports)


def request(
    actor: Actor,
    tx: Tx,
    desk: Desk,
    name: str,
    arguments: Mapping[str, Any],
    *,
    place: Place,
    now: datetime,
    origin: Ref | None = None,
    why: Why = NO_REASON,
) -> Answer:
    """Have an operation planned; its card appears at `place`. Nothing is done before somebody says yes."""
    operation = desk.catalog.get(name)
    if operation is None:
        known = tuple(Code(each) for each in desk.catalog)
        return Refused(text("run.no_such_operation", name=Code(name), names=known))
    built = _exact(desk, operation, arguments, now)
    wrong = (*(built if isinstance(built, tuple) else ()), *why.problems(needs_reason=operation.needs_reason))
    if isinstance(built, tuple) or wrong:
        return invalid(wrong)
    wanted = Request(name, operation.effect, 0, built.about(desk.ports), (actor,), why.reason, why.ticket)
    decision = desk.authority.decide(tx, actor, wanted, now)
    if not decision.allowed:
        return _refused(tx, actor, Ref("operation", name), decision, now)
    asked = parameters(built)
    same = queries.same_open_run(tx, name, asked, origin) if origin else None
    if same is not None:
        return Unchanged(same.id, text("run.asked_already", by=named(same.requester), at=same.created_at))
    row = {"operation": name, "arguments": asked, "origin": str(origin) if origin else None}
    return _created(actor, tx, row | {"reason": why.reason, "ticket": why.ticket}, place, now)


def _exact(desk: Desk, operation: type[Operation], arguments: Mapping[str, Any], now: datetime) -> Operation | Problems:
    """Return the operation with arguments that mean the same at any time, or everything that is wrong with them."""
    built = build(operation, arguments)
    return built if isinstance(built, tuple) else built.exact(desk.ports, now)


def _created(actor: Actor, tx: Tx, asked: dict[str, Any], place: Place, now: datetime) -> Accepted:
    run_id = new_id(now)
    mine = {"id": run_id, "state": State.DRAFT.value, "requester": str(actor), "created_at": now, "due_at": NEW}
    tx.execute(insert(runs), asked | mine)
    ref = Ref("run", run_id)
    body = {key: asked[key] for key in ("operation", "arguments", "reason", "ticket")}
    audit.append(tx, now, actor, "run.requested", ref, body)
    timeline.record(tx, ref, now, actor, text("run.moment.requested"))
    want_card(tx, ref, place)
    return Accepted(run_id, text("run.requested"))


def confirm(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, *, seen: str | None = None) -> Answer:
    """Say yes to the plan. `seen` is the beginning of the digest that the person looked at."""
    run = queries.load(tx, run_id)
    if run is None:
        return Refused(text("run.gone"))
    if run.state not in WAITS_FOR_YES or run.plan is None:
        return _elsewhere(run)
    if seen is not None and not (run.digest or "").startswith(seen):
        return Unchanged(run.id, text("run.plan_is_newer"))
    if desk.authority.shadow:
        return Refused(text("run.shadow"))
    decision = desk.authority.decide(tx, actor, _request_of(desk, run), now)
    if not decision.allowed:
        return _refused(tx, actor, run.ref, decision, now)
    if decision.approvals:
        return _moved(tx, run, State.AWAITING_APPROVAL, actor, now, "run.awaits_approval", confirmer=str(actor))
    return _go(tx, run, actor, now, confirmer=str(actor))


def approve(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, *, seen: str | None = None) -> Answer:
    """Say yes as the second person: somebody else who may run it, alone or with approval."""
    run = queries.load(tx, run_id)
    if run is None:
        return Refused(text("run.gone"))
    if run.state is not State.AWAITING_APPROVAL:
        return _elsewhere(run)
    if seen is not None and not (run.digest or "").startswith(seen):
        return Unchanged(run.id, text("run.plan_is_newer"))
    if actor in {run.requester, run.confirmer}:
        return Refused(text("run.not_your_own"))
    decision = desk.authority.may_approve(tx, actor, _request_of(desk, run), now)
    if not decision.allowed:
        return _refused(tx, actor, run.ref, decision, now)
    return _go(tx, run, actor, now, approver=str(actor))


def deny(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Say no as the second person."""
    run = queries.load(tx, run_id)
    if run is None:
        return Refused(text("run.gone"))
    if run.state is not State.AWAITING_APPROVAL:
        return _elsewhere(run)
    decision = desk.authority.may_approve(tx, actor, _request_of(desk, run), now)
    if not decision.allowed:
        return _refused(tx, actor, run.ref, decision, now)
    return _moved(tx, run, State.DENIED, actor, now, "run.denied")


def cancel(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Stop the run where it is: what was sent is followed, what was not begun is not sent."""
    run = queries.load(tx, run_id)
    if run is None:
        return Refused(text("run.gone"))
    refusal = _not_theirs(actor, tx, desk, run, now)
    if refusal:
        return refusal
    if run.state in {State.EXECUTING, State.OUTCOME_UNKNOWN}:
        return _stop(actor, tx, run, now)
    if State.CANCELLED not in ARROWS[run.state]:
        return _elsewhere(run)
    return _moved(tx, run, State.CANCELLED, actor, now, "run.cancelled")


def _stop(actor: Actor, tx: Tx, run: Run, now: datetime) -> Answer:
    taken_back = queries.cancel_pending(tx, run.id)
    if not taken_back:
        return Unchanged(run.id, text("run.too_late"))
    audit.append(tx, now, actor, "run.stopped", run.ref, {"steps": taken_back})
    timeline.record(tx, run.ref, now, actor, text("run.stopped", n=taken_back))
    want_card(tx, run.ref)
    return Accepted(run.id, text("run.stopped", n=taken_back))


def replan(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, wish: Asked | None = None) -> Answer:
    """Plan once more: with other arguments, or with the same ones to see the present state.

    Who changes the arguments becomes the requester, so that nobody approves what they wrote themselves.
    """
    run = queries.load(tx, run_id)
    if run is None:
        return Refused(text("run.gone"))
    if run.state not in OPEN_TO_CHANGE or run.confirmed_at is not None:
        return _elsewhere(run)
    refusal = _not_theirs(actor, tx, desk, run, now)
    if refusal:
        return refusal
    operation = desk.catalog[run.operation]
    wish = wish or Asked(run.arguments, run.why)
    built = _exact(desk, operation, wish.arguments, now)
    wrong = (*(built if isinstance(built, tuple) else ()), *wish.why.problems(needs_reason=operation.needs_reason))
    if isinstance(built, tuple) or wrong:
        return invalid(wrong)
    asked = parameters(built)
    changes: dict[str, Any] = {"due_at": NEW, "deadline_at": None, "plan": None, "digest": None, "report": None}
    changes |= {"reason": wish.why.reason, "ticket": wish.why.ticket}
    if asked != run.arguments:
        changes |= {"arguments": asked, "requester": str(actor), "confirmer": None}
    return _moved(tx, run, State.DRAFT, actor, now, "run.requested", **changes)


def recheck(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Look at the vendor again, where Baton had stopped looking."""
    run = queries.load(tx, run_id)
    if run is None:
        return Refused(text("run.gone"))
    again = {State.UNVERIFIED: State.VERIFYING, State.OUTCOME_UNKNOWN: State.OUTCOME_UNKNOWN}
    if run.state not in again:
        return _elsewhere(run)
    refusal = _not_theirs(actor, tx, desk, run, now)
    if refusal:
        return refusal
    return _moved(tx, run, again[run.state], actor, now, "run.looked_again", due_at=NEW, deadline_at=None)


def _go(tx: Tx, run: Run, actor: Actor, now: datetime, **who: str) -> Answer:
    """Take the targets and let the run begin."""
    assert run.plan is not None, "a run that waits for a yes has a plan"
    holder = queries.lock(tx, run, run.plan)
    if holder is not None:
        by = named(holder.confirmer or holder.requester)
        return Unchanged(run.id, text("run.target_is_taken", by=by, at=holder.confirmed_at or holder.created_at))
    due: dict[str, Any] = {"confirmed_at": now, "due_at": NEW, "deadline_at": None}
    return _moved(tx, run, State.APPROVED, actor, now, "run.begins", **who, **due)


def _moved(tx: Tx, run: Run, to: State, actor: Actor, now: datetime, said: str, **values: Any) -> Answer:
    if queries.move(tx, run, to, at=now, by=actor, **values):
        return Accepted(run.id, text(said))
    newer = queries.load(tx, run.id)
    return _elsewhere(newer) if newer else Refused(text("run.gone"))


def _elsewhere(run: Run) -> Unchanged:
    """Say where the run is by now, and through whom."""
    if run.state in UNDER_WAY:
        by = named(run.approver or run.confirmer or run.requester)
        return Unchanged(run.id, text("run.runs_already", by=by, at=run.confirmed_at or run.created_at))
    return Unchanged(run.id, text("run.is_elsewhere", state=text(f"run.state.{run.state.value}")))


def _not_theirs(actor: Actor, tx: Tx, desk: Desk, run: Run, now: datetime) -> Refused | None:
    """Refuse who neither takes part in the run nor may run its operation."""
    if actor in {run.requester, run.confirmer, run.approver}:
        run_of_their_own = replace(_request_of(desk, run), size=0)
        decision = desk.authority.decide(tx, actor, run_of_their_own, now)
    else:
        decision = desk.authority.decide(tx, actor, _request_of(desk, run), now)
    return None if decision.allowed else _refused(tx, actor, run.ref, decision, now)


def _request_of(desk: Desk, run: Run) -> Request:
    return run.request(desk.catalog[run.operation].effect, desk.subject(run))


def _refused(tx: Tx, actor: Actor, ref: Ref, decision: Decision, now: datetime) -> Refused:
    audit.append(tx, now, actor, "policy.refused", ref, {"reasons": [reason.msgid for reason in decision.reasons]})
    return Refused(text("policy.refused", reasons=Lines(decision.reasons)))


def invalid(problems: Problems) -> Refused:
    """Return the refusal of arguments that are wrong."""
    return Refused(text("arguments.wrong", problems=tuple(problem.words for problem in problems)), problems)
