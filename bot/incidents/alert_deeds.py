"""What people do from an incident's card to its alert at the provider, in their own name."""

from datetime import datetime

from bot.actor import Actor
from bot.incidents import service
from bot.incidents.service import Answer, Done, Refused
from bot.operations.authority import Authorise
from bot.pages import deeds
from bot.pages.deed import Deed
from bot.pages.deeds import Wish
from bot.store import Tx
from bot.text import text

NEEDED = {Deed.CLOSE: "incident.resolve"}
"""What the policy must allow; who may acknowledge an incident may also acknowledge, snooze and note at its alert."""


def act(actor: Actor, tx: Tx, incident_id: str, wish: Wish, now: datetime, authorise: Authorise) -> Answer:
    """Have it done at the provider; the card follows it to its outcome."""
    if why := authorise(tx, actor, NEEDED.get(wish.deed, "incident.acknowledge")):
        return Refused(why)
    if not deeds.ask(actor, tx, service.ref(incident_id), wish, now):
        return Refused(text("page.deed.nothing_open"))
    return Done(text("page.deed.requested"))
