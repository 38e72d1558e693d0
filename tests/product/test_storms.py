"""A storm over the wire: one card, whose incidents people open, acknowledge and list."""

import pytest

from sandbox.person import elements_in, text_of

pytestmark = [pytest.mark.xdist_group("storms"), pytest.mark.timeout(180)]

CHANNEL, PATIENCE_S = "C0ALERTS", 40
FIRING = "[FIRING:1] {name} high load\nalertname={name} instance=etl-7 severity=error"


@pytest.fixture(scope="module")
def stormy(workplace):
    """Ten tools' alerts within a moment."""
    for number in range(10):
        words = FIRING.format(name=f"Load{number}")
        workplace.sandbox.post_alert("B0GRAFANA", CHANNEL, {"text": words}, settle=number == 9)
    return workplace


def card(workplace, person):
    """Return the storm's card as soon as it lists all of them."""

    def look():
        said = [each for each in person.messages(CHANNEL) if each.get("bot_id") == "B0BATON"]
        return next(
            (each for each in said if "10 incidents" in text_of(each) or "인시던트 10건" in text_of(each)), None
        )

    return workplace.until(look, PATIENCE_S)


def test_an_incident_is_found_by_typing_and_opened_into_its_own_thread(stormy):
    minji = stormy.people["minji"]
    assert len(minji.options(card(stormy, minji), "storm.open", "load7")) == 1
    minji.choose(card(stormy, minji), "storm.open", "Load7 high load")

    def thread():
        alert = next(each for each in minji.messages(CHANNEL) if "Load7" in each.get("text", ""))
        return [each for each in minji.thread(alert) if "incident.resolve" in actions(each)]

    assert "Load7" in text_of(stormy.until(thread, PATIENCE_S)[0])
    stormy.until(lambda: "own thread" in text_of(card(stormy, minji)), PATIENCE_S)
    assert minji.options(card(stormy, minji), "storm.open", "load7") == []


def test_the_whole_list_opens_in_the_readers_language(stormy):
    korean, english = stormy.people["minji"], stormy.people["alex"]
    korean.click(card(stormy, korean), "storm.show")
    english.click(card(stormy, english), "storm.show")

    assert "알림 폭주" in text_of(korean.view())
    assert "Alert storm" in text_of(english.view())
    assert all(f"Load{number} " in text_of(english.view()) for number in range(10))


def test_who_may_acknowledges_all_with_one_click_and_who_may_not_is_told(stormy):
    guest, alex = stormy.people["guest"], stormy.people["alex"]
    guest.choose(card(stormy, guest), "storm.open", "Load9 high load")  # surely without a card of its own
    guest.click(card(stormy, guest), "storm.acknowledge")
    told = stormy.until(lambda: len(guest.ephemerals()) == 2 and guest.ephemerals(), PATIENCE_S)
    before = text_of(card(stormy, alex))
    alex.click(card(stormy, alex), "storm.acknowledge")
    stormy.until(lambda: "storm.acknowledge" not in actions(card(stormy, alex)), PATIENCE_S)

    assert all("may not" in text_of(each) for each in told)
    assert "👀" not in before
    assert "👀" in text_of(card(stormy, alex))


def actions(message):
    return [element["action_id"] for _, element in elements_in(message)]
