"""The card of a first shift: what was tested and what to do where it is red, what is open, and the drill."""

from collections.abc import Iterator
from itertools import groupby, islice

from bot.first_shift.model import Drill, FirstShiftCard, OpenThings, Result, Sign
from bot.text import Lines, Mention, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.reader import Reader
from bot.views.rendered import Rendered

SIGNS = {Sign.OK: "✅", Sign.RED: "🔴", Sign.UNKNOWN: "❔"}
WAITING = "⏳"
SHOWN_TOGETHER = 8  # checks in one section: each with its fix, they are well within its 3000 characters
FIRST_HOUR = "on-call-first-hour"
"""The page of the runbooks that everybody reads before."""


def render(card: FirstShiftCard, reader: Reader) -> Rendered:
    return Rendered(blocks.fallback(_headline(card), reader), tuple(blocks.message(_blocks(card, reader), reader)))


def _blocks(card: FirstShiftCard, reader: Reader) -> Iterator[Block]:
    yield blocks.header(text("start.title"), reader)
    yield blocks.section(_headline(card), reader)
    yield from _tested(card, reader)
    yield blocks.divider()
    yield blocks.section(_open(card.waiting), reader)
    yield from _runbooks(card, reader)
    yield blocks.divider()
    yield from _drill(card.first_shift.drill, reader)


def _headline(card: FirstShiftCard) -> Text:
    """Say how far it is, and what is wrong; what could not be found out is not fine."""
    who, red, unsure = Mention(card.first_shift.user), card.count(Sign.RED), card.count(Sign.UNKNOWN) + card.left
    if card.first_shift.is_testing:
        return text("start.testing", who=who, done=len(card.checks) - card.left, all=len(card.checks))
    if red:
        return text("start.red", who=who, n=red)
    return text("start.unsure", who=who, n=unsure) if unsure else text("start.fine", who=who)


def _tested(card: FirstShiftCard, reader: Reader) -> Iterator[Block]:
    """Show what was found, things of a kind together: there may be many channels, and one message has room for 50."""
    for _, names in groupby(card.checks, key=lambda name: name.partition(":")[0]):
        while some := tuple(islice(names, SHOWN_TOGETHER)):
            lines = Lines(tuple(_found(card.first_shift.results.get(name), name) for name in some))
            yield blocks.section(text("start.lines", lines=lines), reader)
    yield blocks.context([text("start.changes_nothing")], reader)
    if not card.first_shift.is_testing:
        words = text("button.start.again")
        yield blocks.actions([blocks.button(words, reader, action_id="start.again")])


def _found(result: Result | None, name: str) -> Text:
    return _line(result, name) if result else _waits(name)


def _line(result: Result, name: str) -> Text:
    line = text("start.line", sign=SIGNS[result.sign], what=_what(name), words=result.words)
    return text("start.line_with_fix", line=line, fix=result.fix) if result.fix else line


def _waits(name: str) -> Text:
    return text("start.waits", sign=WAITING, what=_what(name))


def _what(name: str) -> Text:
    """Name a check: what is tested, and of which thing."""
    kind, _, thing = name.partition(":")
    return text(f"start.what.{kind}", thing=thing)


def _open(waiting: OpenThings) -> Text:
    lines = (
        text("start.open.incidents", n=waiting.incidents),
        text("start.open.runs", n=waiting.runs),
        text("start.open.requests", n=waiting.requests),
    )
    return text("start.open", lines=Lines(lines))


def _runbooks(card: FirstShiftCard, reader: Reader) -> Iterator[Block]:
    """Offer the pages that were needed most in the month before, after the one for everybody."""
    used = card.first_shift.runbooks
    said = "start.runbooks" if used else "start.no_runbooks"
    yield blocks.section(text(said), reader)
    first = blocks.button(text("start.first_hour"), reader, action_id="runbook.open:first", value=FIRST_HOUR)
    buttons = [_runbook(place, topic, n, reader) for place, (topic, n) in enumerate(used)]
    yield blocks.actions([first, *buttons])


def _runbook(place: int, topic: str, n: int, reader: Reader) -> Element:
    words = text("start.runbook", topic=topic, n=n)
    return blocks.button(words, reader, action_id=f"runbook.open:{place}", value=topic)


def _drill(drill: Drill, reader: Reader) -> Iterator[Block]:
    """Show the step of the drill: marked as one, with the button that would be pressed."""
    yield blocks.section(text(f"start.drill.{drill.value}"), reader)
    yield blocks.context([text("start.drill.safe")], reader)
    if drill is Drill.RESOLVED:
        yield blocks.actions([blocks.button(text("button.start.drill_again"), reader, action_id="start.drill_again")])
        return
    words = text(f"button.start.drill.{drill.value}")
    press = blocks.button(words, reader, action_id="start.drill", value=drill.value, style=Style.PRIMARY)
    page = blocks.button(
        text("run.button.runbook"), reader, action_id="runbook.open:drill", value="airflow-task-failure"
    )
    yield blocks.actions([press, page] if drill is Drill.ACKNOWLEDGED else [press])
