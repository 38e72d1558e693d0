"""The sandbox's Opsgenie as cases for the contracts; `opsgenie_url` says where it is called."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.adapters import opsgenie
from sandbox.running import RunningSandbox
from tests import loopback
from tests.contract.paging.alerts_suite import AlertCase
from tests.contract.paging.suite import WEEK, Case, CoverCase

PEOPLE = ["minji@haneul.example", "junho@haneul.example", "alex@haneul.example"]
SEOUL = ZoneInfo("Asia/Seoul")
WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=SEOUL)  # far from any change of shift


@pytest.fixture(scope="module")
def sandbox():
    with RunningSandbox(at=WEDNESDAY) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def opsgenie_url(sandbox):
    """Where Baton calls; a live suite puts a judge in between."""
    return sandbox.opsgenie_url


@pytest.fixture(scope="module")
def schedules(sandbox, opsgenie_url):
    schedules = opsgenie.connect(sandbox.world.opsgenie["api_key"], opsgenie_url)
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
    loopback.post(f"{sandbox.opsgenie_url}/_control/{door}", json=body).raise_for_status()


def another(sandbox, name, number):
    """Add a schedule like the first one, so that what happens to it disturbs no other test."""
    like = sandbox.world.opsgenie["schedules"][0]
    rotations = [
        rotation | {"id": f"{rotation['id'][:-4]}{number}00{n}"} for n, rotation in enumerate(like["rotations"])
    ]
    order(
        sandbox, "schedule", id=f"{like['id'][:-4]}{number}000", name=name, timezone="Asia/Seoul", rotations=rotations
    )


@pytest.fixture
def covered(sandbox, schedules, now):
    order(sandbox, "reset")
    another(sandbox, "covered", 1)
    start, end = (now - timedelta(minutes=30)).isoformat(), (now + timedelta(minutes=90)).isoformat()
    order(sandbox, "override", schedule="covered", start=start, end=end, user="dana@haneul.example", rotation="primary")
    return Case(schedules, "covered", now, lambda _: "dana@haneul.example")


@pytest.fixture
def gap(sandbox, schedules, now, plan):
    order(sandbox, "reset")
    another(sandbox, "with a gap", 2)
    order(sandbox, "gap", schedule="with a gap", start=(now - timedelta(hours=1)).isoformat(), hours=3)
    return Case(schedules, "with a gap", now, plan)


@pytest.fixture(scope="module")
def alerts(sandbox, opsgenie_url):
    alerts = opsgenie.connect_alerts(sandbox.world.opsgenie["api_key"], opsgenie_url)
    yield alerts
    alerts.disconnect()


@pytest.fixture
def pages(sandbox, alerts):
    order(sandbox, "reset")
    order(sandbox, "queue", delay_seconds=3600)
    key = {"Authorization": f"GenieKey {sandbox.world.opsgenie['api_key']}"}

    def notes(alert_id):
        answer = loopback.get(f"{sandbox.opsgenie_url}/v2/alerts/{alert_id}/notes", headers=key)
        return answer.json()["data"]

    return AlertCase(
        alerts, lambda: order(sandbox, "queue", process=True), sandbox.clock.now(), notes, "minji@haneul.example"
    )


@pytest.fixture
def coverable(sandbox, schedules, now, plan):
    order(sandbox, "reset")
    yield CoverCase(schedules, "data-platform", now, plan, person="dana@haneul.example", rotation="primary")
    order(sandbox, "reset")
