"""Whose yes a run needs and why, what people said to it, and the forms in which they say it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.actor import named
from bot.config.policy import Needs
from bot.config.who import Who, WhoKind
from bot.operations.lifecycle import State
from bot.operations.model import Run
from bot.operations.policy import Approvals
from bot.operations.run_card import RunCard, Wants
from bot.operations.statement import Said, Statement
from bot.operations.why import LONGEST, REASON, TICKET
from bot.text import Code, Lines, Mention, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.limits import shorten
from bot.views.reader import Reader
from bot.views.run_buttons import with_plan
from bot.views.words import say

_NAMED = 8  # people who could say yes that a card names
_QUOTED = 600  # characters of what somebody wrote that a card shows


def about(card: RunCard, reader: Reader) -> Iterator[Block]:
    """Yield why it is wanted, whose yes it needs, and what was said so far."""
    told = list(_told(card.run))
    if told:
        yield blocks.context(told, reader)
    wanted = list(_wanted(card.run, card.wants))
    if wanted:
        yield _lines(wanted, reader)
    said = [_said(each) for each in card.run.statements]
    if said:
        yield _lines(said, reader)


def _lines(words: Sequence[Text], reader: Reader) -> Block:
    return blocks.raw_section("\n".join(say(each, reader) for each in words))


def _told(run: Run) -> Iterator[Text]:
    if run.why.reason:
        yield text("run.told_reason", reason=shorten(run.why.reason, _QUOTED))
    if run.why.ticket:
        yield text("run.told_ticket", ticket=run.why.ticket)


def _wanted(run: Run, wants: Wants) -> Iterator[Text]:
    if wants.refused:
        yield text("run.may_not_begin", reasons=Lines(wants.refused))
    if not wants.missing:
        return
    for each in wants.missing:
        msgid = "run.waits_for" if run.state is State.AWAITING_APPROVAL else "run.will_wait_for"
        yield text(msgid, n=each.count, who=who_of(each))
    if wants.reasons:
        yield text("run.needs_it_because", reasons=wants.reasons)
    yield _able(wants)
    yield from wants.unchecked


def _able(wants: Wants) -> Text:
    if wants.nobody_could:
        return text("run.nobody_could")
    if wants.any_member:
        return text("run.any_member_could")
    shown: tuple[Param, ...] = tuple(Mention(user) for user in wants.users[:_NAMED])
    more = len(wants.users) - len(shown)
    if more > 0:
        return text("run.these_and_more_could", who=shown, n=more)
    return text("run.these_could", who=shown) if shown else text("run.nobody_known_could")


def who_of(approvals: Approvals) -> tuple[Param, ...]:
    """Name those of whom some have to say yes, as the policy names them."""
    return tuple(_who(each) for each in approvals.by)


def _who(who: Who) -> Param:
    match who.kind:
        case WhoKind.GROUP | WhoKind.USER:
            return Mention(who.id)
        case WhoKind.CLI:
            return Code(who.id)
        case _:
            return text(f"run.who.{who.kind.value}")


def _said(statement: Statement) -> Text:
    words: dict[str, Param] = {"by": named(statement.actor), "at": statement.at}
    words["reason"] = shorten(statement.reason, _QUOTED)
    if statement.void_because is not None and statement.said is Said.YES:
        return text("run.statement.void", **words)
    return text(f"run.statement.{statement.said.value}", **words)


# Forms


@dataclass(frozen=True, slots=True)
class Written:
    """A form in which somebody writes a few words about a run: `run.deny`, `run.ask`, `run.reply`."""

    deed: str

    def form(self, run: Run, reader: Reader) -> dict[str, Any]:
        about_it = text(f"run.form.{self.deed}", summary=run.summary, by=named(run.confirmer or run.requester))
        field = blocks.text_input(
            reader=reader, action_id="field.words", multiline=True, max_length=LONGEST[REASON], focus=True
        )
        label = text(f"run.form.{self.deed}_label")
        return blocks.modal(
            text(f"run.button.{self.deed}"),
            [blocks.section(about_it, reader), blocks.input_(label, field, reader, block_id="words")],
            reader,
            callback_id=f"run.{self.deed}",
            submit=text(f"run.button.{self.deed}"),
            close=text("common.cancel"),
            private_metadata=run.id,
        )


def glass_form(run: Run, reader: Reader) -> dict[str, Any]:
    """Return the modal that asks why the glass is broken, and once more whether it shall be."""
    reason = blocks.text_input(
        reader=reader, action_id=f"field.{REASON}", multiline=True, max_length=LONGEST[REASON], focus=True
    )
    ticket = blocks.text_input(
        reader=reader, action_id=f"field.{TICKET}", initial=run.why.ticket or None, max_length=LONGEST[TICKET]
    )
    sure = blocks.checkboxes([blocks.option(text("run.form.sure"), reader, "yes")], action_id="field.sure")
    return blocks.modal(
        text("run.button.break_glass"),
        [
            blocks.section(text("run.form.break_glass", summary=run.summary), reader),
            blocks.input_(text("run.reason"), reason, reader, block_id=REASON),
            blocks.input_(text("run.ticket"), ticket, reader, block_id=TICKET, optional=True),
            blocks.input_(text("run.form.sure_label"), sure, reader, block_id="sure"),
        ],
        reader,
        callback_id="run.break_glass",
        submit=text("run.button.break_glass"),
        close=text("common.cancel"),
        private_metadata=with_plan(run),
    )


def reason_form(run: Run, lacks: frozenset[Needs], seen: str, reader: Reader) -> dict[str, Any]:
    """Return the modal that asks for what the policy wants to be told before the run begins."""
    shown: list[Block] = [blocks.section(text("run.form.tell", summary=run.summary), reader)]
    for name in (REASON, TICKET):
        if name in lacks:
            field = blocks.text_input(
                reader=reader, action_id=f"field.{name}", multiline=name == REASON, max_length=LONGEST[name]
            )
            shown.append(blocks.input_(text(f"run.{name}"), field, reader, block_id=name))
    return blocks.modal(
        text("run.button.confirm"),
        shown,
        reader,
        callback_id="run.tell",
        submit=text("run.button.confirm"),
        close=text("common.cancel"),
        private_metadata=f"{run.id}.{seen}",
    )
