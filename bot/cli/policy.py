"""`baton policy explain`, `baton policy test`"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from bot.actor import Actor
from bot.cli.common import DEFAULT_CONFIG, ConfigDir, known_operations, load_app, print_problems, words
from bot.operations.catalog import CATALOG
from bot.operations.operation import Problems
from bot.text import Code, Lines, Mention, Text, text

if TYPE_CHECKING:
    from bot.app import App
    from bot.config.policy_tests import Examples
    from bot.operations.policy import Decision, Request
    from bot.operations.policy_examples import Outcome

T = TypeVar("T")

policy = typer.Typer(help="Who may do what.", no_args_is_help=True)

Who = Annotated[str, typer.Option("--as", help="Who wants it: the Slack id of a person, or cli:USER@HOST.")]
Arguments = Annotated[
    list[str] | None, typer.Argument(help="As in Slack: words and key=value, also reason= and ticket=")
]
At = Annotated[str, typer.Option(help="At another moment, as 2026-12-24T18:00, on the clocks of the install.")]
Size = Annotated[int, typer.Option(help="How many changes the plan would have.")]
Glass = Annotated[bool, typer.Option("--break-glass", help="As an emergency.")]
Name = Annotated[str, typer.Argument(help="The operation, such as clear-tasks or incident.resolve.")]


@policy.callback()
def _group() -> None:
    """Who may do what."""


@policy.command()
def explain(
    operation: Name,
    who: Who,
    arguments: Arguments = None,
    config: ConfigDir = DEFAULT_CONFIG,
    size: Size = 1,
    at: At = "",
    glass: Glass = False,
) -> None:
    """Say what the policy says to somebody who wants something, and why: each part of it, then the decision.

    Who is on call and in which group comes from Baton's own tables, as at a click. Ends with status 1 where it refuses.
    """
    app = load_app(config)
    asking = _Asking(app, app.store.read(lambda tx: app.operations.authority.actor(tx, who)), _moment(app, at))
    request = replace(asking.request(operation, arguments or []), size=size, break_glass=glass)
    decision = asking.decision(request)
    for line in (*asking.parts(request, config), *asking.outcome(request, decision)):
        typer.echo(line)
    if not decision.allowed:
        raise typer.Exit(1)


@policy.command("test")
def run_examples(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Run the examples of policy_tests.yaml and say which the policy does not hold. Needs neither Slack nor secrets."""
    from bot.config.policy_tests import Examples  # noqa: PLC0415

    examples = Examples(config, known_operations())
    print_problems(examples.problems)
    if examples.problems:
        raise typer.Exit(1)
    outcomes = list(_outcomes(config, examples))
    wrong = [(index, each) for index, each in enumerate(outcomes) if not each.is_as_expected]
    for index, outcome in wrong:
        typer.echo(f"{examples.document.file}:{examples.line(index)}: {words(outcome.words)}", err=True)
    typer.echo(words(text("policy.tested", n=len(outcomes), wrong=len(wrong))))
    if wrong:
        raise typer.Exit(1)


def _outcomes(config: Path, examples: "Examples") -> "Iterator[Outcome]":
    from bot.config.load import load_to_read  # noqa: PLC0415
    from bot.config.problem import ConfigError  # noqa: PLC0415
    from bot.operations.policy_examples import Stage  # noqa: PLC0415

    try:
        loaded = load_to_read(config, {}, known_operations())
    except ConfigError as error:
        print_problems(error.problems)
        raise typer.Exit(1) from None
    effects = {name: operation.effect.value for name, operation in CATALOG.items()}
    return Stage(loaded.policy, examples.tests, effects, loaded.zone).outcomes()


@dataclass(frozen=True, slots=True)
class _Asking:
    """Somebody who wants something at a moment."""

    app: "App"
    actor: Actor
    now: datetime

    def request(self, name: str, arguments: list[str]) -> "Request":
        """Return what is wanted, or say what is wrong with it and end with status 2."""
        from bot.config.policy import Effect  # noqa: PLC0415
        from bot.operations.arguments import build  # noqa: PLC0415
        from bot.operations.command_words import read_words  # noqa: PLC0415
        from bot.operations.policy import Request  # noqa: PLC0415

        if name not in known_operations():
            names = tuple(Code(each) for each in known_operations())
            _wrong(text("run.no_such_operation", name=Code(name), names=names))
        if name not in CATALOG:
            return Request(name, Effect.KEEPS_RECORDS, asked_by=(self.actor,))
        read = _right(read_words(CATALOG[name], " ".join(arguments)))
        exact = _right(_right(build(CATALOG[name], read.arguments)).exact(self.app.ports, self.now))
        subject = exact.about(self.app.ports)
        return Request(name, CATALOG[name].effect, 1, subject, (self.actor,), read.why.reason, read.why.ticket)

    def decision(self, request: "Request") -> "Decision":
        return self.app.store.read(lambda tx: self.app.operations.authority.wanted(tx, request, self.now))

    def parts(self, request: "Request", config: Path) -> Iterator[str]:
        """Yield what is known of who asks and what is touched, then what each part of the policy says."""
        from bot.config.document import dotted, read  # noqa: PLC0415
        from bot.config.load import POLICY_FILE  # noqa: PLC0415
        from bot.operations.explanation import explain as parts_of  # noqa: PLC0415
        from bot.operations.explanation import known  # noqa: PLC0415

        facts = self.app.store.read(lambda tx: self.app.operations.authority.facts(tx, self.actor, self.now))
        yield from map(words, known(request, facts))
        document = read(config / POLICY_FILE)
        for said in parts_of(request, self.app.policy.current(), facts, self.now):
            yield f"{document.file}:{document.line(said.path)}: {dotted(said.path)}: {words(said.words)}"

    def outcome(self, request: "Request", decision: "Decision") -> Iterator[str]:
        from bot.operations.explanation import summary  # noqa: PLC0415

        yield from map(words, summary(decision))
        if decision.approvals:
            authority = self.app.operations.authority
            able = self.app.store.read(lambda tx: authority.who_could_approve(tx, request, self.now))
            users = tuple(Mention(user) for user in able.users)
            anybody = (text("policy.explain.any_member"),) if able.any_member else ()
            nobody = (text("policy.explain.nobody"),) if able.nobody else ()
            yield words(text("policy.explain.could_approve", who=(*users, *anybody, *able.unchecked, *nobody)))


def _moment(app: "App", written: str) -> datetime:
    if not written:
        return app.clocks.business.now()
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter("write a moment as 2026-12-24T18:00", param_hint="--at") from None
    return at if at.tzinfo else at.replace(tzinfo=app.config.zone)


def _right(read: T | Problems) -> T:
    """Return what was read, or say what is wrong with it and end with status 2."""
    if isinstance(read, tuple):
        _wrong(*(problem.words for problem in read))
    return read


def _wrong(*said: Text) -> NoReturn:
    typer.echo(words(text("policy.explain.wrong", problems=Lines(said))), err=True)
    raise typer.Exit(2)
