"""The forms that ask for cover and put somebody in, and the preview of the latter."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.covers import rules
from bot.covers.model import Slot, Wish
from bot.oncall.model import Engineer
from bot.text import Mention, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.reader import Reader
from bot.views.words import Markup, say

_LAST_TIMESTAMP = 10**10  # of Slack's pickers: ten digits


def ask_form(
    slots: Sequence[Slot], reader: Reader, *, metadata: str, chosen: str = "", whom: str | None = None
) -> dict[str, Any]:
    """Return the modal that asks for cover of one of the reader's own shifts, `chosen` by its key."""
    everybody = text("cover.form.whom_hint")
    fields = [
        *_when(slots, chosen, reader, own=True),
        _why(reader),
        _person(text("cover.form.whom"), whom, reader, hint=everybody, optional=True),
    ]
    title, submit = text("cover.form.ask"), text("cover.form.ask_submit")
    return _modal(title, fields, reader, callback_id="cover.ask", submit=submit, metadata=metadata)


def override_form(slots: Sequence[Slot], reader: Reader, *, metadata: str, whom: str | None = None) -> dict[str, Any]:
    """Return the modal that puts somebody in for any shift or gap."""
    fields = [
        _person(text("cover.form.who_in"), whom, reader),
        *_when(slots, "", reader, own=False),
        _why(reader),
    ]
    title, submit = text("cover.form.override"), text("cover.form.look")
    return _modal(title, fields, reader, callback_id="cover.override", submit=submit, metadata=metadata)


def preview_form(slot: Slot, whom: str, why: str, reader: Reader, *, metadata: str) -> dict[str, Any]:
    """Return the modal that says what would change, and does it when it is sent."""
    words = text(
        "cover.form.preview",
        taker=Mention(whom),
        relieved=_named(slot.engineer),
        schedule=slot.schedule,
        since=slot.start_at,
        until=slot.end_at,
        span=slot.end_at - slot.start_at,
        why=why or "–",
    )
    title, submit = text("cover.form.override"), text("cover.form.put_in")
    shown = [blocks.section(words, reader), blocks.context([text("cover.form.preview_hint")], reader)]
    return _modal(title, shown, reader, callback_id="cover.confirm", submit=submit, metadata=metadata)


def _modal(
    title: Text, shown: list[Block], reader: Reader, *, callback_id: str, submit: Text, metadata: str
) -> dict[str, Any]:
    close = text("common.cancel")
    return blocks.modal(
        title, shown, reader, callback_id=callback_id, submit=submit, close=close, private_metadata=metadata
    )


def _when(slots: Sequence[Slot], chosen: str, reader: Reader, *, own: bool) -> list[Block]:
    options = [blocks.option(_slot(slot, own=own), reader, slot.key) for slot in slots]
    first = next((each for each in options if each["value"] == chosen), options[0])
    menu = blocks.select(options, text("cover.form.choose"), reader, action_id="cover.slot", initial=first)
    return [
        blocks.input_(text("cover.form.slot"), menu, reader, block_id="slot"),
        _moment("from", reader),
        _moment("to", reader),
    ]


def _moment(name: str, reader: Reader) -> Block:
    picker = blocks.datetime_picker(action_id=f"cover.{name}")
    hint = text(f"cover.form.{name}_hint", zone=reader.zone.key)
    return blocks.input_(text(f"cover.form.{name}"), picker, reader, block_id=name, optional=True, hint=hint)


def _slot(slot: Slot, *, own: bool) -> Text:
    """Name a slot in a menu, whose entries are short."""
    times: dict[str, Param] = {"schedule": slot.schedule, "since": slot.start_at, "until": slot.end_at}
    if own:
        return text("cover.form.own_slot", **times)
    return text("cover.form.any_slot", who=_named(slot.engineer), **times)


def _named(engineer: Engineer | None) -> Param:
    if engineer is None:
        return text("cover.nobody")
    return Mention(engineer.user) if engineer.user else engineer.name


def _why(reader: Reader) -> Block:
    field = blocks.text_input(reader=reader, action_id="cover.why", max_length=rules.LONGEST_WHY)
    return blocks.input_(text("cover.form.why"), field, reader, block_id="why", optional=True)


def _person(
    label: Text, whom: str | None, reader: Reader, *, hint: Text | None = None, optional: bool = False
) -> Block:
    menu: Element = blocks.users_select(text("cover.form.person"), reader, action_id="cover.whom")
    filled = menu | ({"initial_user": whom} if whom else {})
    return blocks.input_(label, filled, reader, block_id="whom", hint=hint, optional=optional)


def read_wish(filled: Mapping[str, Any]) -> Wish:
    """Return what stands in a form; `filled` are its values by block."""
    return Wish(
        slot=str(filled.get("slot", "")),
        start_at=_read(filled.get("from")),
        end_at=_read(filled.get("to")),
        whom=str(filled["whom"]) if filled.get("whom") else None,
        why=str(filled.get("why", "")).strip(),
    )


def _read(timestamp: object) -> datetime | None:
    if isinstance(timestamp, int) and 0 < timestamp < _LAST_TIMESTAMP:
        return datetime.fromtimestamp(timestamp, UTC)
    return None


def moment(written: str | None) -> datetime | None:
    """Return the time that `isoformat` wrote."""
    return datetime.fromisoformat(written) if written else None


def errors(problems: Sequence[rules.Problem], why: Text, reader: Reader) -> dict[str, str]:
    """Return what Slack shows under each field; a refusal as a whole belongs to the first."""
    return {field: say(words, reader, Markup.PLAIN) for field, words in reversed(problems or (("slot", why),))}
