"""Who is on call, as a Home says it: a line for each schedule, with who follows. Pure."""

from collections.abc import Iterator, Sequence

from bot.home.model import Home
from bot.oncall.model import Covered, Duty, Engineer, Gap, Unclear
from bot.text import Lines, Mention, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.reader import Reader


def lines(home: Home, reader: Reader) -> Iterator[Block]:
    """Yield who is on call and next, and when the reader is."""
    if not home.duties:
        yield blocks.section(text("oncall.no_schedules"), reader)
        return
    said = tuple(line for duty in home.duties for line in _duty(duty))
    yield blocks.section(text("home.duties", lines=Lines(said)), reader)
    coming = next((shift for shift in home.own if shift.start_at > reader.now), None)
    if coming is not None:
        words = text("home.next_shift", schedule=coming.schedule, since=coming.start_at, until=coming.end_at)
        yield blocks.context([words], reader)


def _duty(duty: Duty) -> Iterator[Text]:
    yield _now(duty)
    match duty.next:
        case Covered(engineers, since) if since:
            yield text("home.duty.next", who=_people(engineers), at=since)
        case Gap(since) if since:
            yield text("home.duty.next_nobody", at=since)


def _now(duty: Duty) -> Text:
    called = Mention(duty.fallback)
    match duty.now:
        case Covered(engineers, _, until) if until:
            return text("home.duty.until", schedule=duty.schedule, who=_people(engineers), until=until)
        case Covered(engineers):
            return text("home.duty", schedule=duty.schedule, who=_people(engineers))
        case Gap():
            return text("home.duty.nobody", schedule=duty.schedule, called=called)
        case Unclear(engineers, known_at) if engineers and known_at:
            last = _people(engineers)
            return text("home.duty.last_known", schedule=duty.schedule, who=last, at=known_at, called=called)
        case _:
            return text("home.duty.unknown", schedule=duty.schedule, called=called)


def _people(engineers: Sequence[Engineer]) -> tuple[Param, ...]:
    """Return everybody on call, who responds first first."""
    return tuple(Mention(each.user) if each.user else text("oncall.unresolved", name=each.name) for each in engineers)
