"""The `baton` command line."""

import typer

from bot.cli import audit, configuration, database, demo, handoff, operate, people, policy, serve, triage

app = typer.Typer(
    help="Baton: the on-call operations bot that data-engineering teams run in Slack.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
serve.add_to(app)
demo.add_to(app)
triage.add_to(app)
app.add_typer(configuration.config, name="config")
app.add_typer(configuration.runbooks, name="runbooks")
app.command()(configuration.manifest)
app.command()(configuration.operations)
app.command()(handoff.handoff)
app.add_typer(database.db, name="db")
app.add_typer(people.people, name="people")
app.add_typer(policy.policy, name="policy")
app.add_typer(operate.op, name="op")
app.add_typer(audit.audit, name="audit")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
