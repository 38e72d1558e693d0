"""The contract's new runs: triggers and backfills."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from bot.ports.airflow import Backfill, Reprocess, Trigger, Window
from bot.ports.errors import Conflict, Forbidden, NotFound, Rejected, Unsupported
from tests.contract.airflow.bench import some_moment
from tests.contract.airflow.contract import Contract

DAY = timedelta(days=1)


def new_id() -> str:
    return f"baton__{secrets.token_hex(6)}"


def some_midnight() -> datetime:
    return some_moment().replace(hour=0, minute=0, second=0)


class Starting(Contract):
    def test_a_run_of_a_date_has_the_interval_that_was_given(self, bench, airflow):
        moment, run_id = some_moment(), new_id()
        wanted = Trigger(bench.daily, run_id, moment, (moment, moment + DAY), conf={"partition": run_id}, note="why")
        started = airflow.trigger(wanted)

        assert (started.dag_run_id, started.logical_at, started.run_type) == (run_id, moment, "manual")
        assert bench.ended(bench.daily, run_id) == "success"
        run = airflow.run(bench.daily, run_id)
        assert (run.interval_start, run.interval_end, run.note) == (moment, moment + DAY, "why")

    def test_a_run_without_a_date_starts_where_there_are_such(self, bench, airflow):
        started = airflow.trigger(Trigger(bench.daily, new_id()))

        assert (started.logical_at is None) is airflow.abilities().runs_without_date
        assert bench.ended(bench.daily, started.dag_run_id) == "success"

    def test_the_same_run_is_not_started_twice(self, bench, airflow):
        wanted = Trigger(bench.daily, new_id(), some_moment())
        airflow.trigger(wanted)

        with pytest.raises(Conflict):
            airflow.trigger(wanted)

    def test_a_date_has_one_run(self, bench, airflow):
        moment = some_moment()
        first = airflow.trigger(Trigger(bench.daily, new_id(), moment))

        with pytest.raises(Conflict):
            airflow.trigger(Trigger(bench.daily, new_id(), moment))
        assert airflow.runs(bench.daily, window=Window(moment, moment))[0].dag_run_id == first.dag_run_id

    def test_a_run_before_the_start_of_its_dag_does_nothing(self, bench, airflow):
        early = airflow.details(bench.daily).start_at - DAY
        started = airflow.trigger(Trigger(bench.daily, new_id(), early - timedelta(seconds=secrets.randbelow(10**7))))

        assert bench.ended(bench.daily, started.dag_run_id) == "success"
        assert airflow.task_instances(bench.daily, started.dag_run_id) == ()

    def test_a_window_holds_both_of_its_ends(self, bench, airflow):
        moment = some_moment()
        moments = [moment, moment + timedelta(milliseconds=1), moment + timedelta(milliseconds=2)]
        for each in moments:
            airflow.trigger(Trigger(bench.daily, new_id(), each))

        found = airflow.runs(bench.daily, window=Window(moments[0], moments[1]))
        assert [run.logical_at for run in found] == [moments[1], moments[0]]

    def test_a_viewer_may_not_start_anything(self, bench, viewer):
        with pytest.raises(Forbidden):
            viewer.trigger(Trigger(bench.daily, new_id()))

    def test_nothing_starts_in_a_dag_that_is_not_there(self, airflow):
        with pytest.raises(NotFound):
            airflow.trigger(Trigger("nope", new_id()))

    def test_the_details_say_where_the_dag_begins(self, bench, airflow):
        details = airflow.details(bench.daily)

        assert (details.start_at, details.zone, details.catchup) == (datetime(2026, 1, 1, tzinfo=UTC), "UTC", False)

    def test_a_backfill_makes_the_runs_that_it_showed(self, bench, airflow):
        first = some_midnight()
        backfill = Backfill(bench.filled, Window(first, first + DAY), Reprocess.COMPLETED)
        if not airflow.abilities().backfills:
            with pytest.raises(Unsupported):
                airflow.start_backfill(backfill)
            return

        dates = airflow.preview_backfill(backfill)
        assert dates == (first, first + DAY)
        started = airflow.start_backfill(backfill)
        assert started.window == backfill.window
        with pytest.raises(Conflict):
            airflow.start_backfill(backfill)
        bench.wait(lambda: airflow.backfills(bench.filled)[0].completed_at)
        runs = airflow.runs(bench.filled, window=backfill.window)
        assert {run.logical_at: run.state for run in runs} == dict.fromkeys(dates, "success")

    def test_a_backfill_of_what_is_done_would_run_nothing(self, bench, airflow):
        moment = some_midnight()
        backfill = Backfill(bench.daily, Window(moment, moment))
        if not airflow.abilities().backfills:
            with pytest.raises(Unsupported):
                airflow.preview_backfill(backfill)
            return

        run = airflow.trigger(Trigger(bench.daily, new_id(), moment))
        bench.ended(bench.daily, run.dag_run_id)
        assert airflow.preview_backfill(backfill) == ()
        assert airflow.preview_backfill(Backfill(bench.daily, Window(moment, moment), Reprocess.COMPLETED)) == (moment,)

    def test_a_backfill_needs_a_schedule(self, bench, airflow):
        moment = some_midnight()
        refusal = Rejected if airflow.abilities().backfills else Unsupported

        with pytest.raises(refusal):
            airflow.preview_backfill(Backfill(bench.slow, Window(moment, moment)))
