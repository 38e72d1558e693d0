"""A silence as its card, in a list, and as the line on an incident's card."""

from collections.abc import Iterator, Sequence

from bot.actor import named
from bot.silences import rules
from bot.silences.model import Muted, Silence, SilenceCard, SilenceState
from bot.text import Code, Lines, Link, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.reader import Reader
from bot.views.rendered import Rendered

SIGNS = {SilenceState.PENDING: "⏳", SilenceState.ACTIVE: "🔕"}
OVER = "🔔"


def render(card: SilenceCard, reader: Reader) -> Rendered:
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(_headline(card.silence), reader), tuple(shown))


def _blocks(card: SilenceCard, reader: Reader) -> Iterator[Block]:
    silence = card.silence
    yield blocks.section(_headline(silence), reader)
    yield blocks.section(None, reader, fields=list(_facts(card)))
    if why := why_two(silence):
        yield blocks.context([text("silence.needs_second", why=why)], reader)
    if buttons := list(_buttons(silence, reader)):
        yield blocks.actions(buttons)


def _headline(silence: Silence) -> Text:
    sign = SIGNS.get(silence.state, OVER)
    who, at = named(silence.ended_by), silence.ended_at or silence.until
    return text(f"silence.headline.{_standing(silence)}", sign=sign, until=silence.until, by=who, at=at)


def _standing(silence: Silence) -> str:
    """Return how it stands, in the words of the catalog."""
    match silence.state:
        case SilenceState.EXPIRED if rules.was_never_in_force(silence):
            return "never_confirmed"
        case SilenceState.DENIED if silence.ended_by == silence.created_by:
            return "withdrawn"
        case state:
            return state.value


def _facts(card: SilenceCard) -> Iterator[Text]:
    silence = card.silence
    yield text("silence.conditions", lines=Lines(tuple(Code(str(each)) for each in silence.matchers)))
    yield text("silence.reason", reason=silence.reason)
    yield text("silence.by", by=named(silence.created_by), at=silence.created_at)
    if silence.confirmed_by:
        yield text("silence.confirmed_by", by=named(silence.confirmed_by))
    if silence.ticket:
        yield text("silence.ticket", ticket=ticket(silence))
    if silence.asked_until:
        yield text("silence.asked_until", by=named(silence.asked_by), until=silence.asked_until)
    if not rules.was_never_in_force(silence):
        yield text("silence.muted", what=muted(card.muted))


def ticket(silence: Silence) -> Param:
    """Return the ticket, as a link where it is an address."""
    is_address = silence.ticket.startswith(("https://", "http://"))
    return Link(silence.ticket, silence.ticket) if is_address else silence.ticket


def muted(kept: Muted) -> Text:
    """Say how much was kept quiet, with the names of some of it."""
    if not kept:
        return text("silence.muted_nothing")
    more = (text("silence.muted_more", n=kept.incidents - len(kept.names)),) if kept.incidents > len(kept.names) else ()
    names: tuple[Param, ...] = tuple(Code(name) for name in kept.names)
    alerts = text("silence.alerts", n=kept.alerts)
    return text("silence.muted_some", n=kept.incidents, alerts=alerts, names=(*names, *more))


def why_two(silence: Silence) -> tuple[Text, ...]:
    """Return why it waits for a second person; empty where it waits for nobody."""
    waits = silence.state is SilenceState.PENDING or silence.asked_until is not None
    found = rules.reasons(silence.matchers, silence.created_at, silence.asked_until or silence.until) if waits else ()
    return tuple(text(f"silence.two.{reason}") for reason in found)


def _buttons(silence: Silence, reader: Reader) -> Iterator[Element]:
    if why_two(silence):
        yield _button("silence.confirm", silence, reader, Style.PRIMARY)
        yield _button("silence.deny", silence, reader)
    if silence.state is SilenceState.ACTIVE:
        yield _button("silence.change", silence, reader)
        yield _button("silence.end", silence, reader)
    if rules.may_be_undone(silence, reader.now):
        yield _button("silence.undo", silence, reader)


def _button(action_id: str, silence: Silence, reader: Reader, style: Style | None = None) -> Element:
    return blocks.button(text(f"button.{action_id}"), reader, action_id=action_id, value=silence.id, style=style)


def listing(cards: Sequence[SilenceCard], reader: Reader) -> list[Block]:
    """Return the answer to `/silence list`: what stands with a button to change it, then what has ended lately."""
    return blocks.message(_listed(cards, reader), reader)


def spoken(cards: Sequence[SilenceCard]) -> Text:
    return text("silence.list_spoken", n=sum(1 for card in cards if _stands(card)))


def _listed(cards: Sequence[SilenceCard], reader: Reader) -> Iterator[Block]:
    standing, over = [each for each in cards if _stands(each)], [each for each in cards if not _stands(each)]
    yield blocks.header(text("silence.list"), reader)
    if not standing:
        yield blocks.section(text("silence.list_empty"), reader)
    for card in standing:
        is_active = card.silence.state is SilenceState.ACTIVE
        change = _button("silence.change", card.silence, reader) if is_active else None
        yield blocks.section(_line(card, reader), reader, accessory=change)
    if over:
        lines = Lines(tuple(_line(each, reader) for each in over))
        yield blocks.divider()
        yield blocks.context([text("silence.list_over", lines=lines)], reader)
    yield blocks.context([text("silence.usage")], reader)


def _stands(card: SilenceCard) -> bool:
    return card.silence.state in {SilenceState.ACTIVE, SilenceState.PENDING}


def _line(card: SilenceCard, reader: Reader) -> Text:
    silence = card.silence
    lines: list[Param] = [
        _headline(silence),
        tuple(Code(str(each)) for each in silence.matchers),
        text("silence.because", by=named(silence.created_by), reason=silence.reason),
    ]
    if rules.ends_soon(silence, reader.now):
        lines.append(text("silence.ends_soon", left=silence.until - reader.now))
    if not rules.was_never_in_force(silence):
        lines.append(text("silence.muted_line", what=muted(card.muted)))
    return text("silence.line", lines=Lines(tuple(lines)))


def silence_button(silence: Silence | None, incident_id: str, reader: Reader, *, offered: bool = False) -> Element:
    """Return the button of an incident's card: to silence it, or to change the silence that keeps it quiet."""
    if silence:
        return _button("silence.change", silence, reader)
    words, style = text("button.incident.silence"), Style.PRIMARY if offered else None
    return blocks.button(words, reader, action_id="incident.silence", value=incident_id, style=style)


def on_incident(silence: Silence) -> Text:
    """Return the line of an incident's card that says why it is quiet."""
    words = text("silence.on_incident", until=silence.until, by=named(silence.created_by), reason=silence.reason)
    return text("silence.with_ticket", words=words, ticket=ticket(silence)) if silence.ticket else words
