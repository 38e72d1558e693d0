"""`baton handoff`: the report of any past stretch of time on call."""

import json
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigDir, load_app, moment, words
from bot.text import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.app import App
    from bot.handoff.card import HandoffCard
    from bot.handoff.model import Report
    from bot.store import Tx
    from bot.views.reader import Reader


class Format(StrEnum):
    SLACK = "slack"
    MARKDOWN = "markdown"
    JSON = "json"


class Language(StrEnum):
    EN = "en"
    KO = "ko"


def handoff(
    since: Annotated[str, typer.Option("--from", help="From this day or moment on, as 2026-11-22T09:00.")],
    until: Annotated[str, typer.Option("--to", help="Up to this day or moment, which is left out.")],
    config: ConfigDir = DEFAULT_CONFIG,
    schedule: Annotated[str | None, typer.Option(help="Which schedule; needed where there are several.")] = None,
    form: Annotated[Format, typer.Option("--format", help="Blocks for Slack, a page, or data.")] = Format.MARKDOWN,
    language: Annotated[Language | None, typer.Option(help="That of the configuration if absent.")] = None,
) -> None:
    """Print what happened in a stretch of time on call and how things stood at its end. Nothing is posted."""
    from bot.handoff.queries import report  # noqa: PLC0415

    app = load_app(config)
    scope = app.reports[_schedule(app, schedule)]
    start, end = moment(since, app.config.zone), moment(until, app.config.zone)
    if start >= end:
        typer.echo(words(text("report.backwards")), err=True)
        raise typer.Exit(2)
    spoken = (language or app.config.baton.language).value

    def read(tx: "Tx") -> str:
        reader = replace(app.readers.of_channel(tx, spoken), now=end, keeps=True)  # the same whenever it is printed
        return _shown(report(tx, scope, start, end), app.handoffs.posted(tx, scope.schedule, start, end), form, reader)

    typer.echo(app.store.read(read).rstrip())


def _schedule(app: "App", named: str | None) -> str:
    known = ", ".join(app.reports)
    chosen = next(iter(app.reports)) if named is None and len(app.reports) == 1 else named
    if chosen in app.reports:
        return str(chosen)
    why = text("report.which_schedule", known=known)
    if named:
        why = text("report.no_such_schedule", name=named, known=known)
    typer.echo(words(why), err=True)
    raise typer.Exit(2)


def _shown(found: "Report", handed: "Sequence[HandoffCard]", form: Format, reader: "Reader") -> str:
    from bot.handoff.written import as_json, spoken  # noqa: PLC0415
    from bot.views import handoff_markdown  # noqa: PLC0415
    from bot.views.handoff_page import page_blocks  # noqa: PLC0415
    from bot.views.report_markdown import markdown  # noqa: PLC0415

    match form:
        case Format.MARKDOWN:
            said = "".join(f"{handoff_markdown.spoken(each, reader)}\n" for each in handed)
            return markdown(found, reader, said)
        case Format.JSON:
            data = as_json(found) | {"handoffs": [spoken(each) for each in handed]}
            return json.dumps(data, ensure_ascii=False, indent=2)
        case Format.SLACK:
            return json.dumps({"blocks": page_blocks(found, handed, reader)}, ensure_ascii=False, indent=2)
