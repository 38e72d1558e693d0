"""What the picture of a digest shows: eight weeks beside each other. Pure."""

from datetime import datetime, timedelta

from bot.handoff.digest import WEEKS, Section
from bot.handoff.drawing import span_of
from bot.handoff.drawn import Drawn, Tile, Week
from bot.text import Text, text
from bot.views.reader import Reader
from bot.views.words import Markup, duration, say


def drawn_of(section: Section, until: datetime, reader: Reader) -> Drawn:
    """Return the picture of one schedule's eight weeks; the numbers are those of the last."""
    last = section.points[-1]
    shown = (
        (text("handoff.picture.raised"), _number(last.week.raised)),
        (text("handoff.picture.to_ack"), _minutes(last.week, last.week.mtta_minutes)),
        (text("handoff.picture.to_fix"), _minutes(last.week, last.week.mttr_minutes)),
        (text("digest.picture.out_of_hours"), _number(last.out_of_hours)),
    )
    tiles = tuple(Tile(_said(label, reader), _said(value, reader) if value else None) for label, value in shown)
    span = span_of(until - timedelta(weeks=WEEKS), until, reader)
    title = text("digest.picture.title", schedule=section.schedule)
    return Drawn(_said(title, reader), _said(span, reader), tiles, (), tuple(each.week for each in section.points))


def spoken(section: Section, until: datetime, reader: Reader) -> Text:
    """Return what the picture shows, for whoever does not see it."""
    none = text("handoff.picture.unavailable")
    counted = tuple(_number(each.week.raised) or none for each in section.points)
    span = span_of(until - timedelta(weeks=WEEKS), until, reader)
    return text("digest.picture.alt", schedule=section.schedule, span=span, counted=counted)


def _number(value: int | None) -> Text | None:
    return None if value is None else text("handoff.picture.number", number=value)


def _minutes(week: Week, value: float | None) -> Text | None:
    """Return a median; in a week that is known, no value means that there was nothing to measure."""
    if value is None:
        return None if week.raised is None else text("handoff.picture.none")
    return duration(timedelta(minutes=value))


def _said(words: Text, reader: Reader) -> str:
    return say(words, reader, Markup.PLAIN)
