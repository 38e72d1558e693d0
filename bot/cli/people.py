"""`baton people …`"""

from datetime import timedelta

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigDir, load_app, shown, words
from bot.ports.errors import VendorError

people = typer.Typer(help="Who is who.", no_args_is_help=True)

AHEAD = timedelta(weeks=8)


@people.callback()
def _group() -> None:
    """Who is who."""


@people.command()
def check(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Say who of the coming eight weeks' rota cannot be found in Slack, and why."""
    from bot.oncall.people_check import check as find_problems  # noqa: PLC0415

    app = load_app(config)
    now = app.clocks.business.now()
    try:
        shifts = {each.name: each.provider.shifts(each.key, now, now + AHEAD) for each in app.vendors.schedules}
        problems = find_problems(shifts, app.desk.roster.identities, list(app.vendors.slack.people()))
    except VendorError as error:
        typer.echo(words(error.words), err=True)
        raise typer.Exit(1) from None
    for problem in problems:
        since = f", from {shown(problem.first_at)}" if problem.first_at else ""
        typer.echo(f"{problem.schedule or 'people.yaml'}{since}: {words(problem.words)}", err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("Everybody of the coming eight weeks is known in Slack.")
