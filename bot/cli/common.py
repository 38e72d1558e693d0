"""What every command shares: where the configuration is, how problems are printed."""

import os
import pwd
import socket
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.actor import Actor
from bot.clock import Clocks, SystemClock
from bot.text import Param, Text, text
from bot.views.reader import Reader, language
from bot.views.words import Markup, say, show

if TYPE_CHECKING:
    from bot.app import App
    from bot.config.load import Config
    from bot.config.problem import Problem

ConfigDir = Annotated[
    Path, typer.Option("--config", envvar="BATON_CONFIG", help="The directory with baton.yaml and its companions.")
]
DEFAULT_CONFIG = Path("config")


def load_config(directory: Path) -> "Config":
    """Return the configuration, or print every problem with it and end with status 1."""
    from bot.config.load import load  # noqa: PLC0415
    from bot.config.problem import ConfigError  # noqa: PLC0415

    try:
        return load(directory, os.environ, known_operations())
    except ConfigError as error:
        print_problems(error.problems)
        raise typer.Exit(1) from None


def load_app(directory: Path, clocks: Clocks | None = None) -> "App":
    """Return the application on this configuration, with its logs set up."""
    from bot.app import App  # noqa: PLC0415
    from bot.logs import set_up  # noqa: PLC0415
    from bot.store.migrate import SchemaIsOld  # noqa: PLC0415

    set_up()
    app = App(load_config(directory), clocks)
    try:
        app.store  # noqa: B018 - opened here, where what is wrong with it can still be said
    except SchemaIsOld as error:
        typer.echo(error.__doc__, err=True)
        raise typer.Exit(1) from None
    return app


def known_operations() -> tuple[str, ...]:
    """Return every name that a policy may speak of."""
    from bot.audit.service import DEEDS as AUDIT_DEEDS  # noqa: PLC0415
    from bot.covers.service import DEEDS as COVER_DEEDS  # noqa: PLC0415
    from bot.incidents.service import DEEDS  # noqa: PLC0415
    from bot.operations.catalog import CATALOG  # noqa: PLC0415
    from bot.operations.collecting import DEED  # noqa: PLC0415
    from bot.requests.desk import DEEDS as REQUEST_DEEDS  # noqa: PLC0415
    from bot.silences.service import DEEDS as SILENCE_DEEDS  # noqa: PLC0415

    return (*CATALOG, *DEEDS, *SILENCE_DEEDS, *REQUEST_DEEDS, *COVER_DEEDS, *AUDIT_DEEDS, DEED)


def terminal() -> Reader:
    """Return the one who sits at this terminal as a reader."""
    spoken = language(os.environ.get("LC_ALL") or os.environ.get("LANG") or "en") or "en"
    try:
        zone = ZoneInfo(os.environ.get("TZ", "UTC"))
    except (KeyError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return Reader(spoken, zone, SystemClock().now().astimezone(UTC))


def words(said: Text) -> str:
    return say(said, terminal(), Markup.PLAIN)


def shown(param: Param) -> str:
    return show(param, terminal(), Markup.PLAIN)


def print_problems(problems: "Iterable[Problem]") -> None:
    for problem in problems:
        typer.echo(problem.shown(terminal()), err=True)


def this_actor() -> Actor:
    """Return who runs the command, as the machine knows them: policies name it `cli:user@host`.

    What the environment says of it anybody may write. Who has no account here is told so, with status 1.
    """
    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        typer.echo(words(text("cli.no_account", uid=str(os.getuid()))), err=True)
        raise typer.Exit(1) from None
    return Actor.cli(f"{account}@{socket.gethostname()}")


def moment(written: str, zone: ZoneInfo) -> datetime:
    """Return a day or moment, in the configured zone where it names none; ends with status 2 where it is neither."""
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        typer.echo(f"{written} is no day or moment: write 2026-11-22 or 2026-11-22T09:00.", err=True)
        raise typer.Exit(2) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)
