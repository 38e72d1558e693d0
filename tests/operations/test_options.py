import pytest
from sqlalchemy import insert

from bot.operations.options import PROVIDERS, suggest
from bot.store.tables import dags, failed_tasks
from tests.conftest import NOW


def a_dag(name, airflow="prod"):
    return {
        "airflow": airflow,
        "dag_id": name,
        "is_paused": False,
        "owners": [],
        "tags": [],
        "schedule": "",
        "fetched_at": NOW,
    }


def failed(run, task, index=-1, dag_id="orders"):
    return {
        "airflow": "prod",
        "dag_id": dag_id,
        "dag_run_id": run,
        "task_id": task,
        "map_index": index,
        "state": "failed",
        "try_number": 1,
        "started_at": NOW,
        "fetched_at": NOW,
    }


@pytest.fixture
def ask(any_store):
    rows = [failed("r1", "load"), failed("r2", "load"), failed("r2", "shard", 1), failed("x_1", "load", dag_id="users")]

    def fill(tx):
        tx.execute(insert(dags), [a_dag("orders"), a_dag("users"), a_dag("billing"), a_dag("a_b"), a_dag("axb")])
        tx.execute(insert(failed_tasks), rows)

    any_store.write(fill)
    return lambda provider, typed="", **given: [
        option.value
        for option in any_store.read(lambda tx: suggest(tx, provider, typed, given, airflows=("prod", "test")))
    ]


def test_dags_with_failed_tasks_come_first(ask):
    assert ask("dags") == ["orders", "users", "a_b", "axb", "billing"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("ORD", ["orders", "ORD"], id="whatever the case"),
        pytest.param("a_b", ["a_b"], id="an underscore is no wildcard"),
        pytest.param("nobody", ["nobody"], id="what was typed is an option itself"),
    ],
)
def test_typing_narrows(ask, typed, found):
    assert ask("dags", typed) == found


def test_runs_and_tasks_follow_what_is_chosen_above(ask):
    assert ask("failed_runs", dag_id="orders") == ["r2", "r1"]
    assert ask("failed_tasks", dag_id="orders", runs=["r1"]) == ["load"]
    assert ask("failed_tasks", dag_id="orders", runs=["r2"]) == ["load", "shard", "shard[1]"]
    assert ask("failed_tasks", "shard[", dag_id="orders") == ["shard[1]", "shard["]
    assert ask("failed_runs", dag_id="orders", airflow="test") == []


def test_servers_are_those_of_the_configuration(ask):
    assert ask("airflows", "te") == ["test", "te"]


def test_every_provider_answers_without_anything_chosen(ask):
    for provider in PROVIDERS:
        assert ask(provider)
        assert all(len(value) <= 150 for value in ask(provider, "x" * 200))
