"""The contract over HTTP, against the sandbox's Opsgenie."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.adapters import opsgenie
from bot.ports.errors import NotAuthenticated, RateLimited
from bot.ports.paging import Nobody, Somebody
from sandbox.running import RunningSandbox
from tests.contract.paging.alerts_suite import AlertCase, AlertsContract
from tests.contract.paging.suite import (
    WEEK,
    Case,
    CoverCase,
    CoverContract,
    GapContract,
    OverrideContract,
    SchedulesContract,
    first_of,
)

PEOPLE = ["minji@haneul.example", "junho@haneul.example", "alex@haneul.example"]
SEOUL = ZoneInfo("Asia/Seoul")

pytestmark = pytest.mark.xdist_group("opsgenie-fake")  # one sandbox for all of them


@pytest.fixture(scope="module")
def sandbox():
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def schedules(sandbox):
    schedules = opsgenie.connect(sandbox.world.opsgenie["api_key"], sandbox.opsgenie_url)
    yield schedules
    schedules.close()


@pytest.fixture(scope="module")
def now(sandbox):
    return sandbox.clock.now()


@pytest.fixture(scope="module")
def monday(now):
    """The handover before now: the first participant has been on call since."""
    local = now.astimezone(SEOUL)
    ten = local.replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=local.weekday())
    return ten if ten <= local else ten - WEEK


@pytest.fixture(scope="module")
def plan(monday):
    return lambda moment: PEOPLE[(moment - monday) // WEEK % len(PEOPLE)]


@pytest.fixture
def case(schedules, now, plan):
    return Case(schedules, "data-platform", now, plan)


def order(sandbox, door, /, **body):
    httpx.post(f"{sandbox.opsgenie_url}/_control/{door}", json=body).raise_for_status()


def another(sandbox, name, number):
    """Add a schedule like the first one, so that what happens to it disturbs no other test."""
    like = sandbox.world.opsgenie["schedules"][0]
    rotations = [
        rotation | {"id": f"{rotation['id'][:-4]}{number}00{n}"} for n, rotation in enumerate(like["rotations"])
    ]
    order(
        sandbox, "schedule", id=f"{like['id'][:-4]}{number}000", name=name, timezone="Asia/Seoul", rotations=rotations
    )


@pytest.fixture(scope="module")
def covered(sandbox, schedules, now):
    another(sandbox, "covered", 1)
    start, end = (now - timedelta(minutes=30)).isoformat(), (now + timedelta(minutes=90)).isoformat()
    order(sandbox, "override", schedule="covered", start=start, end=end, user="dana@haneul.example", rotation="primary")
    return Case(schedules, "covered", now, lambda _: "dana@haneul.example")


@pytest.fixture(scope="module")
def gap(sandbox, schedules, now, plan):
    another(sandbox, "with a gap", 2)
    order(sandbox, "gap", schedule="with a gap", start=(now - timedelta(hours=1)).isoformat(), hours=3)
    return Case(schedules, "with a gap", now, plan)


@pytest.fixture(scope="module")
def alerts(sandbox):
    alerts = opsgenie.connect_alerts(sandbox.world.opsgenie["api_key"], sandbox.opsgenie_url)
    yield alerts
    alerts.disconnect()


@pytest.fixture
def pages(sandbox, alerts):
    order(sandbox, "reset")
    order(sandbox, "queue", delay_seconds=3600)
    key = {"Authorization": f"GenieKey {sandbox.world.opsgenie['api_key']}"}

    def notes(alert_id):
        answer = httpx.get(f"{sandbox.opsgenie_url}/v2/alerts/{alert_id}/notes", headers=key)
        return answer.json()["data"]

    return AlertCase(
        alerts, lambda: order(sandbox, "queue", process=True), sandbox.clock.now(), notes, "minji@haneul.example"
    )


@pytest.fixture
def coverable(sandbox, schedules, now, plan):
    order(sandbox, "reset")
    return CoverCase(schedules, "data-platform", now, plan, person="dana@haneul.example", rotation="primary")


class TestSchedules(SchedulesContract): ...


class TestAlerts(AlertsContract): ...


class TestCovers(CoverContract): ...


class TestOverrides(OverrideContract): ...


class TestGaps(GapContract): ...


def test_a_schedule_is_found_by_its_id_too(case, sandbox):
    by_id = case.schedules.current(sandbox.world.opsgenie["schedules"][0]["id"], case.now)

    assert by_id == case.schedules.current(case.schedule, case.now)


def test_the_secondary_is_on_call_behind_the_primary(case, plan):
    current = case.schedules.current(case.schedule, case.now)

    assert [responder.email for responder in current.responders] == [plan(case.now), plan(case.now + WEEK)]


def test_an_escalation_names_its_first_level_first(sandbox, schedules, now):
    levels = {
        "type": "escalation",
        "name": "core_escalation",
        "members": ["alex@haneul.example", "minji@haneul.example"],
    }
    rotation = {"id": "e1", "name": "only", "type": "weekly", "starts": "Monday 10:00", "participants": [levels]}
    order(sandbox, "schedule", id="e0", name="escalating", timezone="Asia/Seoul", rotations=[rotation])

    current = schedules.current("escalating", now)

    assert [responder.email for responder in current.responders] == ["alex@haneul.example", "minji@haneul.example"]


def test_a_forwarded_shift_is_whoevers_it_was_forwarded_to(sandbox, schedules, now, plan):
    another(sandbox, "forwarding", 3)
    from_user = plan(now)
    start = (now - timedelta(minutes=5)).isoformat()
    order(sandbox, "forward", schedule="forwarding", start=start, from_user=from_user, to_user="dana@haneul.example")

    assert first_of(schedules.current("forwarding", now)) == "dana@haneul.example"
    assert first_of(schedules.next("forwarding", now)) == from_user


def test_a_rotation_of_nobody_is_nobody(sandbox, schedules, now):
    rotation = {"id": "n1", "name": "only", "type": "weekly", "starts": "Monday 10:00", "participants": ["none"]}
    order(sandbox, "schedule", id="n0", name="empty", timezone="Asia/Seoul", rotations=[rotation])

    assert schedules.current("empty", now) == Nobody()


def test_another_key_is_refused(sandbox, now):
    stranger = opsgenie.connect("another-key", sandbox.opsgenie_url)

    with pytest.raises(NotAuthenticated):
        stranger.current("data-platform", now)
    stranger.close()


def test_throttling_names_its_pause(schedules, sandbox, now):
    order(sandbox, "rate_limit", requests=1, domain="Schedule-oncalls", period_seconds=7)

    with pytest.raises(RateLimited) as caught:
        schedules.current("data-platform", now)

    assert caught.value.retry_after == 7
    assert isinstance(schedules.current("data-platform", now), Somebody)
