"""The on-call life in Slack: cover asked for and withdrawn, somebody put in, the first shift with its drill."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.adapters.opsgenie import connect
from sandbox.person import Person, elements_in, text_of
from tests import loopback
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("oncall"), pytest.mark.timeout(180)]

HERE, TEAM_CHANNEL = "C0HELP", "C0ONCALL"
WEDNESDAY = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
PATIENCE_S = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    database: Path = tmp_path_factory.mktemp("oncall") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}", at=WEDNESDAY) as found:
        found.sandbox.limits(enforce=False)
        yield found


def card(place: Workplace, person: Person, channel: str, words: str) -> dict[str, Any]:
    """Return the newest message there that says these words, as soon as there is one."""

    def newest() -> dict[str, Any] | None:
        found = [each for each in person.messages(channel) if words in text_of(each)]
        return found[-1] if found else None

    found: dict[str, Any] = place.until(newest, PATIENCE_S)
    return found


def overrides(place: Workplace) -> list[str]:
    """Return who stands in at the provider now."""
    key = place.config.secrets.opsgenie_api_key.get_secret_value()
    headers = {"Authorization": f"GenieKey {key}"}
    url = f"{place.sandbox.opsgenie_url}/v2/schedules/data-platform/overrides?scheduleIdentifierType=name"
    made = loopback.get(url, headers=headers, timeout=5).raise_for_status().json()["data"]
    return [each["user"]["username"] for each in made]


def on_call(place: Workplace) -> Person:
    """Return who is on call now by the rota of the sandbox, first."""
    door = connect(place.config.secrets.opsgenie_api_key.get_secret_value(), place.sandbox.opsgenie_url)
    first = door.current("data-platform", place.sandbox.clock.now()).responders[0].email
    door.close()
    return place.people[first.partition("@")[0]]


def whispered(place: Workplace, person: Person, act: Any) -> str:
    before = len(person.ephemerals())
    act()
    return text_of(place.until(lambda: person.ephemerals()[before:], PATIENCE_S)[-1])


def test_cover_is_asked_for_from_ones_shifts_taken_by_the_first_entered_and_withdrawn(place):
    asker = on_call(place)
    first, second = (place.people[name] for name in ("minji", "junho", "alex") if place.people[name] is not asker)
    page = whispered(place, asker, lambda: asker.command("/oncall mine", HERE))
    assert page
    asker.click(asker.ephemerals()[-1], "cover.ask")
    assert asker.submit(why="병원 예약")["ok"]
    wanted = card(place, second, TEAM_CHANNEL, "병원 예약")
    first.click(wanted, "cover.accept")
    late = whispered(place, second, lambda: second.click(wanted, "cover.accept"))
    place.until(lambda: overrides(place), PATIENCE_S)
    done = card(place, asker, TEAM_CHANNEL, "stands in for")

    assert "was faster" in late or "먼저 맡았습니다" in late
    assert overrides(place) == [f"{name_of(place, first)}@haneul.example"]
    place.until(lambda: any("Read back" in text_of(each) for each in asker.thread(done)), PATIENCE_S)

    asker.click(card(place, asker, TEAM_CHANNEL, "read back"), "cover.withdraw")
    place.until(lambda: not overrides(place), PATIENCE_S)
    card(place, asker, TEAM_CHANNEL, "Cover withdrawn")


def name_of(place: Workplace, person: Person) -> str:
    return next(name for name, each in place.people.items() if each is person)


def test_somebody_is_put_in_after_a_preview_and_taken_out_by_undo(place):
    boss = on_call(place)
    other = next(name for name in ("minji", "junho", "alex") if place.people[name] is not boss)
    boss.command("/oncall override", HERE)
    place.until(boss.view, PATIENCE_S)
    options = next(each for _, each in elements_in(boss.view()) if each["action_id"] == "cover.slot")["options"]
    own = next(each for each in options if each["value"].endswith("|0"))
    boss.submit(whom=place.people[other].id, slot=own["text"]["text"])
    boss.submit()
    place.until(lambda: overrides(place) == [f"{other}@haneul.example"], PATIENCE_S)
    shown = card(place, boss, TEAM_CHANNEL, "Put in by")
    boss.click(shown, "cover.withdraw")

    place.until(lambda: not overrides(place), PATIENCE_S)


def test_a_new_person_tests_everything_in_their_own_messages_and_goes_through_the_drill(place):
    sora = place.people["sora"]
    told = whispered(place, sora, lambda: sora.command("/oncall start", HERE))
    assert "다이렉트 메시지" in told
    direct = place.until(lambda: direct_messages(sora), PATIENCE_S)
    tested = card(place, sora, direct, "다시 점검")
    assert re.search(r"손볼 것이 \d+개", text_of(tested))
    assert "C0ALERTS" in text_of(tested)

    for step in ("연습 시작", "확인 (연습)", "런북을 읽음", "클리어 미리 보기", "실행 (연습)", "해결, 원인"):
        sora.click(card(place, sora, direct, step), "start.drill")
    card(place, sora, direct, "연습 끝")

    assert all("연습" not in text_of(each) for each in place.people["alex"].messages("C0ALERTS"))


def direct_messages(person: Person) -> str:
    """Return the id of the person's own conversation with Baton, once there is one."""
    channels = person.state()["channels"]
    return next((each["id"] for each in channels if each["id"].startswith("D")), "")
