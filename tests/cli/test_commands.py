"""The command line as somebody types it, without a workspace."""

import json
import os
import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.__main__ import app
from bot.cli.common import this_actor

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "data" / "corpus" / "dev.jsonl"
EXACT_KEYS = {"id", "kind", "source", "severity", "resource", "group", "runbook_topic", "rendered"}


@pytest.fixture
def run(monkeypatch):
    monkeypatch.chdir(ROOT)
    for name in [name for name in os.environ if name.startswith("BATON_")]:
        monkeypatch.delenv(name)
    return lambda *words, **more: CliRunner().invoke(app, words, **more)


def test_the_shipped_configuration_is_fine_and_says_which_secrets_are_still_to_come(run):
    result = run("config", "check")

    assert result.exit_code == 0
    assert "BATON_SLACK_BOT_TOKEN" in result.stderr
    assert "config: fine" in result.stdout


def test_a_wrong_configuration_is_told_by_line_with_what_to_write(run, tmp_path):
    for file in (ROOT / "config").glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text("utf-8").replace("fallback:", "falback:"), "utf-8")
    result = run("config", "check", "--config", str(tmp_path))

    assert result.exit_code == 1
    assert "baton.yaml:" in result.stderr
    assert "fallback" in result.stderr


@pytest.mark.parametrize("file", ["baton.yaml", "people.yaml", "policy.yaml", "sources.yaml"])
def test_every_file_has_a_schema_for_editors(run, file):
    assert json.loads(run("config", "schema", file).stdout)


def test_a_file_that_baton_does_not_read_has_no_schema(run):
    result = run("config", "schema", "nothing.yaml")

    assert result.exit_code == 2
    assert "baton.yaml" in result.stderr


def test_the_manifest_needs_no_secrets_since_slack_gives_them_for_it(run):
    manifest = json.loads(run("manifest", "--url", "https://baton.example.com").stdout)

    commands = {each["command"]: each["url"] for each in manifest["features"]["slash_commands"]}
    assert commands["/oncall"] == "https://baton.example.com/slack/events"


def test_the_manifest_over_http_needs_an_address(run):
    result = run("manifest")

    assert result.exit_code == 2
    assert "--url" in result.stderr


def test_the_runbooks_are_fine(run):
    assert run("runbooks", "check").exit_code == 0


def test_replay_prints_one_line_of_the_exact_keys_for_each_message(run):
    lines = [json.loads(line) for line in run("replay", str(CORPUS)).stdout.splitlines()]

    assert len(lines) == len(CORPUS.read_text("utf-8").splitlines())
    assert all(set(line) == EXACT_KEYS for line in lines)


def test_replay_names_the_line_that_is_no_json(run, tmp_path):
    file = tmp_path / "broken.jsonl"
    file.write_text('{"type": "message", "ts": "1.1"}\nnot json\n', "utf-8")
    result = run("replay", str(file))

    assert result.exit_code == 1
    assert "2" in result.stderr
    assert "Traceback" not in result.output


def test_explain_gives_every_decision_with_its_reason(run):
    event = json.loads(CORPUS.read_text("utf-8").splitlines()[0])
    result = run("explain", input=json.dumps(event))

    assert "source: airflow" in result.stdout
    assert "because:" in result.stdout


def test_explain_of_something_else_says_what_it_needs(run):
    result = run("explain", input="[1, 2]")

    assert result.exit_code == 1
    assert "object" in result.stderr


def test_the_database_is_brought_up_to_date_by_command(run, tmp_path, monkeypatch):
    from bot.cli.demo import WORLD_SECRETS

    url = f"sqlite:///{tmp_path / 'new' / 'baton.sqlite3'}"
    nowhere = {f"BATON_DEMO_{name}_URL": "http://127.0.0.1:9" for name in ("SLACK", "AIRFLOW", "OPSGENIE", "BIGQUERY")}
    result = run("db", "upgrade", "--config", "config/demo", env=WORLD_SECRETS | nowhere | {"BATON_DATABASE_URL": url})

    assert result.exit_code == 0
    assert (tmp_path / "new" / "baton.sqlite3").exists()


def test_the_demo_does_not_join_another_one_on_its_ports(run):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        result = run("demo", "--port", str(port))

    assert result.exit_code == 1
    assert f"Port {port} is in use" in result.stderr


def test_who_sits_at_the_terminal_is_nothing_that_the_environment_may_say(monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "alice-from-the-environment")

    assert "alice" not in str(this_actor())


def test_without_an_account_nobody_asks(monkeypatch, capsys):
    monkeypatch.setattr("os.getuid", lambda: 2**31 - 7)

    with pytest.raises(typer.Exit):
        this_actor()
    assert "no account" in capsys.readouterr().err
