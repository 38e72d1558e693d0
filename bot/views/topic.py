"""What a channel's topic says of who is on call: words that are still right on another day."""

from collections.abc import Sequence
from typing import Final

from bot.oncall.model import Covered, Duty, Engineer, Gap
from bot.text import Param, Text, text
from bot.views.reader import Reader
from bot.views.words import Markup, dated, say

JOINED: Final = " · "  # between the schedules of one channel


def said(duty: Duty, reader: Reader, *, alone: bool) -> list[str]:
    """Return what is said of a schedule that is known, first with the time until when; `alone` in its topic or not."""
    words = _words(duty, reader)
    shown = words if alone else [text("topic.of", schedule=duty.schedule, said=each) for each in words]
    return [" ".join(say(each, reader, Markup.PLAIN).split()) for each in shown]


def _words(duty: Duty, reader: Reader) -> list[Text]:
    until = getattr(duty.now, "until", None)
    match duty.now:
        case Covered(engineers):
            short, params = "topic.on_call", {"who": _people(engineers, reader)}
        case Gap():
            short, params = "topic.nobody", {"call": "@" + reader.names.get(duty.fallback, duty.fallback)}
        case _:
            return []
    brief = text(short, **params)
    return [text(f"{short}_until", until=dated(until, reader), **params) if until else brief, brief]


def _people(engineers: Sequence[Engineer], reader: Reader) -> Param:
    return ", ".join(reader.names.get(each.user, each.name) if each.user else each.name for each in engineers)
