"""Operations: commands, forms, and the buttons of a run's card."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.directory.suggestions import Typing
from bot.operations import service
from bot.operations.command_words import read_words
from bot.operations.operation import Problem
from bot.operations.why import Asked
from bot.ref import Ref
from bot.text import Text
from bot.views import forms, guide
from bot.views import operations as view
from bot.views.runbook import runbook_modal
from handlers import access, loads, oncall, requests, search, silences
from handlers.press import Listener, Press, whispered

Deed = Callable[[Actor, Tx, Desk, str], service.Answer]


def command(name: str) -> Listener:
    """Return the listener of the command that is called like the operation."""

    async def asked(desk: Desk, press: Press) -> None:
        await _command(desk, press, name, press.words)

    return asked


async def baton(desk: Desk, press: Press) -> None:
    """Run `/baton OPERATION …`; with anything else, say what there is."""
    name, _, words = press.words.partition(" ")
    if other := OTHERS.get(name):
        await other(desk, press, words)
        return
    if name in desk.operations.catalog:
        await _command(desk, press, name, words)
        return
    reader = await desk.read(lambda tx: desk.reader_of(tx, press.team, press.user))
    await press.ack(text=guide.spoken(reader), blocks=guide.page(desk.operations.catalog, reader, asked=name))


async def _command(desk: Desk, press: Press, name: str, words: str) -> None:
    """Have the operation planned with these words; without words ask for them in a form."""
    operation = desk.operations.catalog[name]
    if not words.strip():
        await ask(desk, press, name, press.channel)
        return
    read = read_words(operation, words)
    place = desk.place_for(press.channel)

    def do(tx: Tx) -> service.Answer:
        if isinstance(read, tuple):
            return service.invalid(read)
        return service.request(
            press.actor, tx, desk.operations, name, read.arguments, place=place, now=desk.now(), why=read.why
        )

    await _say_unless_done(desk, press, do)


async def ask(desk: Desk, press: Press, name: str, about: str) -> None:
    """Ask for the operation's arguments; `about` is the channel for its card, or the thing in whose thread it goes."""
    reader = await desk.read(lambda tx: desk.reader_of(tx, press.team, press.user))
    operation = desk.operations.catalog[name]
    await press.open(forms.form(operation, reader, private_metadata=about, hidden=desk.hidden))
    await press.ack()


async def submit(desk: Desk, press: Press) -> None:
    """Take a form: a new run, or a run with changed arguments. What is wrong goes back to its field."""
    name = press.body["view"]["callback_id"].partition(":")[2]
    operation = desk.operations.catalog[name]
    wish = forms.read_form(operation, press.entered)
    metadata = press.metadata

    def do(tx: Tx) -> dict[str, str]:
        if metadata.startswith("run."):
            answer = service.replan(press.actor, tx, desk.operations, metadata[4:], desk.now(), wish)
        else:
            answer = _requested(desk, press, tx, name, wish)
        reader = desk.reader_of(tx, press.team, press.user)
        problems = _problems(answer)
        return forms.form_errors(operation, problems, reader, desk.hidden)

    errors = await desk.write(do)
    if errors:
        await press.ack(response_action="errors", errors=errors)
    else:
        await press.ack()


def _requested(desk: Desk, press: Press, tx: Tx, name: str, wish: Asked) -> service.Answer:
    """Have it planned: in the channel where the form was asked for, or in the thread of the thing that it is about."""
    origin = Ref.parse(press.metadata) if ":" in press.metadata else None
    thread = desk.thread_of(tx, origin) if origin else None
    place = thread or desk.place_for(press.metadata)
    arguments, now = wish.arguments, desk.now()
    return service.request(
        press.actor, tx, desk.operations, name, arguments, place=place, now=now, origin=origin, why=wish.why
    )


def _problems(answer: service.Answer) -> tuple[Problem, ...]:
    """Return what is wrong with the form; a refusal as a whole belongs to no field."""
    if isinstance(answer, service.Accepted):
        return ()
    found = answer.problems if isinstance(answer, service.Refused) else ()
    return found or (Problem("", answer.words),)


async def cancel(desk: Desk, press: Press) -> None:
    await carry_out(desk, press, lambda tx: service.cancel(press.actor, tx, desk.operations, press.value, desk.now()))


async def pause(desk: Desk, press: Press) -> None:
    await carry_out(desk, press, lambda tx: service.pause(press.actor, tx, desk.operations, press.value, desk.now()))


async def resume(desk: Desk, press: Press) -> None:
    await carry_out(desk, press, lambda tx: service.resume(press.actor, tx, desk.operations, press.value, desk.now()))


async def go_on(desk: Desk, press: Press) -> None:
    """Ask for a new run with what is left."""
    await carry_out(desk, press, lambda tx: service.go_on(press.actor, tx, desk.operations, press.value, desk.now()))


async def replan(desk: Desk, press: Press) -> None:
    await carry_out(desk, press, lambda tx: service.replan(press.actor, tx, desk.operations, press.value, desk.now()))


async def recheck(desk: Desk, press: Press) -> None:
    await carry_out(desk, press, lambda tx: service.recheck(press.actor, tx, desk.operations, press.value, desk.now()))


async def change(desk: Desk, press: Press) -> None:
    """Open the form of a run with what it has."""

    def look(tx: Tx) -> Any:
        reader = desk.reader_of(tx, press.team, press.user)
        return desk.why_no_member(tx, press.actor), desk.run_of(tx, press.value), reader

    why_not, run, reader = await desk.read(look)
    if why_not is not None:
        await desk.write(lambda tx: press.reply(tx, desk, why_not))
    elif run is not None:
        operation = desk.operations.catalog[run.operation]
        metadata = f"run.{run.id}"
        form = forms.form(
            operation, reader, private_metadata=metadata, values=run.arguments, why=run.why, hidden=desk.hidden
        )
        await press.open(form)
    await press.ack()


async def details(desk: Desk, press: Press) -> None:
    def look(tx: Tx) -> dict[str, Any] | Text | None:
        """Return the view, or why not; it is made in here, since names are looked up as they are said."""
        if why_not := desk.why_no_member(tx, press.actor):
            return why_not
        run, history = desk.run_of(tx, press.value), desk.history(tx, Ref("run", press.value))
        return view.run_details(run, history, desk.reader_of(tx, press.team, press.user)) if run else None

    shown = await desk.read(look)
    if isinstance(shown, Text):
        await desk.write(lambda tx: press.reply(tx, desk, shown))
    elif shown is not None:
        await press.open(shown)
    await press.ack()


async def open_runbook(desk: Desk, press: Press) -> None:
    """Open the page that the button names, in the person's language."""
    reader = await desk.read(lambda tx: desk.reader_of(tx, press.team, press.user))
    page = desk.runbooks.page(press.value, reader.locale)
    if page is None:
        await desk.write(lambda tx: press.reply(tx, desk, guide.no_runbook(press.value)))
    else:
        await press.open(runbook_modal(page, desk.runbook_url, reader))
    await press.ack()


async def suggest(desk: Desk, press: Press) -> None:
    """Answer a menu while somebody types."""
    provider = str(press.body.get("action_id", "")).partition(".")[2]
    typing = Typing(press.actor, str(press.body.get("value") or ""), _filled_so_far(press.body))

    def look(tx: Tx) -> list[dict[str, Any]]:
        found = desk.suggestions[provider](tx, typing) if provider in desk.suggestions else []
        return forms.options(found, desk.reader_of(tx, press.team, press.user))

    await press.ack(options=await desk.read(look))


async def nothing(_desk: Desk, press: Press) -> None:
    """Acknowledge what needs no answer: a button that is a link, a field that changed."""
    await press.ack()


def _filled_so_far(body: Mapping[str, Any]) -> dict[str, Any]:
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    return {name: forms.read_element(next(iter(elements.values()))) for name, elements in values.items() if elements}


async def carry_out(desk: Desk, press: Press, deed: Callable[[Tx], service.Answer]) -> None:
    """Do what a button asks; the card shows that it happened, so only a refusal is told."""

    def do(tx: Tx) -> None:
        done = deed(tx)
        if not isinstance(done, service.Accepted):
            press.reply(tx, desk, done.words)

    await desk.write(do)
    await press.ack()


async def _say_unless_done(desk: Desk, press: Press, deed: Callable[[Tx], service.Answer]) -> None:
    """Do what a command asks, and answer in Slack's answer itself."""

    def do(tx: Tx) -> dict[str, Any]:
        return whispered(deed(tx).words, desk.reader_of(tx, press.team, press.user))

    await press.ack(**await desk.write(do))


OTHERS: Mapping[str, Callable[[Desk, Press, str], Awaitable[None]]] = {
    "incidents": search.command,
    "loads": loads.command,
    "oncall": oncall.command,
    "silence": silences.command,
    "access": access.command,
    "ask": requests.ask_command,
    "requests": requests.list_command,
}
"""What `/baton` takes besides operations."""

ACTIONS: Mapping[str, Listener] = {
    "run.pause": pause,
    "run.resume": resume,
    "run.go_on": go_on,
    "run.cancel": cancel,
    "run.replan": replan,
    "run.recheck": recheck,
    "run.change": change,
    "run.details": details,
    "run.runbook": open_runbook,
    "runbook.open": open_runbook,
}
FORMS: Mapping[str, Listener] = {"run.form": submit}
