"""The report as Block Kit: short enough for a phone, most important first, each figure with the list behind it."""

from collections.abc import Iterator

from bot.handoff.model import Item, Report
from bot.handoff.page import Listed
from bot.text import Lines, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.reader import Reader
from bot.views.report_lines import Section, figure, named_item, sections, value

LISTED = 6  # lines of a block; what is left stands behind its button
_QUIET = ("people", "workload", "watch")  # what also a quiet shift says


def report_blocks(report: Report, reader: Reader) -> list[Block]:
    """Return the report below a headline that its caller writes; a message has room for it and twenty blocks more."""
    return list(_blocks(report, reader))


def _blocks(report: Report, reader: Reader) -> Iterator[Block]:
    found = sections(report)
    if report.is_quiet:
        yield blocks.section(text("report.quiet"), reader)
        found = tuple(each for each in found if each.key in _QUIET)
    else:
        yield blocks.section(text("report.first", words=report.first), reader)
    for each in found:
        yield _section(report, each, reader)


def _section(report: Report, section: Section, reader: Reader) -> Block:
    shown: list[Text] = [section.title, *section.lines[:LISTED]]
    if len(section.lines) > LISTED:
        shown.append(text("report.more", left=len(section.lines) - LISTED))
    words = text("report.lines", lines=Lines(tuple(shown)))
    return blocks.section(words, reader, accessory=_lists(report, section, reader))


def _lists(report: Report, section: Section, reader: Reader) -> Element | None:
    """Return the button or menu that opens the lists behind a block's figures, where there is anything in them."""
    names = [name for name in section.names if report.figures[name].of]
    action_id = f"report.list:{section.key}"
    if not names:
        return None
    if len(names) == 1:
        value = str(report.list_ref(names[0]))
        return blocks.button(text("report.list"), reader, action_id=action_id, value=value)
    options = [blocks.option(figure(report, name), reader, str(report.list_ref(name))) for name in names]
    return blocks.overflow(options, action_id=action_id)


def list_modal(listed: Listed, reader: Reader) -> dict[str, object]:
    """Return one page of the list behind a figure, with the way to the others."""
    return blocks.modal(text("report.list.title"), list(_page(listed, reader)), reader, callback_id="report.list")


def _page(listed: Listed, reader: Reader) -> Iterator[Block]:
    yield blocks.section(
        text("report.figure", name=text(f"report.name.{listed.ref.name}"), value=value(listed.figure)), reader
    )
    if not listed.items:
        yield blocks.context([text("report.list.empty")], reader)
        return
    lines = tuple(_item(each, listed.figure.times.get(each.ref, 1)) for each in listed.items)
    for start in range(0, len(lines), LISTED):
        yield blocks.section(text("report.lines", lines=Lines(lines[start : start + LISTED])), reader)
    said = {"from_": listed.offset + 1, "to": listed.offset + len(listed.items), "all": listed.total}
    yield blocks.context([text("report.list.page", **said)], reader)
    if buttons := list(_turns(listed, reader)):
        yield blocks.actions(buttons)


def _item(item: Item, times: int) -> Text:
    said = {"name": named_item(item), "at": item.at}
    words = text("report.list.item.often", **said, times=times) if times > 1 else text("report.list.item", **said)
    return text("report.list.item.noted", item=words, note=item.note) if item.note else words


def _turns(listed: Listed, reader: Reader) -> Iterator[Element]:
    if listed.page > 0:
        yield _turn("report.list.newer", listed, listed.page - 1, reader)
    if listed.offset + len(listed.items) < listed.total:
        yield _turn("report.list.older", listed, listed.page + 1, reader)


def _turn(msgid: str, listed: Listed, page: int, reader: Reader) -> Element:
    verb = msgid.rpartition(".")[2]
    return blocks.button(text(msgid), reader, action_id=f"report.turn:{verb}", value=f"{listed.ref}|{page}")


def headline(report: Report) -> Text:
    return text("report.title", schedule=report.schedule, since=report.start, until=report.end)
