"""The weekly digest: each schedule's trend, what made the most noise and what to do about it, who carried how much."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from babel.dates import format_skeleton

from bot.handoff.digest import WEEKS, DigestCard, Load, Noisy, Point, Section
from bot.text import Code, Lines, Mention, Param, Text, text
from bot.views import blocks, limits
from bot.views.blocks import Block
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.words import duration

MOST_SECTIONS = 7  # schedules
ROOM = limits.MESSAGE_BLOCKS - 3  # for schedules: a headline, that it is late, that some are left out
FIXED = 6  # blocks of a schedule beside what is noisy


def render(card: DigestCard, reader: Reader) -> Rendered:
    """Return the digest, which is read on other days too."""
    reader = replace(reader, keeps=True)
    headline = text("digest.headline", until=card.until)
    return Rendered(blocks.fallback(headline, reader), tuple(blocks.message(_blocks(card, headline, reader), reader)))


def _blocks(card: DigestCard, headline: Text, reader: Reader) -> Iterator[Block]:
    yield blocks.section(headline, reader)
    if card.is_late:
        yield blocks.context([text("digest.late", at=card.until)], reader)
    shown = card.sections[:MOST_SECTIONS]
    for number, section in enumerate(shown):
        yield blocks.divider()
        yield from _section(section, number, ROOM // len(shown) - FIXED, reader)
    if len(card.sections) > MOST_SECTIONS:
        yield blocks.context([text("common.more", n=len(card.sections) - MOST_SECTIONS)], reader)


def _section(section: Section, number: int, noisy: int, reader: Reader) -> Iterator[Block]:
    """Yield one schedule, with as many of what is noisy as there is room for."""
    yield blocks.section(text("digest.schedule", schedule=section.schedule), reader)
    if section.is_quiet:
        yield blocks.section(text("digest.quiet"), reader)
    trend = Lines(tuple(_point(each, reader) for each in section.points))
    yield blocks.section(text("digest.trend", lines=trend), reader)
    if beside := list(_beside(section)):
        yield blocks.context(beside, reader)
    for at, each in enumerate(section.noisy[:noisy]):
        yield _noisy(each, f"{number}-{at}", reader)
    yield blocks.section(_load(section), reader)


def _beside(section: Section) -> Iterator[Text]:
    if section.known < WEEKS:
        yield text("digest.little_history", n=section.known, weeks=WEEKS)
    if section.no_action is not None:
        yield text("digest.no_action", percent=round(section.no_action * 100))


def _point(point: Point, reader: Reader) -> Text:
    day = _day(point.week.day, reader)
    if point.week.raised is None:
        return text("digest.week.unknown", day=day)
    return text(
        "digest.week",
        day=day,
        n=point.week.raised,
        mtta=_minutes(point.week.mtta_minutes),
        mttr=_minutes(point.week.mttr_minutes),
        calls=_calls(point.out_of_hours),
    )


def _calls(n: int | None) -> Text:
    return text("digest.calls.unknown") if n is None else text("digest.calls", n=n)


def _day(day: date, reader: Reader) -> str:
    return str(format_skeleton("MMMd", day, locale=reader.locale))


def _minutes(value: float | None) -> Param:
    """Return a median; where nothing was measured there is none."""
    return text("digest.none") if value is None else duration(timedelta(minutes=value))


def _noisy(noisy: Noisy, place: str, reader: Reader) -> Block:
    """Say what made noise, with the fix that helped, or a silence where nobody ever did anything."""
    if noisy.remedy and noisy.remedy != "nothing":
        remedy = text(f"remedy.{noisy.remedy}")
        return blocks.section(text("digest.noisy.fix", name=Code(noisy.name), n=noisy.times, remedy=remedy), reader)
    words = text("digest.noisy.silence", name=Code(noisy.name), n=noisy.times)
    action_id = f"incident.silence:{place}"
    button = blocks.button(text("button.incident.silence"), reader, action_id=action_id, value=noisy.incident)
    return blocks.section(words, reader, accessory=button)


def _load(section: Section) -> Text:
    if section.points[-1].out_of_hours is None:
        return text("digest.load.unknown")
    if not section.load:
        return text("digest.load.nobody")
    return text("digest.load", lines=Lines(tuple(_person(each) for each in section.load)))


def _person(load: Load) -> Text:
    n, who = load.business + load.off + load.sleep, Mention(load.user)
    said: dict[str, Param] = {"who": who, "n": n, "off": load.off, "sleep": load.sleep}
    if load.mean is None:
        return text("digest.person.first", **said)
    return text("digest.person", **said, mean=round(load.mean, 1))
