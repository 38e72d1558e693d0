"""What a clear would do, over the wire."""

import pytest

from bot.config.model import Rerun
from bot.loads import Load
from bot.operations.clear_tasks import ClearTasks
from bot.operations.plan import digest, plan_to_json
from tests.operations.wire.airflow import ORDERS, SHARDS, why_empty


def items(plan):
    return {
        (step.key, change.target): (change.expects["state"], change.expects["try"])
        for step in plan.steps
        for change in step.changes
    }


def near(words):
    return [code.value for code in words.params["near"]]


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


def ledger(rerun):
    """Return what loads.yaml says of the task that comes last in the DAG."""
    return Load("ledger", "prod", "orders_daily", "finance", tasks=frozenset({"load_orders"}), rerun=rerun)


def test_a_load_that_may_not_run_twice_is_refused_with_whom_to_ask_even_as_what_runs_after_it(bench):
    bench.load(ledger(Rerun.UNSAFE))
    why = why_empty(bench, bench.clear(bench.fails(task_id="extract_orders")))

    assert (why.msgid, why.params["load"].value, why.params["whom"]) == (
        "rerun-load.repeats_unsafe",
        "ledger",
        "finance",
    )


def test_without_what_runs_after_it_a_safe_task_of_that_dag_is_cleared(bench):
    bench.load(ledger(Rerun.UNSAFE))
    run = bench.fails(task_id="extract_orders")
    plan = bench.run(bench.clear(run, tasks=["extract_orders"], downstream=False)).plan

    assert list(items(plan)) == [(run, "extract_orders")]


def test_a_load_of_which_nobody_said_so_gets_a_warning(bench):
    bench.load(ledger(Rerun.UNKNOWN))
    plan = bench.run(bench.clear(bench.fails())).plan

    assert [warning.msgid for warning in plan.warnings] == ["rerun-load.warn_unknown"]
