"""What a silence may be, and when it needs a second person. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from bot.oncall.model import WorkingHours
from bot.silences.model import ROUTE, SEVERITY, SOURCE, Matchers, Silence, SilenceState, Wish, includes_critical
from bot.text import Code, Text, text
from bot.triage.model import Severity

ALONE_AT_MOST = timedelta(hours=24)
AT_MOST = timedelta(days=7)
LOOKED_BACK = timedelta(days=7)  # of the preview: what it would have muted
MOST_MATCHERS = 10
LONGEST_KEY, LONGEST_PATTERN, LONGEST_REASON, LONGEST_TICKET = 60, 300, 500, 200
ENDS_SOON = timedelta(minutes=15)
UNDO_WITHIN = timedelta(minutes=15)

Problem = tuple[str, Text]
"""The field of the form that it belongs to, and what to write instead."""


class Reason(StrEnum):
    """Why a silence needs a second person."""

    LONG = "long"
    CRITICAL = "critical"


def reasons(matchers: Matchers, since: datetime, until: datetime) -> tuple[Reason, ...]:
    """Return why a silence from `since` to `until` needs a second person; empty where one is enough.

    It is the whole time that counts, so that nobody goes on alone by extending it every day.
    """
    long = (Reason.LONG,) if until - since > ALONE_AT_MOST else ()
    return long + ((Reason.CRITICAL,) if includes_critical(matchers) else ())


def problems(wish: Wish, now: datetime) -> tuple[Problem, ...]:
    """Return all that is wrong with a wished silence."""
    return (*_with_matchers(wish.matchers), *_with_words(wish), *with_end(wish.until, now, now))


def with_end(until: datetime, since: datetime, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with ending then, for a silence that began at `since`."""
    if until <= now:
        yield "until", text("silence.wrong.past")
    elif until - since > AT_MOST:
        yield "until", text("silence.wrong.too_long", longest=AT_MOST)


def _with_matchers(matchers: Matchers) -> Iterator[Problem]:
    keys = [each.key for each in matchers]
    if len(matchers) > MOST_MATCHERS:
        yield "matchers", text("silence.wrong.too_many", n=MOST_MATCHERS)
    for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
        yield "matchers", text("silence.wrong.twice", key=Code(key))
    for each in matchers:
        if not each.pattern.strip() or len(each.key) > LONGEST_KEY or len(each.pattern) > LONGEST_PATTERN:
            yield "matchers", text("silence.wrong.size", key=Code(each.key[:LONGEST_KEY]), n=LONGEST_PATTERN)
        elif each.key == SEVERITY and not any(each.fits(severity) for severity in Severity):
            names = tuple(Code(severity.value) for severity in Severity)
            yield "matchers", text("silence.wrong.severity", value=Code(each.pattern), names=names)
    if not is_narrow(matchers):
        yield "matchers", text("silence.wrong.too_wide")


def is_narrow(matchers: Matchers) -> bool:
    """Return whether it names what is broken, or narrows a source down: never a whole source, channel or severity."""
    said = {each.key for each in matchers if not each.is_anything}
    names_something = bool(said - {SOURCE, SEVERITY, ROUTE})
    return names_something or (SOURCE in said and len(said) > 1)


def _with_words(wish: Wish) -> Iterator[Problem]:
    if not wish.reason.strip():
        yield "reason", text("silence.wrong.no_reason")
    if len(wish.reason) > LONGEST_REASON:
        yield "reason", text("silence.wrong.long_words", n=LONGEST_REASON)
    if len(wish.ticket) > LONGEST_TICKET:
        yield "ticket", text("silence.wrong.long_words", n=LONGEST_TICKET)


def may_be_undone(silence: Silence, now: datetime) -> bool:
    """Return whether an end that a person made just now may be taken back."""
    ended = silence.ended_at if silence.state is SilenceState.ENDED else None
    return ended is not None and now < min(ended + UNDO_WITHIN, silence.until)


def ends_soon(silence: Silence, now: datetime) -> bool:
    """Return whether it runs out within a quarter of an hour; one that was as short from the start never does."""
    is_long = silence.until - silence.created_at > 2 * ENDS_SOON
    return silence.state is SilenceState.ACTIVE and is_long and now >= silence.until - ENDS_SOON


def morning(now: datetime, hours: WorkingHours) -> datetime:
    """Return the next time that working hours begin on the clock, whatever the day; at most 24 hours from now."""
    local = now.astimezone(hours.zone)
    days = (local.date() + timedelta(days=n) for n in range(2))
    starts = (datetime.combine(day, hours.start, hours.zone).astimezone(now.tzinfo) for day in days)
    return min(next((start for start in starts if start > now), now + ALONE_AT_MOST), now + ALONE_AT_MOST)


def was_never_in_force(silence: Silence) -> bool:
    """Return whether it mutes nothing, and never did, since nobody has confirmed it."""
    if silence.state in {SilenceState.PENDING, SilenceState.DENIED}:
        return True
    needed = reasons(silence.matchers, silence.created_at, silence.until)
    return silence.state is SilenceState.EXPIRED and bool(needed) and silence.confirmed_by is None
