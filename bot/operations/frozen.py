"""Until when a freeze window holds. Pure.

Where clocks are set back or forward in the middle of a boundary, the window is the longer one.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.config.freezes import Daily, Freeze, Weekly
from bot.config.hours import Weekday

_ORDER = tuple(Weekday)
_DAY = timedelta(days=1)
_MOST_IN_A_ROW = 100  # windows; what is frozen for longer is told as frozen until then

Window = tuple[datetime, datetime]


def frozen_until(freeze: Freeze, now: datetime) -> datetime | None:
    """Return when the freeze ends in which `now` is, windows that follow on each other taken as one; else None."""
    until = now
    for _ in range(_MOST_IN_A_ROW):
        ends = [end for begin, end in windows(freeze, until) if begin <= until < end]
        if not ends:
            break
        until = max(ends)
    return until if until > now else None


def windows(freeze: Freeze, around: datetime) -> Iterator[Window]:
    """Yield the windows that may hold at that moment, as moments in UTC; the end is not part of a window."""
    today = around.astimezone(freeze.zone).date()
    local = [(each.from_, each.to) for each in freeze.dates]
    for daily in freeze.daily:
        local += _days(daily, today)
    for weekly in freeze.weekly:
        local += _weeks(weekly, today)
    for begin, end in local:
        yield _earliest(begin, freeze.zone), _latest(end, freeze.zone)


def _days(daily: Daily, today: date) -> Iterator[Window]:
    over_night = _DAY if daily.to <= daily.from_ else timedelta()
    for day in (today - _DAY * 2, today - _DAY, today, today + _DAY):
        if _ORDER[day.weekday()] in daily.days:
            yield _at(day, daily.from_), _at(day + over_night, daily.to)


def _weeks(weekly: Weekly, today: date) -> Iterator[Window]:
    length = timedelta(days=(_ORDER.index(weekly.to.day) - _ORDER.index(weekly.from_.day)) % 7)
    if not length and weekly.to.at <= weekly.from_.at:
        length = _DAY * 7
    for ago in range(-1, 9):
        day = today - _DAY * ago
        if _ORDER[day.weekday()] == weekly.from_.day:
            yield _at(day, weekly.from_.at), _at(day + length, weekly.to.at)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at)


def _earliest(local: datetime, zone: ZoneInfo) -> datetime:
    return min(_both(local, zone))


def _latest(local: datetime, zone: ZoneInfo) -> datetime:
    return max(_both(local, zone))


def _both(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return what the clocks may mean: the same moment twice, unless they are set back or forward then."""
    return tuple(local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))  # type: ignore[return-value]
