"""One day, or one stretch of days that has a name, as people write it."""

from collections.abc import Callable
from datetime import date, timedelta
from re import Match, Pattern

from bot.dates.problem import either, no_such_day
from bot.dates.words import (
    AGO,
    DAY_COUNTS,
    DAY_OF_MONTH,
    DAYS_AGO,
    ENGLISH,
    ISO,
    KOREAN,
    LAST_DAYS,
    LAST_MONTH,
    MONTHS,
    NUMBERS,
    OF_WEEK,
    SLASHED,
    WEEKDAY,
    WEEKDAYS,
    WEEKS_AGO,
)
from bot.dates.written import DAY, Dates, between

_RECENT = timedelta(days=183)  # a month and day without a year means the last one, if it is not longer ago than that
_WEEK = timedelta(days=7)


def days_of(written: str, today: date) -> Dates | None:
    """Return the days that this names, None where it names none.

    Raises Unclear where it may mean several, or a day that no calendar has. Weeks begin on Monday; "the last three
    days" are those before today, since today's data are not complete.
    """
    if written in DAYS_AGO:
        return (today - DAYS_AGO[written] * DAY,)
    if written in WEEKS_AGO:
        return _week(WEEKS_AGO[written], today)
    if written in LAST_MONTH:
        last = today.replace(day=1) - DAY
        return between(last.replace(day=1), last)
    if match := LAST_DAYS.fullmatch(written):
        return between(today - _count(match) * DAY, today - DAY)
    for pattern, meaning in _SINGLE:
        if match := pattern.fullmatch(written):
            return (meaning(match, today),)
    return None


def _week(ago: int, today: date) -> Dates:
    """Return that week; of the present one, what is over, or today where nothing is."""
    monday = _monday(today) - ago * _WEEK
    return between(monday, max(monday, min(monday + 6 * DAY, today - DAY)))


def _monday(today: date) -> date:
    return today - today.weekday() * DAY


def _count(match: Match[str]) -> int:
    if match["count"]:
        return DAY_COUNTS[match["count"]]
    number = int(match["n"]) if match["n"].isdecimal() else NUMBERS[match["n"]]
    return number * (7 if match["unit"].startswith(("week", "주")) else 1)


def _iso(match: Match[str], _today: date) -> date:
    digits = match["digits"]
    if digits:
        return _date(int(digits[:4]), int(digits[4:6]), int(digits[6:]), match[0])
    return _date(int(match["y"]), int(match["m"]), int(match["d"]), match[0])


def _korean(match: Match[str], today: date) -> date:
    return _in_year(match["y"], int(match["m"]), int(match["d"]), match[0], today)


def _english(match: Match[str], today: date) -> date:
    month, day = MONTHS[match["month"] or match["month2"]], int(match["d"] or match["d2"])
    return _in_year(match["y"], month, day, match[0], today)


def _slashed(match: Match[str], today: date) -> date:
    """Month and day in either order: only where one of them can be no month."""
    a, b = int(match["a"]), int(match["b"])
    if a == b or b > 12:
        return _in_year(None, a, b, match[0], today)
    if a > 12:
        return _in_year(None, b, a, match[0], today)
    raise either(match[0], *(_in_year(None, m, d, match[0], today) for m, d in ((a, b), (b, a))))


def _day_of_month(match: Match[str], today: date) -> date:
    """The day of this month, if it has come; else nobody knows which month is meant."""
    day = int(match["d"] or match["d2"])
    if day <= today.day:
        return _date(today.year, today.month, day, match[0])
    before = today.replace(day=1) - DAY
    raise either(match[0], *(date(m.year, m.month, day) for m in (before, today) if 0 < day <= _length(m)))


def _length(month: date) -> int:
    after = (month.replace(day=28) + 4 * DAY).replace(day=1)
    return (after - DAY).day


def _ago(match: Match[str], today: date) -> date:
    return today - _count(match) * DAY


def _of_week(match: Match[str], today: date) -> date:
    ago, day = WEEKS_AGO[match["week"] or match["week2"]], WEEKDAYS[match["day"] or match["day2"]]
    return _monday(today) - ago * _WEEK + day * DAY


def _weekday(match: Match[str], today: date) -> date:
    """Today or a week ago, this week's or last week's: said only where all readings are one day."""
    day = WEEKDAYS[match["day"]]
    newest = today - ((today.weekday() - day) % 7) * DAY
    if match["last"]:
        newest = newest if newest < today else newest - _WEEK
        of_last_week = _monday(today) - _WEEK + day * DAY
        if newest != of_last_week:
            raise either(match[0], newest, of_last_week)
    elif newest == today:
        raise either(match[0], today, today - _WEEK)
    return newest


def _in_year(year: str | None, month: int, day: int, written: str, today: date) -> date:
    if year:
        return _date(int(year), month, day, written)
    this = _date(today.year, month, day, written)
    if this <= today:
        return this
    before = _date(today.year - 1, month, day, written)
    return before if today - before <= _RECENT else this


def _date(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise no_such_day(written) from None


_SINGLE: tuple[tuple[Pattern[str], Callable[[Match[str], date], date]], ...] = (
    (ISO, _iso),
    (KOREAN, _korean),
    (ENGLISH, _english),
    (SLASHED, _slashed),
    (DAY_OF_MONTH, _day_of_month),
    (AGO, _ago),
    (OF_WEEK, _of_week),
    (WEEKDAY, _weekday),
)
