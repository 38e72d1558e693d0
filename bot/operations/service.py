"""What people do with runs: ask for one, start, pause, stop, change, look again, go on with what is left.

Each function takes the actor first, authorises, and returns a value that says what happened, in words for them. A
second click changes nothing and says so.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from bot import timeline
from bot.actor import Actor, named
from bot.audit import service as audit
from bot.operations import queries, statements
from bot.operations.answers import (
    GONE,
    Accepted,
    Answer,
    Refused,
    Unchanged,
    elsewhere,
    invalid,
    lacking,
)
from bot.operations.arguments import build, parameters
from bot.operations.breaking_glass import break_glass, may_break_glass
from bot.operations.calling import call_approvers
from bot.operations.decisions import approve, ask, deny, may_decide, may_reply, reply
from bot.operations.desk import (
    Desk,
    go,
    moved,
    nobody_could_approve,
    not_now,
    not_theirs,
    refused,
    taken,
    why_not_asked,
)
from bot.operations.lifecycle import ARROWS, OPEN_TO_CHANGE, WAITS_FOR_YES, State, StepState
from bot.operations.model import Run
from bot.operations.operation import Operation, Problems
from bot.operations.policy import Request
from bot.operations.why import NO_REASON, Asked, Why
from bot.outbox import Place, thread_of, want_card
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.claim import NEW
from bot.store.tables import runs
from bot.text import Code, text

__all__ = [
    "Accepted",
    "Answer",
    "Desk",
    "Refused",
    "Unchanged",
    "approve",
    "ask",
    "break_glass",
    "cancel",
    "confirm",
    "deny",
    "go_on",
    "invalid",
    "may_break_glass",
    "may_decide",
    "may_reply",
    "pause",
    "recheck",
    "replan",
    "reply",
    "request",
    "resume",
]


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
    refusal = why_not_asked(actor, tx, desk, Ref("operation", name), wanted, now)
    if refusal is not None:
        return refusal
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


def confirm(
    actor: Actor,
    tx: Tx,
    desk: Desk,
    run_id: str,
    now: datetime,
    *,
    seen: str | None = None,
    why: Why = NO_REASON,
) -> Answer:
    """Say yes to the plan. `seen` is the beginning of the digest that the person looked at; `why` may be told now."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if run.state not in WAITS_FOR_YES or run.plan is None:
        return elsewhere(run)
    if seen is not None and not (run.digest or "").startswith(seen):
        return Unchanged(run.id, text("run.plan_is_newer"))
    if desk.authority.shadow:
        return Refused(text("run.shadow"))
    wrong = tuple(why.problems())
    if wrong:
        return invalid(wrong)
    run = replace(run, why=why.or_else(run.why))
    wanted = desk.request_of(run, by=actor)
    decision = desk.authority.wanted(tx, wanted, now)
    if not decision.allowed:
        return refused(tx, actor, run.ref, decision, now)
    if decision.lacks:
        return lacking(decision.lacks)
    told = {"confirmer": str(actor), "reason": run.why.reason, "ticket": run.why.ticket}
    if decision.approvals:
        return _for_approval(actor, tx, desk, run, wanted, now, told)
    return go(tx, run, actor, now, **told)


def _for_approval(
    actor: Actor, tx: Tx, desk: Desk, run: Run, wanted: Request, now: datetime, told: Mapping[str, str]
) -> Answer:
    """Have it wait for the others, and call those who can say yes."""
    alone = nobody_could_approve(tx, desk, wanted, now)
    if alone is not None:
        return alone
    answer = moved(
        tx, run, State.AWAITING_APPROVAL, actor, now, "run.awaits_approval", **told, **queries.waiting_from(now)
    )
    if isinstance(answer, Accepted):
        words = text("run.please_approve", by=named(actor), summary=run.summary)
        call_approvers(tx, desk.authority, run, wanted, now, words)
    return answer


def cancel(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Stop the run where it is: what was sent is followed, what was not begun is not sent."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    refusal = not_theirs(actor, tx, desk, run, now)
    if refusal:
        return refusal
    if run.state in {State.EXECUTING, State.OUTCOME_UNKNOWN, State.PAUSED}:
        return _stop(actor, tx, run, now)
    if State.CANCELLED not in ARROWS[run.state]:
        return elsewhere(run)
    return moved(tx, run, State.CANCELLED, actor, now, "run.cancelled")


def _stop(actor: Actor, tx: Tx, run: Run, now: datetime) -> Answer:
    taken_back = queries.cancel_pending(tx, run.id)
    if not taken_back and run.state is not State.PAUSED:
        return Unchanged(run.id, text("run.too_late"))
    said = text("run.stopped", n=taken_back)
    audit.append(tx, now, actor, "run.stopped", run.ref, {"steps": taken_back})
    timeline.record(tx, run.ref, now, actor, said)
    want_card(tx, run.ref)
    if run.state is State.PAUSED:  # what was sent before the pause is settled now
        queries.move(tx, run, State.EXECUTING, at=now, by=actor, why=said, due_at=NEW, waiting_since=None)
    return Accepted(run.id, said)


def pause(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Have no further step sent until somebody lets it go on; what was sent already takes its course."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if run.state is not State.EXECUTING:
        return elsewhere(run)
    if all(step.state is not StepState.PENDING for step in run.steps):
        return Unchanged(run.id, text("run.nothing_to_pause"))
    refusal = not_theirs(actor, tx, desk, run, now)
    if refusal:
        return refusal
    return moved(tx, run, State.PAUSED, actor, now, "run.paused", **queries.waiting_from(now))


def resume(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Let a paused run go on, if it still may: a freeze may have begun meanwhile, or a yes count no longer."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if run.state is not State.PAUSED:
        return elsewhere(run)
    refusal = not_theirs(actor, tx, desk, run, now) or not_now(actor, tx, desk, run, now)
    if refusal:
        return refusal
    return moved(tx, run, State.EXECUTING, actor, now, "run.resumed", due_at=NEW, waiting_since=None)


def go_on(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Ask for a new run with what this one left undone, in its thread and for the same reason."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if run.left is None:
        return elsewhere(run)
    place = thread_of(tx, run.ref)
    assert place is not None, "every run has a card"
    origin = run.origin or run.ref
    return request(actor, tx, desk, run.operation, run.left, place=place, now=now, origin=origin, why=run.why)


def replan(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, wish: Asked | None = None) -> Answer:
    """Plan once more: with other arguments, or with the same ones to see the present state.

    Who changes the arguments or the reason becomes the requester, so that nobody approves what they wrote themselves,
    and must be allowed to ask for that.
    """
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if run.state not in OPEN_TO_CHANGE or run.confirmed_at is not None:
        return elsewhere(run)
    refusal = not_theirs(actor, tx, desk, run, now)
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
    changes |= {"reason": wish.why.reason, "ticket": wish.why.ticket, "approver": None, "waiting_since": None}
    if (asked, wish.why) != (run.arguments, run.why):
        subject, why = built.about(desk.ports), wish.why
        wanted = Request(run.operation, operation.effect, 0, subject, (actor,), why.reason, why.ticket)
        refusal = why_not_asked(actor, tx, desk, run.ref, wanted, now)
        if refusal is not None:
            return refusal
        changes |= {"arguments": asked, "requester": str(actor), "confirmer": None}
    answer = moved(tx, run, State.DRAFT, actor, now, "run.requested", **changes)
    if isinstance(answer, Accepted):
        statements.void(tx, run.id, text("run.planned_anew"))
    return answer


def recheck(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Answer:
    """Look at the vendor again, where Baton had stopped looking."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    again = {State.UNVERIFIED: State.VERIFYING, State.OUTCOME_UNKNOWN: State.OUTCOME_UNKNOWN}
    if run.state not in again:
        return elsewhere(run)
    refusal = not_theirs(actor, tx, desk, run, now)
    if refusal:
        return refusal
    held = taken(tx, run) if run.state is State.UNVERIFIED else None  # what it finds may need one more write
    if held:
        return held
    return moved(tx, run, again[run.state], actor, now, "run.looked_again", due_at=NEW, deadline_at=None)
