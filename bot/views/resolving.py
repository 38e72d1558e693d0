"""The form in which whoever resolves an incident may say what the cause was and what helped."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from bot.incidents.card import IncidentCard
from bot.incidents.fix import LONGEST_REMARK, Cause, Fix, Remedy
from bot.incidents.model import IncidentState
from bot.text import Lines, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.incident import SHOWN_OCCURRENCES, failure, headline
from bot.views.reader import Reader


def form(card: IncidentCard, reader: Reader) -> dict[str, Any]:
    """Return the modal; nothing in it has to be filled in, and Enter sends it.

    What is open is listed as to be dismissed. Of an incident that is over, cause and fix can be noted afterwards.
    """
    is_over = card.state is IncidentState.RESOLVED
    return blocks.modal(
        text("form.incident.note_fix" if is_over else "form.incident.resolve"),
        list(_blocks(card, reader)),
        reader,
        callback_id="incident.note_fix" if is_over else "incident.resolve",
        submit=text("form.incident.save" if is_over else "button.incident.resolve"),
        close=text("common.cancel"),
        private_metadata=card.id,
    )


def _blocks(card: IncidentCard, reader: Reader) -> Iterator[Block]:
    yield blocks.section(headline(card), reader)
    if card.open_occurrences:
        lines = tuple(failure(each) for each in card.open_occurrences[:SHOWN_OCCURRENCES])
        dismissed = text("incident.will_dismiss", n=len(card.open_occurrences), lines=Lines(lines))
        yield blocks.section(dismissed, reader)
    known = card.fix or Fix()
    yield _choice("cause", Cause, known.cause, reader)
    yield _choice("remedy", Remedy, known.remedy, reader)
    remark = blocks.text_input(
        reader=reader,
        action_id="incident.remark",
        placeholder=text("form.incident.remark_hint"),
        initial=known.remark,
        max_length=LONGEST_REMARK,
        focus=True,
    )
    yield blocks.input_(text("form.incident.remark"), remark, reader, block_id="remark", optional=True)


def _choice(name: str, choices: type[StrEnum], known: StrEnum | None, reader: Reader) -> Block:
    offered = [_option(name, each, reader) for each in choices]
    menu = blocks.select(
        offered,
        text("form.incident.choose"),
        reader,
        action_id=f"incident.{name}",
        initial=_option(name, known, reader) if known else None,
    )
    return blocks.input_(text(f"form.incident.{name}"), menu, reader, block_id=name, optional=True)


def _option(name: str, choice: StrEnum, reader: Reader) -> Element:
    return blocks.option(text(f"{name}.{choice}"), reader, choice.value)
