"""The contract over HTTP, against the sandbox's Jira Service Management; and its traps, said in words."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.adapters import jsm
from bot.ports.errors import Forbidden, NotAuthenticated, NotFound, RateLimited, Rejected
from bot.ports.paging import ById, Cover, Nobody, Override, Somebody
from sandbox.running import RunningSandbox
from tests import loopback
from tests.contract.paging.alerts_suite import AlertCase, AlertsContract
from tests.contract.paging.opsgenie_fixtures import WEDNESDAY
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

pytestmark = pytest.mark.xdist_group("jsm-fake")  # one sandbox for all of them


@pytest.fixture(scope="module")
def sandbox():
    with RunningSandbox(at=WEDNESDAY) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def account(sandbox):
    known = sandbox.world.opsgenie["jsm"]
    url = sandbox.opsgenie_url
    return jsm.Account(url, known["email"], known["api_token"], url=url)


@pytest.fixture(scope="module")
def schedules(account):
    schedules = jsm.connect(account)
    yield schedules
    schedules.close()


@pytest.fixture(scope="module")
def now(sandbox):
    return sandbox.clock.now()


@pytest.fixture(scope="module")
def plan(now):
    local = now.astimezone(SEOUL)
    ten = local.replace(hour=10, minute=0, second=0, microsecond=0) - timedelta(days=local.weekday())
    monday = ten if ten <= local else ten - WEEK
    return lambda moment: PEOPLE[(moment - monday) // WEEK % len(PEOPLE)]


@pytest.fixture(scope="module")
def schedule_id(sandbox):
    return sandbox.world.opsgenie["schedules"][0]["id"]


@pytest.fixture(autouse=True)
def as_on_the_first_day(sandbox):
    order(sandbox, "reset")


def order(sandbox, door, /, **body):
    loopback.post(f"{sandbox.opsgenie_url}/_control/{door}", json=body).raise_for_status()


@pytest.fixture
def case(schedules, now, plan, schedule_id):
    return Case(schedules, schedule_id, now, plan)


@pytest.fixture
def coverable(schedules, now, plan, schedule_id):
    return CoverCase(schedules, schedule_id, now, plan, person="dana@haneul.example", rotation="primary")


@pytest.fixture
def covered(sandbox, case, now):
    start, end = (now - timedelta(minutes=30)).isoformat(), (now + timedelta(minutes=90)).isoformat()
    order(sandbox, "override", start=start, end=end, user="dana@haneul.example", rotation="primary")
    return replace(case, first=lambda _: "dana@haneul.example")


@pytest.fixture
def gap(sandbox, case, now):
    order(sandbox, "gap", start=(now - timedelta(hours=1)).isoformat(), hours=3)
    return case


@pytest.fixture(scope="module")
def alerts(account):
    alerts = jsm.connect_alerts(account)
    yield alerts
    alerts.disconnect()


@pytest.fixture
def pages(sandbox, alerts, account):
    order(sandbox, "queue", delay_seconds=3600)
    base = f"{sandbox.opsgenie_url}/jsm/ops/api/{sandbox.world.opsgenie['jsm']['cloud_id']}/v1"

    def notes(alert_id):
        login = (account.email, account.api_token)
        return loopback.get(f"{base}/alerts/{alert_id}/notes", auth=login).json()["values"]

    return AlertCase(
        alerts, lambda: order(sandbox, "queue", process=True), sandbox.clock.now(), notes, "minji@haneul.example"
    )


class TestSchedules(SchedulesContract): ...


class TestOverrides(OverrideContract): ...


class TestGaps(GapContract): ...


class TestCovers(CoverContract): ...


class TestAlerts(AlertsContract): ...


def test_a_schedule_is_found_by_its_name_too(case):
    by_name = case.schedules.current("data-platform", case.now)

    assert by_name == case.schedules.current(case.schedule, case.now)


def test_people_come_with_the_names_that_jira_knows(case, plan):
    current = case.schedules.current(case.schedule, case.now)

    assert [responder.email for responder in current.responders] == [plan(case.now), plan(case.now + WEEK)]
    assert current.responders[0].provider_id.startswith("712020:")
    assert current.responders[0].display


def test_whoever_hides_their_address_is_named_by_account_id(sandbox, account, case):
    order(sandbox, "jsm", hidden=PEOPLE)
    fresh = jsm.connect(account)

    current = fresh.current(case.schedule, case.now)
    with pytest.raises(NotFound, match="account id"):
        fresh.create_override(case.schedule, Cover("c", PEOPLE[0], case.now, case.now + WEEK))
    fresh.close()

    assert {responder.email for responder in current.responders} == {None}
    assert all(responder.provider_id.startswith("712020:") for responder in current.responders)


def test_where_jira_names_nobody_the_account_ids_are_still_known(sandbox, account, case):
    sandbox.faults.add("opsgenie", "/rest/api/3/user/bulk", status=403, times=None, body={"errorMessages": ["no"]})
    fresh = jsm.connect(account)

    current = fresh.current(case.schedule, case.now)
    fresh.close()
    sandbox.faults.clear()

    assert all(responder.provider_id == responder.display for responder in current.responders)


def test_a_plan_without_operations_says_so(sandbox, case):
    order(sandbox, "jsm", has_operations=False)

    with pytest.raises(Forbidden, match="plan of this site has no Operations"):
        case.schedules.current(case.schedule, case.now)


def test_whoever_is_in_no_team_does_not_see_an_empty_rota(sandbox, case):
    order(sandbox, "jsm", is_member=False)

    for ask in (case.schedules.current, case.schedules.next, lambda *a: case.schedules.shifts(*a, case.now + WEEK)):
        with pytest.raises(NotFound, match="must be in the team"):
            ask(case.schedule, case.now)


def test_a_rotation_of_nobody_is_nobody(sandbox, schedules, now):
    rotation = {"id": "n1", "name": "only", "type": "weekly", "starts": "Monday 10:00", "participants": ["none"]}
    identity = "7c1f0a52-0000-4000-8000-00000000e000"
    order(sandbox, "schedule", id=identity, name="empty", timezone="Asia/Seoul", rotations=[rotation])

    assert schedules.current(identity, now) == Nobody()


def test_an_escalation_names_its_first_level_first(sandbox, schedules, now):
    members = ["alex@haneul.example", "minji@haneul.example"]
    levels = {"type": "escalation", "name": "core_escalation", "members": members}
    rotation = {"id": "e1", "name": "only", "type": "weekly", "starts": "Monday 10:00", "participants": [levels]}
    order(sandbox, "schedule", id="e0", name="escalating", timezone="Asia/Seoul", rotations=[rotation])

    current = jsm_by_name(schedules, "escalating", now)

    assert [responder.email for responder in current.responders] == members


def jsm_by_name(schedules, name, now):
    current = schedules.current(name, now)
    assert isinstance(current, Somebody)
    return current


def test_a_forwarded_shift_is_whoevers_it_was_forwarded_to(sandbox, case, plan):
    start, end = case.now - timedelta(minutes=5), case.now + timedelta(hours=8)
    span = {"start": start.isoformat(), "end": end.isoformat()}
    order(sandbox, "forward", **span, from_user=plan(case.now), to_user="dana@haneul.example")

    assert first_of(case.schedules.current(case.schedule, case.now)) == "dana@haneul.example"
    assert first_of(case.schedules.next(case.schedule, case.now)) == plan(end)


def test_another_token_is_refused_and_the_words_say_what_is_needed(account, case):
    stranger = jsm.connect(replace(account, api_token="another", cloud_id="5f0c3d8e-0000-4000-8000-00000000c10d"))

    with pytest.raises(NotAuthenticated, match="service accounts") as caught:
        stranger.current(case.schedule, case.now)
    stranger.close()

    assert "another" not in str(caught.value)


def test_throttling_names_its_pause(sandbox, case):
    order(sandbox, "rate_limit", requests=1, domain="Schedule-oncalls", period_seconds=7)

    with pytest.raises(RateLimited) as caught:
        case.schedules.current(case.schedule, case.now)

    assert caught.value.retry_after == 7


def test_what_lies_beyond_a_year_is_refused_and_not_empty(case):
    with pytest.raises(Rejected, match="one year ago"):
        case.schedules.shifts(case.schedule, case.now - 60 * WEEK, case.now - 59 * WEEK)


def test_a_cover_of_every_rotation_names_them_all(case):
    start = case.now.replace(microsecond=0)
    cover = Cover("c", "dana@haneul.example", start, start + timedelta(hours=1))

    made = case.schedules.create_override(case.schedule, cover)

    assert isinstance(made, Override)
    assert made.rotations == ("primary", "secondary")
    assert made.id != "c"


def test_who_did_it_stands_in_a_note(pages):
    alert_id = pages.made("inc-1")
    pages.done(pages.alerts.acknowledge(ById(alert_id), "junho@haneul.example", "on it"))

    (note,) = pages.notes(alert_id)

    assert note["note"] == "junho@haneul.example: acknowledge (on it)"
