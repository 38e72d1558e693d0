"""The recipes of docs/policy-cookbook.md pass the check, and say what their examples say."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from ruamel.yaml import YAML

from bot.cli.common import known_operations
from bot.config.document import Document, parse
from bot.config.policy import Policy
from bot.config.policy_checks import policy_problems
from bot.config.policy_tests import PolicyTests
from bot.operations.catalog import CATALOG
from bot.operations.policy_examples import Stage
from bot.views.reader import default_reader
from bot.views.words import say
from tests.conftest import NOW

PAGE = (Path(__file__).parents[2] / "docs" / "policy-cookbook.md").read_text("utf-8")
BLOCK = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
EFFECTS = {name: operation.effect.value for name, operation in CATALOG.items()}


def loaded(written):
    return YAML(typ="safe", pure=True).load(written)


def recipes():
    sections = PAGE.partition("\n## Recipes")[2].split("\n### ")
    people = loaded(BLOCK.findall(sections[0])[0])
    return [
        pytest.param(rules, people | loaded(tests), id=section.partition("\n")[0])
        for section in sections[1:]
        for rules, tests in [BLOCK.findall(section)]
    ]


@pytest.mark.parametrize(("rules", "tests"), recipes())
def test_a_recipe_does_what_its_examples_say(rules, tests):
    written, examples = Policy.model_validate(loaded(rules)), PolicyTests.model_validate(tests)
    outcomes = list(Stage(written, examples, EFFECTS, ZoneInfo("Asia/Seoul")).outcomes())

    assert outcomes
    assert [say(each.words, default_reader(NOW)) for each in outcomes if not each.is_as_expected] == []


@pytest.mark.parametrize(("rules", "tests"), recipes())
def test_a_recipe_passes_the_check(rules, tests):
    tags = {tag for each in tests["tests"] for tag in each.get("tags", [])}
    baton = Document("baton.yaml", {"airflow": {"prod": {"dags": {"*": {"tags": [*tags, "personal"]}}}}})
    nothing = Document("none.yaml", {})
    names = known_operations()

    assert [str(each) for each in policy_problems(parse("policy.yaml", rules), baton, nothing, nothing, names)] == []
