"""Feedback on an incident: three buttons, and who the right owner is."""

from collections.abc import Mapping

from bot.desk import Desk, Tx
from bot.directory.queries import is_colleague
from bot.incidents import feedback
from bot.incidents.opinion import Verdict
from bot.text import Text, text
from bot.views.feedback import owner_form
from bot.views.reader import Reader
from bot.views.words import Markup, say
from handlers.press import Listener, Press


async def useful(desk: Desk, press: Press) -> None:
    await _give(desk, press, Verdict.USEFUL)
    await press.ack()


async def noise(desk: Desk, press: Press) -> None:
    await _give(desk, press, Verdict.NOISE)
    await press.ack()


async def wrong_owner(desk: Desk, press: Press) -> None:
    """Keep the verdict, then ask who the right owner is: nobody has to answer."""
    reader = await _give(desk, press, Verdict.WRONG_OWNER)
    if reader:
        await press.open(owner_form(press.value, reader))
    await press.ack()


async def name_owner(desk: Desk, press: Press) -> None:
    owner = str(press.filled_in().get("owner", ""))

    def do(tx: Tx) -> dict[str, str]:
        refusal = _name_owner(desk, press, tx, owner) if owner else None
        reader = desk.reader_of(tx, press.team, press.user)
        return {"owner": say(refusal, reader, Markup.PLAIN)} if refusal else {}

    errors = await desk.write(do)
    await (press.ack(response_action="errors", errors=errors) if errors else press.ack())


def _name_owner(desk: Desk, press: Press, tx: Tx, owner: str) -> Text | None:
    if not is_colleague(tx, press.team, owner):
        return text("feedback.no_such_person")
    return feedback.name_owner(press.actor, tx, press.metadata, owner, desk.now(), desk.authorise)


async def _give(desk: Desk, press: Press, verdict: Verdict) -> Reader | None:
    """Keep the verdict; return the person as a reader where this very press made it so."""

    def do(tx: Tx) -> Reader | None:
        answer = feedback.give(press.actor, tx, press.value, verdict, press.pressed_at, desk.now(), desk.authorise)
        if isinstance(answer, Text):
            press.reply(tx, desk, answer)
            return None
        is_given = answer.is_new and answer.verdict is verdict
        return desk.reader_of(tx, press.team, press.user) if is_given else None

    return await desk.write(do)


ACTIONS: Mapping[str, Listener] = {
    "incident.useful": useful,
    "incident.noise": noise,
    "incident.wrong_owner": wrong_owner,
}
FORMS: Mapping[str, Listener] = {"feedback.owner": name_owner}
