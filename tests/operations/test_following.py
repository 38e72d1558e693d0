from datetime import timedelta

import pytest

from bot.operations.airflow_following import Fate, fate_of
from bot.ports.airflow import DagRun, TaskInstance, TaskKey
from tests.conftest import NOW

KEY = TaskKey("orders", "r1", "load")
BEFORE = {"state": "failed", "try": 1, "started_at": NOW.isoformat()}
WAITED = {"state": "upstream_failed", "try": 0, "started_at": None}
LATER = NOW + timedelta(minutes=1)


def instance(state, number=1, started_at=NOW):
    return TaskInstance(KEY, state, number, started_at=started_at)


@pytest.mark.parametrize(
    ("before", "run_state", "now", "fate"),
    [
        pytest.param(BEFORE, "success", instance("success", 2), Fate.RAN, id="a greater try"),
        pytest.param(BEFORE, "success", instance("success", 1, LATER), Fate.RAN, id="no worker: a new start"),
        pytest.param(WAITED, "success", instance("success", 1), Fate.RAN, id="what had waited ran for the first time"),
        pytest.param(BEFORE, "success", instance("success", 1), Fate.UNPROVEN, id="marked by hand"),
        pytest.param(BEFORE, "failed", instance("failed", 2), Fate.FAILED, id="failed again"),
        pytest.param(WAITED, "running", instance("upstream_failed", 0, None), Fate.FAILED, id="upstream failed again"),
        pytest.param(BEFORE, "running", instance("up_for_retry", 2), Fate.RUNS, id="retries by itself"),
        pytest.param(BEFORE, "running", instance("running", 2), Fate.RUNS, id="running"),
        pytest.param(BEFORE, "running", instance("deferred", 2), Fate.RUNS, id="deferred"),
        pytest.param(BEFORE, "running", instance("some_new_state", 2), Fate.RUNS, id="a state that nobody knows yet"),
        pytest.param(BEFORE, "queued", instance("queued"), Fate.WAITS, id="queued"),
        pytest.param(BEFORE, "queued", instance(None), Fate.WAITS, id="cleared and not yet scheduled"),
        pytest.param(BEFORE, "success", instance(None), Fate.LOST, id="cleared, its run ended"),
        pytest.param(BEFORE, "failed", instance(None), Fate.LOST, id="cleared, its run failed"),
        pytest.param(BEFORE, "success", instance("skipped", 1), Fate.UNPROVEN, id="skipped this time"),
        pytest.param(BEFORE, "success", instance("removed"), Fate.UNPROVEN, id="removed from the DAG"),
        pytest.param(BEFORE, "success", None, Fate.UNPROVEN, id="not there any more"),
    ],
)
def test_an_instance_has_one_fate(before, run_state, now, fate):
    found, words = fate_of(before, DagRun("orders", "r1", run_state), now)

    assert found is fate
    assert words.msgid
