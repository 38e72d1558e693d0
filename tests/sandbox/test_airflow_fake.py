"""The fake Airflow keeps to the wire shapes, the refusals and the traps of the real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sandbox.airflow.app import app
from sandbox.clock import Clock
from sandbox.world import World, load
from tests.sandbox.serving import served

WORLD = load()
NOT_FOUND = "google.api_core.exceptions.NotFound: 404 Not found: Table haneul-prod:staging.orders"


class Airflow:
    """A client that is logged in, and the sandbox's own door."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.login("baton")

    def login(self, name: str) -> None:
        token = self.http.post("/auth/token", json={"username": name, "password": name}).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def control(self, order: str, **given: Any) -> Any:
        response = self.http.post(f"/_control/{order}", json=given)
        assert response.status_code == 200, response.text
        return response.json()

    def get(self, path: str, **query: Any) -> Any:
        response = self.http.get(f"/api/v2{path}", params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def fail(self, dag_id: str = "orders_daily", task_id: str = "load_orders", **given: Any) -> str:
        answer = self.control("fail_run", dag_id=dag_id, task_id=task_id, message=NOT_FOUND, **given)
        return answer["dag_run_id"]

    def clear(self, dag_id: str = "orders_daily", **body: Any) -> httpx.Response:
        return self.http.post(f"/api/v2/dags/{dag_id}/clearTaskInstances", json=body)

    def run(self, run_id: str, dag_id: str = "orders_daily") -> Any:
        return self.get(f"/dags/{dag_id}/dagRuns/{quote(run_id)}")

    def states(self, run_id: str, dag_id: str = "orders_daily") -> dict[Any, Any]:
        found = self.get(f"/dags/{dag_id}/dagRuns/{quote(run_id)}/taskInstances")["task_instances"]
        return {(ti["task_id"], ti["map_index"]): (ti["state"], ti["try_number"]) for ti in found}

    def state(self, run_id: str, task_id: str, dag_id: str = "orders_daily") -> Any:
        return self.states(run_id, dag_id)[task_id, -1]

    def at(self, run_id: str, rest: str, dag_id: str = "orders_daily") -> str:
        return f"/api/v2/dags/{dag_id}/dagRuns/{quote(run_id)}/{rest}"


@contextmanager
def a_server(world: World = WORLD, **settings: Any) -> Iterator[Airflow]:
    with (
        served(app(world, Clock(), **({"speed": 0} | settings))) as url,
        httpx.Client(base_url=url, verify=False) as http,
    ):
        yield Airflow(http)


@pytest.fixture(scope="module")
def server() -> Iterator[Airflow]:
    with a_server() as server:
        yield server


@pytest.fixture
def airflow(server: Airflow) -> Airflow:
    server.control("reset")
    server.login("baton")
    return server


def named(response: httpx.Response) -> list[tuple[str, int, str | None]]:
    assert response.status_code == 200, response.text
    body = response.json()
    assert body["total_entries"] == len(body["task_instances"])
    return [(ti["task_id"], ti["map_index"], ti["state"]) for ti in body["task_instances"]]


# Login and refusals


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
    assert airflow.get("/dags")["total_entries"] == 4


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
    assert airflow.get("/dags")["total_entries"] == 4


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


# Reading


def test_failed_instances_are_listed_across_runs(airflow):
    run_id = airflow.fail()

    found = airflow.get(
        "/dags/~/dagRuns/~/taskInstances", state=["failed", "upstream_failed"], order_by="-start_date", limit=2
    )

    assert found["total_entries"] == 3
    assert [(ti["dag_run_id"], ti["state"]) for ti in found["task_instances"]] == [(run_id, "upstream_failed")] * 2


def test_a_page_is_cut_at_a_hundred_without_a_word(airflow):
    for day in range(1, 21):
        airflow.control("run", dag_id="events_shards", logical_date=f"2026-02-{day:02}T00:00:00Z")

    first = airflow.get("/dags/events_shards/dagRuns/~/taskInstances", limit=1000)
    rest = airflow.get("/dags/events_shards/dagRuns/~/taskInstances", limit=1000, offset=100)

    assert (len(first["task_instances"]), len(rest["task_instances"])) == (100, 38)
    assert first["total_entries"] == 138


def test_a_batch_lists_the_same_instances(airflow):
    run_id = airflow.fail()
    body = {"dag_ids": ["orders_daily"], "dag_run_ids": [run_id], "state": ["failed"], "page_limit": 10}

    response = airflow.http.post("/api/v2/dags/~/dagRuns/~/taskInstances/list", json=body)

    assert named(response) == [("load_orders", -1, "failed")]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param({"state": "broken"}, 422, id="no such state"),
        pytest.param({"order_by": "colour"}, 400, id="no such column"),
        pytest.param({"limit": "many"}, 422, id="no number"),
        pytest.param({"start_date_gte": "yesterday"}, 422, id="no date"),
        pytest.param({"dag_ids": "x"}, 200, id="an unknown key filters nothing"),
    ],
)
def test_query_parameters_are_checked_but_unknown_ones_ignored(airflow, query, status):
    assert airflow.http.get("/api/v2/dags/~/dagRuns/~/taskInstances", params=query).status_code == status


def test_runs_are_filtered_by_state_and_date(airflow):
    failed = airflow.fail()
    logical_date = airflow.run(failed)["logical_date"]

    by_state = airflow.get("/dags/~/dagRuns", state="failed")
    by_date = airflow.get("/dags/orders_daily/dagRuns", logical_date_gte=logical_date, logical_date_lte=logical_date)

    assert [run["dag_run_id"] for run in by_state["dag_runs"]] == [failed]
    assert [run["dag_run_id"] for run in by_date["dag_runs"]] == [failed]


@pytest.mark.parametrize(
    ("query", "dag_ids"),
    [
        ({"dag_id_pattern": "daily%"}, ["orders_daily"]),
        ({"tags": "core"}, ["orders_daily", "users_snapshot"]),
        ({"paused": "true"}, ["nightly_vacuum"]),
        ({"last_dag_run_state": "failed"}, ["orders_daily"]),
        ({"limit": 1, "offset": 1}, ["nightly_vacuum"]),
    ],
)
def test_dags_are_filtered(airflow, query, dag_ids):
    airflow.fail()
    airflow.http.patch("/api/v2/dags/nightly_vacuum", json={"is_paused": True})

    assert [dag["dag_id"] for dag in airflow.get("/dags", **query)["dags"]] == dag_ids


def test_the_log_holds_the_exception_in_its_detail(airflow):
    run_id = airflow.fail()

    content = airflow.get(f"/dags/orders_daily/dagRuns/{quote(run_id)}/taskInstances/load_orders/logs/1")["content"]

    failure = next(line for line in content if "error_detail" in line)
    assert failure["event"] == "Task failed with exception"
    assert failure["error_detail"][0]["exc_type"] == "NotFound"
    assert failure["error_detail"][0]["exc_value"] == "404 Not found: Table haneul-prod:staging.orders"


@pytest.mark.parametrize(
    ("dag_id", "place", "headers", "status"),
    [
        pytest.param("orders_daily", "load_orders/logs/2", {}, 404, id="wrong try"),
        pytest.param("orders_daily", "load_orders/logs/1", {"Accept": "text/plain"}, 406, id="plain text"),
        pytest.param("orders_daily", "notify/logs/0", {}, 200, id="did not run"),
        pytest.param("events_shards", "load_shard/logs/1", {}, 404, id="mapped without its index"),
        pytest.param("events_shards", "load_shard/logs/1?map_index=2", {}, 200, id="mapped"),
    ],
)
def test_logs_are_found_by_try_and_index(airflow, dag_id, place, headers, status):
    task_id = {"orders_daily": "load_orders", "events_shards": "load_shard"}[dag_id]
    run_id = airflow.fail(dag_id, task_id)

    response = airflow.http.get(airflow.at(run_id, f"taskInstances/{place}", dag_id), headers=headers)

    assert response.status_code == status, response.text


def test_a_mapped_instance_needs_its_index(airflow):
    run_id = airflow.fail("events_shards", "load_shard", map_index=2)

    without = airflow.http.get(airflow.at(run_id, "taskInstances/load_shard", "events_shards"))
    one = airflow.http.get(airflow.at(run_id, "taskInstances/load_shard/2", "events_shards")).json()
    mapped = airflow.http.get(airflow.at(run_id, "taskInstances/load_shard/listMapped", "events_shards")).json()

    assert without.json() == {"detail": "Task instance is mapped, add the map_index value to the URL"}
    assert (one["map_index"], one["state"]) == (2, "failed")
    assert [ti["state"] for ti in mapped["task_instances"]] == ["success", "success", "failed", "success"]


def test_the_page_behind_a_log_link_shows_the_error(airflow):
    answer = airflow.control("fail_run", dag_id="orders_daily", task_id="load_orders", message=NOT_FOUND)

    page = airflow.http.get(answer["log_path"])

    assert page.status_code == 200
    assert "NotFound: 404 Not found: Table haneul-prod:staging.orders" in page.text


# Clearing


def test_a_dry_run_lists_what_failed_and_changes_nothing(airflow):
    run_id = airflow.fail()
    before = airflow.states(run_id)

    response = airflow.clear(dag_run_id=run_id, task_ids=["load_orders"], include_downstream=True)

    assert named(response) == [
        ("load_orders", -1, "failed"),
        ("build_orders_mart", -1, "upstream_failed"),
        ("notify", -1, "upstream_failed"),
    ]
    assert airflow.states(run_id) == before
    assert airflow.run(run_id)["state"] == "failed"


def test_without_downstream_only_the_named_task_is_cleared(airflow):
    run_id = airflow.fail()

    assert named(airflow.clear(dag_run_id=run_id, task_ids=["load_orders"])) == [("load_orders", -1, "failed")]


def test_a_cleared_task_runs_again_and_succeeds_with_a_greater_try(airflow):
    run_id = airflow.fail()
    place = airflow.at(run_id, "taskInstances/load_orders")
    before = airflow.http.get(place).json()

    response = airflow.clear(
        dry_run=False, dag_run_id=run_id, task_ids=["load_orders"], include_downstream=True, note="by Minji"
    )
    cleared = airflow.http.get(place).json()
    waiting = airflow.run(run_id)
    airflow.control("advance", seconds=60)
    after = airflow.http.get(place).json()

    assert named(response) == [("load_orders", -1, None), ("build_orders_mart", -1, None), ("notify", -1, None)]
    assert cleared["id"] != before["id"]
    assert (cleared["try_number"], cleared["max_tries"], cleared["note"]) == (1, 1, "by Minji")
    assert (waiting["state"], waiting["start_date"], waiting["end_date"]) == ("queued", None, None)
    assert (after["state"], after["try_number"], after["duration"] >= 3) == ("success", 2, True)
    assert airflow.run(run_id)["state"] == "success"


def test_the_tasks_run_in_order_and_pass_through_their_states(airflow):
    run_id = airflow.fail()
    airflow.clear(dry_run=False, dag_run_id=run_id)

    seen = []
    for _ in range(18):
        airflow.control("advance", seconds=0.25)
        states = airflow.states(run_id)
        seen.append((airflow.run(run_id)["state"], states["load_orders", -1][0], states["notify", -1][0]))

    assert list(dict.fromkeys(seen)) == [
        ("queued", None, None),
        ("running", "queued", None),
        ("running", "running", None),
        ("running", "success", None),
    ]


def test_a_second_clear_finds_nothing(airflow):
    run_id = airflow.fail()
    airflow.clear(dry_run=False, dag_run_id=run_id)

    assert named(airflow.clear(dry_run=False, dag_run_id=run_id)) == []


def test_an_unknown_task_is_no_error_but_nothing(airflow):
    run_id = airflow.fail()

    assert named(airflow.clear(dry_run=False, dag_run_id=run_id, task_ids=["lod_orders"])) == []


def test_a_clear_without_run_or_window_selects_every_run(airflow):
    airflow.fail(logical_date="latest")
    airflow.fail(logical_date="latest-1")

    assert len(named(airflow.clear())) == 6


def test_a_window_hits_only_its_run_and_never_one_without_a_date(airflow):
    run_id = airflow.fail(logical_date="latest-1")
    airflow.fail(logical_date="latest")
    airflow.fail(logical_date=None)
    date = airflow.run(run_id)["logical_date"]

    response = airflow.clear(start_date=date, end_date=date)

    assert {ti["dag_run_id"] for ti in response.json()["task_instances"]} == {run_id}


def test_past_and_future_need_a_logical_date(airflow):
    run_id = airflow.fail(logical_date=None)

    response = airflow.clear(dag_run_id=run_id, include_past=True)

    assert response.status_code == 400
    assert response.json()["detail"].startswith("Cannot use include_past or include_future with no logical_date")


def test_past_reaches_older_runs(airflow):
    airflow.fail(logical_date="latest-2")
    run_id = airflow.fail(logical_date="latest-1")
    airflow.fail(logical_date="latest")

    cleared = airflow.clear(dag_run_id=run_id, include_past=True).json()["task_instances"]

    assert len({ti["dag_run_id"] for ti in cleared}) == 2


@pytest.mark.parametrize(
    ("task_ids", "flags", "indexes"),
    [
        pytest.param([["load_shard", 1]], {}, [("load_shard", 1)], id="one index"),
        pytest.param(["load_shard"], {}, [("load_shard", 1), ("load_shard", 3)], id="every index"),
        pytest.param(
            [["load_shard", 1]],
            {"include_downstream": True},
            [("load_shard", 1), ("publish", -1)],
            id="with what waits for it",
        ),
        pytest.param(
            [["load_shard", 1]],
            {"include_upstream": True},
            [("load_shard", 1), ("load_shard", 3)],
            id="upstream pulls in the siblings",
        ),
    ],
)
def test_mapped_tasks_are_cleared_by_index(airflow, task_ids, flags, indexes):
    run_id = airflow.fail("events_shards", "load_shard")
    for map_index in (0, 2):
        place = airflow.at(run_id, f"taskInstances/load_shard/{map_index}", "events_shards")
        assert airflow.http.patch(place, json={"new_state": "success"}).status_code == 200
    airflow.control("advance", seconds=5)

    found = named(airflow.clear("events_shards", dag_run_id=run_id, task_ids=task_ids, **flags))

    assert [(task_id, map_index) for task_id, map_index, _ in found] == indexes


def test_a_running_task_is_refused_for_real_but_not_in_a_dry_run(airflow):
    run_id = airflow.control("run", dag_id="nightly_vacuum")["dag_run_id"]
    airflow.control("advance", seconds=5)
    body = {"dag_run_id": run_id, "only_failed": False, "prevent_running_task": True}

    dry = airflow.clear("nightly_vacuum", **body)
    real = airflow.clear("nightly_vacuum", **body, dry_run=False)

    assert named(dry) == [("vacuum", -1, "running")]
    assert real.status_code == 409
    assert real.json()["detail"].startswith("AirflowClearRunningTaskException: ")
    assert airflow.state(run_id, "vacuum", "nightly_vacuum") == ("running", 1)


def test_clearing_a_running_task_kills_it_and_runs_it_again(airflow):
    run_id = airflow.control("run", dag_id="nightly_vacuum")["dag_run_id"]
    airflow.control("advance", seconds=5)

    response = airflow.clear("nightly_vacuum", dag_run_id=run_id, only_failed=False, dry_run=False)
    airflow.control("advance", seconds=5)

    assert named(response) == [("vacuum", -1, "restarting")]
    assert airflow.state(run_id, "vacuum", "nightly_vacuum") == ("running", 2)


def test_without_resetting_the_run_a_cleared_task_never_runs(airflow):
    run_id = airflow.fail()

    airflow.clear(dry_run=False, dag_run_id=run_id, reset_dag_runs=False)
    airflow.control("advance", seconds=60)

    assert airflow.run(run_id)["state"] == "failed"
    assert airflow.state(run_id, "load_orders") == (None, 1)


def test_a_lost_clear_leaves_the_run_done_and_its_tasks_blank_until_it_is_queued(airflow):
    run_id = airflow.fail()
    airflow.control("fault", name="lost_clear")
    airflow.clear(dry_run=False, dag_run_id=run_id)
    airflow.control("advance", seconds=60)
    lost = airflow.run(run_id)["state"], airflow.state(run_id, "load_orders")

    airflow.http.patch(f"/api/v2/dags/orders_daily/dagRuns/{quote(run_id)}", json={"state": "queued"})
    airflow.control("advance", seconds=60)

    assert lost == ("success", (None, 1))
    assert (airflow.run(run_id)["state"], airflow.state(run_id, "load_orders")) == ("success", ("success", 2))


def test_two_writers_meet_in_an_opaque_conflict(airflow):
    run_id = airflow.fail()
    airflow.control("fault", name="clear_conflict")

    refused = airflow.clear(dry_run=False, dag_run_id=run_id)

    assert refused.status_code == 409
    assert refused.json()["detail"]["reason"] == "Unique constraint violation"
    assert len(named(airflow.clear(dry_run=False, dag_run_id=run_id))) == 3


def test_a_whole_run_is_cleared_with_its_successes(airflow):
    run_id = airflow.fail()
    place = airflow.at(run_id, "clear")

    everything = airflow.http.post(place, json={"dry_run": True})
    failed = airflow.http.post(place, json={"dry_run": True, "only_failed": True})
    real = airflow.http.post(place, json={"dry_run": False, "only_failed": True})

    assert len(named(everything)) == 4
    assert len(named(failed)) == 3
    assert (real.json()["dag_run_id"], real.json()["state"]) == (run_id, "queued")


def test_the_audit_log_names_the_user_and_holds_the_body(airflow):
    run_id = airflow.fail()
    airflow.clear(dag_run_id=run_id, note="asked by Minji")

    entry = airflow.get("/eventLogs", dag_id="orders_daily", order_by="-when")["event_logs"][0]

    assert (entry["event"], entry["owner"], entry["run_id"]) == ("post_clear_task_instances", "baton", run_id)
    assert "asked by Minji" in entry["extra"]


# The scheduler


def test_a_task_fails_while_its_cause_stands_and_succeeds_after_it_is_fixed(airflow):
    run_id = airflow.fail()
    airflow.control("break", dag_id="orders_daily", task_id="load_orders", message=NOT_FOUND)
    airflow.clear(dry_run=False, dag_run_id=run_id)
    airflow.control("advance", seconds=30)
    broken = airflow.run(run_id)["state"], airflow.states(run_id)

    airflow.control("fix", dag_id="orders_daily")
    airflow.clear(dry_run=False, dag_run_id=run_id)
    airflow.control("advance", seconds=30)

    assert broken[0] == "failed"
    assert broken[1]["load_orders", -1] == ("failed", 2)
    assert broken[1]["notify", -1] == ("upstream_failed", 0)
    assert airflow.state(run_id, "load_orders") == ("success", 3)
    tries = airflow.http.get(airflow.at(run_id, "taskInstances/load_orders/tries")).json()["task_instances"]
    assert [(one["try_number"], one["state"]) for one in tries] == [(1, "failed"), (2, "failed"), (3, "success")]


def test_a_cause_can_concern_one_index_or_one_day(airflow):
    airflow.control("break", dag_id="events_shards", task_id="load_shard", map_index=2)
    airflow.control("break", dag_id="orders_daily", task_id="load_orders", partition="2026-02-02")

    shards = airflow.control("run", dag_id="events_shards")["dag_run_id"]
    good = airflow.control("run", dag_id="orders_daily", logical_date="2026-02-01T00:00:00Z")["dag_run_id"]
    bad = airflow.control("run", dag_id="orders_daily", logical_date="2026-02-02T00:00:00Z")["dag_run_id"]
    airflow.control("advance", seconds=60)

    states = airflow.states(shards, "events_shards")
    assert [states["load_shard", index][0] for index in range(4)] == ["success", "success", "failed", "success"]
    assert (airflow.run(good)["state"], airflow.run(bad)["state"]) == ("success", "failed")


def test_a_task_with_retries_tries_again_by_itself():
    dag = {"dag_id": "flaky", "schedule": None, "tasks": [{"task_id": "call", "retries": 1, "seconds": 1}]}
    with a_server(WORLD.model_copy(update={"airflow": {**WORLD.airflow, "dags": [dag]}})) as airflow:
        airflow.control("break", dag_id="flaky", task_id="call")
        run_id = airflow.control("run", dag_id="flaky")["dag_run_id"]

        airflow.control("advance", seconds=3)
        waiting = airflow.state(run_id, "call", "flaky")
        airflow.control("advance", seconds=30)

        assert waiting == ("up_for_retry", 1)
        assert airflow.state(run_id, "call", "flaky") == ("failed", 2)


def test_a_paused_dag_stands_still(airflow):
    assert airflow.http.patch("/api/v2/dags/orders_daily", json={"is_paused": True}).json()["is_paused"] is True
    run_id = airflow.control("run", dag_id="orders_daily")["dag_run_id"]
    airflow.control("advance", seconds=60)
    paused = airflow.run(run_id)["state"]

    airflow.http.patch("/api/v2/dags/orders_daily", json={"is_paused": False})
    airflow.control("advance", seconds=60)

    assert (paused, airflow.run(run_id)["state"]) == ("queued", "success")


def test_a_dead_scheduler_runs_nothing_and_shows_after_half_a_minute(airflow):
    airflow.control("fault", name="dead_scheduler")
    run_id = airflow.control("run", dag_id="orders_daily")["dag_run_id"]
    airflow.control("advance", seconds=20)
    early = airflow.get("/monitor/health")["scheduler"]["status"]
    airflow.control("advance", seconds=20)

    assert early == "healthy"
    assert airflow.get("/monitor/health")["scheduler"]["status"] == "unhealthy"
    assert airflow.run(run_id)["state"] == "queued"


def test_time_passes_by_itself_at_the_chosen_speed():
    with a_server(speed=100_000) as airflow:
        run_id = airflow.fail()
        airflow.clear(dry_run=False, dag_run_id=run_id)

        airflow.get("/version")

        assert airflow.run(run_id)["state"] == "success"


# Writing


def test_a_trigger_runs_a_dag(airflow):
    body = {"dag_run_id": "baton__7", "logical_date": None, "conf": {"day": "2026-02-01"}, "note": "by Baton"}

    made = airflow.http.post("/api/v2/dags/orders_daily/dagRuns", json=body).json()
    airflow.control("advance", seconds=60)

    assert (made["run_type"], made["triggered_by"], made["state"]) == ("manual", "rest_api", "queued")
    assert (made["triggering_user_name"], made["conf"], made["note"]) == ("baton", {"day": "2026-02-01"}, "by Baton")
    assert airflow.run("baton__7")["state"] == "success"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({}, 422, id="the logical date is required"),
        pytest.param({"logical_date": "2026-02-01T00:00:00"}, 422, id="naive"),
        pytest.param({"logical_date": None, "dag_run_id": "a b"}, 400, id="a space in the id"),
        pytest.param({"logical_date": None, "dag_run_id": "scheduled__x"}, 400, id="a reserved id"),
        pytest.param({"logical_date": None, "dag_run_id": "taken"}, 409, id="the id is taken"),
        pytest.param({"logical_date": "2026-02-01T00:00:00Z"}, 409, id="the date is taken"),
    ],
)
def test_a_bad_trigger_is_refused(airflow, body, status):
    first = {"dag_run_id": "taken", "logical_date": "2026-02-01T00:00:00Z"}
    assert airflow.http.post("/api/v2/dags/orders_daily/dagRuns", json=first).status_code == 200

    response = airflow.http.post("/api/v2/dags/orders_daily/dagRuns", json=body)

    assert response.status_code == status, response.text


def test_a_run_before_the_start_of_its_dag_succeeds_with_nothing_in_it(airflow):
    body = {"dag_run_id": "early", "logical_date": "2025-06-01T00:00:00Z"}

    made = airflow.http.post("/api/v2/dags/orders_daily/dagRuns", json=body).json()

    assert made["state"] == "success"
    assert airflow.states("early") == {}


def test_marking_a_task_successful_lets_what_waited_for_it_run(airflow):
    run_id = airflow.fail()
    place = airflow.at(run_id, "taskInstances/load_orders")

    preview = airflow.http.patch(f"{place}/dry_run", json={"new_state": "success"})
    before = airflow.states(run_id)
    airflow.http.patch(place, json={"new_state": "success", "note": "loaded by hand"})
    again = airflow.http.patch(place, json={"new_state": "success"})
    airflow.control("advance", seconds=60)

    assert named(preview) == [("load_orders", -1, "failed")]
    assert before["load_orders", -1][0] == "failed"
    assert (again.status_code, again.json()) == (409, {"detail": "Task id load_orders is already in success state"})
    assert airflow.state(run_id, "notify") == ("success", 1)
    assert airflow.run(run_id)["state"] == "success"


def test_marking_a_running_task_failed_kills_it(airflow):
    run_id = airflow.control("run", dag_id="nightly_vacuum")["dag_run_id"]
    airflow.control("advance", seconds=5)

    airflow.http.patch(airflow.at(run_id, "taskInstances/vacuum", "nightly_vacuum"), json={"new_state": "failed"})

    assert airflow.run(run_id, "nightly_vacuum")["state"] == "failed"


@pytest.mark.parametrize(("state", "load", "notify"), [("success", "success", "success"), ("failed", "failed", None)])
def test_a_run_can_be_ended_by_hand(airflow, state, load, notify):
    run_id = airflow.fail()

    response = airflow.http.patch(
        f"/api/v2/dags/orders_daily/dagRuns/{quote(run_id)}", json={"state": state, "note": "enough"}
    )

    assert (response.json()["state"], response.json()["note"]) == (state, "enough")
    assert airflow.state(run_id, "load_orders")[0] == load
    assert notify is None or airflow.state(run_id, "notify")[0] == notify


def test_a_backfill_runs_the_missing_days(airflow):
    body = {"dag_id": "orders_daily", "from_date": "2026-02-01T00:00:00Z", "to_date": "2026-02-03T23:00:00Z"}

    preview = airflow.http.post("/api/v2/backfills/dry_run", json=body).json()
    made = airflow.http.post("/api/v2/backfills", json=body).json()
    second = airflow.http.post("/api/v2/backfills", json=body)
    airflow.control("advance", seconds=60)

    dates = ["2026-02-01T18:00:00Z", "2026-02-02T18:00:00Z", "2026-02-03T18:00:00Z"]
    assert [date["logical_date"] for date in preview["backfills"]] == dates
    assert (made["completed_at"], second.status_code) == (None, 409)
    assert airflow.get(f"/backfills/{made['id']}")["completed_at"] is not None
    done = airflow.get("/dags/orders_daily/dagRuns", run_type="backfill")["dag_runs"]
    assert [(run["logical_date"], run["state"]) for run in done] == [(date, "success") for date in dates]
    assert airflow.http.post("/api/v2/backfills/dry_run", json=body).json()["total_entries"] == 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"dag_id": "nightly_vacuum"}, 422, id="no schedule"),
        pytest.param({"to_date": "2026-01-01T00:00:00Z"}, 422, id="reversed"),
        pytest.param({"from_date": "2099-01-01T00:00:00Z", "to_date": "2099-01-02T00:00:00Z"}, 422, id="future"),
    ],
)
def test_a_bad_backfill_is_refused(airflow, change, status):
    body = {"dag_id": "orders_daily", "from_date": "2026-02-01T00:00:00Z", "to_date": "2026-02-02T00:00:00Z"}

    assert airflow.http.post("/api/v2/backfills", json=body | change).status_code == status


def test_a_cancelled_backfill_fails_what_has_not_begun(airflow):
    body = {"dag_id": "orders_daily", "from_date": "2026-02-01T00:00:00Z", "to_date": "2026-02-02T23:00:00Z"}
    number = airflow.http.post("/api/v2/backfills", json=body).json()["id"]

    cancelled = airflow.http.put(f"/api/v2/backfills/{number}/cancel")
    again = airflow.http.put(f"/api/v2/backfills/{number}/cancel")

    assert cancelled.json()["completed_at"] is not None
    assert (again.status_code, again.json()) == (409, {"detail": "Backfill is already completed."})
    runs = airflow.get("/dags/orders_daily/dagRuns", run_type="backfill")["dag_runs"]
    assert {run["state"] for run in runs} == {"failed"}


def test_a_paused_backfill_waits(airflow):
    body = {"dag_id": "orders_daily", "from_date": "2026-02-01T00:00:00Z", "to_date": "2026-02-02T00:00:00Z"}
    number = airflow.http.post("/api/v2/backfills", json=body).json()["id"]
    airflow.http.put(f"/api/v2/backfills/{number}/pause")
    airflow.control("advance", seconds=60)
    paused = airflow.get("/dags/orders_daily/dagRuns", run_type="backfill")["dag_runs"]

    airflow.http.put(f"/api/v2/backfills/{number}/unpause")
    airflow.control("advance", seconds=60)

    assert {run["state"] for run in paused} == {"queued"}
    assert airflow.get(f"/backfills/{number}")["completed_at"] is not None


def test_a_reset_forgets_everything(airflow):
    airflow.fail()

    airflow.control("reset")

    assert airflow.get("/dags/~/dagRuns", state="failed")["total_entries"] == 0
