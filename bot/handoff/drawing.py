"""What the picture of a handoff shows, from reports alone. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from babel.dates import format_date

from bot.handoff.drawn import Bar, Drawn, Tile, Week
from bot.handoff.figures import NOTHING_TO_MEASURE
from bot.handoff.model import Name, Report
from bot.handoff.rules import Clock, clock_of
from bot.oncall.model import WorkingHours
from bot.text import Text, text
from bot.views.reader import Reader
from bot.views.words import Markup, duration, say

COMPARED = 4  # weeks before, in the trend
_DAY = timedelta(days=1)


def of_handoff(
    report: Report, before: Sequence[Report], raised_at: Iterable[datetime], hours: WorkingHours, reader: Reader
) -> Drawn:
    """Return the picture of one turn: its numbers, its days, and the medians beside those `before`."""
    title = text("handoff.picture.title", schedule=report.schedule)
    span = span_of(report.start, report.end, reader)
    bars = days(report, raised_at, hours)
    weeks = tuple(week(each, hours) for each in (*before, report))
    return Drawn(_said(title, reader), _said(span, reader), tiles(report, reader), bars, weeks)


def span_of(since: datetime, until: datetime, reader: Reader) -> Text:
    """Say a stretch of time by its days: a picture is looked at when "today" is long another day."""
    first, last = (
        format_date(at.astimezone(reader.zone).date(), "medium", locale=reader.locale) for at in (since, until)
    )
    return text("handoff.picture.span", since=first, until=last)


def tiles(report: Report, reader: Reader) -> tuple[Tile, ...]:
    """Return the four numbers that matter most; what is not known is None."""
    shown = (
        (text("handoff.picture.raised"), _count(report, Name.RAISED)),
        (text("handoff.picture.to_ack"), _minutes(report, Name.MTTA_MEDIAN)),
        (text("handoff.picture.to_fix"), _minutes(report, Name.MTTR_MEDIAN)),
        (text("handoff.picture.asleep"), _asleep(report)),
    )
    return tuple(Tile(_said(label, reader), _said(value, reader) if value else None) for label, value in shown)


def days(report: Report, raised_at: Iterable[datetime], hours: WorkingHours) -> tuple[Bar, ...]:
    """Return a bar for each day of the turn on the schedule's clock; none where it is not known what was raised."""
    if report.figures[Name.RAISED].value is None:
        return ()
    counted: dict[date, dict[Clock, int]] = {day: {} for day in _days(report, hours)}
    for at in raised_at:
        of_day = counted.setdefault(at.astimezone(hours.zone).date(), {})
        clock = clock_of(at, "", hours)
        of_day[clock] = of_day.get(clock, 0) + 1
    return tuple(Bar(day, *(n.get(each, 0) for each in _ORDER)) for day, n in sorted(counted.items()))


_ORDER = (Clock.BUSINESS, Clock.OFF, Clock.SLEEP)


def _days(report: Report, hours: WorkingHours) -> Iterable[date]:
    first, last = (at.astimezone(hours.zone).date() for at in (report.start, report.end - timedelta(microseconds=1)))
    return (first + _DAY * n for n in range((last - first).days + 1))


def week(report: Report, hours: WorkingHours) -> Week:
    """Return one point of the trend."""
    raised = report.figures[Name.RAISED].value
    mtta, mttr = (report.figures[name].value for name in (Name.MTTA_MEDIAN, Name.MTTR_MEDIAN))
    day = report.start.astimezone(hours.zone).date()
    return Week(day, None if raised is None else int(raised), mtta, mttr)


def spoken(report: Report, reader: Reader) -> Text:
    """Return what the picture shows, for whoever does not see it."""
    raised, none = _count(report, Name.RAISED), text("handoff.picture.unavailable")
    mtta, mttr = (_minutes(report, name) for name in (Name.MTTA_MEDIAN, Name.MTTR_MEDIAN))
    return text(
        "handoff.picture.alt",
        schedule=report.schedule,
        span=span_of(report.start, report.end, reader),
        raised=raised or none,
        mtta=mtta or none,
        mttr=mttr or none,
    )


def _count(report: Report, name: Name) -> Text | None:
    value = report.figures[name].value
    return None if value is None else text("handoff.picture.number", number=int(value))


def _minutes(report: Report, name: Name) -> Text | None:
    figure = report.figures[name]
    if figure.value is None:
        return text("handoff.picture.none") if figure.why == NOTHING_TO_MEASURE else None
    return duration(timedelta(minutes=figure.value))


def _asleep(report: Report) -> Text | None:
    """Return how often anybody was called in the hours in which they sleep."""
    if report.figures[Name.CALLED].value is None:
        return None
    return text("handoff.picture.number", number=sum(each.hours.sleep for each in report.workload))


def _said(words: Text, reader: Reader) -> str:
    return say(words, reader, Markup.PLAIN)
