"""A load is rerun for business dates, over the wire: one date after another, believed only when its table changed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.config.model import Rerun
from bot.config.who import Who, WhoKind
from bot.dates.cron import Cron
from bot.dates.timetable import CalendarDays, CronTicks, Kind, Timetable
from bot.loads import BusinessDates, DateIs, Evidence, WhenMissing
from bot.operations import rerun_load_runs, service
from bot.operations.lifecycle import State, StepState
from bot.operations.service import Refused, Unchanged
from bot.operations.turn import Patience
from bot.ports.airflow import Trigger
from bot.ports.errors import Forbidden, Unavailable
from tests.operations.bench import MINA
from tests.operations.wire.loads import DUE, MART, ORDERS, SEOUL, LoadBench

THREE_DAYS = "2026-11-17..2026-11-19"
TRIGGER = "/api/v2/dags/*/dagRuns"


@pytest.fixture
def bench(store, clock, sandbox):
    bench = LoadBench(store, clock, sandbox)
    yield bench
    bench.close()


def runs_of(bench, dag_id="orders_daily"):
    return {run.dag_run_id: run.state for run in bench.airflow.runs(dag_id, limit=100)}


def test_every_date_is_cleared_and_proven_by_its_partition(bench):
    run_id = bench.reran("last 3 days")

    assert bench.ends(run_id) is State.SUCCEEDED
    assert bench.run(run_id).arguments["dates"] == THREE_DAYS
    assert bench.items(run_id) == dict.fromkeys(("2026-11-17", "2026-11-18", "2026-11-19"), "rerun-load.rows_changed")
    assert bench.clears() == 3
    assert bench.run(run_id).report.remaining is None


def test_a_date_without_a_run_is_triggered_with_its_own_moment_and_never_twice(bench):
    run_id = bench.reran("2026-11-10")

    assert bench.ends(run_id) is State.SUCCEEDED
    run = bench.airflow.run("orders_daily", "baton__orders__2026-11-10")
    assert run.logical_at.isoformat() == "2026-11-10T18:00:00+00:00"  # 03:00 on the 11th in Seoul
    assert run_id in run.note
    again = bench.reran("2026-11-10")
    assert bench.ends(again) is State.SUCCEEDED
    assert bench.clears() == 1
    assert (
        len([each for each in bench.airflow.runs("orders_daily", limit=100) if each.logical_at == run.logical_at]) == 1
    )


def test_a_missing_date_is_backfilled_where_loads_yaml_says_so(bench):
    bench.know(replace(ORDERS, when_missing=WhenMissing.BACKFILL))
    run_id = bench.reran("2026-11-10..2026-11-11")

    assert bench.ends(run_id) is State.SUCCEEDED
    assert {name for name in runs_of(bench) if name.startswith("backfill__")} == {
        "backfill__2026-11-10T18:00:00+00:00",
        "backfill__2026-11-11T18:00:00+00:00",
    }


def test_a_missing_date_is_left_alone_where_loads_yaml_says_so(bench):
    bench.know(replace(ORDERS, when_missing=WhenMissing.SKIP))
    run_id = bench.planned("2026-11-10")

    assert bench.state(run_id) is State.NO_CHANGE
    assert "rerun-load.missing_is_skipped" in str(bench.run(run_id).plan.empty)


def test_one_date_runs_at_a_time(bench):
    run_id = bench.reran(THREE_DAYS)
    most = 0
    while bench.state(run_id) is not State.SUCCEEDED:
        most = max(most, sum(state in {"queued", "running"} for state in runs_of(bench).values()))
        if not bench.once():
            bench.skip_to_next()

    assert most == 1


def test_a_failure_in_the_middle_leaves_the_rest_untouched_and_says_what_is_left(bench):
    bench.control("break", dag_id="orders_daily", task_id="load_orders", partition="2026-11-18", message="no space")
    run_id = bench.reran(THREE_DAYS)

    assert bench.ends(run_id) is State.PARTLY_DONE
    run = bench.run(run_id)
    states = {item.target: (item.sign.value, item.words.msgid) for item in run.report.items}
    broken = next(day for day, (sign, _) in states.items() if sign == "failed")
    assert broken in {"2026-11-17", "2026-11-18"}
    assert states["2026-11-19"] == ("skipped", "run.step.untouched")
    assert run.report.remaining == {"load": "orders", "dates": f"{broken}..2026-11-19", "downstream": True}
    assert "no space" in str(run.report.summary)


def test_what_is_left_is_a_run_of_its_own_and_does_the_rest(bench):
    bench.control("break", dag_id="orders_daily", task_id="load_orders", message="no space")
    failed = bench.reran(THREE_DAYS)
    assert bench.ends(failed) is State.FAILED
    bench.control("fix", dag_id="orders_daily")
    remaining = bench.run(failed).report.remaining

    run_id = bench.reran(remaining["dates"])
    assert remaining["dates"] == THREE_DAYS
    assert bench.ends(run_id) is State.SUCCEEDED


def test_tasks_that_ran_without_a_change_of_the_partition_prove_nothing(bench):
    bench.warehouse.stuck = {"20261118"}
    run_id = bench.reran(THREE_DAYS)

    assert bench.ends(run_id) is State.UNVERIFIED
    assert bench.items(run_id)["2026-11-18"] == "rerun-load.unchanged"
    assert bench.items(run_id)["2026-11-19"] == "rerun-load.rows_changed"


def test_without_a_table_it_says_that_the_data_were_not_checked(bench):
    run_id = bench.reran("2026-11-19", load="mart")

    assert bench.ends(run_id) is State.UNVERIFIED
    assert bench.items(run_id) == {"2026-11-19": "rerun-load.table_unknown"}
    assert "rerun-load.warn_no_table" in {words.msgid for words in bench.run(run_id).plan.warnings}


def test_a_bigquery_that_will_not_answer_leaves_it_unverified_and_one_that_is_down_is_asked_again(bench):
    run_id = bench.reran("2026-11-19")
    bench.until_state(run_id, State.VERIFYING)
    bench.warehouse.errors = [Unavailable("BigQuery"), Forbidden("BigQuery", "no right to read")]

    assert bench.ends(run_id) is State.UNVERIFIED
    assert bench.items(run_id) == {"2026-11-19": "rerun-load.table_unseen"}


@pytest.mark.parametrize(
    ("evidence", "state", "words"),
    [
        pytest.param(("order_date", "loaded_at"), State.SUCCEEDED, "rerun-load.rows_changed", id="loaded at"),
        pytest.param(("order_date", None), State.UNVERIFIED, "rerun-load.same_rows", id="only rows"),
    ],
)
def test_a_column_tells_what_a_partition_cannot(bench, evidence, state, words):
    bench.know(replace(ORDERS, evidence=Evidence("haneul-prod.orders.orders_daily", *evidence)))
    run_id = bench.reran("2026-11-19")

    assert bench.ends(run_id) is state
    assert bench.items(run_id) == {"2026-11-19": words}


ONLY_ROWS = Evidence("haneul-prod.orders.orders_daily", "order_date")


def test_rows_that_came_between_the_plan_and_the_rerun_prove_nothing(bench):
    bench.know(replace(ORDERS, evidence=ONLY_ROWS))
    bench.warehouse.counts = [100, *[110] * 50]  # another run loaded them while the plan was read
    run_id = bench.reran("2026-11-19")

    assert bench.ends(run_id) is State.UNVERIFIED
    assert bench.items(run_id) == {"2026-11-19": "rerun-load.same_rows"}


def test_rows_do_not_tell_which_of_several_runs_has_loaded_them(bench):
    twice = Timetable(CronTicks(Cron.parse("0 3,9 * * *"), SEOUL), Kind.TRIGGER)
    bench.know(replace(ORDERS, evidence=ONLY_ROWS, dates=replace(DUE, timetable=twice)))
    bench.warehouse.counts = [100, 100, 100, *range(110, 200)]
    run_id = bench.reran("2026-11-18")

    assert bench.ends(run_id) is State.UNVERIFIED
    assert set(bench.items(run_id).values()) == {"rerun-load.rows_shared"}


def test_a_partition_that_is_a_day_in_utc_is_not_the_date_of_another_zone(bench):
    bench.warehouse.kind = "TIMESTAMP"
    run_id = bench.reran("2026-11-19")

    assert bench.ends(run_id) is State.UNVERIFIED
    assert "rerun-load.partitioned_in_utc" in str(bench.run(run_id).report.items)


# Before anything happens


@pytest.mark.parametrize(
    ("dates", "why"),
    [
        pytest.param("2026-11-01..2026-11-19", "rerun-load.too_wide", id="too wide"),
        pytest.param("tomorrow", "dates.future", id="still to come"),
        pytest.param("last monday", "dates.ambiguous", id="unclear"),
        pytest.param("whenever", "dates.not_understood", id="no date"),
        pytest.param("x" * 10_000, "arguments.too_long", id="ten kilobytes"),
    ],
)
def test_dates_that_are_wrong_are_refused_at_their_field(bench, dates, why):
    answer = bench.asked(dates)

    assert isinstance(answer, Refused)
    assert [(problem.field, problem.words.msgid) for problem in answer.problems] == [("dates", why)]


def test_an_unknown_load_is_refused_with_those_that_there_are(bench):
    answer = bench.asked("yesterday", load="order")

    assert isinstance(answer, Refused)
    assert [code.value for code in answer.problems[0].words.params["near"]] == ["orders"]


def test_yesterday_stays_the_day_it_was_when_it_is_planned_tomorrow(bench):
    run_id = bench.planned("어제")
    bench.clock.at += timedelta(days=1)
    bench.write(service.replan, MINA, run_id, bench.now)

    assert bench.run(run_id).arguments["dates"] == "2026-11-19"


def test_a_load_that_must_not_run_twice_is_refused_with_whom_to_ask(bench):
    bench.know(replace(ORDERS, rerun=Rerun.UNSAFE))
    run_id = bench.planned("yesterday")

    why = bench.run(run_id).plan.empty
    assert (why.msgid, why.params["whom"].id) == ("rerun-load.unsafe", "S0ENG")


def test_a_load_that_nobody_knows_to_be_safe_asks_once_more(bench):
    bench.know(replace(ORDERS, rerun=Rerun.UNKNOWN))

    assert bench.run(bench.planned("yesterday")).plan.warnings[0].msgid == "rerun-load.warn_unknown"


@pytest.mark.parametrize(
    ("rerun", "downstream", "warned"),
    [
        pytest.param(Rerun.UNSAFE, True, None, id="unsafe"),
        pytest.param(Rerun.UNSAFE, False, [], id="unsafe but not reached"),
        pytest.param(Rerun.UNKNOWN, True, ["ledger"], id="unknown"),
    ],
)
def test_another_load_that_would_run_again_with_it_is_looked_at_too(bench, rerun, downstream, warned):
    first, last = (replace(ORDERS, tasks=frozenset({task})) for task in ("extract_orders", "load_orders"))
    bench.know(first, replace(last, name="ledger", rerun=rerun, contact=Who(WhoKind.GROUP, "S0FIN")))
    plan = bench.run(bench.planned("yesterday", downstream=downstream)).plan

    if warned is None:
        [left] = plan.empty.params["reasons"].items
        why = left.params["why"]
        assert (why.msgid, why.params["load"].value) == ("rerun-load.repeats_unsafe", "ledger")
        assert why.params["whom"].id == "S0FIN"
    else:
        asked = [words.params["load"].value for words in plan.warnings if words.msgid == "rerun-load.warn_unknown"]
        assert asked == warned


def test_a_date_whose_run_is_under_way_or_not_due_is_left_alone(bench):
    bench.control("run", dag_id="orders_daily", logical_date="latest")
    run_id = bench.planned("2026-11-18..2026-11-20")

    plan = bench.run(run_id).plan
    assert [step.key for step in plan.steps] == ["2026-11-18"]
    left = {words.params["date"]: words.params["why"].msgid for words in plan.warnings if "why" in words.params}
    assert left["2026-11-19"] == "rerun-load.runs_already"
    assert left["2026-11-20"] == "rerun-load.not_due"


def test_dates_before_the_dag_began_are_left_alone(bench):
    run_id = bench.planned("2025-12-20")

    assert "rerun-load.before_start" in str(bench.run(run_id).plan.empty)


def test_a_load_before_it_that_is_not_there_is_warned_of_and_those_after_it_are_named(bench):
    bench.fails(logical_date="latest")
    mart = {
        words.msgid: words for words in bench.run(bench.planned("2026-11-10, 2026-11-19", load="mart")).plan.warnings
    }
    orders = {words.msgid: words for words in bench.run(bench.planned("yesterday")).plan.warnings}

    assert mart["rerun-load.warn_upstream"].params["n"] == 2
    assert [code.value for code in orders["rerun-load.warn_downstream"].params["loads"]] == ["mart"]


def test_a_schedule_that_is_not_the_dags_is_warned_of(bench):
    bench.know(replace(ORDERS, dates=replace(MART.dates, zone=MART.dates.zone)))

    assert "rerun-load.warn_schedule" in {words.msgid for words in bench.run(bench.planned("yesterday")).plan.warnings}


def test_a_dag_with_a_schedule_needs_one_in_loads_yaml(bench):
    bench.know(replace(ORDERS, dates=replace(ORDERS.dates, schedule="")))

    assert bench.run(bench.planned("yesterday")).plan.empty.msgid == "rerun-load.no_schedule"


def test_a_zone_that_is_not_the_dags_is_warned_of(bench):
    bench.know(replace(ORDERS, dates=replace(ORDERS.dates, zone=ZoneInfo("Europe/Berlin"))))

    assert "rerun-load.warn_zone" in {words.msgid for words in bench.run(bench.planned("2026-11-17")).plan.warnings}


def test_a_date_of_an_hourly_load_is_a_run_for_each_hour(bench):
    hourly = replace(DUE, offset=0, timetable=Timetable(CronTicks(Cron.parse("@hourly"), SEOUL), Kind.TRIGGER))
    bench.know(replace(ORDERS, dag_id="events_shards", tasks=frozenset(), dates=hourly, evidence=None))
    plan = bench.run(bench.planned("yesterday")).plan

    assert len({step.key for step in plan.steps}) == len({step.body["dag_run_id"] for step in plan.steps}) == 24
    assert plan.steps[0].key == "2026-11-19 00:00+0900"


def test_a_partition_key_is_a_date_of_a_dag_that_others_trigger(bench):
    keyed = BusinessDates(SEOUL, DateIs.PARTITION_KEY, partition_format="%Y%m%d")
    bench.know(replace(ORDERS, dag_id="nightly_vacuum", tasks=frozenset(), dates=keyed, evidence=None))
    first = bench.reran("2026-11-19")

    assert bench.ends(first) is State.UNVERIFIED
    run = bench.airflow.run("nightly_vacuum", "baton__orders__2026-11-19")
    assert (run.partition_key, run.logical_at, run.state) == ("20261119", None, "success")
    again = bench.run(bench.planned("2026-11-19")).plan
    assert [(step.body["action"], step.body["dag_run_id"]) for step in again.steps] == [("clear", run.dag_run_id)]


ON_DEMAND = BusinessDates(SEOUL, DateIs.RUN_AFTER, 0, Timetable(CalendarDays(SEOUL), Kind.INTERVAL))


def made_run_without_date(bench):
    assert bench.airflow.trigger(Trigger("nightly_vacuum", "manual__by_hand", None)).logical_at is None
    bench.control("advance", seconds=3600)


def test_a_run_without_a_logical_date_is_the_run_of_the_day_it_was_due(bench):
    bench.know(replace(ORDERS, dag_id="nightly_vacuum", tasks=frozenset(), dates=ON_DEMAND, evidence=None))
    made_run_without_date(bench)

    [step] = bench.run(bench.planned("2026-11-20")).plan.steps
    assert (step.body["action"], step.body["dag_run_id"]) == ("clear", "manual__by_hand")
    assert step.title.params["at"] == "2026-11-20 12:00"


def test_somebodys_own_run_on_a_date_is_not_taken_for_the_run_of_that_date(bench):
    at = datetime(2026, 11, 11, 5, tzinfo=UTC)
    bench.airflow.trigger(Trigger("orders_daily", "manual__2026-11-11T05:00", at, (at, at)))

    why = bench.run(bench.planned("2026-11-10")).plan.empty
    assert "rerun-load.other_interval" in str(why)
    assert "manual__2026-11-11T05:00" in str(why)


def test_where_not_every_run_was_read_none_is_started(bench, monkeypatch):
    monkeypatch.setattr(rerun_load_runs, "_MOST_RUNS", 1)
    keyed = BusinessDates(SEOUL, DateIs.PARTITION_KEY, partition_format="%Y%m%d")
    bench.know(replace(ORDERS, dag_id="nightly_vacuum", tasks=frozenset(), dates=keyed, evidence=None))
    made_run_without_date(bench)

    assert "rerun-load.not_all_read" in str(bench.run(bench.planned("2026-11-19")).plan.empty)


# While it runs


def test_a_second_request_for_the_same_load_is_told_who_has_it(bench):
    first, second = bench.planned("2026-11-19"), bench.planned("2026-11-17")
    bench.confirm(first)

    held = bench.confirm(second)
    assert isinstance(held, Unchanged)
    assert held.words.msgid == "run.target_is_taken"


def test_a_person_stops_it_between_two_dates(bench):
    run_id = bench.reran(THREE_DAYS)
    while not any(each.state is StepState.DONE for each in bench.run(run_id).steps):
        bench.once()
    bench.write(service.cancel, MINA, run_id, bench.now)

    assert bench.ends(run_id) is State.PARTLY_DONE
    assert bench.run(run_id).report.remaining["dates"] == "2026-11-18..2026-11-19"
    assert bench.clears() == 1


def test_somebody_who_ran_a_date_meanwhile_is_not_overruled(bench):
    run_id = bench.reran("2026-11-18..2026-11-19")
    bench.once()
    latest = bench.airflow.runs("orders_daily", limit=1)[0].dag_run_id
    bench.fails(logical_date="latest")
    bench.control("recover_run", dag_id="orders_daily", dag_run_id=latest)

    assert bench.ends(run_id) is State.PARTLY_DONE
    assert bench.items(run_id)["2026-11-19"] == "rerun-load.changed"
    assert bench.clears() == 1


def test_somebody_who_made_the_missing_run_meanwhile_has_made_the_only_one(bench):
    run_id = bench.reran("2026-11-10")
    bench.once()
    bench.control("run", dag_id="orders_daily", logical_date="2026-11-10T18:00:00Z")

    assert bench.ends(run_id) is State.NO_CHANGE
    assert "baton__orders__2026-11-10" not in runs_of(bench)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_trigger_whose_answer_never_came_is_found_by_its_id_and_made_once(bench, drop):
    run_id = bench.reran("2026-11-10")
    bench.once()
    bench.sandbox.faults.add("airflow", TRIGGER, method="POST", drop=drop)

    assert bench.ends(run_id) is State.SUCCEEDED
    assert [name for name in runs_of(bench) if name.startswith("baton__")] == ["baton__orders__2026-11-10"]
    assert bench.run(run_id).steps[0].result.sends == (2 if drop == "before" else 1)


def test_a_clear_that_airflow_lost_is_queued_again_before_the_next_date(bench):
    bench.control("fault", name="lost_clear", times=1)
    run_id = bench.reran("2026-11-18..2026-11-19")

    assert bench.ends(run_id) is State.SUCCEEDED
    assert [each.step.body["action"] for each in bench.run(run_id).steps] == ["clear", "clear", "requeue"]


def test_a_refusal_of_one_date_leaves_those_after_it_untouched(bench):
    run_id = bench.reran("2026-11-10..2026-11-12")
    bench.until_state(run_id, State.EXECUTING)
    while bench.run(run_id).steps[0].state is not StepState.DONE:
        bench.once()
    bench.sandbox.faults.add("airflow", TRIGGER, method="POST", status=403)

    assert bench.ends(run_id) is State.PARTLY_DONE
    assert [each.state for each in bench.run(run_id).steps] == [StepState.DONE, StepState.FAILED, StepState.CANCELLED]
    assert bench.items(run_id)["2026-11-12"] == "run.step.untouched"
    assert bench.run(run_id).report.remaining["dates"] == "2026-11-11..2026-11-12"


def test_a_date_that_never_ends_is_reported_and_those_after_it_are_untouched(bench):
    bench.control("fault", name="dead_scheduler", times=1)
    bench.executor = replace(bench.executor, patience=Patience(follow_for=timedelta(minutes=3)))
    run_id = bench.reran("2026-11-18..2026-11-19")

    assert bench.ends(run_id) is State.UNVERIFIED
    assert bench.clears() == 1
    assert bench.items(run_id)["2026-11-19"] == "run.step.untouched_unseen"
    assert bench.run(run_id).left["dates"] == "2026-11-18..2026-11-19"


def test_a_load_that_is_no_longer_configured_ends_as_unverified(bench):
    run_id = bench.reran("2026-11-19")
    bench.until_state(run_id, State.VERIFYING)
    bench.know(MART)

    assert bench.ends(run_id) is State.UNVERIFIED
    assert bench.run(run_id).report.summary.msgid == "rerun-load.unknown_load"


def test_a_paused_dag_is_what_it_waits_for(bench):
    bench.pause(is_paused=True)
    run_id = bench.reran("2026-11-18..2026-11-19")
    while bench.run(run_id).report is None:
        bench.once()

    assert "clear-tasks.waits_for_unpause" in str(bench.run(run_id).report.summary)
    assert "clear-tasks.warn_paused" in {words.msgid for words in bench.run(run_id).plan.warnings}
    bench.pause(is_paused=False)
    assert bench.ends(run_id) is State.SUCCEEDED
