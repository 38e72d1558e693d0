"""The Home in the whole product: opened in Slack, true within moments, and a place from which to act."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from sandbox.person import Person, text_of
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("home"), pytest.mark.timeout(180)]

ALERTS, ONCALL = "C0ALERTS", "C0ONCALL"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    database: Path = tmp_path_factory.mktemp("home") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}") as found:
        found.sandbox.limits(enforce=False)
        yield found


def home_with(place: Workplace, person: Person, words: str) -> dict[str, Any]:
    """Return this person's Home as soon as it says so."""

    def look() -> dict[str, Any] | None:
        home = person.home()
        return home if home and words in text_of(home) else None

    found: dict[str, Any] = place.until(look, PATIENCE_S)
    return found


def test_whoever_is_on_call_takes_on_an_incident_and_begins_an_operation_on_their_home(place):
    minji = place.people["minji"]
    minji.open_home()
    home_with(place, minji, "열린 인시던트가 없습니다")
    place.sandbox.post_alert("B0SCRIPT", ALERTS, {"text": "[ERROR] freshness dw.orders lag=02:10:31"})

    home = home_with(place, minji, "아직 담당자 없음")  # by the clock, since nobody opened it again
    minji.click(home, "incident.acknowledge")
    taken = home_with(place, minji, "확인 중")
    minji.click(taken, "home.operation:rerun-load")
    form = place.until(minji.view, PATIENCE_S)

    assert minji.submit(load="orders", dates="2026-11-20")["ok"]
    assert "rerun-load" in form["callback_id"]
    assert place.until(lambda: _card(minji), PATIENCE_S)


def _card(person: Person) -> bool:
    """Whether the run is told where those on call work."""
    return any("2026-11-20" in text_of(each) for each in person.messages(ONCALL) if each.get("bot_id") == "B0BATON")


def test_a_colleague_opens_their_home_in_their_own_language(place):
    colleague = place.people["sora"]
    colleague.open_home()

    assert "내 권한" in text_of(home_with(place, colleague, "내 홈"))
