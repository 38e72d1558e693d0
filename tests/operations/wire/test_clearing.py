"""Clears that Airflow does, over the wire."""

from bot.operations.lifecycle import State
from bot.ports.airflow import TaskKey
from tests.operations.wire.airflow import ERROR, ORDERS, SHARDS, VACUUM, why_empty

NEVER_REACHED = 3600


def test_cleared_tasks_run_again_and_that_is_the_verdict(bench):
    run = bench.fails()
    run_id = bench.started(run)

    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.try_of(run, "load_orders") == ("success", 2)
    assert bench.clears() == 1
    assert bench.notes() == ["run.verdict.succeeded"]


def test_airflow_keeps_who_asked_and_in_which_run(bench):
    run = bench.fails()
    run_id = bench.started(run)
    bench.ends(run_id)

    note = bench.airflow.task_instance(TaskKey(ORDERS, run, "load_orders")).note
    assert note == f"Baton run {run_id}, asked for by U0MINA"


def test_the_progress_is_on_the_card_while_it_runs(bench):
    run_id = bench.started(bench.fails())
    for _ in range(6):
        bench.once() or bench.skip_to_next()
    report = bench.run(run_id).report

    assert report.summary.msgid == "clear-tasks.progress"
    assert report.summary.params["n"] == 3
    assert len(report.items) == 3


def test_what_fails_again_is_reported_with_its_error_and_log(bench):
    run = bench.fails()
    bench.control("break", dag_id=ORDERS, task_id="load_orders", message=ERROR)
    run_id = bench.started(run)

    assert bench.ends(run_id) is State.FAILED
    said = bench.run(run_id).report.summary
    assert said.msgid == "clear-tasks.failed_again"
    assert said.params["error"] == ERROR
    assert "load_orders" in said.params["log"].url
    assert said.params["task"].value == "load_orders"


def test_of_two_runs_one_may_fail_again(bench):
    first, second = (bench.fails(logical_date=f"latest-{back}") for back in range(2))
    bench.control("break", dag_id=ORDERS, task_id="notify", message=ERROR, partition=first)
    run_id = bench.started(first, second)

    assert bench.ends(run_id) is State.PARTLY_DONE
    assert bench.try_of(second, "notify") == ("success", 1)
    assert bench.clears() == 2


def test_one_map_index_is_cleared_alone(bench):
    run = bench.fails(SHARDS, "load_shard")
    run_id = bench.started(run, dag_id=SHARDS, tasks=["load_shard[1]"], downstream=False)

    assert bench.ends(run_id) is State.SUCCEEDED
    states = {each.key.map_index: each.state for each in bench.airflow.task_instances(SHARDS, run)}
    assert (states[1], states[2]) == ("success", "failed")


def test_exactly_what_was_agreed_to_is_cleared(bench):
    run = bench.fails(SHARDS, "load_shard", map_index=1)
    run_id = bench.started(run, dag_id=SHARDS)

    assert bench.ends(run_id) is State.SUCCEEDED
    tries = {each.key.map_index: each.try_number for each in bench.airflow.task_instances(SHARDS, run)}
    assert (tries[0], tries[1]) == (1, 2)


def test_a_clear_that_airflow_lost_is_repaired(bench):
    run = bench.fails()
    bench.control("fault", name="lost_clear")
    run_id = bench.started(run)

    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.try_of(run, "load_orders") == ("success", 2)
    assert bench.clears() == 1
    assert [step.step.body["action"] for step in bench.run(run_id).steps] == ["clear", "requeue"]


def test_a_dag_that_is_paused_is_warned_of_and_waited_for(bench):
    run = bench.fails()
    bench.pause(is_paused=True)
    run_id = bench.started(run)
    for _ in range(12):
        bench.once() or bench.skip_to_next()

    assert [warning.msgid for warning in bench.run(run_id).plan.warnings] == ["clear-tasks.warn_paused"]
    assert bench.run(run_id).report.summary.msgid == "clear-tasks.waits_for_unpause"
    bench.pause(is_paused=False)
    assert bench.ends(run_id) is State.SUCCEEDED


def napping(bench):
    run = bench.control("run", dag_id=VACUUM)["dag_run_id"]
    bench.control("advance", seconds=5)
    assert bench.try_of(run, "vacuum", VACUUM) == ("running", 1)
    return run


def test_a_running_task_is_left_alone_unless_asked(bench):
    run = napping(bench)

    assert why_empty(bench, bench.clear(run, dag_id=VACUUM, failed_only=False)).msgid == "clear-tasks.under_way"
    assert bench.try_of(run, "vacuum", VACUUM) == ("running", 1)


def test_a_running_task_is_stopped_and_runs_again_when_asked(bench):
    run = napping(bench)
    run_id = bench.clear(run, dag_id=VACUUM, failed_only=False, include_running=True)
    (change,) = bench.run(run_id).plan.steps[0].changes
    assert change.after.msgid == "clear-tasks.stops_and_runs_again"
    bench.confirm(run_id)
    bench.once()
    bench.once()
    bench.control("advance", seconds=NEVER_REACHED)

    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.try_of(run, "vacuum", VACUUM) == ("success", 2)
    assert bench.clears() == 1


def test_a_successful_task_is_done_again_when_asked(bench):
    run = bench.fails()
    run_id = bench.started(run, tasks=["extract_orders"], failed_only=False, downstream=False)

    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.try_of(run, "extract_orders") == ("success", 2)
