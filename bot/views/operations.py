"""The card of a run, its details, and the form of an operation. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.actor import named
from bot.moment import Moment
from bot.operations.lifecycle import ENDED, WAITS_FOR_YES, State
from bot.operations.model import Run
from bot.operations.plan import Change, Item, Sign, Step
from bot.operations.run_card import RunCard
from bot.operations.verdict import left_out
from bot.text import Code, Text, text
from bot.views import approval, blocks, limits
from bot.views.blocks import Block
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.run_buttons import buttons, yes_words
from bot.views.words import say

SHOWN = 12  # items on the card; the details show all
_DIGEST = 8  # characters, for people to compare

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


def run_card(card: RunCard, reader: Reader) -> Rendered:
    """Return the run's message: what is planned, who decides, how it goes, how it ended."""
    shown = list(_card(card, reader))
    return Rendered(blocks.fallback(_headline(card.run), reader), tuple(blocks.message(shown, reader)))


def _card(card: RunCard, reader: Reader) -> Iterator[Block]:
    run = card.run
    yield blocks.header(_headline(run), reader)
    yield blocks.section(_says(card), reader)
    yield from _items(run, reader, SHOWN)
    if run.plan is not None and run.state not in ENDED:
        yield from (blocks.context([text("run.warning", words=words)], reader) for words in run.plan.warnings)
    yield from approval.about(card, reader)
    if run.problem is not None:
        yield blocks.section(text("run.problem", words=run.problem), reader)
    yield blocks.actions(buttons(card, reader))
    yield blocks.context(list(_people(run)), reader)


def _headline(run: Run) -> Text:
    title, state = text(f"operation.{run.operation}"), text(f"run.state.{run.state.value}")
    return text("run.headline", sign=_STATES[run.state], operation=title, state=state)


def _says(card: RunCard) -> Text:
    """Say how it stands, and what to press where something is to be pressed."""
    run = card.run
    if run.state is State.NO_CHANGE and run.plan is not None and run.plan.empty is not None:
        return text("run.says.nothing", why=run.plan.empty)
    if run.report is not None:
        return text("run.says.report", summary=run.summary, report=run.report.summary)
    not_planned = run.state is State.DRAFT and run.problem is not None
    if run.state in WAITS_FOR_YES:
        button = text(f"run.button.{yes_words(card)}")
        return text(f"run.says.{run.state.value}", summary=run.summary, button=button)
    return text("run.says.draft_failed" if not_planned else f"run.says.{run.state.value}", summary=run.summary)


def _items(run: Run, reader: Reader, most: int | None = None) -> Iterator[Block]:
    """Yield the items by step, each with what becomes of it; beyond `most` only their number."""
    known = {(item.step, item.target): item for item in _known(run)}
    left = most
    for step in run.plan.steps if run.plan else ():
        changes = step.changes if left is None else step.changes[:left]
        if not changes:
            break
        lines = [say(text("run.step", title=step.title), reader)]
        lines += [say(_line(step, change, known), reader) for change in changes]
        yield from (blocks.raw_section(part) for part in _parts(lines))
        left = None if left is None else left - len(changes)
    if run.size > (most or run.size):
        yield blocks.context([text("run.more", n=run.size - (most or 0))], reader)


def _parts(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines in as few sections as they fit into whole."""
    part = ""
    for line in lines:
        if part and len(part) + len(line) >= limits.SECTION:
            yield part
            part = ""
        part = f"{part}\n{line}" if part else line
    yield part


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
    if run.yes:
        yield text("run.approved_by", by=tuple(named(actor) for actor in run.yes))
    if run.ended_at is not None:
        yield text("run.ended_at", at=run.ended_at)
    if run.digest is not None:
        yield text("run.digest", digest=Code(run.digest[:_DIGEST]))
    yield text("run.id", id=Code(run.id))


# Details


def run_details(run: Run, history: Sequence[Moment], reader: Reader) -> dict[str, Any]:
    """Return the modal with every item and with who did what when, the newest first: a long history is cut."""
    card = RunCard(run)
    shown = [blocks.section(_says(card), reader), *_items(run, reader), *approval.about(card, reader)]
    lines = [
        text("run.moment", at=moment.at, by=named(moment.actor), words=moment.body) for moment in reversed(history)
    ]
    if lines:
        shown += [blocks.divider(), blocks.raw_section("\n".join(say(line, reader) for line in lines))]
    return blocks.modal(text("run.details.title"), shown, reader, callback_id="run.details")
