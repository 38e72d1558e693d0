"""The evidence of a run: a summary for one person, and the bundle of files in the run's thread."""

from collections.abc import Mapping

from bot.desk import Desk, Tx
from bot.operations.collecting import collect, taken
from bot.operations.evidence import Evidence
from bot.outbox import add_file
from bot.ref import Ref
from bot.text import Text, text
from bot.views import evidence as view
from handlers.press import Listener, Press


async def show(desk: Desk, press: Press) -> None:
    """Show the summary to who may see it; say why to anybody else."""
    found = await desk.read(lambda tx: _collected(desk, press, tx, press.value))
    if isinstance(found, Text):
        await desk.write(lambda tx: press.reply(tx, desk, found))
    else:
        await press.open(await desk.read(lambda tx: view.summary(found, desk.reader_of(tx, press.team, press.user))))
    await press.ack()


async def attach(desk: Desk, press: Press) -> None:
    """Post the bundle into the run's thread."""

    def do(tx: Tx) -> None:
        found = _collected(desk, press, tx, press.metadata)
        if isinstance(found, Text):
            press.reply(tx, desk, found)
        else:
            _post(desk, press, tx, found)

    await desk.write(do)
    await press.ack()


def _post(desk: Desk, press: Press, tx: Tx, found: Evidence) -> None:
    ref = Ref("run", found.run.id)
    place = desk.thread_of(tx, ref)
    if place is None:
        return
    pages = tuple(desk.runbooks.pages.values())
    archive = view.zipped(view.bundle(found, pages, desk.reader_of(tx, press.team, press.user)), found)
    taken(press.actor, tx, found.run.id, desk.now())
    name = f"{view.folder(found)}.zip"
    add_file(tx, ref, desk.now(), place, name=name, title=text("evidence.title"), content=archive)


def _collected(desk: Desk, press: Press, tx: Tx, run_id: str) -> Evidence | Text:
    return collect(press.actor, tx, run_id, desk.now(), desk.authorise)


ACTIONS: Mapping[str, Listener] = {"run.evidence": show}
FORMS: Mapping[str, Listener] = {"run.evidence": attach}
