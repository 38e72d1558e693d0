"""A storm as its card, and the list of all its incidents."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.incidents.storm_card import Group, Member, StormCard, groups, in_order, to_open
from bot.text import Code, MessageLink, Param, Text, text
from bot.triage.escape import shorten
from bot.views import blocks, limits
from bot.views.blocks import Block, Element
from bot.views.calling import called
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.signs import sign_of
from bot.views.words import say

# Slack refuses more than about 13,000 characters over all blocks of a message.
SHOWN_MEMBERS = 60
SHOWN_GROUPS = 10
SHOWN_NAME, SHOWN_ERROR = 70, 150
SILENCED = "🔕"


def render(card: StormCard, reader: Reader) -> Rendered:
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(_headline(card), reader), tuple(shown))


def _blocks(card: StormCard, reader: Reader) -> Iterator[Block]:
    yield blocks.section(_headline(card), reader)
    yield blocks.section(None, reader, fields=_facts(card))
    yield from _sections(_listed(card), reader)
    yield blocks.context([text("storm.how_it_works")], reader)
    if buttons := _buttons(card, reader):
        yield blocks.actions(buttons, block_id=f"storm.{card.id}")


def _headline(card: StormCard) -> Text:
    totals = card.totals
    if card.ended_at is None:
        return text("storm.headline.lasts", n=totals.incidents, unresolved=totals.unresolved)
    if totals.unresolved:
        return text("storm.headline.over", n=totals.incidents, unresolved=totals.unresolved)
    return text("storm.headline.settled", n=totals.incidents)


def _facts(card: StormCard) -> list[Text]:
    facts = [
        text("incident.since", at=card.started_at),
        text("storm.alerts", n=card.totals.alerts),
        text("incident.on_call", who=called(card.calling, notify=card.notified)),
    ]
    if card.ended_at:
        facts.insert(1, text("storm.until", at=card.ended_at))
    return facts


def _listed(card: StormCard) -> Iterator[Text]:
    """Yield the incidents by group, as many as a card has room for, and how many those are not."""
    left = SHOWN_MEMBERS
    for group in groups(card.members)[:SHOWN_GROUPS]:
        if left <= 0:
            break
        shown = [each for each in group.members if each.is_open and not each.is_silenced][:left]
        left -= len(shown)
        yield from _group(group, shown)
    silenced = sum(each.is_open and each.is_silenced for each in card.members)
    beyond = card.totals.unresolved - silenced - (SHOWN_MEMBERS - left)
    if beyond > 0:
        yield text("storm.beyond", n=beyond)
    if silenced:
        yield text("storm.silenced", n=silenced)


def _sections(lines: Iterable[Text], reader: Reader) -> Iterator[Block]:
    """Yield as few sections as hold these lines, one under another."""
    held = ""
    for line in lines:
        said = limits.shorten_mrkdwn(say(line, reader), limits.SECTION)
        if held and len(held) + 1 + len(said) > limits.SECTION:
            yield blocks.raw_section(held)
            held = ""
        held = f"{held}\n{said}" if held else said
    if held:
        yield blocks.raw_section(held)


def _group(group: Group, shown: Sequence[Member]) -> Iterator[Text]:
    settled = [each for each in group.members if not each.is_open and each not in shown]
    whose = text("storm.group_of", source=group.source, owner=group.owner) if group.owner else group.source
    yield text("storm.group", of=whose, n=len(group.members), unresolved=sum(each.is_open for each in group.members))
    if group.error:
        yield text("storm.most_say", error=Code(shorten(group.error, SHOWN_ERROR)), n=group.saying_it)
    yield from (_line(each) for each in shown)
    if settled:
        yield text("storm.resolved", n=len(settled), names=tuple(shorten(each.name, 40) for each in settled[:5]))


def _line(member: Member) -> Text:
    sign, what = _sign(member), Code(shorten(member.name, SHOWN_NAME))
    if member.is_alone:
        return text("storm.line_alone", sign=sign, what=what, n=member.alert_count, thread=_thread(member))
    return text("storm.line", sign=sign, what=what, n=member.alert_count)


def _sign(member: Member) -> str:
    return SILENCED if member.is_silenced and member.is_open else sign_of(member.state, member.severity)


def _thread(member: Member) -> Param:
    label = text("storm.own_thread")
    if not member.shown_ts:
        return label
    return MessageLink(member.shown_channel, member.shown_ts, label, thread_ts=member.thread_ts)


def _buttons(card: StormCard, reader: Reader) -> list[Element]:
    buttons = []
    if to_open(card.members):
        buttons.append(blocks.external_select(text("storm.open"), reader, action_id="storm.open"))
    if n := card.totals.unacknowledged:
        sure = blocks.confirm(
            text("storm.acknowledge_sure"),
            text("storm.acknowledge_words", n=n),
            reader,
            yes=text("button.incident.acknowledge"),
        )
        words = text("storm.acknowledge", n=n)
        all_of_them = blocks.button(words, reader, action_id="storm.acknowledge", value=card.id, confirmation=sure)
        buttons.append(all_of_them)
    buttons.append(blocks.button(text("storm.show"), reader, action_id="storm.show", value=card.id))
    return buttons


def options(members: Iterable[Member], reader: Reader) -> list[Element]:
    """Return the entries of the menu that gives an incident its own thread, the gravest first."""
    listed = in_order(members)[: limits.SELECT_OPTIONS]
    return [blocks.option(text("storm.option", what=each.name), reader, each.id, _about(each)) for each in listed]


def _about(member: Member) -> Text:
    return text("storm.option_note", sign=_sign(member), n=member.alert_count)


def everything(card: StormCard, reader: Reader) -> dict[str, Any]:
    """Return a modal that lists every incident of the storm, also those for which the card has no room."""
    lines = (line for group in groups(card.members) for line in _group(group, group.members))
    shown = [blocks.section(_headline(card), reader), *_sections(lines, reader)]
    if card.totals.incidents > len(card.members):
        shown.append(blocks.context([text("storm.beyond", n=card.totals.incidents - len(card.members))], reader))
    return blocks.modal(text("storm.title"), shown, reader, callback_id="storm.everything")
