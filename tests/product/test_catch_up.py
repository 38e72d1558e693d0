"""What was posted while Baton was not there is read afterwards, and never twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot import outages
from bot.clock import Clocks, ShiftedClock
from bot.incidents.catch_up import CatchUp
from bot.store.tables import alerts, catch_ups, incidents, messages, requests
from bot.store.upsert import upsert
from sandbox.person import text_of
from tests import loopback
from tests.handlers.front_door import FrontDoor, envelope
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("catch-up"), pytest.mark.timeout(180)]

CHANNEL = "C0ALERTS"
NOWHERE = "http://127.0.0.1:9/slack/events"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """Slack's times here are the system's, by which gaps are found."""
    database = tmp_path_factory.mktemp("catch-up") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}", airflow_speed=50, at=None) as found:
        found.sandbox.limits(enforce=False)
        yield found


@pytest.fixture
def deaf(workplace: Workplace):
    """The workplace while nothing that is posted reaches Baton."""
    found, workplace.sandbox.app_url = workplace.sandbox.app_url, NOWHERE
    yield workplace
    workplace.sandbox.app_url = found


def later(workplace: Workplace, **by: float) -> CatchUp:
    """Return the reader of gaps as it will be after some time."""
    clocks = Clocks(system=ShiftedClock(timedelta(**by)))
    return replace(workplace.baton.app.catch_up, clocks=clocks)


def read(workplace: Workplace, **by: float) -> int:
    return later(workplace, **by).read(CHANNEL)


def begin(workplace: Workplace, at: datetime | None = None) -> None:
    """Have everything compared that was posted until `at` (now), so that a test sees its own messages only."""
    app = workplace.baton.app
    row = {"channel": CHANNEL, "read_until": at or app.clocks.system.now()}
    app.store.write(lambda tx: upsert(tx, catch_ups, [row], key=["channel"]))


def failure(task: str, **more: object) -> dict[str, object]:
    words = f":red_circle: Task Failed.\n*Task*: {task}\n*Dag*: nightly\n*Exception*: ValueError: no rows"
    return {"text": words, **more}


def of_task(workplace: Workplace, task: str) -> list:
    named = incidents.c.title.contains(task)
    return workplace.baton.app.store.read(lambda tx: tx.execute(select(incidents).where(named)).all())


def count(workplace: Workplace, table) -> int:
    return workplace.baton.app.store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())


def test_an_alert_that_no_event_told_becomes_an_incident_that_says_it_was_noticed_late(deaf):
    begin(deaf)
    ts = deaf.sandbox.post_alert("B0AIRFLOW", CHANNEL, failure("load_missed"))

    assert read(deaf, minutes=5) == 1

    (incident,) = of_task(deaf, "load_missed")
    assert (incident.message_ts, incident.alert_count) == (ts, 1)
    person = deaf.people["minji"]
    card = deaf.until(lambda: person.messages(CHANNEL, ts)[1:])[0]
    assert "Read afterwards" in text_of(card)


def test_what_was_missed_is_read_by_the_teams_own_rules_too(deaf):
    begin(deaf)
    ts = deaf.sandbox.post_alert("B0SCRIPT", CHANNEL, {"text": "[심각] 정산 배치 중단 | 작업: 정산_월마감"})
    read(deaf, minutes=5)

    query = select(incidents).where(incidents.c.message_ts == ts)
    incident = deaf.baton.app.store.read(lambda tx: tx.execute(query).one())
    assert (incident.source, incident.resource) == ("settlement", {"job": "정산_월마감"})


def test_what_was_read_once_is_not_taken_again_by_history_nor_by_a_late_event(deaf):
    begin(deaf)
    ts = deaf.sandbox.post_alert("B0AIRFLOW", CHANNEL, failure("load_once"))
    read(deaf, minutes=5)
    before = count(deaf, alerts), count(deaf, messages)
    begin(deaf, datetime.fromtimestamp(float(ts) - 1, UTC))  # as if killed before the end was written down

    assert read(deaf, minutes=7) == 0
    assert hear(deaf, {"type": "message", "channel": CHANNEL, "ts": ts, "bot_id": "B0AIRFLOW", **failure("load_once")})
    assert (count(deaf, alerts), count(deaf, messages)) == before


def hear(workplace: Workplace, event: dict[str, object]) -> bool:
    """Have Slack deliver an event after all; return whether it was answered 200."""
    body = envelope(event)
    with loopback.Client(base_url=workplace.baton.url, timeout=10) as http:
        return FrontDoor(http).json(body).status_code == 200


def test_an_end_that_was_told_by_an_edit_meanwhile_ends_the_incident(workplace):
    ts = workplace.sandbox.post_alert("B0ALERTM", CHANNEL, firing("FIRING"))
    workplace.until(lambda: of_task(workplace, "LagTooHigh"))
    begin(workplace)
    heard, workplace.sandbox.app_url = workplace.sandbox.app_url, NOWHERE
    try:
        workplace.sandbox.post_alert("B0ALERTM", CHANNEL, firing("RESOLVED"), ts=ts)
        read(workplace, minutes=30)
        read(workplace, minutes=60)
    finally:
        workplace.sandbox.app_url = heard

    (incident,) = of_task(workplace, "LagTooHigh")
    assert incident.state == "resolved"


def firing(status: str) -> dict[str, object]:
    title = f"[{'FIRING:1' if status == 'FIRING' else 'RESOLVED'}] LagTooHigh orders-sink (lag)"
    color = "danger" if status == "FIRING" else "good"
    return {"text": "", "attachments": [{"color": color, "title": title, "fallback": title}]}


def test_what_was_too_long_ago_to_be_read_is_written_down_as_unseen(deaf):
    left = deaf.baton.app.clocks.system.now() - timedelta(days=3)
    begin(deaf, left)
    read(deaf)
    read(deaf)

    app = deaf.baton.app
    (hole,) = app.store.read(lambda tx: outages.between(tx, frozenset({f"slack:{CHANNEL}"}), left, left + timedelta(9)))
    assert hole.since == left
    assert timedelta(days=1) < hole.until - hole.since < timedelta(days=2, minutes=1)


def test_what_a_colleague_asked_while_nothing_was_heard_becomes_a_request_once(deaf):
    sora, wish = deaf.people["sora"], "어제 orders 적재가 비어 있어요. orders 하루치 다시 적재해 주세요"
    hearing = deaf.baton.app.requests_catch_up
    hearing.read("C0HELP")
    sora.say("C0HELP", wish)

    def opened():
        return deaf.baton.app.store.read(lambda tx: tx.execute(select(requests.c.words)).scalars().all())

    assert opened() == []
    for minutes in (5, 6):
        replace(hearing, clocks=Clocks(system=ShiftedClock(timedelta(minutes=minutes)))).read("C0HELP")
        assert opened() == [wish]
