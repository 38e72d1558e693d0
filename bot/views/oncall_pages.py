"""The pages of `/oncall`: who, next, mine, week, help; each with the buttons to the others."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot.covers.model import Cover, Slot
from bot.oncall.model import Certainty, Duty, Engineer, Stint, UpcomingShift
from bot.oncall.week import Day, Week
from bot.oncall.words import Asked, Verb
from bot.text import Code, Lines, Mention, Param, Text, text
from bot.views import blocks, oncall
from bot.views.blocks import Block, Element, Style
from bot.views.cover import headline
from bot.views.limits import shorten
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.words import day_name

SHOWN_SHIFTS, SHOWN_CHANGES, SHOWN_SCHEDULES = 12, 4, 4
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, so that a button can carry it: nothing in it is a right. `user` is who asks."""

    verb: Verb | None
    user: str = ""
    schedule: str = ""
    weeks: int = 0
    nearest: Verb | None = None

    @classmethod
    def of(cls, asked: Asked, user: str) -> Self:
        return cls(asked.verb, user, asked.rest[:LONGEST], asked.weeks, asked.nearest)

    @classmethod
    def parse(cls, written: str) -> Self:
        """Return what `str` wrote; of anything else, the question who is on call."""
        try:
            verb, user, schedule, weeks = json.loads(written)
            return cls(Verb(verb), str(user), str(schedule)[:LONGEST], int(weeks))
        except (ValueError, TypeError):
            return cls(Verb.WHO)

    def __str__(self) -> str:
        return json.dumps([self.verb or Verb.WHO, self.user, self.schedule, self.weeks], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Mine:
    """Somebody's own shifts, which of them can be covered by Baton, and the covers that concern them."""

    shifts: tuple[UpcomingShift, ...]
    coverable: frozenset[str]
    covers: tuple[Cover, ...]
    user: str


def who(duties: Sequence[Duty], own: Sequence[UpcomingShift], reader: Reader, *, not_found: str = "") -> Rendered:
    shown = oncall.oncall(duties, own, reader, not_found=not_found)
    if duties:
        shown = [*shown, _turns(reader, Verb.NEXT, Verb.WEEK, Verb.MINE, Verb.HELP)]
    return Rendered(blocks.fallback(oncall.spoken(duties), reader), tuple(shown))


def next_page(
    duties: Sequence[Duty], after: Mapping[str, Sequence[Stint]], reader: Reader, *, not_found: str = ""
) -> Rendered:
    """Return who takes over, and who after them; `not_found` is what was asked for and no schedule is called."""

    def shown() -> Iterator[Block]:
        yield blocks.header(text("oncall.next_title"), reader)
        if not duties:
            yield blocks.section(text("oncall.no_schedules"), reader)
            return
        yield from oncall.no_such(not_found, reader)
        for duty in duties:
            lines = Lines(tuple(_change(each) for each in after.get(duty.schedule, ())[:SHOWN_CHANGES]))
            named = text("oncall.schedule", schedule=duty.schedule)
            words = text("oncall.changes", schedule=named, lines=lines) if lines.items else None
            yield blocks.section(words or text("oncall.no_changes", schedule=named), reader)
        yield _turns(reader, Verb.WHO, Verb.WEEK, Verb.MINE)

    return _page(text("oncall.next_title"), shown(), reader)


def _change(stint: Stint) -> Text:
    return text("oncall.change", since=stint.since, who=_people(stint))


def mine(own: Mine, reader: Reader) -> Rendered:
    """Return somebody's shifts, each with a button to ask for cover, and the covers that concern them."""
    return _page(text("oncall.mine_title"), _mine(own, reader), reader)


def _mine(own: Mine, reader: Reader) -> Iterator[Block]:
    yield blocks.header(text("oncall.mine_title"), reader)
    if not own.shifts:
        yield blocks.section(text("oncall.yours_none"), reader)
    for shift in own.shifts[:SHOWN_SHIFTS]:
        yield blocks.section(_own(shift, reader.now), reader, accessory=_ask_cover(shift, own.coverable, reader))
    if len(own.shifts) > SHOWN_SHIFTS:
        yield blocks.context([text("common.more", n=len(own.shifts) - SHOWN_SHIFTS)], reader)
    if own.covers:
        yield blocks.divider()
        lines = Lines(tuple(_cover(cover) for cover in own.covers))
        yield blocks.section(text("oncall.covers", lines=lines), reader)
    yield blocks.context([text("oncall.your_zone", zone=reader.zone.key)], reader)
    yield _turns(reader, Verb.WHO, Verb.WEEK, Verb.HELP)


def _own(shift: UpcomingShift, now: datetime) -> Text:
    state = "now" if shift.start_at <= now else "coming"
    place = "_backup" if shift.position else ""
    span = shift.end_at - shift.start_at
    return text(
        f"oncall.own_{state}{place}", schedule=shift.schedule, since=shift.start_at, until=shift.end_at, span=span
    )


def _ask_cover(shift: UpcomingShift, coverable: Iterable[str], reader: Reader) -> Element | None:
    key = Slot(shift.schedule, shift.start_at, shift.end_at, shift.position).key
    if key not in coverable:
        return None
    return blocks.button(text("button.cover.ask"), reader, action_id="cover.ask", value=key)


def _cover(cover: Cover) -> Text:
    return text(
        "oncall.cover", headline=headline(cover), schedule=cover.schedule, since=cover.start_at, until=cover.end_at
    )


def week_page(weeks: Sequence[Week], question: Question, reader: Reader, *, not_found: str = "") -> Rendered:
    """Return the week of each schedule by days, with the way to the weeks around."""
    return _page(text("oncall.week_title"), _weeks(weeks, question, reader, not_found), reader)


def _weeks(weeks: Sequence[Week], question: Question, reader: Reader, not_found: str) -> Iterator[Block]:
    yield blocks.header(text("oncall.week_title"), reader)
    yield from oncall.no_such(not_found, reader)
    for week in weeks[:SHOWN_SCHEDULES]:
        first, last = (day_name(week.days[n].date, reader) for n in (0, -1))
        yield blocks.section(text("oncall.week_of", schedule=week.schedule, first=first, last=last), reader)
        for day in week.days:
            yield blocks.section(_day(day, reader), reader)
        yield blocks.context(list(_about(week, reader)), reader)
    if len(weeks) > SHOWN_SCHEDULES:
        yield blocks.context([text("common.more", n=len(weeks) - SHOWN_SCHEDULES)], reader)
    yield blocks.actions(list(_around(question, reader)))


def _day(day: Day, reader: Reader) -> Text:
    today = day.start_at <= reader.now < day.end_at
    lines = tuple(_line(stint, day, reader) for stint in day.stints)
    hours = (text("oncall.clock_changes", hours=day.hours),) if day.hours != 24 else ()
    title = text("oncall.today" if today else "oncall.day", day=day_name(day.date, reader))
    return text("oncall.of_day", day=title, lines=Lines((*lines, *hours)))


def _line(stint: Stint, day: Day, reader: Reader) -> Text:
    kind = "override" if stint.is_override else stint.certainty.value
    start = f"{stint.since.astimezone(reader.zone):%H:%M}"
    end = "24:00" if stint.until == day.end_at else f"{stint.until.astimezone(reader.zone):%H:%M}"
    return text(f"oncall.part.{kind}", start=start, end=end, who=_people(stint))


def _people(stint: Stint) -> Param:
    if stint.certainty is Certainty.NOBODY:
        return text("oncall.nobody")
    if not stint.engineers:
        return text("oncall.unknown")
    first, *others = (_named(each) for each in stint.engineers)
    return text("oncall.with_backup", first=first, others=tuple(others)) if others else first


def _named(engineer: Engineer) -> Param:
    return Mention(engineer.user) if engineer.user else text("oncall.unresolved", name=engineer.name)


def _about(week: Week, reader: Reader) -> Iterator[Text]:
    if week.asked_at is None:
        yield text("oncall.never_asked")
    elif week.is_old:
        yield text("oncall.plan_is_old", at=week.asked_at)
    shares = tuple(text("oncall.share", who=_named(who), hours=round(hours)) for who, hours in week.hours.items())
    if shares:
        yield text("oncall.shares", shares=shares)
    yield text("oncall.your_zone", zone=reader.zone.key)


def _around(question: Question, reader: Reader) -> Iterator[Element]:
    for step, name in ((-1, "earlier"), (0, "this_week"), (1, "later")):
        weeks = question.weeks + step if step else 0
        if step or question.weeks:
            words = text(f"button.oncall.{name}")
            yield _button(words, replace(question, verb=Verb.WEEK, weeks=weeks), name, reader)
    yield _button(text("button.oncall.who"), Question(Verb.WHO), "who", reader)
    yield blocks.button(text("button.cover.put_in"), reader, action_id="cover.put_in")


def help_page(reader: Reader) -> Rendered:
    """Return what `/oncall` can be asked: one line for each verb."""

    def shown() -> Iterator[Block]:
        yield blocks.header(text("oncall.help_title"), reader)
        yield blocks.section(text("oncall.help", lines=Lines(tuple(_help(verb) for verb in Verb))), reader)
        yield blocks.context([text("oncall.help_words")], reader)
        yield _turns(reader, *(verb for verb in Verb if verb is not Verb.HELP))

    return _page(text("oncall.help_title"), shown(), reader)


def _help(verb: Verb) -> Text:
    also = tuple(Code(word) for word in verb.words[1:4])
    command, what = Code(f"/oncall {verb.value}"), text(f"oncall.help.{verb.value}")
    return text("oncall.help_line", command=command, what=what, also=also)


def not_understood(word: str, nearest: Verb | None, reader: Reader) -> Rendered:
    """Return what may have been meant, else what there is."""
    said = Code(shorten(word, LONGEST))
    if nearest is None:
        rest = help_page(reader).blocks[1:]
        words = text("oncall.not_understood", word=said)
        return _page(words, [blocks.section(words, reader), *rest], reader)
    words = text("oncall.perhaps", word=said, nearest=Code(f"/oncall {nearest.value}"))
    return _page(words, [blocks.section(words, reader), _turns(reader, nearest, Verb.HELP)], reader)


def _turns(reader: Reader, *verbs: Verb) -> Block:
    """Return the buttons to other pages, and to the forms."""
    return blocks.actions([_turn(verb, reader, first=place == 0) for place, verb in enumerate(dict.fromkeys(verbs))])


def _turn(verb: Verb, reader: Reader, *, first: bool) -> Element:
    words, style = text(f"button.oncall.{verb.value}"), Style.PRIMARY if first and verb not in _PAGES else None
    forms = {Verb.COVER: "cover.ask", Verb.OVERRIDE: "cover.put_in", Verb.START: "start.begin"}
    if action := forms.get(verb):
        return blocks.button(words, reader, action_id=action, style=style)
    return _button(words, Question(verb), verb.value, reader)


_PAGES = frozenset({Verb.WHO, Verb.NEXT, Verb.MINE, Verb.WEEK, Verb.HELP})


def _button(words: Text, question: Question, name: str, reader: Reader) -> Element:
    return blocks.button(words, reader, action_id=f"oncall.turn:{name}", value=str(question))


def _page(spoken: Text, shown: Iterable[Block], reader: Reader) -> Rendered:
    return Rendered(blocks.fallback(spoken, reader), tuple(blocks.message(shown, reader)))
