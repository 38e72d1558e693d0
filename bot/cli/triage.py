"""`baton replay`, `baton explain`: what triage makes of messages, without a workspace."""

import json
import sys
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.triage.model import Own

BotId = Annotated[str, typer.Option(help="Baton's own bot id, whose messages are noise.")]
AppId = Annotated[str, typer.Option(help="Baton's own app id.")]


def replay(file: Annotated[Path, typer.Argument(dir_okay=False)], bot_id: BotId = "", app_id: AppId = "") -> None:
    """Print what Baton would have made of recorded Slack messages, one JSON a line.

    A line is a message event, or {"id", "event"}; their timestamps are the clock.
    """
    from bot.replay import replay as run  # noqa: PLC0415

    with _opened(file) as lines:
        try:
            run(lines, sys.stdout, Own(bot_id=bot_id, app_id=app_id))
        except ValueError as error:
            typer.echo(f"{file}: {error}", err=True)
            raise typer.Exit(1) from None


def explain(
    file: Annotated[Path | None, typer.Argument(help="A file with one event; standard input if absent.")] = None,
    bot_id: BotId = "",
    app_id: AppId = "",
) -> None:
    """Print every decision about one message event with its reason."""
    from bot.replay import explain as run  # noqa: PLC0415

    written = file.read_text("utf-8") if file else sys.stdin.read()
    try:
        event = json.loads(written)
    except ValueError as error:
        typer.echo(f"This is no JSON: {error}", err=True)
        raise typer.Exit(1) from None
    if not isinstance(event, dict):
        typer.echo("This is no message event: a JSON object is needed.", err=True)
        raise typer.Exit(1)
    for line in run(event.get("event", event), Own(bot_id=bot_id, app_id=app_id)):
        typer.echo(line)


def _opened(file: Path) -> TextIO:
    try:
        return file.open(encoding="utf-8")
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}", err=True)
        raise typer.Exit(1) from None


def add_to(app: typer.Typer) -> None:
    app.command()(replay)
    app.command()(explain)
