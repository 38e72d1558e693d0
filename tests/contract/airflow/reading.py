"""The contract's reads."""

import re
from datetime import UTC, timedelta

from bot.ports.airflow import Clear, Right, TaskKey, Window
from tests.contract.airflow.bench import Bench, some_moment
from tests.contract.airflow.contract import LOAD, Contract


class Reading(Contract):
    def test_the_server_says_its_version(self, airflow):
        assert re.match(r"[23]\.\d+\.\d+", airflow.version())

    def test_it_says_who_answers_and_as_whom_we_come(self, bench, airflow):
        seen = airflow.introduction()

        assert (seen.version, seen.auth) == (airflow.version(), "password")
        assert seen.api == ("v2" if bench.minor >= (3, 0) else "v1")
        assert abs(seen.said_at - airflow.health().scheduler_seen_at) < timedelta(minutes=1)

    def test_our_rights_are_found_out_without_using_them(self, airflow, viewer):
        newest, can_backfill = newest_run(airflow), airflow.abilities().backfills

        assert airflow.introduction().rights == {
            Right.READ: True,
            Right.CLEAR: True,
            Right.TRIGGER: True,
            Right.BACKFILL: True if can_backfill else None,
        }
        assert viewer.introduction().rights == {
            Right.READ: True,
            Right.CLEAR: False,
            Right.TRIGGER: False,
            Right.BACKFILL: False if can_backfill else None,
        }
        assert newest_run(airflow) == newest

    def test_a_running_server_is_healthy(self, airflow):
        health = airflow.health()

        assert (health.scheduler, health.database) == ("healthy", "healthy")
        assert health.scheduler_seen_at.tzinfo is UTC

    def test_every_dag_is_listed_with_its_schedule(self, bench, airflow):
        dags = {dag.dag_id: dag for dag in airflow.dags()}

        assert {bench.daily, bench.mapped, bench.slow} <= set(dags)
        assert dags[bench.daily].schedule
        assert "core" in dags[bench.daily].tags
        assert dags[bench.daily].owners == ("data-core",)
        assert not dags[bench.daily].is_paused

    def test_one_dag_reads_like_the_list(self, bench, airflow):
        assert airflow.dag(bench.daily) in airflow.dags()

    def test_the_tasks_say_what_is_mapped_and_what_waits_for_them(self, bench, airflow):
        tasks = {task.task_id: task for task in airflow.tasks(bench.mapped)}

        assert {name for name, task in tasks.items() if task.is_mapped} == {"load_shard"}
        assert tasks["load_shard"].downstream == ("publish",)

    def test_runs_come_newest_first_and_no_more_than_asked(self, bench, airflow):
        older, newer = bench.trigger(bench.daily), bench.trigger(bench.daily)
        ids = [run.dag_run_id for run in airflow.runs(bench.daily, limit=100)]

        assert ids.index(newer) < ids.index(older)
        assert len(airflow.runs(bench.daily, limit=1)) == 1

    def test_runs_are_found_by_state(self, bench, airflow):
        failed = bench.failed_load
        runs = airflow.runs(bench.daily, states=["failed", "queued"])

        assert failed.dag_run_id in {run.dag_run_id for run in runs}
        assert {run.state for run in runs} <= {"failed", "queued"}

    def test_a_logical_date_finds_exactly_its_run(self, bench, airflow):
        moment = some_moment()
        run_id = bench.trigger(bench.daily, logical_at=moment)

        (run,) = airflow.runs(bench.daily, window=Window(moment, moment))
        assert (run.dag_run_id, run.logical_at, run.run_type) == (run_id, moment, "manual")

    def test_a_run_without_a_logical_date_is_read_as_such(self, bench, airflow):
        run_id = bench.trigger(bench.daily)

        assert (airflow.run(bench.daily, run_id).logical_at is None) is airflow.abilities().runs_without_date

    def test_a_run_id_may_hold_the_signs_that_airflow_puts_there(self, bench, airflow):
        failed = bench.trigger_failed_run(run_id=f"manual__{some_moment().isoformat()}_~a.b")
        clear = Clear(bench.daily, failed.dag_run_id, LOAD)

        assert airflow.run(bench.daily, failed.dag_run_id).dag_run_id == failed.dag_run_id
        assert [found.key for found in airflow.preview_clear(clear)] == [failed]
        assert airflow.error(failed, 1)

    def test_mapped_task_instances_are_listed_one_by_one(self, bench, airflow):
        run_id = bench.failed_shard.dag_run_id
        shards = [found for found in airflow.task_instances(bench.mapped, run_id) if found.key.task_id == "load_shard"]

        assert {found.key.map_index: found.state for found in shards} == {
            0: "success",
            1: "failed",
            2: "success",
            3: "success",
        }
        assert airflow.task_instance(TaskKey(bench.mapped, run_id, "load_shard", 1)).state == "failed"

    def test_failed_lists_what_failed_since_newest_first(self, bench, airflow):
        before = bench.trigger_failed_run()
        since = airflow.run(bench.daily, before.dag_run_id).ended_at + timedelta(milliseconds=1)
        failed = bench.trigger_failed_run()

        found = {instance.key: instance for instance in airflow.failed(since)}
        report = TaskKey(bench.daily, failed.dag_run_id, "report")
        assert found[failed].state == "failed"
        assert found[report].state == "upstream_failed"
        assert before not in found
        ends = [instance.ended_at for instance in found.values()]
        assert ends == sorted(ends, reverse=True)

    def test_the_error_is_the_exception_line_of_that_try(self, bench, airflow):
        failed = bench.failed_load
        line = airflow.error(failed, 1)

        assert line.startswith(f"RuntimeError: load failed for partition {failed.dag_run_id}: 404 Not found: Table")

    def test_a_good_try_has_no_error(self, bench, airflow):
        failed = bench.failed_load

        assert airflow.error(TaskKey(bench.daily, failed.dag_run_id, "extract"), 1) == ""

    def test_what_never_ran_says_why(self, bench, airflow):
        failed = bench.failed_load
        reason = airflow.error(TaskKey(bench.daily, failed.dag_run_id, "report"), 0)

        assert reason == ("Task did not run because upstream task(s) failed." if bench.minor >= (3, 1) else "")

    def test_a_mapped_instance_has_its_own_error(self, bench, airflow):
        run_id = bench.failed_shard.dag_run_id

        assert airflow.error(TaskKey(bench.mapped, run_id, "load_shard", 1), 1).startswith("ValueError: ")
        assert airflow.error(TaskKey(bench.mapped, run_id, "load_shard", 0), 1) == ""

    def test_a_task_says_how_it_is_retried(self, bench, airflow):
        fetch = airflow.task(bench.retried, "fetch")

        assert (fetch.retries, fetch.retry_delay, fetch.retry_delay_grows) == (3, timedelta(minutes=5), False)
        assert fetch in airflow.tasks(bench.retried)

    def test_a_task_that_waits_for_a_retry_says_how_many_there_are_and_when_it_failed(self, bench, airflow):
        before = airflow.health().scheduler_seen_at
        waiting = airflow.task_instance(bench.trigger_retry())

        assert (waiting.try_number, waiting.max_tries) == (1, 3)
        assert before <= waiting.ended_at
        assert airflow.run(bench.retried, waiting.key.dag_run_id).state == "running"

    def test_a_scheduled_dag_says_when_it_runs_next_and_one_without_a_schedule_never_does(self, bench, airflow):
        scheduled = airflow.dag(bench.daily).next_run_after

        assert scheduled > airflow.health().scheduler_seen_at
        assert airflow.dag(bench.slow).next_run_after is None

    def test_a_viewer_reads(self, bench, viewer):
        assert bench.daily in {dag.dag_id for dag in viewer.dags()}


def newest_run(airflow):
    return [run.dag_run_id for run in airflow.runs(Bench.daily, limit=1)]
