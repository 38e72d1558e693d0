"""The alert at the on-call provider, on the card of its incident: how it stands, what people did, what to press."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bot.actor import named
from bot.pages.deed import AlertDeed, AlertStanding, DeedState
from bot.pages.escalation import Level
from bot.pages.model import PROVIDERS, PageState
from bot.text import Code, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.reader import Reader

LONGEST_NOTE = 2_000
SNOOZES = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
_SIGNS = {
    DeedState.REQUESTED: "⏳",
    DeedState.SENDING: "⏳",
    DeedState.ACCEPTED: "⏳",
    DeedState.LOOKING: "⏳",
    DeedState.DONE: "✅",
    DeedState.FAILED: "❌",
    DeedState.UNCONFIRMED: "❔",
}
_WORDS = {DeedState.DONE: "done", DeedState.FAILED: "failed_deed", DeedState.UNCONFIRMED: "unconfirmed"}
_ON_THE_WAY = frozenset({PageState.WANTED, PageState.REQUESTED})


def alert(standing: AlertStanding | None, incident_id: str, reader: Reader) -> Iterator[Block]:
    """Yield how the alert stands, and, while it is open, the buttons that act on it."""
    if standing is None:
        return
    yield blocks.context([_how(standing, reader), *map(_deed, standing.deeds)], reader)
    if standing.is_open:
        yield blocks.actions(list(_buttons(standing, incident_id, reader)))


def note_form(incident_id: str, reader: Reader) -> dict[str, Any]:
    """Return the modal in which somebody writes a note at the alert."""
    words = blocks.text_input(
        reader=reader, action_id="alert.words", multiline=True, max_length=LONGEST_NOTE, focus=True
    )
    return blocks.modal(
        text("form.alert.title"),
        [blocks.input_(text("form.alert.words"), words, reader, block_id="words", hint=text("form.alert.hint"))],
        reader,
        callback_id="alert.note",
        submit=text("form.alert.save"),
        close=text("common.cancel"),
        private_metadata=incident_id,
    )


def _how(standing: AlertStanding, reader: Reader) -> Text:
    provider = PROVIDERS.get(standing.provider, standing.provider)
    called: Param = text(f"page.card.level.{standing.level.name.lower()}") if standing.level is not Level.FIRST else ""
    if not standing.is_open:
        return _not_open(standing, provider)
    state = "acknowledged" if standing.is_acknowledged else "waiting"
    if standing.snoozed_until and standing.snoozed_until > reader.now:
        state = "snoozed"
    return text(
        f"page.card.{state}",
        provider=provider,
        number=f" #{standing.number}" if standing.number else "",
        who=standing.owner or text("page.card.somebody"),
        until=standing.snoozed_until or reader.now,
        called=called,
    )


def _not_open(standing: AlertStanding, provider: str) -> Text:
    schedule = Code(standing.schedule)
    if standing.page in _ON_THE_WAY:
        return text("page.card.on_the_way", provider=provider, schedule=schedule)
    if standing.page is PageState.FAILED:
        why = standing.problem or ""
        return text("page.card.failed", provider=provider, schedule=schedule, why=why)
    return text("page.card.closed", provider=provider, number=f" #{standing.number}" if standing.number else "")


def _deed(deed: AlertDeed) -> Text:
    what = text(f"page.card.deed.{deed.deed}")
    return text(
        f"page.card.{_WORDS.get(deed.state, 'requested')}",
        sign=_SIGNS[deed.state],
        what=what,
        by=named(deed.actor),
        why=deed.why or "",
        at=deed.asked_at,
    )


def _buttons(standing: AlertStanding, incident_id: str, reader: Reader) -> Iterator[Element]:
    provider = PROVIDERS.get(standing.provider, standing.provider)

    def button(verb: str, confirmation: Element | None = None) -> Element:
        words = text(f"button.alert.{verb}", provider=provider)
        return blocks.button(words, reader, action_id=f"alert.{verb}", value=incident_id, confirmation=confirmation)

    if not standing.is_acknowledged:
        yield button("acknowledge")
    sure = blocks.confirm(
        text("alert.close.title"),
        text("alert.close.sure", provider=provider),
        reader,
        yes=text("alert.close.yes"),
    )
    yield button("close", sure)
    yield button("note")
    choices = [
        blocks.option(text("alert.snooze.for", span=each), reader, _choice(each, incident_id)) for each in SNOOZES
    ]
    yield blocks.select(choices, text("alert.snooze"), reader, action_id="alert.snooze")


def _choice(span: timedelta, incident_id: str) -> str:
    return f"{round(span.total_seconds() / 60)}:{incident_id}"
