"""The cookbook in docs/team-rules.md does what it says."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.config.document import Document, parse
from bot.config.load import Config, examine
from bot.config.model import Baton
from bot.config.rule_checks import rule_problems
from bot.config.sources import Sources
from bot.triage.triage import triage
from bot.wiring.team_rules import team_rules_of
from tests.triage.slack import OWN, read, webhook

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "team-rules.md").read_text("utf-8")
RULES = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
ROW = re.compile(r"^\| `(.+)` \| (.+) \|$", re.MULTILINE)


def recipes():
    """Return (name, rules, rows of message and outcome) of each recipe."""
    return [
        (section.partition("\n")[0], RULES.findall(section)[0], ROW.findall(section))
        for section in PAGE.split("\n### ")[1:]
    ]


def cases():
    return [pytest.param(rules, *row, id=f"{name}: {row[0]}") for name, rules, rows in recipes() for row in rows]


def told(alert):
    names = (f"{key}={value}" for key, value in alert.resource.items())
    said = (alert.kind.value, alert.severity and alert.severity.value, alert.kind != "noise" and alert.source, *names)
    return ", ".join(part for part in said if part)


@pytest.mark.parametrize(("rules", "message", "becomes"), cases())
def test_a_recipe_does_what_it_says(rules, message, becomes):
    written = Sources.model_validate(YAML(typ="safe").load(rules))
    (rule,) = written.sources.values()
    sender = rule.match.sender[0] if rule.match.sender else "etl"
    team = team_rules_of(Config(Baton(channels={}, routes={}, schedules={}), sources=written))

    alert = triage(read(webhook(sender, message)), OWN, team=team)
    assert told(alert).startswith(becomes)
    assert alert.explanation[0].startswith("the team rule ")


@pytest.mark.parametrize("rules", [rules for _, rules, _ in recipes()])
def test_a_recipe_passes_the_check(rules):
    assert list(rule_problems(parse("sources.yaml", rules), Document("baton.yaml", {}))) == []


def test_every_recipe_shows_what_it_does():
    assert len(recipes()) == PAGE.count("```yaml")
    assert all(rows for _, _, rows in recipes())


def test_the_commented_examples_of_the_template_are_right_too(tmp_path):
    for file in (ROOT / "config").glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    template = (tmp_path / "sources.yaml").read_text("utf-8")
    uncommented = re.sub(r"^  # (?=[a-z-]+:$|  )", "  ", template, flags=re.MULTILINE)
    (tmp_path / "sources.yaml").write_text(uncommented, "utf-8")

    examined = examine(tmp_path, {})
    assert [str(problem) for problem in examined.problems if not problem.needs_environment] == []
    assert examined.config is not None
    assert len(examined.config.sources.sources) == 3
