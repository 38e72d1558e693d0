"""The contract's writes: what a clear changes, and what it leaves alone."""

import pytest

from bot.ports.airflow import Clear, TaskChoice, TaskKey
from bot.ports.errors import Conflict, Unsupported
from tests.contract.airflow.contract import LOAD, Contract, states


class Clearing(Contract):
    def test_a_preview_changes_nothing(self, bench, airflow):
        failed = bench.failed_load
        before = states(airflow, bench.daily, failed.dag_run_id)

        preview = airflow.preview_clear(Clear(bench.daily, failed.dag_run_id, LOAD, downstream=True))
        assert {found.key.task_id: found.state for found in preview} == {"load": "failed", "report": "upstream_failed"}
        assert states(airflow, bench.daily, failed.dag_run_id) == before
        assert airflow.run(bench.daily, failed.dag_run_id).state == "failed"

    def test_a_cleared_task_runs_again_to_success(self, bench, airflow):
        failed = bench.trigger_failed_run()
        bench.fix(failed.dag_run_id)
        clear = Clear(bench.daily, failed.dag_run_id, LOAD, downstream=True, note="asked for by a test")

        planned = [found.key for found in airflow.preview_clear(clear)]
        assert sorted(airflow.clear(clear)) == sorted(planned)
        assert bench.ended(bench.daily, failed.dag_run_id) == "success"
        load = airflow.task_instance(failed)
        assert (load.state, load.try_number) == ("success", 2)
        noted = load if airflow.abilities().notes_each_task else airflow.run(bench.daily, failed.dag_run_id)
        assert noted.note == "asked for by a test"
        assert airflow.error(failed, 1).startswith("RuntimeError")

    def test_what_is_still_broken_fails_again(self, bench, airflow):
        failed = bench.trigger_failed_run()
        airflow.clear(Clear(bench.daily, failed.dag_run_id, LOAD, downstream=True))

        bench.wait(lambda: airflow.task_instance(failed).try_number == 2)
        assert bench.ended(bench.daily, failed.dag_run_id) == "failed"

    def test_a_second_clear_finds_nothing_left(self, bench, airflow):
        failed = bench.trigger_failed_run()
        bench.fix(failed.dag_run_id)
        clear = Clear(bench.daily, failed.dag_run_id, LOAD, downstream=True)
        assert airflow.clear(clear)

        assert airflow.clear(clear) == ()

    def test_an_unknown_task_is_an_empty_plan(self, bench, airflow):
        failed = bench.failed_load

        assert airflow.preview_clear(Clear(bench.daily, failed.dag_run_id, (TaskChoice("nobody"),))) == ()

    def test_a_clear_touches_only_its_run(self, bench, airflow):
        mine, other = bench.trigger_failed_run(), bench.failed_load
        before = states(airflow, bench.daily, other.dag_run_id)
        cleared = airflow.clear(Clear(bench.daily, mine.dag_run_id, LOAD, downstream=True))

        assert {key.dag_run_id for key in cleared} == {mine.dag_run_id}
        bench.ended(bench.daily, mine.dag_run_id)
        assert states(airflow, bench.daily, other.dag_run_id) == before

    def test_without_downstream_what_waits_stays_as_it_is(self, bench, airflow):
        failed = bench.trigger_failed_run()

        assert airflow.clear(Clear(bench.daily, failed.dag_run_id, LOAD)) == (failed,)

    def test_what_succeeded_is_cleared_only_when_asked(self, bench, airflow):
        failed = bench.failed_load
        extract = (TaskChoice("extract"),)

        assert airflow.preview_clear(Clear(bench.daily, failed.dag_run_id, extract)) == ()
        (found,) = airflow.preview_clear(Clear(bench.daily, failed.dag_run_id, extract, only_failed=False))
        assert (found.key.task_id, found.state) == ("extract", "success")

    def test_one_shard_is_cleared_alone(self, bench, airflow):
        run_id = bench.trigger_failed_shards(1, 3)
        bench.fix(run_id, 1)
        shard = TaskKey(bench.mapped, run_id, "load_shard", 1)
        if not airflow.abilities().clears_one_index:
            before = states(airflow, bench.mapped, run_id)
            with pytest.raises(Unsupported):
                airflow.clear(Clear(bench.mapped, run_id, (TaskChoice("load_shard", 1),)))
            assert states(airflow, bench.mapped, run_id) == before
            return

        assert airflow.clear(Clear(bench.mapped, run_id, (TaskChoice("load_shard", 1),))) == (shard,)
        bench.wait(lambda: airflow.task_instance(shard).state == "success")
        assert airflow.task_instance(TaskKey(bench.mapped, run_id, "load_shard", 3)).state == "failed"

    def test_all_failed_shards_and_what_waits_for_them_are_cleared(self, bench, airflow):
        run_id = bench.trigger_failed_shards(1, 3)
        bench.fix(run_id, 1)
        bench.fix(run_id, 3)
        chosen = (TaskChoice("load_shard", 1), TaskChoice("load_shard", 3))
        cleared = airflow.clear(Clear(bench.mapped, run_id, chosen, downstream=True))

        assert {(key.task_id, key.map_index) for key in cleared} == {
            ("load_shard", 1),
            ("load_shard", 3),
            ("publish", -1),
        }
        assert bench.ended(bench.mapped, run_id) == "success"

    def test_a_running_task_is_not_cleared_unless_asked(self, bench, airflow):
        nap = bench.trigger_nap()
        clear = Clear(bench.slow, nap.dag_run_id, (TaskChoice("nap"),), only_failed=False)

        with pytest.raises(Conflict):
            airflow.clear(clear)
        assert (airflow.task_instance(nap).state, airflow.task_instance(nap).try_number) == ("running", 1)

    def test_a_running_task_starts_over_when_asked(self, bench, airflow):
        nap = bench.trigger_nap()
        clear = Clear(bench.slow, nap.dag_run_id, (TaskChoice("nap"),), only_failed=False, refuse_running=False)
        if not airflow.abilities().clears_running:
            with pytest.raises(Conflict):
                airflow.clear(clear)
            return

        assert airflow.clear(clear) == (nap,)
        bench.wait(lambda: airflow.task_instance(nap).try_number == 2 and airflow.task_instance(nap).state == "running")

    def test_requeue_lets_a_finished_run_go_on(self, bench, airflow):
        failed = bench.trigger_failed_run()
        first_end = airflow.run(bench.daily, failed.dag_run_id).ended_at
        airflow.requeue(bench.daily, failed.dag_run_id)

        bench.wait(lambda: airflow.run(bench.daily, failed.dag_run_id).ended_at not in {None, first_end})
        assert airflow.run(bench.daily, failed.dag_run_id).state == "failed"
