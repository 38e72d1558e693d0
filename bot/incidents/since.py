"""From how people write a beginning (`7d`, `3시간`, `yesterday`, `2026-11-01`) to a moment. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_UNITS: Final[Mapping[str, timedelta]] = {
    **dict.fromkeys(("m", "min", "minute", "minutes", "분"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours", "시간"), HOUR),
    **dict.fromkeys(("d", "day", "days", "일"), DAY),
    **dict.fromkeys(("w", "week", "weeks", "주"), 7 * DAY),
    **dict.fromkeys(("month", "months", "개월", "달"), 30 * DAY),
}
_SPAN = re.compile(r"(\d{1,4})\s*([a-z]+|[가-힣]+)")
_SUFFIX = re.compile(r"(?<=[가-힣\d])\s*(?:부터|이후|이내|동안|간|전)$")
_DATE = re.compile(r"(?:(\d{4})[-./])?(\d{1,2})[-./](\d{1,2})")
_KOREAN_DATE = re.compile(r"(?:(\d{4})년\s*)?(\d{1,2})월\s*(\d{1,2})일")
_NAMED: Final[Mapping[str, Callable[[datetime], datetime]]] = {
    **dict.fromkeys(("today", "오늘"), _midnight),
    **dict.fromkeys(("yesterday", "어제"), lambda now: _midnight(now - DAY)),
    **dict.fromkeys(("week", "일주일"), lambda now: now - 7 * DAY),
    **dict.fromkeys(("month", "한달"), lambda now: now - 30 * DAY),
    "이번주": lambda now: _midnight(now - now.weekday() * DAY),
    "이번달": lambda now: _midnight(now).replace(day=1),
}
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def read_since(written: str, now: datetime) -> datetime | None:
    """Return the moment, in the zone of `now`; None for what is none, or one that is still to come."""
    said = written.strip().casefold()
    since = _moment(said, now) or _moment(_SUFFIX.sub("", said), now)
    return max(since, EARLIEST) if since and since <= now else None


def _moment(said: str, now: datetime) -> datetime | None:
    named = _NAMED.get(said.replace(" ", ""))
    return named(now) if named else _span(said, now) or _date(said, now)


def _span(said: str, now: datetime) -> datetime | None:
    match = _SPAN.fullmatch(said)
    unit = _UNITS.get(match[2]) if match else None
    return now - int(match[1]) * unit if match and unit else None


def _date(said: str, now: datetime) -> datetime | None:
    """Return the beginning of the day; one without a year is the last such day."""
    match = _DATE.fullmatch(said) or _KOREAN_DATE.fullmatch(said)
    if match is None:
        return None
    year = int(match[1]) if match[1] else now.year
    try:
        day = _midnight(now).replace(year=year, month=int(match[2]), day=int(match[3]))
        return day.replace(year=year - 1) if day > now and not match[1] else day
    except ValueError:
        return None
