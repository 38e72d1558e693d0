"""loads.yaml: which DAG makes which load, and what it waits for; a name that leads nowhere is told with its line."""

from datetime import UTC, date, datetime

import pytest

from bot.config.check import problems
from bot.config.load import load
from bot.wiring.loads import loads_of
from tests.config.test_config import BATON, ENVIRON, OPERATIONS, PEOPLE, POLICY

RERUN = """\
loads:
  orders:
    airflow: prod
    dag: orders_daily
    owner: orders-team
    contact: group:S0ORDERS
    schedule: "30 0 * * *"
    zone: Asia/Seoul
    business_date: {is: run_after, offset: 1}
    rerun: safe
    when_missing: backfill
    lag: 2h
    at_most: 7
    verify: {table: acme-prod.analytics.orders, column: order_date, loaded_at: loaded_at}
"""
GOOD = """\
loads:
  raw: {airflow: prod, dag: ingest, owner: platform}
  orders: {airflow: prod, dag: orders_daily, tasks: [load_orders], owner: orders-team, depends_on: [raw]}
  mart: {airflow: prod, dag: marts, owner: analytics, depends_on: [orders]}
"""


@pytest.fixture
def written(tmp_path):
    def write(loads):
        for name, content in (("baton", BATON), ("people", PEOPLE), ("policy", POLICY), ("loads", loads)):
            if content is not None:
                (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        return tmp_path

    return write


def test_what_is_written_is_what_the_code_gets(written):
    loads = load(written(GOOD), ENVIRON, OPERATIONS).loads.loads

    assert list(loads) == ["raw", "orders", "mart"]
    assert (loads["orders"].tasks, loads["orders"].depends_on) == (("load_orders",), ("raw",))


@pytest.mark.parametrize("loads", [pytest.param(None, id="no file"), pytest.param("# none yet\n", id="only comments")])
def test_an_install_without_loads_needs_none(written, loads):
    assert load(written(loads), ENVIRON, OPERATIONS).loads.loads == {}


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        pytest.param("[orders]", "[order]", "4: loads.mart.depends_on[1]: order is not def", id="a load"),
        pytest.param("dag: marts", "dagg: marts", '4: loads.mart.dagg: unknown key, did you mean "dag"?', id="a key"),
        pytest.param("raw: {airflow: prod", "raw: {airflow: prd", "2: loads.raw.airflow: prd is not", id="Airflow"),
        pytest.param(", owner: platform", "", "2: loads.raw.owner: this key is required", id="no owner"),
        pytest.param(
            "owner: platform",
            "owner: platform, depends_on: [mart]",
            "2: loads.raw.depends_on: a load must not wait for itself: raw → mart → orders → raw",
            id="a circle",
        ),
        pytest.param("[raw]", "[orders]", "3: loads.orders.depends_on: a load must not wait for itself", id="itself"),
    ],
)
def test_a_problem_names_its_line_and_its_key(written, right, wrong, complaint):
    directory = written(GOOD.replace(right, wrong, 1))

    said = [str(problem).replace(f"{directory}/", "") for problem in problems(directory, ENVIRON, OPERATIONS)]

    assert [line for line in said if line.startswith(f"loads.yaml:{complaint}")], said


def test_how_a_load_is_rerun_is_what_the_code_gets(written):
    orders = loads_of(load(written(RERUN), ENVIRON, OPERATIONS)).by_name["orders"]

    [slot] = orders.dates.slots(date(2026, 11, 20))
    assert slot.logical_at == slot.run_after == datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert (orders.rerun, orders.when_missing, orders.at_most) == ("safe", "backfill", 7)
    assert orders.complete_at(date(2026, 11, 20)) == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert (orders.evidence.table, orders.evidence.loaded_at) == ("acme-prod.analytics.orders", "loaded_at")


def test_what_waits_for_a_load_is_known_near_and_far(written):
    loads = loads_of(load(written(GOOD), ENVIRON, OPERATIONS))

    assert [each.name for each in loads.after(loads.by_name["raw"])] == ["orders", "mart"]
    assert [each.name for each in loads.before(loads.by_name["mart"])] == ["orders", "raw"]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        pytest.param("30 0 * * *", "30 0 * *", 'schedule: "30 0 * *" is no cron expression', id="four fields"),
        pytest.param("30 0 * * *", "1d", "a schedule that is a length of time needs start", id="no start"),
        pytest.param("acme-prod.analytics.orders", "acme-prod.orders", "is not a table", id="half a table"),
        pytest.param("acme-prod.analytics.orders", "acme-prod.a.orders_*", "is not a table", id="a wildcard"),
        pytest.param("column: order_date, ", "", "loaded_at needs column", id="no column"),
        pytest.param("is: run_after", "is: logical_date", "business_date.is", id="no such end"),
        pytest.param("group:S0ORDERS", "orders", "orders", id="nobody"),
        pytest.param("Asia/Seoul", "Seoul", '"Seoul" is not a time zone', id="no zone"),
    ],
)
def test_what_is_wrong_with_a_rerun_is_told_before_anybody_needs_it(written, right, wrong, complaint):
    directory = written(RERUN.replace(right, wrong, 1))

    assert any(complaint in str(problem) for problem in problems(directory, ENVIRON, OPERATIONS))
