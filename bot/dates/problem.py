"""Why written dates are not taken, with what to write instead."""

from datetime import date, timedelta

from bot.dates.written import Dates, write
from bot.text import Code, Text, text


class Unclear(Exception):
    """What is written means no date, or more than one."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.msgid)
        self.words = words


def not_understood(part: str, today: date) -> Unclear:
    shown = part if len(part) <= 60 else part[:59] + "…"
    first, last = today - timedelta(days=3), today - timedelta(days=1)
    return Unclear(text("dates.not_understood", written=Code(shown or "-"), instead=Code(f"{first}..{last}")))


def either(part: str, *readings: date) -> Unclear:
    """Say that it can mean more than one day, and how to write each."""
    listed = tuple(Code(f"{each}") for each in sorted(set(readings)))
    return Unclear(text("dates.ambiguous", written=Code(part), readings=listed))


def either_dates(part: str, *readings: Dates) -> Unclear:
    """Say the same of several dates each."""
    return Unclear(
        text("dates.ambiguous", written=Code(part), readings=tuple(Code(write(each)) for each in readings if each))
    )


def no_beginning(part: str, last: date) -> Unclear:
    """Say that "until" a day needs the day from which on."""
    return Unclear(text("dates.until", written=Code(part), instead=Code(f"{last - timedelta(days=2)}..{last}")))


def no_such_day(written: str) -> Unclear:
    return Unclear(text("dates.no_such_day", date=Code(written)))
