"""clear-tasks over the wire: the real adapter against the sandbox's Airflow."""

import httpx
import pytest
import stamina

from bot.config.model import Rerun
from bot.operations.clear_tasks import ClearTasks
from bot.operations.lifecycle import State
from bot.operations.plan import digest, plan_to_json
from bot.operations.policy import Answer
from bot.operations.service import Unchanged
from bot.ports.airflow import TaskKey
from sandbox.running import RunningSandbox
from tests.operations.airflow import ERROR, ORDERS, SHARDS, VACUUM, AirflowBench
from tests.operations.bench import JUN

NEVER_REACHED = 3600


@pytest.fixture(scope="module")
def running():
    with RunningSandbox(airflow_speed=0) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.reset()
    running.faults.clear()
    with stamina.set_testing(True, attempts=2, cap=True):
        yield running


@pytest.fixture
def bench(store, clock, sandbox):
    bench = AirflowBench(store, clock, sandbox)
    yield bench
    bench.close()


def items(plan):
    return {
        (step.key, change.target): (change.expects["state"], change.expects["try"])
        for step in plan.steps
        for change in step.changes
    }


def why_empty(bench, run_id):
    run = bench.run(run_id)
    assert run.state is State.NO_CHANGE, run.state
    return run.plan.empty


def near(words):
    return [code.value for code in words.params["near"]]


# Planning


def test_the_plan_lists_every_task_instance_with_state_and_try(bench):
    run = bench.fails()
    plan = bench.run(bench.clear(run)).plan

    assert items(plan) == {
        (run, "load_orders"): ("failed", 1),
        (run, "build_orders_mart"): ("upstream_failed", 0),
        (run, "notify"): ("upstream_failed", 0),
    }
    assert bench.clears() == 0
    assert bench.try_of(run, "load_orders") == ("failed", 1)


def test_planning_twice_gives_one_digest(bench):
    operation = ClearTasks(ORDERS, (bench.fails(),))
    first, second = operation.plan(bench.ports), operation.plan(bench.ports)

    assert plan_to_json(first) == plan_to_json(second)
    assert digest("clear-tasks", "x", {}, first) == digest("clear-tasks", "x", {}, second)


def test_without_downstream_only_the_named_task_is_planned(bench):
    run = bench.fails()

    assert list(items(bench.run(bench.clear(run, tasks=["load_orders"], downstream=False)).plan)) == [
        (run, "load_orders")
    ]


def test_each_dag_run_is_a_step_of_its_own(bench):
    runs = [bench.fails(logical_date=f"latest-{back}") for back in range(2)]
    plan = bench.run(bench.clear(*runs)).plan

    assert [step.key for step in plan.steps] == runs
    assert plan.size == 6


def test_a_run_with_nothing_to_clear_is_named_beside_those_that_have(bench):
    failed, fine = bench.fails(), bench.airflow.runs(ORDERS, states=("success",))[0].dag_run_id
    plan = bench.run(bench.clear(failed, fine)).plan

    assert [step.key for step in plan.steps] == [failed]
    assert "clear-tasks.nothing_failed" in [warning.msgid for warning in plan.warnings]


@pytest.mark.parametrize(
    ("arguments", "msgid", "suggestion"),
    [
        pytest.param({"dag_id": "order_daily"}, "clear-tasks.unknown_dag", ORDERS, id="misspelt DAG"),
        pytest.param({"tasks": ["load_order"]}, "clear-tasks.unknown_task", "load_orders", id="misspelt task"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(bench, arguments, msgid, suggestion):
    why = why_empty(bench, bench.clear(bench.fails(), **arguments))

    assert why.msgid == msgid
    assert near(why)[0] == suggestion


def test_a_misspelt_run_is_answered_with_the_failed_ones(bench):
    run = bench.fails()
    why = why_empty(bench, bench.clear(run[:-1] + "1"))

    assert why.msgid == "clear-tasks.unknown_run"
    assert near(why) == [run]


@pytest.mark.parametrize(
    ("arguments", "msgid"),
    [
        pytest.param({"tasks": ["load_orders[1]"]}, "clear-tasks.not_mapped", id="an index of a task without"),
        pytest.param({"airflow": "test"}, "clear-tasks.unknown_airflow", id="another Airflow"),
        pytest.param({"tasks": ["extract_orders"]}, "clear-tasks.nothing_failed", id="a task that succeeded"),
    ],
)
def test_an_empty_plan_explains_itself(bench, arguments, msgid):
    assert why_empty(bench, bench.clear(bench.fails(), **arguments)).msgid == msgid


def test_a_map_index_that_is_not_there_is_said(bench):
    run = bench.fails(SHARDS, "load_shard", map_index=1)

    assert (
        why_empty(bench, bench.clear(run, dag_id=SHARDS, tasks=["load_shard[9]"])).msgid == "clear-tasks.no_such_index"
    )


def test_what_somebody_has_cleared_already_is_said_to_be_under_way(bench):
    run = bench.fails()
    bench.started(run)
    for _ in range(3):
        bench.once()

    why = why_empty(bench, bench.clear(run))
    assert why.msgid == "clear-tasks.with_note"
    assert "asked for by U0MINA" in why.params["note"]


def test_of_the_named_tasks_only_the_failed_ones_are_cleared(bench):
    run = bench.fails()
    plan = bench.run(bench.clear(run, tasks=["extract_orders", "load_orders"], downstream=False)).plan

    assert list(items(plan)) == [(run, "load_orders")]
    assert [warning.msgid for warning in plan.warnings] == ["clear-tasks.warn_not_failed"]


def test_a_dag_that_may_not_run_twice_is_refused(bench):
    bench.rerun = Rerun.UNSAFE

    assert why_empty(bench, bench.clear(bench.fails())).msgid == "clear-tasks.unsafe"


def test_a_dag_of_which_nobody_said_so_gets_a_warning(bench):
    bench.rerun = Rerun.UNKNOWN
    plan = bench.run(bench.clear(bench.fails())).plan

    assert [warning.msgid for warning in plan.warnings] == ["clear-tasks.warn_rerun_unknown"]


# The whole way


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
    pause(bench, is_paused=True)
    run_id = bench.started(run)
    for _ in range(12):
        bench.once() or bench.skip_to_next()

    assert [warning.msgid for warning in bench.run(run_id).plan.warnings] == ["clear-tasks.warn_paused"]
    assert bench.run(run_id).report.summary.msgid == "clear-tasks.waits_for_unpause"
    pause(bench, is_paused=False)
    assert bench.ends(run_id) is State.SUCCEEDED


def pause(bench, *, is_paused):
    url = bench.sandbox.airflow_url
    token = httpx.post(f"{url}/auth/token", json={"username": "baton", "password": "baton"}).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    httpx.patch(f"{url}/api/v2/dags/{ORDERS}", json={"is_paused": is_paused}, headers=headers).raise_for_status()


# Running tasks


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


# What changes in between


def test_what_was_fixed_in_airflow_itself_ends_as_nothing_to_do(bench):
    run = bench.fails()
    run_id = bench.started(run)
    bench.control("recover_run", dag_id=ORDERS, dag_run_id=run)

    assert bench.ends(run_id) is State.NO_CHANGE
    assert bench.clears() == 0


def test_what_was_fixed_just_before_the_clear_is_left_alone(bench):
    first, second = (bench.fails(logical_date=f"latest-{back}") for back in range(2))
    run_id = bench.started(first, second)
    bench.once()
    bench.control("recover_run", dag_id=ORDERS, dag_run_id=second)

    assert bench.ends(run_id) is State.PARTLY_DONE
    assert bench.try_of(second, "load_orders") == ("success", 2)
    assert bench.run(run_id).report.item(second, "load_orders").words.msgid == "clear-tasks.changed"
    assert bench.clears() == 1


def test_a_task_that_failed_after_the_plan_was_read_is_asked_about(bench):
    run = bench.fails(task_id="notify")
    run_id = bench.started(run)
    bench.fails(logical_date="latest", dag_run_id=run)
    bench.until_quiet()

    assert bench.state(run_id) is State.PLAN_CHANGED
    assert bench.clears() == 0


def test_two_people_clear_the_same_run_and_one_is_told_by_whom(bench):
    run = bench.fails()
    bench.on_call[JUN.id] = Answer.YES
    first, second = bench.clear(run), bench.clear(run)
    bench.confirm(first)

    held = bench.confirm(second, by=JUN)
    assert isinstance(held, Unchanged)
    assert held.words.msgid == "run.target_is_taken"
    assert bench.ends(first) is State.SUCCEEDED
    assert bench.clears() == 1


# When Airflow misbehaves

CLEAR = "/api/v2/dags/*/clearTaskInstances"


def at_the_clear(bench, run_id, **fault):
    """Cause a fault at the real clear: the plannings' previews before it are let through."""
    bench.once()
    bench.sandbox.faults.add("airflow", CLEAR, **fault)
    return run_id


def test_an_answer_lost_after_the_effect_is_read_back_and_not_repeated(bench):
    run = bench.fails()
    run_id = at_the_clear(bench, bench.started(run), drop="after")
    bench.once()

    assert bench.state(run_id) is State.OUTCOME_UNKNOWN
    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.clears() == 1
    assert bench.run(run_id).steps[0].result.answer == {"read_back": True}


def test_an_answer_lost_before_the_effect_is_sent_again(bench):
    run = bench.fails()
    run_id = at_the_clear(bench, bench.started(run), drop="before")

    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.clears() == 1


def test_somebody_else_in_the_middle_of_a_clear_is_a_conflict_that_passes(bench):
    run = bench.fails()
    run_id = bench.started(run)
    bench.once()
    bench.control("fault", name="clear_conflict")

    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.try_of(run, "load_orders") == ("success", 2)


@pytest.mark.parametrize(
    ("status", "msgid"), [(403, "vendor.forbidden"), (422, "vendor.rejected"), (404, "vendor.not_found")]
)
def test_a_refused_clear_fails_and_says_that_nothing_changed(bench, status, msgid):
    run = bench.fails()
    run_id = at_the_clear(bench, bench.started(run), status=status, body={"detail": "no"})

    assert bench.ends(run_id) is State.FAILED
    said = bench.run(run_id).report.summary
    assert (said.msgid, said.params["why"].msgid) == ("run.nothing_done", msgid)
    assert bench.try_of(run, "load_orders") == ("failed", 1)


def test_an_account_that_may_only_read_plans_nothing_and_says_why(store, clock, sandbox):
    bench = AirflowBench(store, clock, sandbox, account="viewer")
    run_id = bench.clear(bench.fails())
    bench.close()

    assert bench.state(run_id) is State.DRAFT
    assert bench.run(run_id).problem.msgid == "vendor.forbidden"


def test_a_server_that_is_down_leaves_the_draft_with_its_problem(bench):
    run = bench.fails()
    bench.sandbox.faults.add("airflow", status=503, times=None)
    run_id = bench.clear(run)

    assert bench.run(run_id).problem.msgid == "vendor.unavailable"
    bench.sandbox.faults.clear()
    bench.until_quiet()
    assert bench.state(run_id) is State.PLANNED


def test_a_server_that_goes_down_while_followed_is_waited_for(bench):
    run = bench.fails()
    run_id = bench.started(run)
    for _ in range(3):
        bench.once()
    bench.sandbox.faults.add("airflow", status=502, times=6)

    assert bench.ends(run_id) is State.SUCCEEDED


def test_a_run_that_is_deleted_while_followed_is_unverified(bench):
    run_id = bench.started(bench.fails())
    for _ in range(3):
        bench.once()
    bench.sandbox.faults.add(
        "airflow", "/api/v2/dags/*/dagRuns/*", method="GET", status=404, body={"detail": "gone"}, times=None
    )

    assert bench.ends(run_id) is State.UNVERIFIED
    assert bench.run(run_id).report.summary.msgid == "clear-tasks.unproven"
