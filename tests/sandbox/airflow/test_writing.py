"""Triggers, states set by hand, and backfills of the fake Airflow."""

from urllib.parse import quote

import pytest

from tests.sandbox.airflow.conftest import named


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
