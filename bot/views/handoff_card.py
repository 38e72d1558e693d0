"""The handoff as it is posted and as its writer sees it before: who, what to do first, what is left, the report."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from babel.dates import format_date

from bot.handoff.card import HandoffCard
from bot.handoff.life import FollowUp, Handoff, State, users
from bot.oncall.model import Engineer
from bot.text import Lines, Mention, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.handoff import report_blocks
from bot.views.reader import Reader
from bot.views.rendered import Rendered

LISTED = 12  # follow-ups and steps: Slack folds what is long
IN_A_SECTION = 5  # of them: each may have 300 characters and a link, and a section takes 3,000


def render(card: HandoffCard, reader: Reader) -> Rendered:
    """Return the posted card, which calls whoever takes over, and is read for as long as their turn lasts."""
    reader = replace(reader, keeps=True)
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(headline(card), reader), tuple(shown))


def render_draft(card: HandoffCard, reader: Reader) -> Rendered:
    """Return what the outgoing person sees: the draft while it can be edited, and where it went after that."""
    shown = blocks.message(_draft_blocks(card, reader), reader)
    return Rendered(blocks.fallback(_draft_headline(card), reader), tuple(shown))


def people(engineers: Sequence[Engineer]) -> Param:
    """Return people for a sentence, nobody notified; somebody without a certain account by name."""
    if not engineers:
        return text("handoff.nobody")
    return tuple(Mention(each.user) if each.user else each.name for each in engineers)


def many(engineers: Sequence[Engineer]) -> int:
    """Return how many a sentence about `people` speaks of; "nobody" is one."""
    return max(len(engineers), 1)


def _blocks(card: HandoffCard, reader: Reader) -> Iterator[Block]:
    yield blocks.section(text("handoff.for", who=_called(card), what=headline(card)), reader)
    yield blocks.context(list(standing(card)), reader)
    yield from said_blocks(card, reader)
    yield from report_blocks(card.report, reader)
    yield blocks.actions(list(_buttons(card.handoff, reader)))


def _draft_blocks(card: HandoffCard, reader: Reader) -> Iterator[Block]:
    handoff = card.handoff
    yield blocks.section(_draft_headline(card), reader)
    if handoff.is_out:
        return
    yield blocks.context([text("handoff.draft.how", at=_deadline(card)), *_edited(handoff)], reader)
    yield from said_blocks(card, reader)
    yield from report_blocks(card.report, reader)
    yield blocks.actions(list(_draft_buttons(handoff, reader)))


def headline(card: HandoffCard) -> Text:
    """Say who hands over to whom."""
    handoff = card.handoff
    who, to = people(handoff.outgoing), people(handoff.incoming)
    return text("handoff.headline", schedule=handoff.schedule, who=who, to=to)


def _draft_headline(card: HandoffCard) -> Text:
    handoff = card.handoff
    if handoff.is_out:
        label = text("handoff.draft.link", schedule=handoff.schedule)
        return text("handoff.draft.posted", what=card.link or label)
    end = handoff.boundary_at or handoff.shift_start
    if handoff.is_over:
        return text("handoff.draft.over", schedule=handoff.schedule, at=end)
    return text(
        "handoff.draft.headline",
        schedule=handoff.schedule,
        at=end,
        to=people(handoff.incoming),
        n=many(handoff.incoming),
    )


def _deadline(card: HandoffCard) -> Param:
    end = card.handoff.boundary_at
    return end + card.grace if end else text("handoff.not_planned")


def _called(card: HandoffCard) -> Param:
    """Return whom the card calls: who takes over, else who stands in; nobody where the schedule was removed."""
    called = next(iter(users(card.handoff.incoming)), card.fallback)
    return Mention(called, notify=True) if called else text("handoff.nobody")


def standing(card: HandoffCard) -> Iterator[Text]:
    """Yield of which time it is, who signed and who accepted it, and what was out of the ordinary."""
    handoff = card.handoff
    end = handoff.boundary_at or handoff.since
    yield text("handoff.span", since=handoff.since, until=end)
    if handoff.signed_at and handoff.signed_by:
        late = handoff.signed_at > (handoff.posted_at or handoff.signed_at)
        who = Mention(handoff.signed_by)
        yield text("handoff.signed_late" if late else "handoff.signed", who=who, at=handoff.signed_at)
    else:
        yield text("handoff.unsigned", who=people(handoff.outgoing), n=many(handoff.outgoing))
    if handoff.next_at and handoff.next_at > end:
        yield text("handoff.gap", until=handoff.next_at)
    if handoff.by_plan:
        yield text("handoff.by_plan")
    if handoff.posted_at and handoff.is_late(card.grace):
        yield text("handoff.late", at=end)
    if handoff.accepted_by and handoff.accepted_at:
        yield text("handoff.accepted", who=Mention(handoff.accepted_by), at=handoff.accepted_at)


def said_blocks(card: HandoffCard, reader: Reader) -> Iterator[Block]:
    """Yield what its writer says and what is left to do."""
    for each in words(card, reader):
        yield blocks.section(each, reader)
    if said := effort(card):
        yield blocks.context([said], reader)


def words(card: HandoffCard, reader: Reader, at_once: int = IN_A_SECTION) -> Iterator[Text]:
    """Yield what its writer says and what is left to do, so many lines at once."""
    said = card.handoff.said
    if said.first:
        yield text("handoff.first", words=said.first)
    if said.note:
        yield text("handoff.note", words=said.note)
    yield from _listed("handoff.steps", _steps(card), at_once)
    yield from _listed("handoff.follow_ups", _follow_ups(card.follow_ups, reader), at_once)


def effort(card: HandoffCard) -> Text | None:
    said = card.handoff.said.effort
    return text("handoff.effort", words=text(f"handoff.effort.{said.name.lower()}")) if said else None


def _listed(title: str, lines: Sequence[Text], at_once: int) -> Iterator[Text]:
    for at in range(0, len(lines), at_once):
        yield text("report.lines" if at else title, lines=Lines(tuple(lines[at : at + at_once])))


def _steps(card: HandoffCard) -> list[Text]:
    """Return the next step of each open thing that has one, and of what is open no more nothing."""
    steps = card.handoff.said.steps
    known = [text("handoff.step", what=each.label, step=steps[each.ref]) for each in card.open if steps.get(each.ref)]
    return known[:LISTED]


def _follow_ups(listed: Sequence[FollowUp], reader: Reader) -> list[Text]:
    lines = [follow_up(each, reader) for each in listed[:LISTED]]
    if len(listed) > LISTED:
        lines.append(text("common.more", n=len(listed) - LISTED))
    return lines


def follow_up(each: FollowUp, reader: Reader) -> Text:
    """Say one follow-up with whose it is and when it is due."""
    sign = "☑️" if each.done_at else "⬜"
    if each.owner and each.due:
        return text(
            "handoff.follow_up.both", sign=sign, words=each.words, who=Mention(each.owner), day=_day(each.due, reader)
        )
    if each.owner:
        return text("handoff.follow_up.owner", sign=sign, words=each.words, who=Mention(each.owner))
    if each.due:
        return text("handoff.follow_up.due", sign=sign, words=each.words, day=_day(each.due, reader))
    return text("handoff.follow_up", sign=sign, words=each.words)


def _day(day: date, reader: Reader) -> str:
    return format_date(day, "medium", locale=reader.locale)


def _edited(handoff: Handoff) -> Iterator[Text]:
    if handoff.signed_at and handoff.signed_by:
        yield text("handoff.signed", who=Mention(handoff.signed_by), at=handoff.signed_at)
    elif handoff.edited_by and handoff.edited_at:
        yield text("handoff.draft.saved", who=Mention(handoff.edited_by), at=handoff.edited_at)


def _draft_buttons(handoff: Handoff, reader: Reader) -> Iterator[Element]:
    yield _button("handoff.write", handoff, reader, Style.PRIMARY)
    if not handoff.signed_at:
        yield _button("handoff.sign", handoff, reader)
    yield _button("handoff.follow_ups", handoff, reader)


def _buttons(handoff: Handoff, reader: Reader) -> Iterator[Element]:
    if handoff.state is State.POSTED:
        yield _button("handoff.accept", handoff, reader, Style.PRIMARY)
    if not handoff.signed_at:
        yield _button("handoff.write", handoff, reader)
    yield _button("handoff.follow_ups", handoff, reader)


def _button(action_id: str, handoff: Handoff, reader: Reader, style: Style | None = None) -> Element:
    return blocks.button(text(f"button.{action_id}"), reader, action_id=action_id, value=handoff.id, style=style)
