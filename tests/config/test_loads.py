"""loads.yaml: which DAG makes which load, and what it waits for; a name that leads nowhere is told with its line."""

import pytest

from bot.config.check import problems
from bot.config.load import load
from tests.config.test_config import BATON, ENVIRON, OPERATIONS, PEOPLE, POLICY

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
