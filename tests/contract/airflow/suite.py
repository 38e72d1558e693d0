"""The contract: what `bot.ports.airflow` promises, asked of any server through the adapter.

Each class is run once per kind of server. A test makes its own runs: nothing is ever reset.
"""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.airflow import connect
from bot.ports.airflow import Airflow, Clear, TaskChoice, TaskKey
from bot.ports.errors import Conflict, Forbidden, NotAuthenticated, NotFound, Rejected
from tests.contract.airflow.bench import Account, Bench, some_moment

LOAD = (TaskChoice("load"),)


def states(airflow: Airflow, dag_id: str, run_id: str) -> dict[TaskKey, tuple[str | None, int]]:
    return {found.key: (found.state, found.try_number) for found in airflow.task_instances(dag_id, run_id)}


def state_of(airflow: Airflow, run_id: str) -> dict[str, str | None]:
    return {found.key.task_id: found.state for found in airflow.task_instances(Bench.daily, run_id)}


class Contract:
    @pytest.fixture
    def airflow(self, bench):
        return bench.airflow

    @pytest.fixture
    def viewer(self, bench):
        viewer = bench.connect(bench.viewer)
        yield viewer
        viewer.close()


class Reading(Contract):
    def test_the_server_says_its_version(self, airflow):
        assert airflow.version().startswith("3.")

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
        failed = bench.trigger_failed_run()
        runs = airflow.runs(bench.daily, states=["failed", "queued"])

        assert failed.dag_run_id in {run.dag_run_id for run in runs}
        assert {run.state for run in runs} <= {"failed", "queued"}

    def test_a_logical_date_finds_exactly_its_run(self, bench, airflow):
        moment = some_moment()
        run_id = bench.trigger(bench.daily, logical_at=moment)

        (run,) = airflow.runs(bench.daily, logical_at=moment)
        assert (run.dag_run_id, run.logical_at, run.run_type) == (run_id, moment, "manual")

    def test_a_run_without_a_logical_date_is_read_as_such(self, bench, airflow):
        run_id = bench.trigger(bench.daily)

        assert airflow.run(bench.daily, run_id).logical_at is None

    def test_a_run_id_may_hold_the_signs_that_airflow_puts_there(self, bench, airflow):
        failed = bench.trigger_failed_run(run_id=f"manual__{some_moment().isoformat()}_~a.b")
        clear = Clear(bench.daily, failed.dag_run_id, LOAD)

        assert airflow.run(bench.daily, failed.dag_run_id).dag_run_id == failed.dag_run_id
        assert [found.key for found in airflow.preview_clear(clear)] == [failed]
        assert airflow.error(failed, 1)

    def test_mapped_task_instances_are_listed_one_by_one(self, bench, airflow):
        run_id = bench.trigger_failed_shards(1)
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
        starts = [instance.started_at for instance in found.values()]
        assert starts == sorted(starts, reverse=True)

    def test_the_error_is_the_exception_line_of_that_try(self, bench, airflow):
        failed = bench.trigger_failed_run()
        line = airflow.error(failed, 1)

        assert line.startswith(f"RuntimeError: load failed for partition {failed.dag_run_id}: 404 Not found: Table")

    def test_a_good_try_has_no_error(self, bench, airflow):
        failed = bench.trigger_failed_run()

        assert airflow.error(TaskKey(bench.daily, failed.dag_run_id, "extract"), 1) == ""

    def test_what_never_ran_says_why(self, bench, airflow):
        failed = bench.trigger_failed_run()

        assert "upstream" in airflow.error(TaskKey(bench.daily, failed.dag_run_id, "report"), 0)

    def test_a_mapped_instance_has_its_own_error(self, bench, airflow):
        run_id = bench.trigger_failed_shards(1)

        assert airflow.error(TaskKey(bench.mapped, run_id, "load_shard", 1), 1).startswith("ValueError: ")
        assert airflow.error(TaskKey(bench.mapped, run_id, "load_shard", 0), 1) == ""

    def test_a_viewer_reads(self, bench, viewer):
        assert bench.daily in {dag.dag_id for dag in viewer.dags()}


class Clearing(Contract):
    def test_a_preview_changes_nothing(self, bench, airflow):
        failed = bench.trigger_failed_run()
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
        assert load.note == ("asked for by a test" if bench.minor >= (3, 3) else "")
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
        failed = bench.trigger_failed_run()

        assert airflow.preview_clear(Clear(bench.daily, failed.dag_run_id, (TaskChoice("nobody"),))) == ()

    def test_a_clear_touches_only_its_run(self, bench, airflow):
        mine, other = bench.trigger_failed_run(), bench.trigger_failed_run()
        before = states(airflow, bench.daily, other.dag_run_id)
        cleared = airflow.clear(Clear(bench.daily, mine.dag_run_id, LOAD, downstream=True))

        assert {key.dag_run_id for key in cleared} == {mine.dag_run_id}
        bench.ended(bench.daily, mine.dag_run_id)
        assert states(airflow, bench.daily, other.dag_run_id) == before

    def test_without_downstream_what_waits_stays_as_it_is(self, bench, airflow):
        failed = bench.trigger_failed_run()

        assert airflow.clear(Clear(bench.daily, failed.dag_run_id, LOAD)) == (failed,)

    def test_what_succeeded_is_cleared_only_when_asked(self, bench, airflow):
        failed = bench.trigger_failed_run()
        extract = (TaskChoice("extract"),)

        assert airflow.preview_clear(Clear(bench.daily, failed.dag_run_id, extract)) == ()
        (found,) = airflow.preview_clear(Clear(bench.daily, failed.dag_run_id, extract, only_failed=False))
        assert (found.key.task_id, found.state) == ("extract", "success")

    def test_one_shard_is_cleared_alone(self, bench, airflow):
        run_id = bench.trigger_failed_shards(1, 3)
        bench.fix(run_id, 1)
        shard = TaskKey(bench.mapped, run_id, "load_shard", 1)

        assert airflow.clear(Clear(bench.mapped, run_id, (TaskChoice("load_shard", 1),))) == (shard,)
        bench.wait(lambda: airflow.task_instance(shard).state == "success")
        assert airflow.task_instance(TaskKey(bench.mapped, run_id, "load_shard", 3)).state == "failed"

    def test_all_failed_shards_and_what_waits_for_them_are_cleared(self, bench, airflow):
        run_id = bench.trigger_failed_shards(1, 3)
        bench.fix(run_id, 1)
        bench.fix(run_id, 3)
        cleared = airflow.clear(Clear(bench.mapped, run_id, (TaskChoice("load_shard"),), downstream=True))

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
        if bench.minor < (3, 1):
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


class Refusing(Contract):
    @pytest.mark.parametrize(
        "ask",
        [
            pytest.param(lambda airflow: airflow.dag("nope"), id="dag"),
            pytest.param(lambda airflow: airflow.tasks("nope"), id="tasks of a dag"),
            pytest.param(lambda airflow: airflow.runs("nope"), id="runs of a dag"),
            pytest.param(lambda airflow: airflow.run(Bench.daily, "nope"), id="run"),
            pytest.param(lambda airflow: airflow.task_instances(Bench.daily, "nope"), id="instances of a run"),
            pytest.param(lambda airflow: airflow.task_instance(TaskKey(Bench.daily, "nope", "load")), id="instance"),
            pytest.param(lambda airflow: airflow.task_instance(TaskKey(Bench.daily, "nope", "load", 3)), id="mapped"),
            pytest.param(lambda airflow: airflow.error(TaskKey(Bench.daily, "nope", "load"), 1), id="log"),
            pytest.param(lambda airflow: airflow.preview_clear(Clear("nope", "nope", LOAD)), id="clear in a dag"),
            pytest.param(lambda airflow: airflow.clear(Clear(Bench.daily, "nope", LOAD)), id="clear in a run"),
            pytest.param(lambda airflow: airflow.requeue(Bench.daily, "nope"), id="requeue"),
            pytest.param(lambda airflow: airflow.runs("~"), id="every dag"),
            pytest.param(lambda airflow: airflow.task_instances(Bench.daily, "~"), id="every run"),
        ],
    )
    def test_what_is_not_there_is_not_found(self, airflow, ask):
        with pytest.raises(NotFound) as refusal:
            ask(airflow)
        assert "nope" in refusal.value.detail or "~" in refusal.value.detail or "not found" in refusal.value.detail

    def test_a_state_that_does_not_exist_is_rejected(self, bench, airflow):
        with pytest.raises(Rejected, match="success"):
            airflow.runs(bench.daily, states=["splendid"])

    def test_a_viewer_may_not_clear(self, bench, airflow, viewer):
        failed = bench.trigger_failed_run()
        before = states(airflow, bench.daily, failed.dag_run_id)

        with pytest.raises(Forbidden):
            viewer.clear(Clear(bench.daily, failed.dag_run_id, LOAD))
        with pytest.raises(Forbidden):
            viewer.requeue(bench.daily, failed.dag_run_id)
        assert states(airflow, bench.daily, failed.dag_run_id) == before

    def test_a_wrong_password_does_not_authenticate(self, bench):
        stranger = bench.connect(Account("op", "wrong"))

        with pytest.raises(NotAuthenticated, match="Invalid credentials"):
            stranger.dags()
        stranger.close()

    def test_a_token_from_elsewhere_does_not_authenticate(self, bench):
        stranger = connect("bench", bench.url, token="not.a.token")

        with pytest.raises(NotAuthenticated):
            stranger.dags()
        stranger.close()

    def test_a_token_that_is_no_longer_good_is_renewed(self, bench):
        returning = connect("bench", bench.url, token="not.a.token", username=bench.username, password=bench.password)

        assert returning.dags()
        returning.close()

    def test_an_answer_in_the_future_is_empty(self, airflow):
        assert airflow.failed(datetime(2100, 1, 1, tzinfo=UTC)) == ()
