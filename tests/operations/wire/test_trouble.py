"""What changes in between, and an Airflow that misbehaves."""

import pytest

from bot.operations.facts import Answer
from bot.operations.lifecycle import State
from bot.operations.service import Unchanged
from tests.operations.bench import JUN
from tests.operations.wire.airflow import ORDERS, AirflowBench

CLEAR = "/api/v2/dags/*/clearTaskInstances"


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
