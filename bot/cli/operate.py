"""`baton op …`: ask for an operation from a terminal. The worker does it, as it does any other run."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.common import DEFAULT_CONFIG, ConfigDir, load_app, this_actor, words
from bot.operations.catalog import CATALOG
from bot.operations.fields import usage
from bot.operations.lifecycle import ENDED, WAITS_FOR_YES, State
from bot.text import Text, text

if TYPE_CHECKING:
    from bot.app import App
    from bot.operations.model import Run
    from bot.operations.service import Answer

op = typer.Typer(
    help="Operations. Who asks is cli:USER@HOST; nobody may, unless the policy names them.", no_args_is_help=True
)

LOOK_EVERY_S = 0.5

Words = Annotated[list[str], typer.Argument(help="As in Slack: in order, or name=value.")]
Channel = Annotated[str, typer.Option(help="The channel for the run's card; the first watched one if absent.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before it runs.")]
Wait = Annotated[float, typer.Option(help="Seconds to follow it; it goes on in the worker after that.")]


@op.callback()
def _group() -> None:
    """Operations."""


def _add(name: str) -> None:
    operation = CATALOG[name]
    epilog = f"Arguments: {usage(operation)} [reason=…] [ticket=…]. Runbook: {operation.runbook}."

    @op.command(name, help=operation.__doc__, epilog=epilog)
    def run(
        arguments: Words, config: ConfigDir = DEFAULT_CONFIG, channel: Channel = "", yes: Yes = False, wait: Wait = 600
    ) -> None:
        app = load_app(config)
        run_id = _asked_for(app, name, " ".join(arguments), channel or next(iter(app.config.baton.channels)))
        planned = _followed(app, run_id, wait, until=_is_planned)
        _show_plan(planned)
        if _is_over(planned):
            raise typer.Exit(_status(planned))
        if not yes and not typer.confirm(words(text("cli.run_it"))):
            _cancel(app, run_id)
            raise typer.Exit(1)
        _confirm(app, run_id)
        raise typer.Exit(_status(_followed(app, run_id, wait, until=_is_over)))


for _name in CATALOG:
    _add(_name)


def _asked_for(app: "App", name: str, written: str, channel: str) -> str:
    from bot.operations import service  # noqa: PLC0415
    from bot.operations.command_words import read_words  # noqa: PLC0415
    from bot.triage.redact import redact  # noqa: PLC0415

    read = read_words(CATALOG[name], redact(written))
    if isinstance(read, tuple):
        return _accepted(service.invalid(read))
    place, now = app.desk.place_for(channel), app.clocks.business.now()
    asked = partial(service.request, name=name, arguments=read.arguments, place=place, now=now, why=read.why)
    return _accepted(app.store.write(lambda tx: asked(this_actor(), tx, app.operations)))


def _confirm(app: "App", run_id: str) -> None:
    from bot.operations import service  # noqa: PLC0415

    now = app.clocks.business.now()
    _accepted(app.store.write(lambda tx: service.confirm(this_actor(), tx, app.operations, run_id, now)))


def _cancel(app: "App", run_id: str) -> None:
    from bot.operations import service  # noqa: PLC0415

    now = app.clocks.business.now()
    app.store.write(lambda tx: service.cancel(this_actor(), tx, app.operations, run_id, now))


def _accepted(answer: "Answer") -> str:
    """Return the run's id, or say why not and end with status 1."""
    from bot.operations.service import Accepted  # noqa: PLC0415

    if isinstance(answer, Accepted):
        return answer.run_id
    typer.echo(words(answer.words), err=True)
    raise typer.Exit(1)


def _followed(app: "App", run_id: str, seconds: float, *, until: Callable[["Run"], bool]) -> "Run":
    """Print how the run goes until it is where it is awaited, or the time is over."""
    ends_at, said = time.monotonic() + seconds, ""
    while True:
        run = _run(app, run_id)
        if (now_said := words(_said(run))) != said:
            typer.echo(said := now_said)
        if until(run):
            return run
        if time.monotonic() > ends_at:
            typer.echo(words(text("cli.goes_on", run=run_id)), err=True)
            raise typer.Exit(3)
        time.sleep(LOOK_EVERY_S)


def _run(app: "App", run_id: str) -> "Run":
    from bot.operations import queries  # noqa: PLC0415

    run = app.store.read(lambda tx: queries.load(tx, run_id))
    assert run is not None, "runs are never deleted"
    return run


def _said(run: "Run") -> Text:
    """Say how the run stands: its state, with its report or problem where there is one."""
    state = text(f"run.state.{run.state.value}")
    more = run.problem or (run.report.summary if run.report else None)
    return text("cli.state_with", state=state, words=more) if more else state


def _show_plan(run: "Run") -> None:
    if run.plan is None:
        return
    typer.echo(words(run.plan.empty or run.plan.summary))
    for step in run.plan.steps:
        typer.echo(f"  {words(step.title)}")
        for change in step.changes:
            typer.echo(f"    {change.target}: {words(change.before)} → {words(change.after)}")
    for warning in run.plan.warnings:
        typer.echo(f"  ! {words(warning)}")


def _is_planned(run: "Run") -> bool:
    return run.state in WAITS_FOR_YES or _is_over(run) or run.problem is not None


def _is_over(run: "Run") -> bool:
    return run.state in ENDED


def _status(run: "Run") -> int:
    """Return the exit status: 0 when it succeeded or there was nothing to do."""
    return 0 if run.state in {State.SUCCEEDED, State.NO_CHANGE} else 1
