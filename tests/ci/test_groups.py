"""Tests that share what is slow to make are run by one worker: pytest and pytest-xdist must go together for that."""

import pytest


@pytest.mark.xdist_group("one-worker")
@pytest.mark.parametrize("number", range(8))
def test_a_group_is_run_by_one_worker(number, tmp_path_factory, testrun_uid, worker_id):
    shared_by_workers = tmp_path_factory.getbasetemp().parent / f"one-worker-{testrun_uid}"
    shared_by_workers.mkdir(exist_ok=True)
    (shared_by_workers / worker_id).touch()

    assert [each.name for each in shared_by_workers.iterdir()] == [worker_id]
