"""What the fake Airflow tells: lists with filters and pages, logs, pages for people."""

from urllib.parse import quote

import pytest

from tests.sandbox.airflow.conftest import NOT_FOUND, named


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
