"""The dialect of Jira Service Management: what it refuses that Opsgenie takes, and how its answers look."""

import pytest

from tests import loopback
from tests.sandbox.opsgenie.conftest import DANA, MINJI, WORLD

KNOWN = WORLD.opsgenie["jsm"]
BASE = f"/jsm/ops/api/{KNOWN['cloud_id']}/v1"
SCHEDULE_ID = WORLD.opsgenie["schedules"][0]["id"]
ROTATION_ID = WORLD.opsgenie["schedules"][0]["rotations"][0]["id"]
ONE = f"{BASE}/schedules/{SCHEDULE_ID}"


@pytest.fixture
def jsm(opsgenie):
    """A client with the login of the one person whom it knows."""
    login = (KNOWN["email"], KNOWN["api_token"])
    with loopback.Client(base_url=opsgenie.http.base_url, auth=login) as http:
        yield http


def account(jsm, email):
    (user,) = jsm.get("/rest/api/3/user/search", params={"query": email}).json()
    return user["accountId"]


def alert(jsm, opsgenie, **body):
    accepted = jsm.post(f"{BASE}/alerts", json={"message": "m", **body}).json()
    opsgenie.control("queue", process=True)
    return jsm.get(f"{BASE}/alerts/requests/{accepted['requestId']}").json()["alertId"]


@pytest.mark.parametrize(
    "login",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": f"GenieKey {WORLD.opsgenie['api_key']}"}, id="Opsgenie's key"),
        pytest.param({"Authorization": "Basic !"}, id="no base64"),
        pytest.param({"Authorization": "Basic eDp5"}, id="somebody else"),
    ],
)
def test_only_the_person_with_the_token_is_let_in(opsgenie, jsm, login):
    with loopback.Client(base_url=jsm.base_url, headers=login) as stranger:
        assert stranger.get(f"{BASE}/schedules").status_code == 401
        assert stranger.get("/rest/api/3/user/search", params={"query": "x"}).status_code == 401


def test_the_site_says_publicly_which_cloud_it_is(opsgenie, jsm):
    with loopback.Client(base_url=jsm.base_url) as anybody:
        assert anybody.get("/_edge/tenant_info").json() == {"cloudId": KNOWN["cloud_id"]}
    assert jsm.get("/jsm/ops/api/another/v1/schedules").status_code == 404


@pytest.mark.parametrize("name", ["data-platform", "cd68207b-c55d-4611-ab25-72fd0c439e9f"])
def test_neither_a_name_nor_a_team_is_a_schedule(jsm, name):
    assert jsm.get(f"{BASE}/schedules/{name}/on-calls").status_code == 404


def test_people_are_account_ids_without_names(jsm):
    nested = jsm.get(f"{ONE}/on-calls").json()
    flat = jsm.get(f"{ONE}/on-calls", params={"flat": "true"}).json()
    periods = jsm.get(f"{ONE}/timeline").json()["finalTimeline"]["rotations"][0]["periods"]

    assert list(nested) == ["onCallParticipants"]
    assert [set(each) for each in nested["onCallParticipants"]] == [{"id", "type"}] * 2
    assert flat == {"onCallUsers": [each["id"] for each in nested["onCallParticipants"]]}
    assert {period["type"] for period in periods} == {"historical", "base"}
    assert all(set(period["responder"]) == {"id", "type"} for period in periods)


def test_the_next_page_is_a_path_without_the_way_there(jsm, opsgenie):
    for number in range(3):
        alert(jsm, opsgenie, alias=f"a{number}")

    page = jsm.get(f"{BASE}/alerts", params={"size": 2}).json()

    assert len(page["values"]) == 2
    assert page["links"] == {"next": "/v1/alerts?offset=2&size=2"}
    assert "links" not in jsm.get(f"{BASE}/alerts", params={"size": 2, "offset": 2}).json()
    assert jsm.get(f"{BASE}/alerts", params={"offset": 19_950, "size": 50}).status_code == 422


def test_an_alert_has_only_its_full_id(jsm, opsgenie):
    alert_id = alert(jsm, opsgenie, alias="a1")
    tiny_id = jsm.get(f"{BASE}/alerts/{alert_id}").json()["tinyId"]

    assert jsm.get(f"{BASE}/alerts/alias", params={"alias": "a1"}).json()["id"] == alert_id
    for wrong in (tiny_id, "a1"):
        assert jsm.get(f"{BASE}/alerts/{wrong}").status_code == 404
        assert jsm.post(f"{BASE}/alerts/{wrong}/acknowledge").status_code == 404
    assert jsm.get(f"{BASE}/alerts/alias").status_code == 422


def test_it_is_done_in_the_name_of_whoever_has_the_token(jsm, opsgenie):
    alert_id = alert(jsm, opsgenie)
    assert jsm.post(f"{BASE}/alerts/{alert_id}/acknowledge", json={"user": MINJI}).status_code == 422
    jsm.post(f"{BASE}/alerts/{alert_id}/acknowledge").raise_for_status()
    opsgenie.control("queue", process=True)

    assert jsm.get(f"{BASE}/alerts/{alert_id}").json()["owner"] == KNOWN["email"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"message": "m", "details": {"a": "b"}}, id="Opsgenie's name of extraProperties"),
        pytest.param({"message": "m" * 131}, id="too long"),
        pytest.param({"alias": "a"}, id="no message"),
        pytest.param({"message": "m", "responders": [{"type": "user", "username": MINJI}]}, id="a name for an id"),
        pytest.param({"message": "m", "tags": [str(n) for n in range(21)]}, id="too many tags"),
    ],
)
def test_bodies_are_checked(jsm, body):
    assert jsm.post(f"{BASE}/alerts", json=body).status_code == 422


def test_an_override_is_named_by_the_server_and_deleted_without_a_word(jsm, opsgenie):
    times = {"startDate": "2026-11-18T04:00:00Z", "endDate": "2026-11-18T05:00:00Z"}
    body = {"responder": {"type": "user", "id": account(jsm, DANA)}, "rotationIds": [ROTATION_ID], **times}

    made = jsm.post(f"{ONE}/overrides", json=body)
    listed = jsm.get(f"{ONE}/overrides").json()["values"]
    deleted = jsm.delete(f"{ONE}/overrides/{made.json()['alias']}")

    assert (made.status_code, listed) == (201, [made.json()])
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert jsm.post(f"{ONE}/overrides", json={**body, "alias": "mine"}).status_code == 422
    assert jsm.post(f"{ONE}/overrides", json={**body, "rotationIds": ["primary"]}).status_code == 422
    assert jsm.post(f"{ONE}/overrides", json={**body, "endDate": times["startDate"]}).status_code == 422


def test_both_sides_are_one_account(jsm, opsgenie):
    alert_id = alert(jsm, opsgenie, alias="a1")

    assert opsgenie.get(f"/v2/alerts/{alert_id}")["data"]["alias"] == "a1"


def test_a_plan_without_operations_and_a_person_without_a_team(jsm, opsgenie):
    opsgenie.control("jsm", is_member=False)
    outside = [jsm.get(f"{BASE}/{path}").json()["values"] for path in ("schedules", "alerts")]
    nobody = jsm.get(f"{ONE}/on-calls").json()
    opsgenie.control("jsm", has_operations=False)
    refused = jsm.get(f"{BASE}/schedules")

    assert (outside, nobody) == ([[], []], {"onCallParticipants": []})
    assert (refused.status_code, refused.json()["code"]) == (403, 40301)


def test_jira_knows_people_as_far_as_they_want(jsm, opsgenie):
    ids = [account(jsm, MINJI), account(jsm, DANA)]
    opsgenie.control("jsm", hidden=[DANA])

    found = jsm.get("/rest/api/3/user/bulk", params={"accountId": [*ids, "712020:none"]}).json()["values"]

    assert {user["accountId"]: user["emailAddress"] for user in found} == {ids[0]: MINJI, ids[1]: ""}
    assert jsm.get("/rest/api/3/user/bulk").status_code == 400
