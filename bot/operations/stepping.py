"""Lets each step of a plan that goes one by one wait until the step before has ended well.

So a person can pause or stop between two of them, and a failure leaves everything after it untouched.
"""

from dataclasses import replace

from bot.operations import following, queries
from bot.operations.lifecycle import State, StepState
from bot.operations.model import Report, Run, StepRun
from bot.operations.plan import Ended, Item, Repair, Waiting
from bot.operations.turn import Turn
from bot.operations.verdict import applied
from bot.outbox import want_card
from bot.ports.errors import VendorError
from bot.store import Tx
from bot.store.claim import NEW
from bot.text import Text, text

_ENDED_BADLY = frozenset({State.FAILED, State.PARTLY_DONE})


def next_step(run: Run) -> StepRun | None:
    """Return what is next: what was perhaps sent, then repairs of what was done, then the plan in its order."""
    first = {StepState.SENDING: 0, StepState.PENDING: 1}
    left = [each for each in run.steps if each.state in first]
    return min(left, key=lambda each: (first[each.state], not _is_repair(run, each), each.position), default=None)


def may_send(turn: Turn, current: StepRun) -> bool:
    """Return whether the step may be sent now. If not, what has to happen first was done."""
    run = turn.run
    if run.plan is None or not run.plan.one_by_one or _is_repair(run, current):
        return True
    if any(each.state is StepState.FAILED for each in run.steps):
        turn.write(lambda tx: _leave_the_rest(tx, turn, text("run.step.untouched")))
        return False
    before = [each for each in run.steps if each.state is StepState.DONE and not _is_repair(run, each)]
    return not before or _has_ended_well(turn, before)


def _has_ended_well(turn: Turn, before: list[StepRun]) -> bool:
    last = applied(before)[-1:]
    try:
        verdict = turn.operation.verify(last, turn.ports)
    except VendorError as error:
        _not_seen(turn, error)
        return False
    match verdict:
        case Ended(state=state) if state not in _ENDED_BADLY:
            turn.write(lambda tx: _show(tx, turn, verdict, len(before)))
            return True
        case Ended():
            turn.write(lambda tx: _leave_the_rest(tx, turn, text("run.step.untouched"), verdict.items))
        case Repair() if following.may_repair(turn):
            turn.write(lambda tx: _repair(tx, turn, verdict))
        case Waiting() if not turn.is_late:
            turn.write(lambda tx: _wait(tx, turn, verdict, len(before)))
        case _:
            turn.write(lambda tx: _give_up(tx, turn, verdict.items))
    return False


def _is_repair(run: Run, step: StepRun) -> bool:
    return run.plan is not None and step.position >= len(run.plan.steps)


def _wait(tx: Tx, turn: Turn, waiting: Waiting, number: int) -> None:
    """Keep how the last step is doing; what is left is known only when all that was done is looked at together."""
    said = _said(turn.run, number, waiting.progress)
    following.wait(tx, turn, replace(waiting, progress=said, items=_merged(turn.run, waiting.items), remaining=None))


def _said(run: Run, number: int, progress: Text) -> Text:
    return text("run.step_of", number=number, of=len(run.plan.steps) if run.plan else number, progress=progress)


def _repair(tx: Tx, turn: Turn, repair: Repair) -> None:
    following.add_repair(tx, turn, repair)
    report = Report(repair.progress, _merged(turn.run, repair.items))
    turn.again(tx, NEW, report=report.to_json(), problem=None)
    want_card(tx, turn.run.ref)


def _show(tx: Tx, turn: Turn, ended: Ended, number: int) -> None:
    """Keep how the step before ended, under the claim that goes on to the next one."""
    report = Report(_said(turn.run, number, ended.summary), _merged(turn.run, ended.items))
    queries.keep_report(tx, turn.claim, report)
    want_card(tx, turn.run.ref)


def _leave_the_rest(tx: Tx, turn: Turn, why: Text, items: tuple[Item, ...] = ()) -> None:
    """Take back what was not begun, with the reason on each item, and go on to the end."""
    _take_back(tx, turn, why)
    turn.again(tx, NEW, report=_report(turn.run, why, items).to_json(), problem=None, deadline_at=None)
    want_card(tx, turn.run.ref)


def _give_up(tx: Tx, turn: Turn, items: tuple[Item, ...] = ()) -> None:
    """The step before was followed long enough: take back the rest, and look at what was done one last time."""
    why = text("run.step.untouched_unseen")
    _take_back(tx, turn, why)
    report = _report(turn.run, why, items)
    turn.move_in(tx, State.VERIFYING, due_at=NEW, deadline_at=turn.now, report=report.to_json())


def _take_back(tx: Tx, turn: Turn, why: Text) -> None:
    for each in turn.run.steps:
        if each.state is StepState.PENDING:
            queries.settle(tx, turn.run.id, each, StepState.CANCELLED, replace(each.result, problem=why), turn.now)


def _report(run: Run, otherwise: Text, items: tuple[Item, ...]) -> Report:
    return Report(run.report.summary if run.report else otherwise, _merged(run, items))


def _merged(run: Run, newest: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return what is known of all items: the newest of each, in the order in which they were seen."""
    known = {(item.step, item.target): item for item in (run.report.items if run.report else ())}
    return tuple((known | {(item.step, item.target): item for item in newest}).values())


def _not_seen(turn: Turn, error: VendorError) -> None:
    if turn.is_late:
        turn.write(lambda tx: _give_up(tx, turn))
        return
    until = turn.run.deadline_at or turn.now + turn.engine.patience.follow_for
    turn.write(lambda tx: turn.retry(tx, error, deadline_at=until))
