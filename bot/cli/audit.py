"""`baton audit …`: whether the record is whole, what it holds, and what of a person is erased from it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.audit.export import Format
from bot.cli.common import DEFAULT_CONFIG, ConfigDir, load_app, moment, terminal, this_actor, words
from bot.text import Text, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.app import App
    from bot.operations.evidence import Evidence

audit = typer.Typer(help="The record of what people and operations did.", no_args_is_help=True)

Heads = Annotated[
    list[str] | None, typer.Option("--head", help="An exported head: its file, or POSITION:HASH. May be repeated.")
]
Since = Annotated[str | None, typer.Option("--from", help="From this day or moment on, as 2026-11-22T09:00.")]
Until = Annotated[str | None, typer.Option("--to", help="Up to this day or moment, which is left out.")]
About = Annotated[str | None, typer.Option("--ref", help="Only what concerns this thing, as run:ID.")]
Person = Annotated[list[str], typer.Option("--person", help="A Slack id (U…) or an e-mail address. May be repeated.")]


@audit.callback()
def _group() -> None:
    """The record of what people and operations did."""


@audit.command()
def verify(config: ConfigDir = DEFAULT_CONFIG, head: Heads = None) -> None:
    """Say whether the record is as it was written, to its end and to the heads that were exported."""
    from bot.audit import service  # noqa: PLC0415
    from bot.audit.chain import Fine  # noqa: PLC0415
    from bot.audit.heads import NotAHead, read_heads  # noqa: PLC0415

    try:
        exported = read_heads(head or ())
    except NotAHead as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    found = load_app(config).store.read(lambda tx: service.verify(tx, exported))
    if not isinstance(found, Fine):
        typer.echo(words(text("audit.broken", position=found.position, why=found.why)), err=True)
        raise typer.Exit(1)
    typer.echo(words(text("audit.fine", n=found.entries)))
    if found.erased:
        typer.echo(words(text("audit.erased", n=found.erased)))


@audit.command()
def export(
    config: ConfigDir = DEFAULT_CONFIG,
    form: Annotated[Format, typer.Option("--format")] = Format.JSONL,
    since: Since = None,
    until: Until = None,
    ref: About = None,
) -> None:
    """Print the record, oldest first; secrets that somebody typed are taken out."""
    from contextlib import closing  # noqa: PLC0415

    from bot.audit import service  # noqa: PLC0415
    from bot.audit.export import lines  # noqa: PLC0415
    from bot.ref import Ref  # noqa: PLC0415
    from bot.store import Tx  # noqa: PLC0415

    app = load_app(config)
    zone = app.config.zone
    begin, end = (moment(each, zone) if each else None for each in (since, until))
    about = (Ref.parse(ref),) if ref else ()

    def write(tx: Tx) -> None:
        with closing(service.records(tx, *about, since=begin, until=end)) as found:
            for line in lines(found, form):
                typer.echo(line)

    app.store.read(write)


@audit.command()
def erase(
    person: Person,
    config: ConfigDir = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it is done.")] = False,
) -> None:
    """Erase a person's names, addresses and own words for good. What was done, when, and by which id stays.

    Needs a rule in policy.yaml that lets cli:USER@HOST do audit.erase.
    """
    from bot.audit import service  # noqa: PLC0415

    app = load_app(config)
    whose = _all_names(app, person)
    n = app.store.read(lambda tx: service.personal_parts(tx, whose))
    typer.echo(words(text("audit.erase.found", n=n, whose=", ".join(sorted(whose)))))
    if n == 0:
        return
    if not yes and not typer.confirm(words(text("audit.erase.sure"))):
        raise typer.Exit(1)
    now = app.clocks.business.now()
    erased = app.store.write(lambda tx: service.erase(this_actor(), tx, whose, now, app.desk.authorise))
    if isinstance(erased, Text):
        typer.echo(words(erased), err=True)
        raise typer.Exit(1)
    typer.echo(words(text("audit.erase.done", n=erased)))


@audit.command()
def evidence(
    run: Annotated[str, typer.Argument(help="The run's id, as on its card.")],
    config: ConfigDir = DEFAULT_CONFIG,
    out: Annotated[
        Path | None, typer.Option(help="A .zip file, or a new directory; evidence-RUN.zip if absent.")
    ] = None,
) -> None:
    """Write what proves how a run went: request, plan, decisions, before and after, answers, and its audit entries.

    Needs a rule in policy.yaml that lets cli:USER@HOST do run.evidence.
    """
    from bot.operations.collecting import collect, taken  # noqa: PLC0415
    from bot.store import Tx  # noqa: PLC0415
    from bot.views.evidence import bundle, folder, zipped  # noqa: PLC0415

    app = load_app(config)
    now, who = app.clocks.business.now(), this_actor()

    def take(tx: Tx) -> "Evidence | Text":
        found = collect(who, tx, run, now, app.desk.authorise)
        if not isinstance(found, Text):
            taken(who, tx, run, now)
        return found

    found = app.store.write(take)
    if isinstance(found, Text):
        typer.echo(words(found), err=True)
        raise typer.Exit(1)
    files = bundle(found, tuple(app.runbooks.pages.values()), terminal())
    path = out or Path(f"{folder(found)}.zip")
    try:
        _write(files, path, zipped(files, found))
    except FileExistsError:
        typer.echo(f"{path} exists already.", err=True)
        raise typer.Exit(1) from None
    typer.echo(words(text("evidence.written", path=str(path), n=len(found.records))))


def _write(files: "Mapping[str, bytes]", path: Path, archive: bytes) -> None:
    """Write an archive, or its files into a new directory. Raises FileExistsError; nothing is overwritten."""
    if path.suffix == ".zip":
        with path.open("xb") as written:
            written.write(archive)
        return
    for name, content in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as written:
            written.write(content)


def _all_names(app: "App", given: list[str]) -> set[str]:
    """Return the ids and addresses of these people, with those that people.yaml and Slack know for each id."""
    from bot.directory import queries  # noqa: PLC0415

    mapped = {address for each in app.config.people if each.slack in given for address in (each.opsgenie, each.google)}
    in_slack = app.store.read(lambda tx: queries.addresses(tx, given))
    return {*given, *in_slack, *(each for each in mapped if each)}
