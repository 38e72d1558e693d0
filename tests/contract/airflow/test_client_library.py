"""Why apache-airflow-client carries our calls but does not read our answers. A failure here may be good news.

When one of these faults is gone in a newer release, look again at `bot/adapters/airflow/transport.py`.
"""

import subprocess
import sys

import pytest

INSTANCE = {
    "id": "01a2022b-743c-7c1f-9fae-03c7ca97fe8d",
    "dag_id": "d",
    "dag_run_id": "r",
    "task_id": "t",
    "dag_display_name": "d",
    "task_display_name": "t",
    "executor_config": "{}",
    "logical_date": None,
    "map_index": -1,
    "max_tries": 0,
    "pool": "default_pool",
    "pool_slots": 1,
    "run_after": "2026-01-01T00:00:00Z",
    "try_number": 1,
    "state": "failed",
}


def test_importing_the_adapter_leaves_the_slow_client_alone():
    look = "import sys, bot.adapters.airflow; sys.exit('airflow_client' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_the_client_cannot_read_a_dry_run_of_clearing_a_run():
    from airflow_client.client.models.response_clear_dag_run import ResponseClearDagRun
    from airflow_client.client.models.task_instance_collection_response import TaskInstanceCollectionResponse

    page = TaskInstanceCollectionResponse.from_dict({"task_instances": [INSTANCE], "total_entries": 1})
    with pytest.raises(ValueError, match="Multiple matches found"):
        ResponseClearDagRun.from_json(page.to_json())


def test_the_client_loses_the_exception_of_a_log():
    from airflow_client.client.models.task_instances_log_response import TaskInstancesLogResponse

    line = {"event": "Task failed with exception", "error_detail": [{"exc_type": "KeyError", "exc_value": "x"}]}
    read = TaskInstancesLogResponse.from_dict({"content": [line], "continuation_token": None})
    assert "KeyError" not in read.to_json()


def test_the_client_drops_a_misspelt_run_id_and_would_clear_every_run():
    from airflow_client.client.models.clear_task_instances_body import ClearTaskInstancesBody

    body = ClearTaskInstancesBody.from_dict({"dag_runid": "r", "dry_run": False})
    assert "r" not in body.to_dict().values()


def test_the_client_sends_defaults_that_older_servers_refuse():
    from airflow_client.client.models.clear_task_instances_body import ClearTaskInstancesBody

    assert "prevent_running_task" in ClearTaskInstancesBody.from_dict({"dag_run_id": "r"}).to_dict()
