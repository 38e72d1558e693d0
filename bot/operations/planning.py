"""The two plannings of a run: the one that people see, and the one that proves it still true when it begins."""

from dataclasses import replace
from typing import Any

from bot.actor import named
from bot.operations import queries, statements
from bot.operations.arguments import parameters
from bot.operations.calling import call_approvers
from bot.operations.lifecycle import State
from bot.operations.model import Report
from bot.operations.operation import Operation
from bot.operations.plan import Plan, added, digest, plan_to_json
from bot.operations.policy import Request
from bot.operations.turn import PASSING, Turn
from bot.outbox import want_card
from bot.ports.errors import VendorError
from bot.store import Tx
from bot.store.claim import NEW, release
from bot.text import Lines, Text, text, to_json


def plan(turn: Turn) -> None:
    """Plan a draft. A vendor that does not answer is asked again, then a person decides."""
    if turn.is_late:
        turn.move(State.EXPIRED)
        return
    operation = turn.operation
    try:
        planned = within_limit(operation, operation.plan(turn.ports))
    except VendorError as error:
        _not_planned(turn, error)
        return
    if planned.empty is not None:
        turn.move(State.NO_CHANGE, plan=plan_to_json(planned))
    else:
        turn.move(State.PLANNED, **_offered(turn, operation, planned))


def begin(turn: Turn) -> None:
    """Let an agreed run begin, if it still may and still is what was agreed to."""
    agreed, operation = turn.run.plan, turn.operation
    assert agreed is not None, "nobody agrees to a run without a plan"
    try:
        fresh = within_limit(operation, operation.plan(turn.ports))
    except VendorError as error:
        _not_begun(turn, error)
        return
    turn.write(lambda tx: _begin(tx, turn, operation, agreed, fresh))


def _begin(tx: Tx, turn: Turn, operation: Operation, agreed: Plan, fresh: Plan) -> None:
    request = turn.run.request(operation.effect, operation.about(turn.ports))
    refused = refusal(tx, turn, request)
    extra = added(agreed, fresh)
    if refused is not None:
        turn.end(tx, State.DENIED, Report(refused))
    elif fresh.empty is not None:
        turn.end(tx, State.NO_CHANGE, Report(fresh.empty))
    elif extra:
        why = text("run.plan_gained", n=len(extra))
        if turn.move_in(tx, State.PLAN_CHANGED, why=why, confirmed_at=None, **_offered(turn, operation, fresh)):
            turn.say(tx, why, loud=True)
    elif (doubt := _doubt(tx, turn, request)) is not None:
        _approve_again(tx, turn, request, doubt)
    elif turn.move_in(tx, State.EXECUTING, due_at=NEW):
        queries.insert_steps(tx, turn.run.id, agreed.steps)


def refusal(tx: Tx, turn: Turn, request: Request) -> Text | None:
    """Ask the policy again about who started it, with the facts of now; return why not, or None where it may."""
    authority = turn.engine.authority
    if authority.shadow:
        return text("run.shadow")
    decision = authority.wanted(tx, request, turn.at)
    return None if decision.allowed else text("policy.refused", reasons=Lines(decision.reasons))


def _doubt(tx: Tx, turn: Turn, request: Request) -> Text | None:
    """Return why it needs a yes that it has not, with the facts of now; None where nothing is missing."""
    authority, run = turn.engine.authority, turn.run
    if not authority.outstanding(tx, request, run.yes, turn.at):
        return None
    decisions = {actor: authority.may_approve(tx, actor, request, turn.at) for actor in run.yes}
    gone = {actor: decision for actor, decision in decisions.items() if not decision.allowed}
    for actor, decision in gone.items():
        statements.void(tx, run.id, Text("policy.refused", {"reasons": Lines(decision.reasons)}), [actor])
    if not gone:
        return text("run.policy_wants_more")
    return text("run.yes_is_void", who=tuple(named(actor) for actor in gone))


def _approve_again(tx: Tx, turn: Turn, request: Request, why: Text) -> None:
    """Have it wait for a yes once more: whoever gave one may not by now, or the policy wants more."""
    waits = queries.waiting_from(turn.at) | {"confirmed_at": None}
    if turn.move_in(tx, State.AWAITING_APPROVAL, why=why, **waits):
        call_approvers(tx, turn.engine.authority, turn.run, request, turn.at, why)


def within_limit(operation: Operation, planned: Plan) -> Plan:
    """Return the plan, or one that is empty because it would change more than the operation ever may."""
    if planned.size <= operation.limit:
        return planned
    return replace(planned, steps=(), empty=text("run.over_limit", n=operation.limit, size=planned.size))


def _offered(turn: Turn, operation: Operation, planned: Plan) -> dict[str, Any]:
    """Return what a run has that waits for a yes."""
    until = turn.now + turn.engine.patience.plan_valid_for
    agreed = digest(operation.name, operation.effect, parameters(operation), planned)
    noted = {"plan": plan_to_json(planned), "runbook": dict(turn.engine.revisions(operation.runbook))}
    return {"plan": noted["plan"], "digest": agreed, "due_at": until, "deadline_at": until, "noted": noted}


def _not_planned(turn: Turn, error: VendorError) -> None:
    if isinstance(error, PASSING) and not turn.tried_enough:
        turn.write(lambda tx: turn.retry(tx, error))
        return
    until = turn.now + turn.engine.patience.plan_valid_for

    def leave(tx: Tx) -> None:
        release(tx, turn.claim, due_at=until, deadline_at=until, problem=to_json(error.words))
        want_card(tx, turn.run.ref)

    turn.write(leave)


def _not_begun(turn: Turn, error: VendorError) -> None:
    if isinstance(error, PASSING) and not turn.tried_enough:
        turn.write(lambda tx: turn.retry(tx, error))
    else:
        turn.write(lambda tx: turn.end(tx, State.FAILED, Report(text("run.nothing_done", why=error.words))))
