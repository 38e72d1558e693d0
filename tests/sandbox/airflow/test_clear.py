"""Clearing in the fake Airflow selects, changes and refuses what the real one does."""

from urllib.parse import quote

import pytest

from tests.sandbox.airflow.conftest import a_server, named


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


def test_on_3_0_a_cleared_running_task_hangs_for_ever():
    with a_server(version="3.0.6") as airflow:
        run_id = airflow.control("run", dag_id="nightly_vacuum")["dag_run_id"]
        airflow.control("advance", seconds=5)

        airflow.clear("nightly_vacuum", dag_run_id=run_id, only_failed=False, dry_run=False)
        airflow.control("advance", seconds=600)

        assert airflow.state(run_id, "vacuum", "nightly_vacuum") == ("restarting", 1)


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
