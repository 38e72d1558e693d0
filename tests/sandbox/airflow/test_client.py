"""apache-airflow-client is served by the fake as by a real server of its own minor version."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from airflow_client import client
from airflow_client.client import models
from airflow_client.client.api import (
    AssetApi,
    BackfillApi,
    DAGApi,
    DagRunApi,
    EventLogApi,
    MonitorApi,
    TaskApi,
    TaskInstanceApi,
    VersionApi,
)

from tests.sandbox.airflow.conftest import Airflow

DAG = "orders_daily"
TWO_DAYS = {"from_date": datetime(2026, 2, 1, tzinfo=UTC), "to_date": datetime(2026, 2, 2, 20, tzinfo=UTC)}


@pytest.fixture
def api(airflow: Airflow) -> Iterator[client.ApiClient]:
    token = airflow.http.headers["Authorization"].removeprefix("Bearer ")
    configuration = client.Configuration(host=str(airflow.http.base_url).rstrip("/"), access_token=token, retries=0)
    with client.ApiClient(configuration) as made:
        yield made
        made.rest_client.pool_manager.clear()


@pytest.fixture
def run_id(airflow: Airflow) -> str:
    return airflow.fail()


def body(model: Any, **fields: Any) -> Any:
    assert not set(fields) - set(model.model_fields), "the client drops an unknown key without a word"
    return model.from_dict(fields)


Call = Callable[[client.ApiClient, str], Any]
READS: dict[str, Call] = {
    "version": lambda api, run: VersionApi(api).get_version(),
    "health": lambda api, run: MonitorApi(api).get_health(),
    "dags": lambda api, run: DAGApi(api).get_dags(),
    "dag": lambda api, run: DAGApi(api).get_dag(DAG),
    "dag details": lambda api, run: DAGApi(api).get_dag_details(DAG),
    "tasks": lambda api, run: TaskApi(api).get_tasks(DAG),
    "runs": lambda api, run: DagRunApi(api).get_dag_runs("~"),
    "run": lambda api, run: DagRunApi(api).get_dag_run(DAG, run),
    "instances": lambda api, run: TaskInstanceApi(api).get_task_instances("~", "~", state=["failed"]),
    "instance": lambda api, run: TaskInstanceApi(api).get_task_instance(DAG, run, "load_orders"),
    "tries": lambda api, run: TaskInstanceApi(api).get_task_instance_tries(DAG, run, "load_orders"),
    "batch": lambda api, run: TaskInstanceApi(api).get_task_instances_batch(
        "~", "~", body(models.TaskInstancesBatchBody, dag_ids=[DAG], state=["failed"])
    ),
    "event logs": lambda api, run: EventLogApi(api).get_event_logs(),
    "assets": lambda api, run: AssetApi(api).get_assets(),
    "asset events": lambda api, run: AssetApi(api).get_asset_events(),
    "backfills": lambda api, run: BackfillApi(api).list_backfills(DAG),
}
WRITES: dict[str, Call] = {
    "clear, dry": lambda api, run: TaskInstanceApi(api).post_clear_task_instances(
        DAG, body(models.ClearTaskInstancesBody, dag_run_id=run, task_ids=["load_orders"])
    ),
    "clear": lambda api, run: TaskInstanceApi(api).post_clear_task_instances(
        DAG, body(models.ClearTaskInstancesBody, dry_run=False, dag_run_id=run, note="why")
    ),
    "clear run": lambda api, run: DagRunApi(api).clear_dag_run(
        DAG, run, body(models.DAGRunClearBody, dry_run=False, only_failed=True)
    ),
    "trigger": lambda api, run: DagRunApi(api).trigger_dag_run(
        DAG, body(models.TriggerDAGRunPostBody, dag_run_id="baton__1", logical_date=None)
    ),
    "patch instance": lambda api, run: TaskInstanceApi(api).patch_task_instance(
        DAG, run, "load_orders", body(models.PatchTaskInstanceBody, new_state="success")
    ),
    "patch run": lambda api, run: DagRunApi(api).patch_dag_run(DAG, run, body(models.DAGRunPatchBody, state="queued")),
    "pause": lambda api, run: DAGApi(api).patch_dag(DAG, body(models.DAGPatchBody, is_paused=True)),
    "backfill, dry": lambda api, run: BackfillApi(api).create_backfill_dry_run(
        body(models.BackfillPostBody, dag_id=DAG, **TWO_DAYS)
    ),
    "backfill": lambda api, run: BackfillApi(api).create_backfill(
        body(models.BackfillPostBody, dag_id=DAG, **TWO_DAYS)
    ),
}


@pytest.mark.parametrize("call", [pytest.param(call, id=name) for name, call in (READS | WRITES).items()])
def test_the_client_understands_the_answer(api, run_id, call):
    assert call(api, run_id) is not None


def test_the_client_sees_mapped_instances(api, airflow):
    run_id = airflow.fail("events_shards", "load_shard", map_index=2)
    instances = TaskInstanceApi(api)

    one = instances.get_mapped_task_instance("events_shards", run_id, "load_shard", 2)
    every = instances.get_mapped_task_instances("events_shards", run_id, "load_shard")

    assert (one.map_index, one.state) == (2, "failed")
    assert every.total_entries == 4


def test_the_client_cancels_a_backfill(api, run_id):
    made = WRITES["backfill"](api, run_id)

    assert BackfillApi(api).cancel_backfill(made.id).completed_at is not None


def test_the_clients_dry_clear_of_a_run_fails_as_against_a_real_server(api, run_id):
    with pytest.raises(ValueError, match="Multiple matches found"):
        DagRunApi(api).clear_dag_run(DAG, run_id, body(models.DAGRunClearBody, dry_run=True))


def test_the_client_names_a_conflict(api, run_id):
    WRITES["trigger"](api, run_id)

    with pytest.raises(client.exceptions.ConflictException):
        WRITES["trigger"](api, run_id)
