"""From what became of each step and what was seen at the vendor to the run's end. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.operations.lifecycle import State, StepState
from bot.operations.model import Report, StepRun
from bot.operations.plan import Applied, Ended, Item, Sign
from bot.text import Text, text

_LEFT = {StepState.FAILED: Sign.FAILED, StepState.SKIPPED: Sign.SKIPPED, StepState.CANCELLED: Sign.SKIPPED}


def applied(steps: Sequence[StepRun]) -> tuple[Applied, ...]:
    """Return what was done and has to be followed, without the items that were left alone."""
    return tuple(_applied(each) for each in steps if each.state is StepState.DONE)


def _applied(each: StepRun) -> Applied:
    kept = tuple(change for change in each.step.changes if change.target not in each.result.skipped)
    return Applied(replace(each.step, changes=kept), each.result.outcome)


def left_out(steps: Sequence[StepRun]) -> tuple[Item, ...]:
    """Return every item that was agreed to and not done, with its reason."""
    return tuple(item for each in steps for item in _left_out(each))


def _left_out(each: StepRun) -> Iterator[Item]:
    for target, why in each.result.skipped.items():
        yield Item(each.step.key, target, Sign.SKIPPED, why)
    if each.state not in _LEFT:
        return
    why = each.result.problem or text(f"run.step.{each.state.value}")
    for change in each.step.changes:
        if change.target not in each.result.skipped:
            yield Item(each.step.key, change.target, _LEFT[each.state], why)


def without_effect(steps: Sequence[StepRun]) -> Ended:
    """Return the end of a run of which no step was done."""
    items = left_out(steps)
    if any(each.state is StepState.FAILED for each in steps):
        return Ended(State.FAILED, text("run.nothing_done", why=_first_problem(steps)), items)
    if any(each.state is StepState.CANCELLED for each in steps):
        return Ended(State.CANCELLED, text("run.nothing_begun"), items)
    return Ended(State.NO_CHANGE, text("run.all_skipped"), items)


def combined(ended: Ended, steps: Sequence[StepRun]) -> Ended:
    """Return the end of the whole run: what was done may have succeeded while other items were left out."""
    items = left_out(steps)
    if not items:
        return ended
    state = State.PARTLY_DONE if ended.state is State.SUCCEEDED else ended.state
    failed = any(item.sign is Sign.FAILED for item in items)
    said = text("run.and_failed" if failed else "run.and_skipped", summary=ended.summary, n=len(items))
    return replace(ended, state=state, summary=said, items=(*ended.items, *items))


def report(ended: Ended) -> Report:
    return Report(ended.summary, ended.items, remaining=ended.remaining)


def _first_problem(steps: Sequence[StepRun]) -> Text:
    return next(each.result.problem for each in steps if each.result.problem is not None)
