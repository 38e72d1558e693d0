"""The contract's refusals: what is not there, not allowed, or not known."""

from datetime import UTC, datetime

import pytest

from bot.adapters.airflow import Credentials, connect
from bot.ports.airflow import Clear, TaskKey
from bot.ports.errors import Forbidden, NotAuthenticated, NotFound, Rejected
from tests.contract.airflow.bench import Account, Bench
from tests.contract.airflow.contract import LOAD, Contract, states


class Refusing(Contract):
    @pytest.mark.parametrize(
        "ask",
        [
            pytest.param(lambda airflow: airflow.dag("nope"), id="dag"),
            pytest.param(lambda airflow: airflow.tasks("nope"), id="tasks of a dag"),
            pytest.param(lambda airflow: airflow.task(Bench.daily, "nope"), id="task of a dag"),
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
        failed = bench.failed_load
        before = states(airflow, bench.daily, failed.dag_run_id)

        with pytest.raises(Forbidden):
            viewer.clear(Clear(bench.daily, failed.dag_run_id, LOAD))
        with pytest.raises(Forbidden):
            viewer.requeue(bench.daily, failed.dag_run_id)
        assert states(airflow, bench.daily, failed.dag_run_id) == before

    def test_a_wrong_password_does_not_authenticate(self, bench):
        stranger = bench.connect(Account("op", "wrong"))

        with pytest.raises(NotAuthenticated, match=r"Invalid credentials|does not know this account"):
            stranger.dags()
        stranger.close()

    def test_a_token_from_elsewhere_does_not_authenticate(self, bench):
        stranger = connect("bench", bench.url, Credentials(token="not.a.token"))

        with pytest.raises(NotAuthenticated):
            stranger.dags()
        stranger.close()

    def test_a_token_that_is_no_longer_good_is_renewed(self, bench):
        returning = connect("bench", bench.url, Credentials(*bench.op, token="not.a.token"))

        assert returning.dags()
        returning.close()

    def test_an_answer_in_the_future_is_empty(self, airflow):
        assert airflow.failed(datetime(2100, 1, 1, tzinfo=UTC)) == ()
