"""The fake scheduler runs what was asked for, in order, and fails what is broken."""

from tests.sandbox.airflow.conftest import NOT_FOUND, WORLD, a_server


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
