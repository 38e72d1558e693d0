"""`baton config …`, `baton runbooks …`, `baton manifest`"""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigDir, known_operations, print_problems
from bot.clock import SystemClock

config = typer.Typer(help="The configuration.", no_args_is_help=True)
runbooks = typer.Typer(help="The runbooks.", no_args_is_help=True)


@config.command()
def check(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Say everything that is wrong in the configuration, with file, line and what to write instead."""
    from bot.config.check import problems  # noqa: PLC0415

    found = problems(config, os.environ, known_operations())
    wrong = [each for each in found if not each.needs_environment]
    print_problems(found)
    if wrong:
        raise typer.Exit(1)
    unset = len(found)
    typer.echo(f"{config}: fine" + (f"; {unset} things are still to be set in the environment" if unset else ""))


@config.command()
def schema(
    file: Annotated[str, typer.Argument(help="baton.yaml, policy.yaml, policy_tests.yaml, …")] = "baton.yaml",
) -> None:
    """Print the JSON Schema of a file, for editors."""
    from bot.config.load import SCHEMAS  # noqa: PLC0415
    from bot.config.load import schema as schema_of  # noqa: PLC0415

    if file not in SCHEMAS:
        typer.echo(f"Baton does not read {file}: choose one of {', '.join(SCHEMAS)}.", err=True)
        raise typer.Exit(2)
    typer.echo(json.dumps(schema_of(file), indent=2, ensure_ascii=False))


@runbooks.callback()
def _group() -> None:
    """The runbooks."""


@runbooks.command("check")
def check_runbooks(
    config: ConfigDir = DEFAULT_CONFIG, directory: Annotated[Path | None, typer.Option(help="The pages.")] = None
) -> None:
    """Say what is wrong with the runbooks: dead links, topics without a page, missing languages."""
    from bot.config.load import examine  # noqa: PLC0415
    from bot.operations.catalog import CATALOG  # noqa: PLC0415
    from bot.runbooks import check as check_pages  # noqa: PLC0415
    from bot.triage.topics import TOPICS  # noqa: PLC0415

    examined = examine(config, os.environ).config
    pages = directory or Path(examined.baton.runbooks.directory if examined else "runbooks")
    found = check_pages(pages, TOPICS, tuple(CATALOG))
    print_problems(found)
    if found:
        raise typer.Exit(1)
    typer.echo(f"{pages}: fine")


def operations() -> None:
    """Print the page of the documentation that lists every operation, as Markdown."""
    from bot.operations.catalog import CATALOG  # noqa: PLC0415 - what the other commands need not load
    from bot.views.operations_page import operations_page  # noqa: PLC0415 - as above
    from bot.views.reader import default_reader  # noqa: PLC0415 - as above

    typer.echo(operations_page(CATALOG, default_reader(SystemClock().now())))


def manifest(
    config: ConfigDir = DEFAULT_CONFIG,
    url: Annotated[str | None, typer.Option(help="Where Slack reaches Baton, as https://baton.example.com")] = None,
) -> None:
    """Print the Slack app manifest for this configuration: paste it at api.slack.com/apps."""
    from bot.config.load import examine  # noqa: PLC0415
    from bot.config.model import Transport  # noqa: PLC0415
    from bot.manifest import manifest as build  # noqa: PLC0415

    examined = examine(config, os.environ, known_operations())
    if examined.config is None:
        print_problems(each for each in examined.problems if not each.needs_environment)
        raise typer.Exit(1)
    loaded = examined.config  # the secrets come later: Slack gives them for the app that this describes
    socket = loaded.baton.slack.transport is Transport.SOCKET
    if not socket and url is None:
        typer.echo("Slack needs to know where it reaches Baton: add --url https://…, or use Socket Mode.", err=True)
        raise typer.Exit(2)
    typer.echo(json.dumps(build(loaded, app_url=url, socket=socket), indent=2, ensure_ascii=False))
