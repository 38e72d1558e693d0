"""A wrong team rule is told by line when the configuration is loaded, never at night."""

import pytest

from bot.config.check import problems
from bot.config.load import load
from tests.config.test_config import BATON, ENVIRON, PEOPLE, POLICY

RULE = """\
sources:
  nightly-loader:
    match:
      sender: loader
      text: 'job (?P<job>\\S+) (?P<status>OK|FAIL)'
    status: {OK: resolved, FAIL: firing}
"""


@pytest.fixture
def write(tmp_path):
    def write_(sources):
        for name, content in (("baton", BATON), ("people", PEOPLE), ("policy", POLICY), ("sources", sources)):
            if content is not None:
                (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        return tmp_path

    return write_


@pytest.fixture
def complaints(write):
    def complaints_(sources):
        directory = write(sources)
        return [str(problem).replace(f"{directory}/", "") for problem in problems(directory, ENVIRON)]

    return complaints_


@pytest.mark.parametrize("content", [None, "", "# none yet\n", "sources:\n", "sources: {}\n"])
def test_who_has_no_rules_needs_no_file(write, content):
    assert load(write(content), ENVIRON).sources.sources == {}


def test_rules_are_kept_in_the_order_in_which_they_are_written(write):
    rules = load(write(RULE + "  a-second:\n    match: {bot: B0CRON}\n    ignore: true\n"), ENVIRON).sources.sources

    assert list(rules) == ["nightly-loader", "a-second"]
    assert rules["nightly-loader"].match.sender == ("loader",)
    assert rules["a-second"].ignore


@pytest.mark.parametrize(
    ("written", "replaced", "complaint"),
    [
        pytest.param("OK|FAIL)", "OK|FAIL", "5: sources.nightly-loader.match.text: RE2 does not take this", id="paren"),
        pytest.param(
            "job (", "(?<=job) (", "5: sources.nightly-loader.match.text: RE2 does not take", id="look-behind"
        ),
        pytest.param(
            "(?P<job>",
            "(?P<status>",
            '5: sources.nightly-loader.match.text: two captures are named "status"',
            id="twice",
        ),
        pytest.param(
            "    status: {",
            "    resource: {table: 'dw.{jbo}'}\n    status: {",
            '6: sources.nightly-loader.resource.table: match.text captures no jbo; did you mean "job"?',
            id="unknown capture",
        ),
        pytest.param(
            "    status: {",
            "    owner: '{job.x}'\n    status: {",
            '6: sources.nightly-loader.owner: "{job.x}" is not a',
            id="braces",
        ),
        pytest.param(
            "(?P<status>",
            "(?:",
            "6: sources.nightly-loader.status: a map explains words that match.text captures",
            id="map",
        ),
        pytest.param(
            "FAIL: firing",
            "FAIL: fired",
            "6: sources.nightly-loader.status.FAIL: fired is not possible here, write one",
            id="word",
        ),
        pytest.param(
            "    status: {",
            "    severity: eror\n    status: {",
            '6: sources.nightly-loader.severity: eror is not possible here, did you mean "error"?',
            id="level",
        ),
        pytest.param(
            "    status: {",
            "    topic: freshnes\n    status: {",
            '6: sources.nightly-loader.topic: freshnes is no runbook topic; did you mean "freshness"?',
            id="topic",
        ),
        pytest.param(
            "    status: {",
            "    route: cor\n    status: {",
            '6: sources.nightly-loader.route: cor is not defined under routes; did you mean "core"?',
            id="route",
        ),
        pytest.param(
            "sender: loader",
            "channel: C0OTHER",
            "4: sources.nightly-loader.match.channel: C0OTHER is not watched, so the rule never matches there",
            id="channel",
        ),
        pytest.param(
            "sender: loader",
            "channel: '#data'",
            '4: sources.nightly-loader.match.channel: "#data" is not a Slack',
            id="name",
        ),
        pytest.param(
            "sender: loader", "bot: loader", '4: sources.nightly-loader.match.bot: "loader" is neither', id="bot"
        ),
        pytest.param(
            "    status: {",
            "    ignore: true\n    status: {",
            "7: sources.nightly-loader.status: these messages are ignored, so status has no effect",
            id="ignored",
        ),
        pytest.param(
            "    status: {",
            "    sorce: nightly\n    status: {",
            '6: sources.nightly-loader.sorce: unknown key, did you mean "source"?',
            id="unknown key",
        ),
        pytest.param(
            "    status: {",
            "    source: Nightly Loader\n    status: {",
            '6: sources.nightly-loader.source: "Nightly Loader" is not the name of a source',
            id="source",
        ),
    ],
)
def test_a_wrong_rule_names_its_line_and_the_reason(complaints, written, replaced, complaint):
    said = complaints(RULE.replace(written, replaced, 1))

    assert any(line.startswith(f"sources.yaml:{complaint}") for line in said), said


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        pytest.param("{match: {sender: x}}", "2: sources.a: the rule changes nothing", id="says nothing"),
        pytest.param("{match: {}, topic: quota}", "2: sources.a.match: give at least one of", id="matches everything"),
        pytest.param("{topic: quota}", "2: sources.a.match: this key is required", id="no match"),
        pytest.param("{match: {sender: x}, ignore: 1}", "2: sources.a.ignore: 1 should be true or false", id="ignore"),
        pytest.param("[a]", "2: sources.a: ['a'] should be a block of keys", id="a list"),
    ],
)
def test_a_rule_that_is_none_is_explained(complaints, rule, complaint):
    said = complaints(f"sources:\n  a: {rule}\n")

    assert any(line.startswith(f"sources.yaml:{complaint}") for line in said), said


def test_a_topic_of_the_teams_own_pages_is_known(write, tmp_path, monkeypatch):
    (tmp_path / "runbooks").mkdir()
    page = "---\ntitle: Ledger\ntopics: [ledger]\nowner: finance\n---\nCall finance.\n"
    (tmp_path / "runbooks" / "ledger.md").write_text(page, "utf-8")
    monkeypatch.chdir(tmp_path)

    assert problems(write("sources:\n  a: {match: {sender: x}, topic: ledger}\n"), ENVIRON) == []
