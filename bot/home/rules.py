"""What a Home shows to whom, how its pages turn, when it is looked at again. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.home.model import Listed, Part, Shown
from bot.oncall.model import Covered, Duty, Unclear
from bot.operations.facts import Answer

FORGOTTEN_AFTER: Final = timedelta(minutes=15)  # who comes back later begins with the overview again
LATELY: Final = timedelta(minutes=30)  # how long after somebody has looked their Home is kept true
SOON: Final = timedelta(hours=24)  # what ends by then is to be thought of now
T = TypeVar("T")


def opened(before: Shown, last: datetime, now: datetime) -> Shown:
    """Return what is shown to somebody who opens their Home and was there last at `last`."""
    return Shown() if now - last >= FORGOTTEN_AFTER else before


def turned(shown: Shown, word: str) -> Shown:
    """Return what a button to other pages asks for: `older`, `newer`, or a part. Another word changes nothing."""
    match word:
        case "older":
            return replace(shown, page=shown.page + 1)
        case "newer":
            return replace(shown, page=max(0, shown.page - 1))
        case _ if word in set(Part):
            return Shown(Part(word))
        case _:
            return shown


def last_page(shown: Shown, total: int) -> Shown:
    """Return the same, or the last page that there is: the list may have become shorter meanwhile."""
    return replace(shown, page=min(shown.page, max(0, (total - 1) // shown.size)))


def part_for(shown: Shown, *, is_on_call: bool) -> Part:
    """Return whose overview is meant where nothing was chosen."""
    if shown.part is not Part.OVERVIEW:
        return shown.part
    return Part.ON_CALL if is_on_call else Part.MINE


def on_call_of(duties: Iterable[Duty], user: str) -> tuple[Duty, ...]:
    """Return the schedules for which this user is to answer now: also where they are only the last who is known."""
    return tuple(duty for duty in duties if _answers(duty, user))


def _answers(duty: Duty, user: str) -> bool:
    match duty.now:
        case Covered(engineers) | Unclear(engineers):
            return any(engineer.user == user for engineer in engineers)
        case _:
            return False


def is_on_call(duties: Iterable[Duty], user: str) -> Answer:
    """Tell whether somebody is on call on any of these schedules."""
    found = {duty.includes(user) for duty in duties}
    if True in found:
        return Answer.YES
    return Answer.UNKNOWN if None in found else Answer.NO


def listed(items: Sequence[T], shown: Shown) -> Listed[T]:
    """Return the page of a whole list that is shown."""
    offset = last_page(shown, len(items)).offset
    return Listed(tuple(items[offset : offset + shown.size]), len(items), offset)


def age(since: datetime, now: datetime) -> timedelta:
    """Return how long ago that was, in steps of five minutes: a Home that nothing happened on stays as it is.

    They are those of the clock, so that all ages of a Home change at the same moments.
    """
    return max(timedelta(0), floor(now) - floor(since))


def floor(at: datetime) -> datetime:
    return at - timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
