"""The morning summary: one mention, what is still open on top, what is over below."""

from collections.abc import Callable, Iterator, Sequence

from bot.actor import named
from bot.incidents.model import IncidentState
from bot.incidents.morning import MorningCard, Waited
from bot.text import Lines, MessageLink, Param, Text, text
from bot.triage.escape import shorten
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.calling import called
from bot.views.memory import who
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.signs import OPEN_SIGNS, SIGNS

LISTED = 12  # of each kind: a section takes 3,000 characters, and Slack folds what is long
_NAME = 80


def render(card: MorningCard, reader: Reader) -> Rendered:
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(_headline(card), reader), tuple(shown))


def _blocks(card: MorningCard, reader: Reader) -> Iterator[Block]:
    headline = _headline(card)
    if card.open:  # only what nobody has taken on is worth a mention
        headline = text("morning.for", who=called(card.calling, notify=True), what=headline)
    yield blocks.section(headline, reader)
    if card.open:
        yield blocks.section(text("morning.open", n=len(card.open), lines=_lines(card.open, _open)), reader)
    if card.taken:
        yield blocks.section(text("morning.taken", n=len(card.taken), lines=_lines(card.taken, _taken)), reader)
    if card.over:
        itself = text("morning.itself", n=sum(each.ended_by_itself for each in card.over))
        words = text("morning.over", n=len(card.over), itself=itself, lines=_lines(card.over, _over))
        yield blocks.section(words, reader)
    yield blocks.context(list(_span(card)), reader)


def _headline(card: MorningCard) -> Text:
    n, waited = len(card.open), len(card.open) + len(card.taken) + len(card.over)
    if not n:
        return text("morning.nothing_open", n=waited)
    return text("morning.headline", n=waited, open=n)


def _lines(found: Sequence[Waited], line: Callable[[Waited], Text]) -> Lines:
    lines: list[Param] = [line(each) for each in found[:LISTED]]
    if len(found) > LISTED:
        lines.append(text("common.more", n=len(found) - LISTED))
    return Lines(tuple(lines))


def _open(waited: Waited) -> Text:
    if waited.state is IncidentState.STALE:
        return text("morning.line.stale", sign=SIGNS[waited.state], what=_what(waited), since=waited.since)
    sign, severity = OPEN_SIGNS[waited.severity], text(f"severity.{waited.severity}")
    return text("morning.line.open", sign=sign, what=_what(waited), severity=severity, since=waited.since)


def _taken(waited: Waited) -> Text:
    return text("morning.line.taken", sign=SIGNS[waited.state], what=_what(waited), by=named(waited.by))


def _over(waited: Waited) -> Text:
    took = (waited.at or waited.since) - waited.since
    by = who(waited.by, waited.fix)
    return text("morning.line.over", sign=SIGNS[waited.state], what=_what(waited), by=by, took=took)


def _what(waited: Waited) -> Param:
    return MessageLink(waited.channel, waited.ts, shorten(waited.name, _NAME), waited.thread_ts)


def _span(card: MorningCard) -> Iterator[Text]:
    yield text("morning.span", since=card.since, until=card.starts_at)
    if card.is_late:
        yield text("morning.late", at=card.starts_at)
