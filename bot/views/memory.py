"""What ended an incident, and what is remembered of those before it, in words."""

from collections.abc import Iterator

from bot.actor import Actor, named
from bot.incidents.card import IncidentCard
from bot.incidents.fix import Cause, Earlier, Fix, Helped, Remedy, Thread
from bot.text import MessageLink, Param, Text, text
from bot.triage.escape import shorten
from bot.views.reader import Reader
from bot.views.words import ordinal

SHOWN_REMARK = 100


def noted(fix: Fix) -> Iterator[Text]:
    """Yield what people said of cause and fix. What a run did stands with the name of who started it."""
    if fix.cause or (fix.remedy and not fix.operation):
        cause, remedy = (cause_of(fix.cause) if fix.cause else "–"), (remedy_of(fix.remedy) if fix.remedy else "–")
        yield text("incident.fix", cause=cause, fix=remedy)
    if fix.remark:
        yield text("incident.remark", remark=fix.remark)


def remembered(card: IncidentCard, reader: Reader) -> Iterator[Text]:
    """Yield how often it happened before, and what helped."""
    if card.earlier is None:
        yield text("incident.first_time")
        return
    yield _seen_before(card.earlier, reader)
    if card.earlier.helped:
        yield _helped(card.earlier.helped)


def who(actor: Actor | None, fix: Fix | None) -> Param:
    """Name who ended it, and the operation by which they did."""
    if fix and fix.operation:
        return text("incident.by_operation", by=named(actor), operation=fix.operation)
    return named(actor)


def link(thread: Thread, label: Param) -> MessageLink:
    return MessageLink(thread.channel, thread.ts, label, thread.thread_ts)


def cause_of(cause: Cause) -> Text:
    return text(f"cause.{cause}")


def remedy_of(remedy: Remedy) -> Text:
    return text(f"remedy.{remedy}")


def _seen_before(earlier: Earlier, reader: Reader) -> Text:
    nth = ordinal(earlier.count + 1, reader)
    there: Param = link(earlier.thread, text("memory.thread")) if earlier.thread else "–"
    if earlier.last is None:
        return text("memory.seen", nth=nth, at=earlier.last_opened_at, thread=there)
    took, ended_by = earlier.last.took, by(earlier.last.by)
    if not (helped := how(earlier.last.fix or Fix())):
        return text("memory.ended", nth=nth, took=took, by=ended_by, thread=there)
    return text("memory.fixed", nth=nth, fix=helped, took=took, by=ended_by, thread=there)


def by(actor: Actor | None) -> Param:
    """Say who ended it: by a person, or seen somewhere."""
    is_person = actor is not None and actor.is_person
    return text("memory.by", who=named(actor)) if is_person else named(actor)


def how(fix: Fix) -> Param | None:
    """Say what helped, with the cause and what else was noted."""
    if fix.remedy is None and not fix.remark:
        return None
    helped: Param = fix.operation or (remedy_of(fix.remedy) if fix.remedy else text("memory.remedy_unknown"))
    details = (cause_of(fix.cause) if fix.cause else None, shorten(fix.remark, SHOWN_REMARK) or None)
    known = tuple(each for each in details if each)
    return text("memory.fix_in_detail", fix=helped, details=known) if known else helped


def _helped(helped: Helped) -> Text:
    if helped.remedy is Remedy.NOTHING:
        return text("memory.nothing_was_needed", n=helped.of, times=helped.times)
    return text("memory.helped", fix=remedy_of(helped.remedy), n=helped.of, times=helped.times)
