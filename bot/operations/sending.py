"""Does a run's steps, each once: say what is about to be sent, send it, write down what became of it.

What is about to be sent is committed before the call. A step found `sending` was perhaps done: the vendor is looked
at, and only what certainly was not done is sent again.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.actor import BATON
from bot.audit import service as audit
from bot.operations import queries, stepping
from bot.operations.lifecycle import State, StepState
from bot.operations.model import Result, StepRun
from bot.operations.plan import Found, Step, step_to_json
from bot.operations.turn import PASSING, Turn
from bot.operations.verdict import applied, report, without_effect
from bot.outbox import want_card
from bot.owner import is_gone
from bot.ports.errors import OutcomeUnknown, VendorError
from bot.store import Tx
from bot.store.claim import NEW, finish, release
from bot.text import Text, text, to_json

SETTLING = timedelta(seconds=5)  # what a process that died had sent may still be under way
LONGEST_WRITE = timedelta(seconds=60)  # what a process that may live has sent may be under way for as long
SENDS = 3  # how often a step is sent whose answers never come and that was never done
FIRST_LOOK = timedelta(seconds=2)


def execute(turn: Turn) -> None:
    """Do the next thing with the first step that is not settled."""
    current = stepping.next_step(turn.run)
    if current is None:
        turn.write(lambda tx: _all_sent(tx, turn))
    elif current.state is StepState.SENDING:
        _look(turn, current)
    elif stepping.may_send(turn, current):
        _check_and_send(turn, current)


def _all_sent(tx: Tx, turn: Turn) -> None:
    if applied(turn.run.steps):
        until = turn.now + turn.engine.patience.follow_for
        turn.move_in(tx, State.VERIFYING, due_at=turn.now + FIRST_LOOK, deadline_at=until)
    else:
        ended = without_effect(turn.run.steps)
        turn.end(tx, ended.state, report(ended))


def _check_and_send(turn: Turn, current: StepRun) -> None:
    try:
        left_alone = turn.operation.check(current.step, turn.ports)
    except VendorError as error:
        _not_sent(turn, current, error)
        return
    skipped = {**current.result.skipped, **left_alone}
    kept = tuple(change for change in current.step.changes if change.target not in skipped)
    result = replace(current.result, skipped=skipped, sends=current.result.sends + 1)
    if kept or not current.step.changes:  # a repair changes no item of its own
        _send(turn, replace(current, step=replace(current.step, changes=kept), result=result))
    else:
        _settle(turn, current, StepState.SKIPPED, replace(current.result, skipped=skipped))


def _send(turn: Turn, current: StepRun) -> None:
    sending = turn.engine.store.write(lambda tx: _write_ahead(tx, turn, current))
    if sending is None:
        return
    try:
        outcome = turn.operation.apply(sending.step, turn.ports)
    except OutcomeUnknown as error:
        _answer_lost(turn, error)
    except VendorError as error:
        _not_sent(turn, sending, error)
    else:
        skipped = {**sending.result.skipped, **outcome.untouched}
        changes = sending.step.changes
        has_effect = not changes or any(change.target not in skipped for change in changes)
        result = replace(sending.result, answer=outcome.answer, skipped=skipped)
        _settle(turn, sending, StepState.DONE if has_effect else StepState.SKIPPED, result)


def _write_ahead(tx: Tx, turn: Turn, current: StepRun) -> StepRun | None:
    """Commit the intention and return it. None: the claim was lost or the step taken back, so nothing may be sent."""
    now = turn.engine.clocks.system.now()
    if not queries.hold(tx, turn.claim, now + turn.engine.patience.lease):
        return None
    result = replace(current.result, sender=turn.claim.owner)
    sending = replace(current, state=StepState.SENDING, result=result, sent_at=now)
    if not queries.write_ahead(tx, turn.run.id, sending):
        finish(tx, turn.claim, due_at=NEW)
        return None
    _record(tx, turn, "step.sending", sending.step, step_to_json(sending.step))
    return sending


def _answer_lost(turn: Turn, error: VendorError) -> None:
    until = turn.now + turn.engine.patience.follow_for
    due = {"due_at": turn.now + SETTLING, "deadline_at": until, "problem": to_json(error.words)}
    turn.move(State.OUTCOME_UNKNOWN, why=error.words, **due)


def _not_sent(turn: Turn, current: StepRun, error: VendorError) -> None:
    """The vendor certainly did nothing: try again what may pass, give up the rest."""
    if not isinstance(error, PASSING) or turn.tried_enough:
        _settle(turn, current, StepState.FAILED, replace(current.result, problem=error.words))
        return

    def back(tx: Tx) -> None:
        settled = queries.settle(tx, turn.run.id, current, StepState.PENDING, current.result, turn.now)
        if settled is StepState.CANCELLED:
            _record(tx, turn, "step.cancelled", current.step, current.result.to_json())
        turn.retry(tx, error)

    turn.write(back)


def _look(turn: Turn, current: StepRun) -> None:
    """See at the vendor what became of a step whose answer never came."""
    problem: Text = text("run.still_unknown")
    try:
        found = turn.operation.lookup(current.step, turn.ports)
    except VendorError as error:
        found, problem = Found.UNKNOWN, error.words
    match found:
        case Found.DONE:
            _settle(turn, current, StepState.DONE, replace(current.result, answer={"read_back": True}))
        case Found.NOT_DONE if turn.now < (settled_at := _settled_at(current)):  # the vendor may be at it
            turn.write(lambda tx: release(tx, turn.claim, due_at=settled_at))
        case Found.NOT_DONE:
            _was_not_done(turn, current)
        case Found.UNKNOWN:
            turn.write(lambda tx: _still_unknown(tx, turn, problem))


def _settled_at(sent: StepRun) -> datetime:
    """Return from when on what is not seen at the vendor was not done: no call of its sender is open any more."""
    assert sent.sent_at is not None, "it was sent"
    return sent.sent_at + (SETTLING if is_gone(sent.result.sender) else LONGEST_WRITE)


def _was_not_done(turn: Turn, current: StepRun) -> None:
    if current.result.sends >= SENDS:
        _settle(turn, current, StepState.FAILED, replace(current.result, problem=text("run.step.never_answered")))
    else:
        _settle(turn, current, StepState.PENDING, current.result)


def _still_unknown(tx: Tx, turn: Turn, problem: Text) -> None:
    """Look again later; when it took too long, say so and wait for a person."""
    if turn.is_late:
        if release(tx, turn.claim, due_at=None, problem=to_json(problem)):
            turn.say(tx, text("run.verdict.outcome_unknown", summary=problem), loud=True)
            want_card(tx, turn.run.ref)
        return
    until = turn.run.deadline_at or turn.now + turn.engine.patience.follow_for
    values: dict[str, Any] = {"deadline_at": until, "problem": to_json(problem)}
    if turn.run.state is State.EXECUTING:
        turn.move_in(tx, State.OUTCOME_UNKNOWN, why=problem, due_at=turn.now + SETTLING, **values)
    else:
        release(tx, turn.claim, due_at=turn.now + turn.pause(), **values)
        want_card(tx, turn.run.ref)


def _settle(turn: Turn, current: StepRun, state: StepState, result: Result) -> None:
    """Write down what became of the step, even where a person has moved the run meanwhile, and go on."""

    def settle(tx: Tx) -> None:
        settled = queries.settle(tx, turn.run.id, current, state, result, turn.now)
        if settled is not None:
            _record(tx, turn, f"step.{settled.value}", current.step, result.to_json())
        want_card(tx, turn.run.ref)
        if turn.run.state is State.OUTCOME_UNKNOWN:
            turn.move_in(tx, State.EXECUTING, due_at=NEW, deadline_at=None)
        else:
            turn.again(tx, NEW, problem=None, deadline_at=None)

    turn.write(settle)


def _record(tx: Tx, turn: Turn, deed: str, step: Step, body: dict[str, Any]) -> None:
    audit.append(tx, turn.at, BATON, deed, turn.run.ref, {"step": step.key} | body)
