"""What the policy is told of an operation, from configuration alone."""

import pytest

from bot.config.who import parse_who
from bot.loads import Load, Loads
from bot.operations.clear_tasks import ClearTasks
from bot.operations.operation import DagFacts, Ports
from bot.operations.rerun_load import RerunLoad

ANNA, BORA, CHAN = (parse_who(f"user:U0{name}") for name in ("ANNA", "BORA", "CHAN"))
ORDERS = Load("orders", "prod", "orders_daily", "core", contact=ANNA)
REFUNDS = Load("refunds", "prod", "orders_daily", "core", contact=BORA)
ELSEWHERE = Load("orders_dev", "dev", "orders_daily", "core")


def ports(*loads):
    known = DagFacts((CHAN,), frozenset({"core"}))
    return Ports(loads=Loads({load.name: load for load in loads}), dag=lambda _airflow, _dag: known)


def cleared(*loads):
    return ClearTasks("orders_daily", ("run_1",), airflow="prod").about(ports(*loads))


@pytest.mark.parametrize(
    ("loads", "targets", "owners"),
    [
        pytest.param((ELSEWHERE,), ("dag:prod/orders_daily",), (CHAN,), id="none"),
        pytest.param((ORDERS,), ("dag:prod/orders_daily", "load:orders"), (CHAN, ANNA), id="one, and its owner's, too"),
        pytest.param(
            (ORDERS, REFUNDS),
            ("dag:prod/orders_daily", "load:orders", "load:refunds"),
            (CHAN,),
            id="several, of which nobody owns all",
        ),
    ],
)
def test_to_clear_a_dag_touches_every_load_that_it_makes(loads, targets, owners):
    subject = cleared(*loads)

    assert (subject.targets, subject.owners, subject.tags) == (targets, owners, {"core"})


def test_a_load_is_known_by_its_dag_too():
    subject = RerunLoad("orders", "2026-11-20").about(ports(ORDERS))

    assert subject.targets == ("load:orders", "dag:prod/orders_daily")
    assert subject.owners == (ANNA, CHAN)


def test_a_rerun_touches_every_load_of_its_dag():
    subject = RerunLoad("orders", "2026-11-20").about(ports(ORDERS, REFUNDS, ELSEWHERE))

    assert subject.targets == ("load:orders", "dag:prod/orders_daily", "load:refunds")
