"""The card of a run, its details, and the form of an operation. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.actor import named
from bot.moment import Moment
from bot.operations.catalog import CATALOG
from bot.operations.lifecycle import ENDED, State, StepState
from bot.operations.model import Run
from bot.operations.plan import Change, Item, Plan, Sign, Step
from bot.operations.verdict import left_out
from bot.text import Code, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.words import say

SHOWN = 12  # items on the card; the details show all
_LINES = 40  # of details in one section
_SEEN = 16  # of the digest that a button carries: enough to tell plans apart

_SIGNS = {Sign.WAITING: "⏳", Sign.RUNNING: "🔄", Sign.DONE: "✅", Sign.FAILED: "❌", Sign.SKIPPED: "⏭️"}
_STATES = {
    State.DRAFT: "🔎",
    State.PLANNED: "❓",
    State.AWAITING_APPROVAL: "✋",
    State.APPROVED: "▶️",
    State.EXECUTING: "▶️",
    State.PAUSED: "⏸️",
    State.OUTCOME_UNKNOWN: "⚠️",
    State.VERIFYING: "🔄",
    State.SUCCEEDED: "✅",
    State.FAILED: "❌",
    State.PARTLY_DONE: "⚠️",
    State.NO_CHANGE: "➖",
    State.UNVERIFIED: "⚠️",
    State.PLAN_CHANGED: "❓",
    State.DENIED: "⛔",
    State.CANCELLED: "⏹️",
    State.EXPIRED: "⌛",
}


def run_card(run: Run, reader: Reader) -> Rendered:
    """Return the run's message: what is planned, who decides, how it goes, how it ended."""
    shown = list(_card(run, reader))
    return Rendered(blocks.fallback(_headline(run), reader), tuple(blocks.message(shown, reader)))


def _card(run: Run, reader: Reader) -> Iterator[Block]:
    yield blocks.header(_headline(run), reader)
    yield blocks.section(_says(run), reader)
    yield from _items(run, reader, SHOWN)
    if run.plan is not None and run.state not in ENDED:
        yield from (blocks.context([text("run.warning", words=words)], reader) for words in run.plan.warnings)
    if run.problem is not None:
        yield blocks.section(text("run.problem", words=run.problem), reader)
    yield blocks.actions(_buttons(run, reader))
    yield blocks.context(list(_people(run)), reader)


def _headline(run: Run) -> Text:
    title, state = text(f"operation.{run.operation}"), text(f"run.state.{run.state.value}")
    return text("run.headline", sign=_STATES[run.state], operation=title, state=state)


def _says(run: Run) -> Text:
    """Say how it stands, and what to press where something is to be pressed."""
    if run.state is State.NO_CHANGE and run.plan is not None and run.plan.empty is not None:
        return text("run.says.nothing", why=run.plan.empty)
    if run.report is not None:
        return text("run.says.report", summary=_summary(run), report=run.report.summary)
    not_planned = run.state is State.DRAFT and run.problem is not None
    return text("run.says.draft_failed" if not_planned else f"run.says.{run.state.value}", summary=_summary(run))


def _summary(run: Run) -> Text:
    """Say what is to be done; without a plan, what was asked for."""
    if run.plan is not None:
        return run.plan.summary
    written = " ".join(str(value) for value in run.arguments.values() if isinstance(value, str) and value)
    return text("run.asked_for", operation=text(f"operation.{run.operation}"), what=Code(written or "-"))


def _items(run: Run, reader: Reader, most: int | None = None) -> Iterator[Block]:
    """Yield the items by step, each with what becomes of it; beyond `most` only their number."""
    known = {(item.step, item.target): item for item in _known(run)}
    left = most
    for step in run.plan.steps if run.plan else ():
        changes = step.changes if left is None else step.changes[:left]
        if not changes:
            break
        lines = [say(_line(step, change, known), reader) for change in changes]
        for start in range(0, len(lines), _LINES):
            part = lines[start : start + _LINES]
            head = [say(text("run.step", title=step.title), reader)] if start == 0 else []
            yield blocks.raw_section("\n".join([*head, *part]))
        left = None if left is None else left - len(changes)
    if run.size > (most or run.size):
        yield blocks.context([text("run.more", n=run.size - (most or 0))], reader)


def _known(run: Run) -> tuple[Item, ...]:
    """Return what is known of single items; what was left out is in the report only at the end."""
    reported = run.report.items if run.report else ()
    return (*left_out(run.steps), *reported)


def _line(step: Step, change: Change, known: dict[tuple[str, str], Item]) -> Text:
    item = known.get((step.key, change.target))
    if item is None:
        return text("run.line", target=Code(change.target), before=change.before, after=change.after)
    return text("run.line_now", sign=_SIGNS[item.sign], target=Code(change.target), words=item.words)


def _people(run: Run) -> Iterator[Text]:
    yield text("run.asked_by", by=named(run.requester), at=run.created_at)
    if run.confirmer is not None and run.confirmed_at is not None:
        yield text("run.started_by", by=named(run.confirmer), at=run.confirmed_at)
    if run.approver is not None:
        yield text("run.approved_by", by=named(run.approver))
    if run.ended_at is not None:
        yield text("run.ended_at", at=run.ended_at)
    yield text("run.id", id=Code(run.id))


# Buttons


def _buttons(run: Run, reader: Reader) -> list[Element]:
    """Return what can be pressed now; the runbook can be read always."""
    return [*_decisions(run, reader), *_looks(run, reader)]


def _decisions(run: Run, reader: Reader) -> Iterator[Element]:
    match run.state:
        case State.PLANNED | State.PLAN_CHANGED:
            yield _yes("confirm", run, reader)
            yield _button("change", run, reader)
            yield _button("cancel", run, reader)
        case State.AWAITING_APPROVAL:
            yield _yes("approve", run, reader)
            yield _button("deny", run, reader, Style.DANGER)
            yield _button("cancel", run, reader)
        case State.DRAFT if run.problem is not None:
            yield _button("replan", run, reader, Style.PRIMARY)
            yield _button("change", run, reader)
            yield _button("cancel", run, reader)
        case State.DRAFT | State.APPROVED:
            yield _button("cancel", run, reader)
        case State.EXECUTING | State.OUTCOME_UNKNOWN | State.UNVERIFIED:
            if run.state is not State.EXECUTING:
                yield _button("recheck", run, reader, Style.PRIMARY)
            if any(each.state is StepState.PENDING for each in run.steps):
                yield blocks.button(text("run.button.stop"), reader, action_id="run.cancel", value=run.id)
        case State.NO_CHANGE | State.EXPIRED if run.confirmed_at is None:
            yield _button("replan", run, reader)
            yield _button("change", run, reader)


def _looks(run: Run, reader: Reader) -> Iterator[Element]:
    operation = CATALOG.get(run.operation)
    if operation is not None:
        yield blocks.button(text("run.button.runbook"), reader, action_id="run.runbook", value=operation.runbook)
    if run.plan is not None and run.plan.steps:
        yield _button("details", run, reader)
    if run.confirmed_at is not None and run.state in ENDED:
        yield _button("evidence", run, reader)


def _yes(deed: str, run: Run, reader: Reader) -> Element:
    """Return the button that lets it happen. It carries which plan was seen, and asks once more."""
    assert run.plan is not None, "only a plan is agreed to"
    again = blocks.confirm(
        text("run.confirm.title"),
        _warned(run.plan, text(f"run.effect.{_effect(run)}")),
        reader,
        yes=text(f"run.button.{deed}"),
    )
    return blocks.button(
        text(f"run.button.{deed}"),
        reader,
        action_id=f"run.{deed}",
        value=f"{run.id}.{(run.digest or '')[:_SEEN]}",
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


def seen(value: str) -> tuple[str, str]:
    """Return the run's id and the beginning of the digest that a button carried."""
    run_id, _, digest = value.partition(".")
    return run_id, digest


# Details


def run_details(run: Run, history: Sequence[Moment], reader: Reader) -> dict[str, Any]:
    """Return the modal with every item and with who did what when."""
    shown = [blocks.section(_says(run), reader), *_items(run, reader)]
    lines = [text("run.moment", at=moment.at, by=named(moment.actor), words=moment.body) for moment in history]
    if lines:
        shown += [blocks.divider(), blocks.raw_section("\n".join(say(line, reader) for line in lines))]
    return blocks.modal(text("run.details.title"), shown, reader, callback_id="run.details")
