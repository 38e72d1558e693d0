"""The contract over HTTP, against the sandbox's Opsgenie."""

from datetime import timedelta

import pytest

from bot.adapters import opsgenie
from bot.ports.errors import NotAuthenticated, RateLimited
from bot.ports.paging import Nobody, Somebody
from tests.contract.paging.alerts_suite import AlertsContract
from tests.contract.paging.opsgenie_fixtures import another, order
from tests.contract.paging.suite import (
    WEEK,
    CoverContract,
    GapContract,
    OverrideContract,
    SchedulesContract,
    first_of,
)

pytestmark = pytest.mark.xdist_group("opsgenie-fake")  # one sandbox for all of them


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
    start, end = now - timedelta(minutes=5), now + timedelta(hours=8)
    span = {"start": start.isoformat(), "end": end.isoformat()}
    order(sandbox, "forward", schedule="forwarding", **span, from_user=plan(now), to_user="dana@haneul.example")

    assert first_of(schedules.current("forwarding", now)) == "dana@haneul.example"
    assert first_of(schedules.next("forwarding", now)) == plan(end)


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
