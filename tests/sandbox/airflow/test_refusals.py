"""What the fake Airflow refuses, in the words of the real one."""

import pytest

from tests.sandbox.airflow.conftest import a_server


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        pytest.param({"username": "baton", "password": "x"}, 401, "Invalid credentials", id="wrong password"),
        pytest.param({"username": "baton"}, 422, None, id="missing field"),
    ],
)
def test_a_bad_login_is_refused(airflow, body, status, detail):
    response = airflow.http.post("/auth/token", json=body)

    assert response.status_code == status
    assert response.json()["detail"] == detail or isinstance(response.json()["detail"], list)


def test_a_login_answers_201(airflow):
    response = airflow.http.post("/auth/token", json={"username": "admin", "password": "admin"})

    assert response.status_code == 201
    assert response.json()["access_token"].count(".") == 2


@pytest.mark.parametrize(
    ("authorization", "status", "detail"),
    [
        pytest.param("", 401, "Not authenticated", id="none"),
        pytest.param("Basic YmF0b246YmF0b24=", 401, "Not authenticated", id="basic"),
        pytest.param("Bearer garbage", 403, "Invalid JWT token", id="garbage"),
    ],
)
def test_without_a_valid_token_nothing_is_answered(airflow, authorization, status, detail):
    response = airflow.http.get("/api/v2/dags", headers={"Authorization": authorization})

    assert (response.status_code, response.json()) == (status, {"detail": detail})


def test_version_and_health_need_no_token(airflow):
    del airflow.http.headers["Authorization"]

    assert airflow.get("/version") == {"version": "3.3.2", "git_version": None}
    assert airflow.get("/monitor/health")["scheduler"]["status"] == "healthy"


def test_an_old_token_expires(airflow):
    airflow.control("settings", token_seconds=-60)
    airflow.login("baton")

    response = airflow.http.get("/api/v2/dags")

    assert (response.status_code, response.json()) == (401, {"detail": "Token Expired"})


def test_a_restart_makes_older_tokens_invalid_until_the_next_login(airflow):
    airflow.control("restart")
    refused = airflow.http.get("/api/v2/dags")
    airflow.login("baton")

    assert (refused.status_code, refused.json()) == (403, {"detail": "Invalid JWT token"})
    assert airflow.get("/dags")["total_entries"] == 5


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/dags/orders_daily/clearTaskInstances"),
        ("POST", "/dags/orders_daily/dagRuns"),
        ("PATCH", "/dags/orders_daily"),
        ("POST", "/backfills/dry_run"),
    ],
)
def test_a_viewer_may_not_write(airflow, method, path):
    airflow.login("viewer")

    response = airflow.http.request(method, f"/api/v2{path}", json={})

    assert (response.status_code, response.json()) == (403, {"detail": "Forbidden"})
    assert airflow.get("/dags")["total_entries"] == 5


@pytest.mark.parametrize(
    ("method", "path", "body", "detail"),
    [
        ("GET", "/dags/nope", None, "The Dag with ID: `nope` was not found"),
        ("POST", "/dags/nope/clearTaskInstances", {}, "The Dag with ID: `nope` was not found"),
        ("POST", "/dags/nope/dagRuns", {"logical_date": None}, "Dag with dag_id: 'nope' not found"),
        (
            "POST",
            "/backfills",
            {"dag_id": "nope", "from_date": "2026-01-01T00:00:00Z", "to_date": "2026-01-02T00:00:00Z"},
            "Could not find dag nope",
        ),
        ("PATCH", "/dags/nope", {"is_paused": True}, "Dag with id: nope was not found"),
        (
            "POST",
            "/dags/orders_daily/clearTaskInstances",
            {"dag_run_id": "nope"},
            "Dag Run id nope not found in dag orders_daily",
        ),
    ],
)
def test_what_is_unknown_is_refused_in_the_words_of_its_endpoint(airflow, method, path, body, detail):
    response = airflow.http.request(method, f"/api/v2{path}", json=body)

    assert (response.status_code, response.json()) == (404, {"detail": detail})


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param({"dag_run": "x"}, "extra_forbidden", id="misspelt key"),
        pytest.param({"start_date": "2026-01-01T00:00:00"}, "timezone_aware", id="naive date"),
        pytest.param({"note": "n" * 1001}, "string_too_long", id="long note"),
        pytest.param({"only_failed": True, "only_running": True}, "value_error", id="failed and running"),
        pytest.param({"task_ids": []}, "value_error", id="no tasks"),
        pytest.param({"dag_run_id": "r", "start_date": "2026-01-01T00:00:00Z"}, "value_error", id="run and window"),
        pytest.param(
            {"start_date": "2026-01-03T01:00:00+02:00", "end_date": "2026-01-03T00:30:00Z"},
            "value_error",
            id="dates compared as texts",
        ),
    ],
)
def test_a_bad_clear_is_refused_with_a_list(airflow, body, kind):
    response = airflow.clear(**body)

    assert response.status_code == 422
    assert [entry["type"] for entry in response.json()["detail"]] == [kind]
    assert response.json()["detail"][0]["loc"][0] == "body"


def test_a_body_that_is_no_object_breaks_the_connection_without_a_word(airflow):
    response = airflow.http.post("/api/v2/dags/orders_daily/clearTaskInstances", json=[1])

    assert (response.status_code, response.text) == (500, "Internal Server Error")
    assert "connection" not in response.headers


@pytest.mark.parametrize(
    ("version", "key", "value", "status"),
    [
        ("3.0.6", "run_on_latest_version", True, 422),
        ("3.1.8", "run_on_latest_version", True, 200),
        ("3.1.8", "prevent_running_task", True, 422),
        ("3.2.2", "prevent_running_task", True, 200),
        ("3.2.2", "note", "why", 422),
        ("3.3.2", "note", "why", 200),
    ],
)
def test_an_older_server_refuses_keys_that_it_does_not_know(version, key, value, status):
    with a_server(version=version) as airflow:
        response = airflow.clear(dag_run_id=airflow.fail(), **{key: value})

        assert response.status_code == status, response.text
        assert status == 200 or response.json()["detail"][0]["type"] == "extra_forbidden"


def test_version_1_of_the_api_is_gone(airflow):
    response = airflow.http.get("/api/v1/version")

    assert response.status_code == 404
    assert response.json()["error"].startswith("/api/v1 has been removed in Airflow 3")
