"""The report as a page of Markdown that reads by itself: every block whole, and the ids behind each figure."""

from collections.abc import Iterator

from bot.handoff.model import Figure, Name, Report
from bot.text import Param, Text, text
from bot.views.reader import Reader
from bot.views.report_lines import Section, sections, value
from bot.views.words import Markup, say, show

_BULLET = "• "


def markdown(report: Report, reader: Reader, said: str = "") -> str:
    """Return the page; times are those of the reader's zone. What people `said` comes before the blocks."""
    parts = [*_head(report, reader), *([said] if said else []), *_blocks(report, reader), *_figures(report, reader)]
    return "\n".join(parts) + "\n"


def _head(report: Report, reader: Reader) -> Iterator[str]:
    title = text("report.title", schedule=report.schedule, since=report.start, until=report.end)
    yield f"# {_plain(title, reader)}"
    yield ""
    opening = text("report.quiet") if report.is_quiet else text("report.first", words=report.first)
    yield say(opening, reader, Markup.MARKDOWN)
    yield ""


def _blocks(report: Report, reader: Reader) -> Iterator[str]:
    for section in sections(report):
        yield f"## {_plain(section.title, reader)}"
        yield ""
        yield from _lines(section, reader)
        yield ""


def _lines(section: Section, reader: Reader) -> Iterator[str]:
    for line in section.lines:
        yield "- " + say(line, reader, Markup.MARKDOWN).removeprefix(_BULLET).replace("\n", " ")


def _figures(report: Report, reader: Reader) -> Iterator[str]:
    """Yield a table of all figures, then what each of them counts."""
    yield f"## {_plain(text('report.figures'), reader)}"
    yield ""
    yield f"| {_plain(text('report.figures.name'), reader)} | {_plain(text('report.figures.value'), reader)} |"
    yield "|---|---|"
    for name in Name:
        yield f"| {_cell(text(f'report.name.{name}'), reader)} | {_cell(value(report.figures[name]), reader)} |"
    yield ""
    for name in Name:
        if (figure := report.figures[name]).of:
            yield f"- {_cell(text(f'report.name.{name}'), reader)}: {', '.join(_counted(figure))}"
    yield ""
    yield say(text("report.zone", zone=report.zone), reader, Markup.MARKDOWN)


def _counted(figure: Figure) -> Iterator[str]:
    for ref in figure.of:
        yield f"`{ref}` ×{figure.times[ref]}" if ref in figure.times else f"`{ref}`"


def _cell(param: Param, reader: Reader) -> str:
    return show(param, reader, Markup.MARKDOWN).replace("|", "\\|")


def _plain(words: Text, reader: Reader) -> str:
    return " ".join(say(words, reader, Markup.PLAIN).split())
