"""What the fake Opsgenie refuses, and how it says so."""

import pytest

from tests.sandbox.opsgenie.conftest import DANA, SCHEDULE

WINDOW = {"startDate": "2026-11-18T02:00:00Z", "endDate": "2026-11-18T06:00:00Z"}


@pytest.mark.parametrize("authorization", ["", "GenieKey wrong", "Bearer sandbox-opsgenie-key"])
def test_without_the_key_nothing_is_answered(opsgenie, authorization):
    response = opsgenie.http.get("/v2/schedules", headers={"Authorization": authorization})

    assert response.status_code == 401
    assert set(response.json()) >= {"message", "took", "requestId"}


@pytest.mark.parametrize(
    "place",
    [
        "nope/on-calls?scheduleIdentifierType=name",
        "nope/timeline?identifierType=name",
        "data-platform/on-calls?identifierType=name",
        "data-platform/timeline?scheduleIdentifierType=name",
    ],
)
def test_a_schedule_that_is_not_found_is_forbidden(opsgenie, place):
    """Also by the right name under the other endpoint's parameter: it is taken for an id."""
    response = opsgenie.http.get(f"/v2/schedules/{place}")

    assert (response.status_code, response.json()["code"]) == (403, 40301)


@pytest.mark.parametrize(
    "place",
    [
        f"{SCHEDULE}/on-calls?scheduleIdentifierType=uuid",
        f"{SCHEDULE}/on-calls?scheduleIdentifierType=name&date=tomorrow",
        f"{SCHEDULE}/on-calls?scheduleIdentifierType=name&date=2026-11-18T00:00:00",
        f"{SCHEDULE}/on-calls?scheduleIdentifierType=name&date=2026-11-18T00:00:00+09:00",  # + means a space
        f"{SCHEDULE}/on-calls?scheduleIdentifierType=name&flat=maybe",
        f"{SCHEDULE}/timeline?identifierType=name&intervalUnit=fortnights",
        "/v2/alerts?limit=101",
        "/v2/alerts?sort=bogus",
        "/v2/alerts?offset=19990&limit=20",
        "/v2/alerts?query=colour:%20red",
        "/v2/alerts?query=(status:%20open",
    ],
)
def test_a_bad_question_is_refused(opsgenie, place):
    assert opsgenie.http.get(place).status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        pytest.param("/v2/alerts", {}, id="no message"),
        pytest.param("/v2/alerts", {"message": "m" * 131}, id="a long message"),
        pytest.param("/v2/alerts", {"message": "m", "priority": "P9"}, id="no such priority"),
        pytest.param("/v2/alerts/x/notes", {}, id="no note"),
        pytest.param("/v2/alerts/x/snooze", {}, id="no end"),
        pytest.param("/v2/alerts/x/snooze", {"endTime": "2026-11-18T05:00:00"}, id="an end without zone"),
        pytest.param(
            f"{SCHEDULE}/overrides?scheduleIdentifierType=name",
            {"user": {"type": "user", "username": DANA}, "startDate": WINDOW["startDate"]},
            id="an override without end",
        ),
        pytest.param(
            f"{SCHEDULE}/overrides?scheduleIdentifierType=name",
            {"user": {"type": "user", "username": "x@y"}, **WINDOW},
            id="an override by a stranger",
        ),
        pytest.param(
            f"{SCHEDULE}/overrides?scheduleIdentifierType=name",
            {"user": {"type": "user", "username": DANA}, **WINDOW, "endDate": WINDOW["startDate"]},
            id="an override of no length",
        ),
    ],
)
def test_a_bad_body_is_refused_with_its_errors(opsgenie, path, body):
    response = opsgenie.http.post(path, json=body)

    assert response.status_code == 422
    assert response.json()["errors"]


def test_a_body_that_is_no_json_is_refused(opsgenie):
    assert opsgenie.http.post("/v2/alerts", content=b"{").status_code == 400


@pytest.mark.parametrize("path", ["/v2/alerts/nope", "/v2/users/nope", "/v2/alerts/requests/nope", "/v2/nothing"])
def test_what_is_not_there_is_not_found(opsgenie, path):
    assert opsgenie.http.get(path).status_code == 404


def test_a_rate_limit_names_itself_and_ends(opsgenie):
    opsgenie.control("rate_limit", requests=1, domain="Search", period_seconds=30)

    other_domain = opsgenie.http.get("/v2/schedules")
    refused = opsgenie.http.get("/v2/alerts")
    again = opsgenie.http.get("/v2/alerts")

    assert (other_domain.status_code, other_domain.headers["X-RateLimit-State"]) == (200, "OK")
    assert refused.status_code == 429
    assert refused.headers["X-RateLimit-State"] == "THROTTLED"
    assert refused.headers["X-RateLimit-Period-In-Sec"] == "30"
    assert again.status_code == 200


def test_an_outage_lasts_until_it_is_ended(opsgenie):
    opsgenie.control("outage")
    down = opsgenie.http.get("/v2/schedules").status_code
    opsgenie.control("outage", status=None)

    assert (down, opsgenie.http.get("/v2/schedules").status_code) == (503, 200)


def test_users_are_found_by_name_and_id(opsgenie):
    by_name = opsgenie.get(f"/v2/users/{DANA}")["data"]
    by_id = opsgenie.get(f"/v2/users/{by_name['id']}")["data"]

    assert by_id == by_name
    assert (by_name["fullName"], by_name["timeZone"]) == ("Dana Cho", "Asia/Seoul")
    assert opsgenie.get("/v2/users", limit=2)["totalCount"] == 6
