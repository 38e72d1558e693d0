"""Feedback on an incident: three buttons, or a menu of the same, and who the right owner is."""

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


async def press_verdict(desk: Desk, press: Press) -> None:
    """Take a button: its name is the verdict."""
    await _give(desk, press, press.verb.partition(".")[2], press.value)


async def choose_verdict(desk: Desk, press: Press) -> None:
    """Take a choice in the menu: the verdict and the incident."""
    verdict, _, incident_id = press.chosen.partition(":")
    await _give(desk, press, verdict, incident_id)


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


async def _give(desk: Desk, press: Press, verdict: str, incident_id: str) -> None:
    """Keep the verdict; after a new "wrong owner" ask who the right one is, which nobody has to answer."""
    if verdict in set(Verdict):
        reader = await desk.write(lambda tx: _kept(desk, press, tx, Verdict(verdict), incident_id))
        if reader and verdict == Verdict.WRONG_OWNER:
            await press.open(owner_form(incident_id, reader))
    await press.ack()


def _kept(desk: Desk, press: Press, tx: Tx, verdict: Verdict, incident_id: str) -> Reader | None:
    """Keep the verdict; return the person as a reader where this very press made it so."""
    answer = feedback.give(press.actor, tx, incident_id, verdict, press.pressed_at, desk.now(), desk.authorise)
    if isinstance(answer, Text):
        press.reply(tx, desk, answer)
        return None
    is_given = answer.is_new and answer.verdict is verdict
    return desk.reader_of(tx, press.team, press.user) if is_given else None


ACTIONS: Mapping[str, Listener] = {
    "incident.feedback": choose_verdict,
    **{f"incident.{verdict}": press_verdict for verdict in Verdict},
}
FORMS: Mapping[str, Listener] = {"feedback.owner": name_owner}
