"""A handoff in the whole product: the draft, the form, the post in the channel, whoever takes it over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import logs
from sandbox.person import Person, elements_in, text_of
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("handoff"), pytest.mark.timeout(180)]

CHANNEL = "C0ONCALL"
SEOUL = ZoneInfo("Asia/Seoul")
BEGAN = datetime(2026, 11, 23, 12, tzinfo=SEOUL)  # a Monday, two hours into a shift
ENDS = datetime(2026, 11, 30, 10, tzinfo=SEOUL)
PATIENCE_S = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    database: Path = tmp_path_factory.mktemp("handoff") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}", at=BEGAN) as found:
        found.sandbox.limits(enforce=False)
        yield found


def let_it_become(place: Workplace, moment: datetime) -> None:
    """Move the clocks, and have every duty done now."""
    place.let_it_be(moment)
    place.baton.app.ticks.hurry()


def draft(person: Person) -> dict[str, Any] | None:
    direct = next((each["id"] for each in person.state()["channels"] if each["id"].startswith("D")), None)
    mine = person.messages(direct) if direct else []
    return next((each for each in mine if "handoff.write" in actions(each)), None)


def actions(message: dict[str, Any]) -> set[str]:
    return {element["action_id"] for _, element in elements_in(message)}


def posted(person: Person) -> dict[str, Any] | None:
    mine = (each for each in person.messages(CHANNEL) if each.get("bot_id") == "B0BATON")
    return next((each for each in mine if "Handoff of data-platform" in text_of(each)), None)


def test_a_shift_is_handed_over(place):
    running = place.until(lambda: place.baton.app.store.read(_open), PATIENCE_S)
    leaves, comes = (_named(place, people[0].user) for people in (running.outgoing, running.incoming))
    on_call = {each.user for each in (*running.outgoing, *running.incoming)}
    stranger = next(each for name, each in place.people.items() if name == "dana" and each.id not in on_call)

    let_it_become(place, ENDS - timedelta(minutes=50))
    card = place.until(lambda: draft(leaves), PATIENCE_S)
    assert leaves.click(card, "handoff.write")["ok"]
    answer = leaves.submit(
        first="Watch orders_daily", note="The vendor *changed* the file", effort="3", todo="Raise the quota"
    )
    assert answer["ok"], answer
    place.until(lambda: "Watch orders_daily" in text_of(draft(leaves)), PATIENCE_S)
    assert posted(comes) is None

    let_it_become(place, ENDS + timedelta(minutes=1))
    out = place.until(lambda: posted(comes), PATIENCE_S)
    said = text_of(out)
    assert f"<@{comes.id}>" in said
    assert "Watch orders_daily" in said
    assert "Raise the quota" in said

    drawn = place.until(lambda: next((m for m in comes.thread(out) if m.get("files")), None), PATIENCE_S)
    assert drawn["files"][0]["name"] == "handoff-data-platform-2026-11-23.png"
    assert "incidents" in drawn["files"][0]["alt_txt"]

    assert stranger.click(out, "handoff.accept")["ok"]
    place.until(lambda: any("not yours to accept" in text_of(each) for each in stranger.ephemerals()), PATIENCE_S)
    assert comes.click(out, "handoff.accept")["ok"]
    place.until(lambda: "Accepted by" in text_of(posted(comes)), PATIENCE_S)
    assert comes.click(posted(comes), "handoff.follow_ups")["ok"]
    assert "Raise the quota" in text_of(comes.view())


def _open(tx: Any) -> Any:
    from bot.handoff import rows

    found = rows.open_one(tx, "data-platform")
    return found if found and found.boundary_at else None


def _named(place: Workplace, user: str) -> Person:
    return next(each for each in place.people.values() if each.id == user)
