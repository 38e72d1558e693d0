"""The names that the recogniser is told: of the configuration, and of whoever is on call as the message is written."""

from dataclasses import asdict

from sqlalchemy import insert

from bot.loads import Loads
from bot.oncall import service as oncall
from bot.oncall.model import Identity
from bot.oncall.queries import Roster
from bot.ports.paging import Responder, Somebody
from bot.requests.names import vocabulary_of
from bot.requests.reading import Certainty, recognise
from bot.store.tables import people
from bot.wiring.people import IsOnCall
from tests.oncall.made import account
from tests.requests.book import HOUR, MONDAY, SEOUL

MINJI = Identity("U0MINJI", ("minji",))
ROSTER = Roster({"data": "S0ENG"}, (MINJI,))


def test_who_speaks_to_whoever_is_on_call_just_now_asks_the_team(store):
    somebody = Somebody((Responder("minji"),), MONDAY, MONDAY + 9 * HOUR)
    store.write(lambda tx: tx.execute(insert(people), {**asdict(account("U0MINJI", "김민지")), "fetched_at": MONDAY}))
    store.write(lambda tx: oncall.keep(tx, "data", somebody, (), MONDAY, ROSTER.identities))
    names = vocabulary_of(Loads({}), ("haneul.mart",), IsOnCall(ROSTER).now)

    def certainty(user):
        words = store.read(lambda tx: names(tx, MONDAY))
        return recognise(f"<@{user}> please rerun mart_orders for yesterday", words, MONDAY, SEOUL).certainty

    assert certainty("U0MINJI") is Certainty.SURE
    assert certainty("U0DANA") is Certainty.PERHAPS
