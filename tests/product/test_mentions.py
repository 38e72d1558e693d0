"""Nights and mornings in the whole product, its clocks moved: what waited is told once, whoever was there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import logs
from bot.store.tables import ticks
from sandbox.person import text_of
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("mentions"), pytest.mark.timeout(180)]

SEOUL = ZoneInfo("Asia/Seoul")
NIGHT = datetime(2026, 11, 24, 2, tzinfo=SEOUL)  # a Tuesday
MORNING = datetime(2026, 11, 24, 9, tzinfo=SEOUL)
PATIENCE_S = 60


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Workplace]:
    """The workplace at two o'clock at night; who is on call is what Opsgenie says of that time."""
    logs.set_up()
    with Workplace(f"sqlite:///{tmp_path / 'baton.sqlite3'}", at=NIGHT) as found:
        found.sandbox.limits(enforce=False)
        yield found


def warn(place: Workplace, host: str, channel: str = "C0ALERTS", severity: str = "warning") -> str:
    words = f"[FIRING:1] DiskFull {host}\nalertname=DiskFull instance={host} severity={severity}"
    return place.sandbox.post_alert("B0GRAFANA", channel, {"text": words})


def said_by_baton(place: Workplace, channel: str, thread: str | None = None) -> list[str]:
    messages = place.people["minji"].messages(channel, thread) if thread else place.people["minji"].messages(channel)
    return [text_of(each) for each in messages if each.get("bot_id") == "B0BATON"]


def until_said(place: Workplace, words: str, channel: str, thread: str | None = None) -> str:
    def look() -> str | None:
        return next((said for said in said_by_baton(place, channel, thread) if words in said), None)

    return place.until(look, PATIENCE_S)


def until_duty_was_done(place: Workplace, times: int) -> None:
    """Wait until the mentions that are due were looked for so often."""

    def done() -> int:
        query = select(ticks.c.version).where(ticks.c.name == "mentions")
        return place.baton.app.store.read(lambda tx: tx.execute(query).scalar_one())

    enough = done() + 2 * times  # each time it is claimed and given back
    place.until(lambda: done() >= enough, PATIENCE_S)


def test_two_nights(night):
    """The first is told by two processes at once, the second by one that was not there in the morning."""
    warned = warn(night, "etl-1")
    warn(night, "etl-2", "C0INFRA")
    critical = warn(night, "db-1", severity="critical")
    woken = until_said(night, "critical", "C0ALERTS", critical)
    waiting = until_said(night, "waits for the morning summary", "C0ALERTS", warned)
    with night.another():
        night.let_it_be(MORNING)
        english = until_said(night, "waited for the morning", "C0ALERTS")
        korean = until_said(night, "아침까지 멘션을 미룬", "C0INFRA")
        until_duty_was_done(night, 2)

    assert "<@U0" in woken
    assert "<@U0" not in waiting
    assert "1 incident waited for the morning, 1 still open" in english
    assert "인시던트 1건 중 1건 미해결" in korean
    assert english.count("<@U0") == korean.count("<@U0") == 1
    assert "etl-1" in english
    assert "db-1" not in english
    assert [len(said_by_baton(night, channel)) for channel in ("C0ALERTS", "C0INFRA")] == [1, 1]

    night.let_it_be(MORNING + timedelta(hours=12))
    thread = warn(night, "etl-3")
    until_said(night, "waits for the morning summary", "C0ALERTS", thread)
    night.stop()
    night.let_it_be(MORNING + timedelta(hours=26))
    night.start()
    late = until_said(night, "This comes late: Baton was not at work today 09:00", "C0ALERTS")
    night.stop()
    night.start()
    until_duty_was_done(night, 1)

    assert "1 incident waited for the morning, 1 still open" in late
    assert "etl-3" in late
    assert "not known" not in late, "who is on call was asked before somebody was called"
    assert len(said_by_baton(night, "C0ALERTS")) == 2
