"""datasets.yaml: who may be given access to what; a mistake is told with its line, its key, and what to write."""

from datetime import timedelta

import pytest

from bot.config.check import problems
from bot.config.load import load
from tests.config.test_config import BATON, ENVIRON, OPERATIONS, PEOPLE, POLICY

GOOD = """\
domains: [haneul.example]
sensitive: {labels: [data_class=personal]}
datasets:
  haneul-lab.orders: {owner: "user:U0MINJI", roles: [reader, writer], longest: 14d}
  haneul-lab.raw_*: {owner: "group:S0ENG", tables_only: true, groups: [analysts@haneul.example]}
"""


@pytest.fixture
def written(tmp_path):
    def write(datasets):
        for name, content in (("baton", BATON), ("people", PEOPLE), ("policy", POLICY), ("datasets", datasets)):
            if content is not None:
                (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        return tmp_path

    return write


def test_what_is_written_is_what_the_code_gets(written):
    found = load(written(GOOD), ENVIRON, OPERATIONS).datasets.datasets

    assert list(found) == ["haneul-lab.orders", "haneul-lab.raw_*"]
    orders = found["haneul-lab.orders"]
    assert orders.roles == ("roles/bigquery.dataViewer", "roles/bigquery.dataEditor")
    assert (orders.default, orders.longest) == (timedelta(days=7), timedelta(days=14))
    assert [str(who) for who in orders.may_ask] == ["member"]


def test_an_install_without_datasets_needs_none(written):
    assert load(written(None), ENVIRON, OPERATIONS).datasets.datasets == {}


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        pytest.param("haneul-lab.orders:", "orders:", '4: datasets.orders: "orders" names no dataset', id="a name"),
        pytest.param("longest: 14d", "longest: 3d", "4: datasets.haneul-lab.orders: default is longer", id="too long"),
        pytest.param("longest:", "longst:", "4: datasets.haneul-lab.orders.longst: unknown key, did you", id="a key"),
        pytest.param("user:U0MINJI", "on-call", '4: datasets.haneul-lab.orders.owner: "on-call" cannot', id="owner"),
        pytest.param("[reader,", "[raeder,", '4: datasets.haneul-lab.orders.roles[1]: "raeder" is not', id="role"),
        pytest.param("domains: [haneul.example]\n", "", '1: say under "domains"', id="no domains"),
        pytest.param("[haneul.example]", "['@haneul']", '1: domains[1]: "@haneul" is not a domain', id="a domain"),
    ],
)
def test_a_problem_names_its_line_and_its_key(written, right, wrong, complaint):
    directory = written(GOOD.replace(right, wrong, 1))

    said = [str(problem).replace(f"{directory}/", "") for problem in problems(directory, ENVIRON, OPERATIONS)]

    assert [line for line in said if line.startswith(f"datasets.yaml:{complaint}")], said


def test_two_people_do_not_share_a_google_account(written):
    directory = written(GOOD)
    people = directory / "people.yaml"
    people.write_text(
        "- {slack: U0MINJI, name: Minji, google: m@haneul.example}\n"
        "- {slack: U0JUNHO, name: Junho, google: m@haneul.example}\n",
        encoding="utf-8",
    )

    said = [str(problem) for problem in problems(directory, ENVIRON, OPERATIONS)]

    assert any("people.yaml:2" in line for line in said), said
