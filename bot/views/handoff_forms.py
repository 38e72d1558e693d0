"""The forms of a handoff: to write and sign it, and to tick off or add what is left to do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bot.handoff.card import HandoffCard
from bot.handoff.life import Effort, FollowUp, Said
from bot.text import Mention, Text, text
from bot.views import blocks, limits
from bot.views.blocks import Block, Element
from bot.views.handoff_card import many, people
from bot.views.reader import Reader

LONGEST_NOTE = 2500
LONGEST_LINE = 300
STEPS = 10  # open things whose next step is asked for
TICKED_AT_ONCE = 40
SIGN, SAVE = "sign", "save"
_STEP = "step:"


def write_form(
    card: HandoffCard, said: Said, reader: Reader, *, metadata: str, meanwhile: Text | None = None
) -> dict[str, Any]:
    """Return the modal in which a handoff is written; `meanwhile` says what somebody else has saved since."""
    return blocks.modal(
        text("handoff.form.title"),
        list(_write_blocks(card, said, reader, meanwhile)),
        reader,
        callback_id="handoff.write",
        submit=text("handoff.form.submit"),
        close=text("common.cancel"),
        private_metadata=metadata,
    )


def _write_blocks(card: HandoffCard, said: Said, reader: Reader, meanwhile: Text | None) -> Iterator[Block]:
    if meanwhile:
        yield blocks.section(meanwhile, reader)
    to = card.handoff.incoming
    yield blocks.context([text("handoff.form.told", to=people(to), n=many(to))], reader)
    first = blocks.text_input(
        reader=reader, action_id="handoff.first", initial=said.first or None, max_length=LONGEST_LINE, focus=True
    )
    hint = text("handoff.form.first_hint")
    yield blocks.input_(text("handoff.form.first"), first, reader, block_id="first", hint=hint, optional=True)
    for each in card.open[:STEPS]:
        step = blocks.text_input(
            reader=reader, action_id="handoff.step", initial=said.steps.get(each.ref), max_length=LONGEST_LINE
        )
        label = text("handoff.form.step", what=each.label)
        yield blocks.input_(label, step, reader, block_id=f"{_STEP}{each.ref}", optional=True)
    yield from _left_out(len(card.open) - STEPS, reader)
    note = blocks.text_input(
        reader=reader, action_id="handoff.note", initial=said.note or None, multiline=True, max_length=LONGEST_NOTE
    )
    yield blocks.input_(text("handoff.form.note"), note, reader, block_id="note", optional=True)
    yield _effort(said.effort, reader)
    yield from new_follow_up(reader)
    if not card.handoff.signed_at:
        yield _ending(reader)


def _left_out(n: int, reader: Reader) -> Iterator[Block]:
    if n > 0:
        yield blocks.context([text("common.more", n=n)], reader)


def _effort(known: Effort | None, reader: Reader) -> Block:
    offered = [_effort_option(each, reader) for each in Effort]
    initial = next((each for each in offered if known and each["value"] == str(known.value)), None)
    menu = blocks.select(offered, text("handoff.form.effort_hint"), reader, action_id="handoff.effort", initial=initial)
    return blocks.input_(text("handoff.form.effort"), menu, reader, block_id="effort", optional=True)


def _effort_option(effort: Effort, reader: Reader) -> Element:
    return blocks.option(text(f"handoff.effort.{effort.name.lower()}"), reader, str(effort.value))


def _ending(reader: Reader) -> Block:
    offered = [blocks.option(text(f"handoff.form.{each}"), reader, each) for each in (SIGN, SAVE)]
    choice = blocks.radio_buttons(offered, action_id="handoff.ending", initial=offered[0])
    return blocks.input_(text("handoff.form.ending"), choice, reader, block_id="ending")


def new_follow_up(reader: Reader) -> Iterator[Block]:
    """Yield the fields in which something left to do is added."""
    words = blocks.text_input(reader=reader, action_id="handoff.todo", max_length=LONGEST_LINE)
    owner = blocks.users_select(text("handoff.form.owner_hint"), reader, action_id="handoff.owner")
    due = blocks.date_picker(action_id="handoff.due")
    yield blocks.input_(
        text("handoff.form.todo"),
        words,
        reader,
        block_id="todo",
        hint=text("handoff.form.todo_hint"),
        optional=True,
    )
    yield blocks.input_(text("handoff.form.owner"), owner, reader, block_id="owner", optional=True)
    yield blocks.input_(text("handoff.form.due"), due, reader, block_id="due", optional=True)


def follow_up_form(handoff_id: str, schedule: str, found: Sequence[FollowUp], reader: Reader) -> dict[str, Any]:
    """Return the modal in which what is done is ticked off and what is left is added."""
    return blocks.modal(
        text("handoff.todo.title"),
        list(_follow_up_blocks(schedule, found, reader)),
        reader,
        callback_id="handoff.follow_ups",
        submit=text("handoff.form.submit"),
        close=text("common.cancel"),
        private_metadata=handoff_id,
    )


def _follow_up_blocks(schedule: str, found: Sequence[FollowUp], reader: Reader) -> Iterator[Block]:
    if not found:
        yield blocks.section(text("handoff.todo.none", schedule=schedule), reader)
    for at in range(0, min(len(found), TICKED_AT_ONCE), limits.CHOICES):
        offered = [_tick(each, reader) for each in found[at : at + limits.CHOICES]]
        boxes = blocks.checkboxes(offered, action_id="handoff.done")
        label = text("handoff.todo.done")
        yield blocks.input_(label, boxes, reader, block_id=f"done:{at}", optional=True)
    yield from _left_out(len(found) - TICKED_AT_ONCE, reader)
    yield from new_follow_up(reader)


def _tick(each: FollowUp, reader: Reader) -> Element:
    words = text("handoff.todo.words", words=each.words)
    who = text("handoff.todo.owner", who=Mention(each.owner)) if each.owner else None
    return blocks.option(words, reader, each.id, who)


def read_said(filled: Mapping[str, Any]) -> Said:
    """Return what the form says."""
    steps = {key.removeprefix(_STEP): str(value).strip() for key, value in filled.items() if key.startswith(_STEP)}
    effort = str(filled.get("effort") or "")
    return Said(
        first=_line(filled, "first"),
        note=_line(filled, "note"),
        effort=Effort(int(effort)) if effort.isdigit() and int(effort) in list(Effort) else None,
        steps=steps,
    )


def read_follow_up(filled: Mapping[str, Any]) -> tuple[str, str | None, date | None]:
    """Return what is left to do, whose it is and until when; empty where nothing was added."""
    due = str(filled.get("due") or "")
    return (
        _line(filled, "todo"),
        str(filled["owner"]) if filled.get("owner") else None,
        date.fromisoformat(due) if due else None,
    )


def read_ticked(filled: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(each) for key, ids in filled.items() if key.startswith("done:") for each in ids)


def is_signed(filled: Mapping[str, Any]) -> bool:
    return str(filled.get("ending") or SIGN) == SIGN


def _line(filled: Mapping[str, Any], key: str) -> str:
    return str(filled.get(key) or "").strip()
