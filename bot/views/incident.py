"""An incident as its card."""

from collections.abc import Iterator
from datetime import timedelta

from bot.actor import named
from bot.incidents.card import IncidentCard, Neighbour
from bot.incidents.model import IncidentState
from bot.incidents.occurrence import OccurrenceState, Tracked
from bot.text import Code, Lines, Link, MessageLink, Param, Text, text
from bot.triage.escape import shorten
from bot.views import blocks, feedback, paging
from bot.views.blocks import Block, Element, Style
from bot.views.calling import called
from bot.views.memory import link, noted, remembered, who
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.roots import waiting
from bot.views.signs import sign_of
from bot.views.silence import on_incident, silence_button
from bot.views.words import say

SHOWN_OCCURRENCES = 6
SHOWN_ERROR = 500

REACTIONS = {
    IncidentState.OPEN: "rotating_light",
    IncidentState.ACKNOWLEDGED: "eyes",
    IncidentState.RESOLVED: "white_check_mark",
    IncidentState.STALE: "zzz",
    IncidentState.SUPERSEDED: "black_right_pointing_double_triangle_with_vertical_bar",
}
OCCURRENCE_SIGNS = {
    OccurrenceState.FAILED: "🔴",
    OccurrenceState.RUNNING: "⏳",
    OccurrenceState.SUCCEEDED: "✅",
    OccurrenceState.DISMISSED: "☑️",
}


def render(card: IncidentCard, reader: Reader) -> Rendered:
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(headline(card), reader), tuple(shown), REACTIONS[card.state])


def _blocks(card: IncidentCard, reader: Reader) -> Iterator[Block]:
    yield blocks.section(headline(card), reader)
    yield blocks.section(None, reader, fields=_facts(card))
    if card.error:
        yield blocks.section(text("incident.error", error=Code(shorten(card.error, SHOWN_ERROR))), reader)
    if card.silence:
        yield blocks.section(on_incident(card.silence), reader)
    if card.occurrences:
        yield blocks.section(_occurrences(card), reader)
    yield from waiting(card, reader)
    if told := [*_history(card), *_where(card)]:
        yield blocks.context(told, reader)
    yield blocks.context([*remembered(card, reader), *_healing(card, reader), *feedback.counted(card.opinions)], reader)
    if buttons := _buttons(card, reader):
        yield blocks.actions(buttons)
    yield from paging.alert(card.alert, card.id, reader)
    if not card.state.is_unresolved:
        yield feedback.buttons(card.id, reader)


def headline(card: IncidentCard) -> Text:
    return text(f"incident.headline.{card.state}", sign=sign_of(card.state, card.severity), what=card.name)


def _facts(card: IncidentCard) -> list[Text]:
    facts = [
        text("incident.severity", severity=text(f"severity.{card.severity}")),
        text("incident.source", source=card.source),
        text("incident.since", at=card.opened_at),
        text("incident.count", n=card.alert_count, last=card.last_alert_at),
        text("incident.on_call", who=called(card.calling, notify=card.notified)),
    ]
    if card.owner:
        facts.append(text("incident.owner", owner=card.owner))
    return facts


def _occurrences(card: IncidentCard) -> Text:
    open_first = sorted(card.occurrences, key=lambda each: not each.state.is_open)
    lines: list[Param] = [failure(each) for each in open_first[:SHOWN_OCCURRENCES]]
    rest = len(open_first) - len(lines)
    if rest:
        lines.append(text("common.more", n=rest))
    if card.nobody_looks_up:
        lines.append(text("incident.nobody_looks_up", n=len(card.nobody_looks_up)))
    shown, n = Lines(tuple(lines)), len(card.open_occurrences)
    if not n:
        return text("incident.occurrences_settled", n=len(card.occurrences), lines=shown)
    return text("incident.occurrences", n=n, all=len(card.occurrences), lines=shown)


def failure(occurrence: Tracked) -> Text:
    run: Param = Code(occurrence.dag_run_id) if occurrence.dag_run_id else text("incident.run_unknown")
    if not occurrence.dag_run_id and occurrence.logical_at:
        run = occurrence.logical_at
    index = f"[{occurrence.map_index}]" if occurrence.map_index >= 0 else ""
    return text(
        "incident.occurrence", sign=OCCURRENCE_SIGNS[occurrence.state], run=run, index=index, state=_state(occurrence)
    )


def _state(occurrence: Tracked) -> Text:
    """Say how a failure stands; which retry Airflow makes by itself is said where it is one."""
    retry = occurrence.seen.retry if occurrence.seen else None
    if occurrence.state is not OccurrenceState.RUNNING or retry is None:
        state = text(f"occurrence.{occurrence.state}")
        if not occurrence.try_number:
            return state
        return text("incident.state_and_try", state=state, attempt=occurrence.try_number)
    if not retry.is_waiting:
        return text("occurrence.retries", number=retry.number, of=retry.of)
    if retry.at is None:
        return text("occurrence.waits", number=retry.number, of=retry.of)
    return text("occurrence.waits_until", number=retry.number, of=retry.of, at=retry.at)


def _healing(card: IncidentCard, reader: Reader) -> Iterator[Text]:
    """Say what may end it without anybody: the next run, and how often that has sufficed."""
    if card.is_unresolved and card.next_run_at and card.next_run_at > reader.now:
        yield text("incident.next_run", at=card.next_run_at)
    if card.earlier and card.earlier.healed:
        yield text("incident.healed", k=card.earlier.healed, n=card.earlier.count)


def _history(card: IncidentCard) -> Iterator[Text]:
    if card.root:
        yield text("incident.follows", what=Code(card.root.name))
    match card.state:
        case IncidentState.ACKNOWLEDGED if card.acknowledged_at:
            yield text("incident.acknowledged", by=named(card.acknowledged_by), at=card.acknowledged_at)
        case IncidentState.RESOLVED if card.resolved_at:
            took = card.took or timedelta(0)
            yield text("incident.resolved", by=who(card.resolved_by, card.fix), at=card.resolved_at, took=took)
        case IncidentState.OPEN if card.held and not card.silence:
            yield text(f"incident.held.{card.held.why}", at=card.held.until)
    if card.fix and card.state is IncidentState.RESOLVED:
        yield from noted(card.fix)
    if card.noticed_at:
        yield text("incident.noticed_late", at=card.noticed_at)
    if card.predecessor:
        yield _takes_over(card.predecessor)
    if card.successor:
        yield text("incident.goes_on_in", link=_leads_to(card.successor))
    if card.reopen_count:
        yield _reopened(card)


def _takes_over(before: Neighbour) -> Text:
    if before.taken_by:
        return text("incident.takes_over_taken", link=_leads_to(before), by=named(before.taken_by))
    return text("incident.takes_over", link=_leads_to(before))


def _leads_to(other: Neighbour) -> MessageLink:
    return link(other.thread, text("incident.of", at=other.opened_at))


def _reopened(card: IncidentCard) -> Text:
    """Say how often it came back; from the second time in a day on that it is flapping."""
    last = card.reopened_at[-1]
    if card.is_flapping:
        return text("incident.flapping", n=len(card.reopened_at), all=card.reopen_count, at=last)
    return text("incident.reopened", n=card.reopen_count, at=last)


def _where(card: IncidentCard) -> Iterator[Text]:
    first_the_log = sorted(card.links.items(), key=lambda link: (link[0] != "log", link[0]))
    links = tuple(Link(url, text(f"link.{kind}")) for kind, url in first_the_log if url)
    if links:
        yield text("incident.links", links=links)


def _buttons(card: IncidentCard, reader: Reader) -> list[Element]:
    buttons = []
    if card.state in {IncidentState.OPEN, IncidentState.STALE}:
        buttons.append(_button("incident.acknowledge", card, reader))
    if card.state.is_unresolved:
        if card.open_occurrences:
            buttons.insert(0, _button("incident.clear", card, reader, Style.PRIMARY))
        if card.load:
            buttons.append(_button("incident.rerun", card, reader))
        buttons.append(_button("incident.resolve", card, reader))
        buttons.append(silence_button(card.silence, card.id, reader, offered=card.is_flapping))
    if card.state is IncidentState.RESOLVED:
        buttons.append(_button("incident.note_fix", card, reader))
    if card.has_runbook:
        buttons.append(blocks.button(text("run.button.runbook"), reader, action_id="runbook.open", value=card.topic))
    if card.state.is_unresolved:
        buttons.append(feedback.menu(card.id, reader))
    return buttons


def _button(action_id: str, card: IncidentCard, reader: Reader, style: Style | None = None) -> Element:
    words = text(f"button.{action_id}", n=len(card.open_occurrences), load=card.load)
    return blocks.button(words, reader, action_id=action_id, value=card.id, style=style)


def spoken(card: IncidentCard, reader: Reader) -> str:
    """Return the headline alone, for lists."""
    return say(headline(card), reader)
