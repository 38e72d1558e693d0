"""The report of any window as Block Kit that stands by itself: its headline, what was said in it, its blocks."""

from collections.abc import Sequence

from bot.handoff.card import HandoffCard
from bot.handoff.model import Report
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.handoff import headline, report_blocks
from bot.views.handoff_card import headline as of_card
from bot.views.handoff_card import said_blocks, standing
from bot.views.reader import Reader


def page_blocks(report: Report, handed: Sequence[HandoffCard], reader: Reader) -> list[Block]:
    """Return the blocks of one message."""
    said = [block for card in handed for block in _said(card, reader)]
    return blocks.message([blocks.section(headline(report), reader), *said, *report_blocks(report, reader)], reader)


def _said(card: HandoffCard, reader: Reader) -> list[Block]:
    told = [blocks.section(of_card(card), reader), blocks.context(list(standing(card)), reader)]
    return [*told, *said_blocks(card, reader)]
