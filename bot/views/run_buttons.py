"""What can be pressed on the card of a run: only what works in its state. Pure."""

from collections.abc import Iterator

from bot.operations.catalog import CATALOG
from bot.operations.lifecycle import ENDED, State, StepState
from bot.operations.model import Run
from bot.operations.plan import Plan
from bot.operations.run_card import RunCard
from bot.text import Text, text
from bot.views import blocks
from bot.views.blocks import Element, Style
from bot.views.reader import Reader

SEEN = 16  # of the digest that a button carries: enough to tell plans apart


def buttons(card: RunCard, reader: Reader) -> list[Element]:
    """Return what can be pressed now; the runbook can be read always."""
    return [*_decisions(card, reader), *_looks(card.run, reader)]


def yes_words(card: RunCard) -> str:
    """Return what the button is called by which who asked says yes."""
    return "ask_approval" if card.wants.missing else "confirm"


def _decisions(card: RunCard, reader: Reader) -> Iterator[Element]:
    run = card.run
    match run.state:
        case State.PLANNED | State.PLAN_CHANGED:
            yield _yes("confirm", run, reader, yes_words(card))
            yield _button("change", run, reader)
            yield _button("cancel", run, reader)
            yield from _glass(card, reader)
        case State.AWAITING_APPROVAL:
            yield _yes("approve", run, reader, "approve")
            yield _button("deny", run, reader, Style.DANGER)
            yield _button("ask", run, reader)
            yield _button("replan", run, reader)
            yield _button("cancel", run, reader)
            yield from _glass(card, reader)
        case State.DRAFT if run.problem is not None:
            yield _button("replan", run, reader, Style.PRIMARY)
            yield _button("change", run, reader)
            yield _button("cancel", run, reader)
        case State.DRAFT | State.APPROVED:
            yield _button("cancel", run, reader)
        case _:
            yield from _under_way(run, reader)


def _glass(card: RunCard, reader: Reader) -> Iterator[Element]:
    if card.may_break_glass:
        words, value = text("run.button.break_glass"), with_plan(card.run)
        yield blocks.button(words, reader, action_id="run.break_glass", value=value, style=Style.DANGER)


def _under_way(run: Run, reader: Reader) -> Iterator[Element]:
    begun = run.confirmed_at is not None
    if run.state in {State.OUTCOME_UNKNOWN, State.UNVERIFIED}:
        yield _button("recheck", run, reader, Style.PRIMARY)
    if run.state is State.PAUSED:
        yield _button("resume", run, reader, Style.PRIMARY)
    if _has_more_to_send(run):
        if run.state is State.EXECUTING:
            yield _button("pause", run, reader)
        yield blocks.button(text("run.button.stop"), reader, action_id="run.cancel", value=run.id)
    if run.state in {State.NO_CHANGE, State.EXPIRED} and not begun:
        yield _button("replan", run, reader)
        yield _button("change", run, reader)
    if run.state in ENDED and run.left is not None:
        words = "go_on" if run.report is not None and run.report.remaining else "again"
        yield blocks.button(text(f"run.button.{words}"), reader, action_id="run.go_on", value=run.id)


def _has_more_to_send(run: Run) -> bool:
    under_way = run.state in {State.EXECUTING, State.OUTCOME_UNKNOWN, State.PAUSED}
    return under_way and any(each.state is StepState.PENDING for each in run.steps)


def _looks(run: Run, reader: Reader) -> Iterator[Element]:
    operation = CATALOG.get(run.operation)
    if operation is not None:
        yield blocks.button(text("run.button.runbook"), reader, action_id="run.runbook", value=operation.runbook)
    if run.plan is not None and run.plan.steps:
        yield _button("details", run, reader)
    if run.confirmed_at is not None and run.state in ENDED:
        yield _button("evidence", run, reader)


def _yes(deed: str, run: Run, reader: Reader, words: str) -> Element:
    """Return the button that lets it happen. It carries which plan was seen, and asks once more."""
    assert run.plan is not None, "only a plan is agreed to"
    again = blocks.confirm(
        text("run.confirm.ask" if words == "ask_approval" else "run.confirm.title"),
        _warned(run.plan, text(f"run.effect.{_effect(run)}")),
        reader,
        yes=text(f"run.button.{words}"),
    )
    return blocks.button(
        text(f"run.button.{words}"),
        reader,
        action_id=f"run.{deed}",
        value=with_plan(run),
        style=Style.PRIMARY,
        confirmation=again,
    )


def _warned(plan: Plan, effect: Text) -> Text:
    """Say what happens, with the first warning: who starts it all the same has read it twice."""
    said = text("run.confirm.text", summary=plan.summary, effect=effect)
    return text("run.confirm.warned", words=said, warning=plan.warnings[0]) if plan.warnings else said


def _effect(run: Run) -> str:
    operation = CATALOG.get(run.operation)
    return operation.effect.value if operation else "repeats_work"


def _button(deed: str, run: Run, reader: Reader, style: Style | None = None) -> Element:
    return blocks.button(text(f"run.button.{deed}"), reader, action_id=f"run.{deed}", value=run.id, style=style)


def with_plan(run: Run) -> str:
    """Return the value of a button that is about the plan that was seen."""
    return f"{run.id}.{(run.digest or '')[:SEEN]}"


def seen(value: str) -> tuple[str, str]:
    """Return the run's id and the beginning of the digest that a button carried."""
    run_id, _, digest = value.partition(".")
    return run_id, digest
