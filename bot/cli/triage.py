"""`baton replay`, `baton explain`: what triage makes of messages, without a workspace."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from bot.cli.common import DEFAULT_CONFIG, known_operations, print_problems, words
from bot.text import text

if TYPE_CHECKING:
    from bot.replay import Setup
    from bot.replay.compare import Comparison, Difference
    from bot.replay.memory import Memory
    from bot.triage.model import Own

BotId = Annotated[str, typer.Option(help="Baton's own bot id, whose messages are noise.")]
AppId = Annotated[str, typer.Option(help="Baton's own app id.")]
ConfigDir = Annotated[
    Path | None,
    typer.Option("--config", envvar="BATON_CONFIG", help="Decide by the rules, routes and windows of this directory."),
]


def replay(
    file: Annotated[Path, typer.Argument(dir_okay=False, allow_dash=True)],
    config: ConfigDir = None,
    against: Annotated[
        Path | None,
        typer.Option(help="Print only what this one would decide otherwise than --config (`config` if absent)."),
    ] = None,
    bot_id: BotId = "",
    app_id: AppId = "",
) -> None:
    """Print what Baton would have made of recorded Slack messages, one JSON a line.

    A line is a message event, or {"id", "event"}; their timestamps are the clock. No secret is needed.
    """
    from bot.replay import replay as run  # noqa: PLC0415
    from bot.triage.model import Own  # noqa: PLC0415

    own = Own(bot_id=bot_id, app_id=app_id)
    with _lines(file) as lines:
        if against is None:
            _warn_of_unwatched(run(lines, sys.stdout, _setup(config, own)))
        else:
            before = config or DEFAULT_CONFIG
            _compare(lines, _setup(before, own), _setup(against, own))
            typer.echo(f"{before} → {against}")


def explain(
    file: Annotated[Path | None, typer.Argument(help="A file with one event; standard input if absent.")] = None,
    config: ConfigDir = None,
    bot_id: BotId = "",
    app_id: AppId = "",
) -> None:
    """Print every decision about one message event with its reason."""
    from bot.replay import explain as run  # noqa: PLC0415
    from bot.triage.mend import mended  # noqa: PLC0415
    from bot.triage.model import Own  # noqa: PLC0415

    with _lines(file or Path("-")) as lines:
        written = lines.read()
    try:
        event = json.loads(written)
    except ValueError as error:
        typer.echo(f"This is no JSON: {error}", err=True)
        raise typer.Exit(1) from None
    if not isinstance(event, dict):
        typer.echo("This is no message event: a JSON object is needed.", err=True)
        raise typer.Exit(1)
    inner = event.get("event")
    setup = _setup(config, Own(bot_id=bot_id, app_id=app_id))
    for line in run(mended(inner if isinstance(inner, dict) else event), setup):
        typer.echo(line)


def _setup(directory: Path | None, own: "Own") -> "Setup":
    """Return what to decide by; what is wrong in the directory is printed, and ends this with status 1."""
    from bot.config.load import load_to_read  # noqa: PLC0415
    from bot.config.problem import ConfigError  # noqa: PLC0415
    from bot.replay import Setup  # noqa: PLC0415

    if directory is None:
        return Setup(own)
    from bot.wiring.routes import overrides_of, routes_of  # noqa: PLC0415 - the store comes with it
    from bot.wiring.team_rules import team_rules_of  # noqa: PLC0415 - the store comes with it

    try:
        config = load_to_read(directory, os.environ, known_operations())
    except ConfigError as error:
        print_problems(error.problems)
        raise typer.Exit(1) from None
    routes = {name: route for (_, name), route in overrides_of(config).items()}
    return Setup(own, team_rules_of(config), routes_of(config), routes)


def _compare(lines: TextIO, before: "Setup", after: "Setup") -> None:
    from bot.replay import compare  # noqa: PLC0415

    comparison = compare(before, after)
    for difference in comparison.differences(lines):
        _print(difference)
    _sum_up(comparison)
    _warn_of_unwatched(comparison.after.memory)


def _print(difference: "Difference") -> None:
    typer.echo(f"{difference.key}  {difference.said}")
    width = max(len(change.field) for change in difference.changes)
    for change in difference.changes:
        typer.echo(f"    {change.field:<{width}}  {change.before} → {change.after}")


def _sum_up(comparison: "Comparison") -> None:
    before, after = comparison.before, comparison.after
    typer.echo(words(text("cli.replay.lines", n=after.lines, changed=comparison.changed)))
    for msgid, old, new in (
        ("cli.replay.incidents", before.incidents, after.incidents),
        ("cli.replay.mentions", before.mentions, after.mentions),
        ("cli.replay.held", before.held, after.held),
    ):
        typer.echo(words(text(msgid, before=old, after=new)))


def _warn_of_unwatched(memory: "Memory") -> None:
    """Say which channels Baton would not read at all: their messages were decided by the default windows."""
    if memory.unwatched:
        channels = tuple(sorted(memory.unwatched))
        said = text("cli.replay.unwatched", n=memory.unwatched.total(), channels=channels)
        typer.echo(words(said), err=True)


@contextmanager
def _lines(file: Path) -> Iterator[TextIO]:
    """Open the file, or standard input for `-`; what is wrong with it is printed and ends this with status 1."""
    try:
        with nullcontext(sys.stdin) if str(file) == "-" else file.open(encoding="utf-8") as lines:
            yield lines
    except OSError as error:
        typer.echo(f"{file}: {error.strerror}", err=True)
        raise typer.Exit(1) from None
    except ValueError as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(1) from None


def add_to(app: typer.Typer) -> None:
    app.command()(replay)
    app.command()(explain)
