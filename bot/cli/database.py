"""`baton db …`"""

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigDir, load_config

db = typer.Typer(help="The database.", no_args_is_help=True)


@db.callback()
def _group() -> None:
    """The database."""


@db.command()
def upgrade(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Bring the schema up to date. The embedded SQLite does so by itself at every start."""
    from bot.store.migrate import upgrade as migrate  # noqa: PLC0415

    migrate(load_config(config).database_url)
    typer.echo("The database is up to date.")
