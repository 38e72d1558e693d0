"""Who is on call now and next, and when the reader is: what `/oncall` answers."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.oncall.model import Covered, Duty, Engineer, Gap, Unclear, UpcomingShift
from bot.oncall.rules import calling
from bot.text import Code, Lines, Mention, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.calling import called
from bot.views.limits import shorten
from bot.views.reader import Reader

SHOWN_NAME = 80


def oncall(duties: Sequence[Duty], own: Sequence[UpcomingShift], reader: Reader, *, not_found: str = "") -> list[Block]:
    """Return the answer for one person; `own` are their running and coming shifts, soonest first.

    `not_found` is what they asked for and no schedule is called.
    """
    return blocks.message(_blocks(duties, own, reader, not_found), reader)


def spoken(duties: Sequence[Duty]) -> Text:
    """Return the answer in one line, for notifications and screen readers."""
    if not duties:
        return text("oncall.no_schedules")
    return text("oncall.spoken", who=tuple(_spoken(duty) for duty in duties))


def _blocks(duties: Sequence[Duty], own: Sequence[UpcomingShift], reader: Reader, not_found: str) -> Iterator[Block]:
    yield blocks.header(text("oncall.title"), reader)
    if not duties:
        yield blocks.section(text("oncall.no_schedules"), reader)
        return
    yield from no_such(not_found, reader)
    for duty in duties:
        yield blocks.section(
            text("oncall.schedule", schedule=duty.schedule), reader, fields=[_now(duty, reader.now), _next(duty)]
        )
        if isinstance(duty.now, Unclear) and duty.now.reason:
            yield blocks.context([duty.now.reason], reader)
    yield blocks.divider()
    yield blocks.section(text("oncall.yours", lines=Lines(tuple(_yours(own, reader.now)))), reader)


def no_such(name: str, reader: Reader) -> Iterator[Block]:
    """Yield that no schedule is called what somebody asked for, where they asked for such a one."""
    if name:
        yield blocks.section(text("oncall.no_such_schedule", name=Code(shorten(name, SHOWN_NAME))), reader)


def _now(duty: Duty, now: datetime) -> Text:
    lines: list[Param] = []
    match duty.now:
        case Covered(engineers, since, until):
            lines += [*_people(engineers), *_times("oncall.since", since, until)]
        case Gap(since, until):
            lines += [text("oncall.nobody"), *_times("oncall.since", since, until)]
        case Unclear(last_known, known_at):
            lines += [text("oncall.unknown"), *_last_known(last_known, known_at, now)]
    if duty.fallback in calling(duty).ids:
        lines.append(text("oncall.call", who=Mention(duty.fallback)))
    return text("oncall.now", lines=Lines(tuple(lines)))


def _next(duty: Duty) -> Text:
    lines: list[Param] = []
    match duty.next:
        case Covered(engineers, since, until):
            lines += [*_people(engineers), *_times("oncall.from", since, until)]
        case Gap(since, until):
            lines += [text("oncall.nobody"), *_times("oncall.from", since, until)]
        case None:
            lines.append(text("oncall.unknown" if isinstance(duty.now, Unclear) else "oncall.no_change"))
    return text("oncall.next", lines=Lines(tuple(lines)))


def _people(engineers: Sequence[Engineer]) -> Iterator[Param]:
    """Yield a line for each, in the order in which they are called."""
    first, *others = engineers
    yield _named(first)
    for other in others:
        yield text("oncall.then", who=_named(other))


def _named(engineer: Engineer) -> Param:
    return Mention(engineer.user) if engineer.user else text("oncall.unresolved", name=engineer.name)


def _times(begins: str, since: datetime | None, until: datetime | None) -> Iterator[Text]:
    if since:
        yield text(begins, at=since)
    if until:
        yield text("oncall.until", at=until)


def _last_known(engineers: Sequence[Engineer], known_at: datetime | None, now: datetime) -> Iterator[Text]:
    """Yield who was known last, when, and how old that is."""
    if known_at:
        who = tuple(_named(engineer) for engineer in engineers) or text("oncall.nobody")
        yield text("oncall.last_known", who=who, at=known_at, age=now - known_at)


def _yours(own: Iterable[UpcomingShift], now: datetime) -> Iterator[Text]:
    """Yield the reader's running shifts and the next one."""
    own = tuple(own)
    coming = [shift for shift in own if shift.start_at > now]
    running = [shift for shift in own if shift.start_at <= now < shift.end_at]
    for shift in running:
        msgid = "oncall.yours_now_backup" if shift.position else "oncall.yours_now"
        yield text(msgid, schedule=shift.schedule, until=shift.end_at)
    for shift in coming[:1]:
        msgid = "oncall.yours_next_backup" if shift.position else "oncall.yours_next"
        yield text(msgid, schedule=shift.schedule, since=shift.start_at, until=shift.end_at)
    if not running and not coming:
        yield text("oncall.yours_none")


def _spoken(duty: Duty) -> Text:
    return text("oncall.spoken_one", schedule=duty.schedule, who=called(calling(duty), notify=False))
