"""What people write for dates, in Korean and English, as exact dates; what is unclear is refused with what to write.

A small grammar of our own: every character must be understood. A guess would load the wrong day.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from bot.dates.days import days_of
from bot.dates.problem import Unclear, either_dates, no_beginning, no_such_day, not_understood
from bot.dates.words import BARE_DAY, DAYS_WORTH, OF_WEEK, RANGES, SEPARATORS, WEEKDAYS
from bot.dates.written import DAY, LONGEST, Dates, between, ordered, read
from bot.text import Code, Text, text

_LONGEST_WRITTEN = 300  # characters that a person writes
LONGEST_EXACT = 1300  # a hundred dates, each by itself
_MOST_IN_A_MONTH = 31
_SPOKEN = re.compile(r"(?:분|치| 데이터| 날짜)$")
_UNTIL = re.compile(r"까지(?:분|치)?(?: 데이터| 날짜)?$")
_PREPOSITION = re.compile(r"^(?:from|for|on) ")
_BETWEEN = re.compile(r"^between (.+) and (.+)$")
_YEAR_AFTER_COMMA = re.compile(r"([a-z]\.? ?\d{1,2}(?:st|nd|rd|th)?), (\d{4})(?![-/.\d])")
_MONTH_AND_DAY = re.compile(r"(\d{1,2})[-/.](\d{1,2})", re.ASCII)


def read_dates(written: str, today: date) -> Dates | Text:
    """Return the dates that somebody means who writes this on that day, or what is wrong and what to write."""
    if exact := _exact(written):
        return _sensible(exact, written, today)
    if len(written) > _LONGEST_WRITTEN:
        return text("dates.too_long", n=_LONGEST_WRITTEN)
    try:
        found = ordered(each for part in _parts(_plain(written)) for each in _dates(part, today))
    except Unclear as unclear:
        return unclear.words
    return _sensible(found, written, today)


def _exact(written: str) -> Dates:
    """Return what we ourselves have written; of anything else nothing."""
    try:
        return read(written) if len(written) <= LONGEST_EXACT else ()
    except ValueError:
        return ()


def _sensible(found: Dates, written: str, today: date) -> Dates | Text:
    if not found:
        return not_understood(written, today).words
    if found[-1] > today:
        return text("dates.future", date=Code(f"{found[-1]}"), today=Code(f"{today}"))
    return found if len(found) <= LONGEST else text("dates.too_many", n=LONGEST, given=len(found))


def _plain(written: str) -> str:
    """Return it in small letters, with single spaces, a full-width sign as the ordinary one."""
    plain = " ".join(unicodedata.normalize("NFKC", written).casefold().replace("`", " ").split())
    return _BETWEEN.sub(r"\1..\2", _YEAR_AFTER_COMMA.sub(r"\1 \2", plain))


def _parts(plain: str) -> Iterator[str]:
    yield from (part for part in SEPARATORS.split(plain) if part)


def _dates(part: str, today: date) -> Dates:
    part = _PREPOSITION.sub("", part)
    if worth := DAYS_WORTH.fullmatch(part):
        raise _days_worth(part, int(worth["n"]), today)
    alone = days_of(_SPOKEN.sub("", part), today)
    if alone is not None:
        return alone
    found = {each for each in _ranges(part, today) if each}
    if len(found) != 1:
        until = _end(_UNTIL.sub("", part), today) if _UNTIL.search(part) else None
        raise no_beginning(part, until) if until else not_understood(part, today)
    return found.pop()


def _days_worth(part: str, n: int, today: date) -> Unclear:
    """Say that "3일치" are the last three days to one person, and the 3rd to another."""
    if not 0 < n <= _MOST_IN_A_MONTH:
        return not_understood(part, today)
    try:
        day = days_of(f"{n}일", today) or ()
    except Unclear:  # no such day has come in this month
        day = ()
    return either_dates(part, between(today - n * DAY, today - DAY), day)


def _ranges(part: str, today: date) -> Iterator[Dates | None]:
    """Yield what the part says as a range, for each place where one may be written."""
    for mark in RANGES.finditer(part):
        left, right = part[: mark.start()].strip(), _SPOKEN.sub("", _UNTIL.sub("", part[mark.end() :].strip()))
        first, last = _ends(left, right, today)
        if first is not None and last is not None:
            yield _range(first, last)


def _range(first: date, last: date) -> Dates:
    if last < first:
        raise Unclear(text("dates.backwards", instead=Code(f"{last}..{first}")))
    if (last - first).days >= LONGEST:
        raise Unclear(text("dates.too_many", n=LONGEST, given=(last - first).days + 1))
    return between(first, last)


def _ends(left: str, right: str, today: date) -> tuple[date | None, date | None]:
    """Return the ends of a range; a bare day, or month and day, takes what it lacks from the other end."""
    first = _end(left, today)
    short = _MONTH_AND_DAY.fullmatch(right)
    if short and first is not None:
        return first, _end(f"{first.year}-{short[1]}-{short[2]}", today)
    if OF_WEEK.fullmatch(left) and right in WEEKDAYS and first is not None:
        return first, first + (WEEKDAYS[right] - first.weekday()) * DAY
    takes_month = first is not None and _is_bare(right) and not _is_bare(left)
    last = _in_month_of(right, first) if takes_month else _end(right, today) or _in_month_of(right, first)
    if first is None:
        first = _in_month_of(left, last)
    return first, last


def _end(written: str, today: date) -> date | None:
    """Return the one day that an end of a range names."""
    found = days_of(written, today)
    return found[0] if found is not None and len(found) == 1 else None


def _is_bare(written: str) -> bool:
    return BARE_DAY.fullmatch(written) is not None


def _in_month_of(written: str, other: date | None) -> date | None:
    day = BARE_DAY.fullmatch(written)
    if day is None or other is None:
        return None
    try:
        return other.replace(day=int(day["d"]))
    except ValueError:
        raise no_such_day(f"{other:%Y-%m}-{int(day['d']):02}") from None
