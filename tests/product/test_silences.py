"""Silences in the whole product: whom they keep quiet about what, who must agree, and how they end."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot import logs
from bot.store.claim import NEW
from bot.store.tables import ticks
from sandbox.person import Person, text_of
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("silences"), pytest.mark.timeout(180)]

CHANNEL = "C0ALERTS"
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Seoul"))  # a Tuesday
PATIENCE_S = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    database: Path = tmp_path_factory.mktemp("silences") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}", at=NOON) as found:
        found.sandbox.limits(enforce=False)
        yield found


def fail(place: Workplace, table: str, severity: str = "ERROR") -> str:
    return place.sandbox.post_alert("B0SCRIPT", CHANNEL, {"text": f"[{severity}] freshness {table} lag=02:10:31"})


def incident_of(place: Workplace, alert: str) -> str:
    """Return what the thread of the alert says, once there is a card in it."""
    thread: list[dict[str, Any]] = place.until(
        lambda: place.people["minji"].thread({"ts": alert, "channel": CHANNEL}), PATIENCE_S
    )
    return "\n".join(text_of(each) for each in thread)


def silence_card(person: Person, words: str) -> dict[str, Any] | None:
    mine = (each for each in person.messages(CHANNEL) if each.get("bot_id") == "B0BATON" and not each.get("ephemeral"))
    return next((each for each in mine if words in text_of(each)), None)


def let_it_become(place: Workplace, moment: datetime) -> None:
    """Move the clocks, and have the silences looked after now instead of within a minute."""
    place.let_it_be(moment)
    mine = ticks.c.name == "silences"
    place.baton.app.store.write(lambda tx: tx.execute(update(ticks).where(mine).values(due_at=NEW)))


def test_a_silence_keeps_quiet_what_it_covers_and_nothing_else_until_somebody_ends_it(place):
    minji = place.people["minji"]
    assert minji.command("/silence table=dw.orders 2h a late upstream file", CHANNEL)["ok"]
    card = place.until(lambda: silence_card(minji, "table=dw.orders"), PATIENCE_S)

    covered, other = incident_of(place, fail(place, "dw.orders")), incident_of(place, fail(place, "dw.users"))
    place.until(lambda: "1 incident" in text_of(silence_card(minji, "table=dw.orders")), PATIENCE_S)
    assert "a late upstream file" in covered
    assert "<@U0" not in covered.replace(f"<@{minji.id}>", "")
    assert "<@U0" in other

    assert minji.click(card, "silence.end")["ok"]
    place.until(lambda: "Silence ended" in text_of(silence_card(minji, "table=dw.orders")), PATIENCE_S)


def test_critical_alerts_are_silenced_only_once_a_second_person_agrees(place):
    minji, alex = place.people["minji"], place.people["alex"]
    assert minji.command("/silence table=dw.payments severity=critical 1h a planned reload", CHANNEL)["ok"]
    asked = place.until(lambda: silence_card(minji, "table=dw.payments"), PATIENCE_S)
    loud = incident_of(place, fail(place, "dw.payments", "CRITICAL"))
    minji.click(asked, "silence.confirm")
    still = text_of(silence_card(minji, "table=dw.payments"))
    alex.click(asked, "silence.confirm")
    place.until(lambda: "Silenced" in text_of(silence_card(minji, "table=dw.payments")), PATIENCE_S)

    assert "Silence asked for" in still
    assert "a planned reload" not in loud


def test_a_silence_ends_by_itself_and_tells_before(place):
    minji = place.people["minji"]
    assert minji.command("/silence table=dw.clicks 4h a noisy deploy", CHANNEL)["ok"]
    card = place.until(lambda: silence_card(minji, "table=dw.clicks"), PATIENCE_S)
    incident_of(place, fail(place, "dw.clicks"))

    let_it_become(place, NOON + timedelta(hours=3, minutes=50))
    place.until(lambda: any("ends" in text_of(each) for each in minji.thread(card)), PATIENCE_S)
    let_it_become(place, NOON + timedelta(hours=4, minutes=10))
    place.until(lambda: "Silence over" in text_of(silence_card(minji, "table=dw.clicks")), PATIENCE_S)

    reminder = next(text_of(each) for each in minji.thread(card) if "ends" in text_of(each))
    assert "It kept 1 incident quiet" in reminder
    assert f"<@{minji.id}>" in reminder
