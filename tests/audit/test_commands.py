"""`baton audit …`, as an auditor types it."""

import csv
import json
import os
import pwd
import shutil
import socket
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.actor import Actor
from bot.audit import service as audit
from bot.audit.chain import Entry, hash_of
from bot.cli.demo import WORLD_SECRETS
from bot.ref import Ref
from bot.store import Store
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]
MINA, RUN, OTHER = Actor.person("T1", "U0MINA"), Ref("run", "r1"), Ref("run", "r2")
NOWHERE = {f"BATON_DEMO_{name}_URL": "http://127.0.0.1:9" for name in ("SLACK", "AIRFLOW", "OPSGENIE", "BIGQUERY")}
BODIES = (
    {"reason": "late source, see ana@haneul.example", "digest": "0f" * 32},
    {"reason": "try password=Tr0ub4dor&3xyz", "items": ["한국어"]},
    {"n": 3},
)


@pytest.fixture
def run(monkeypatch, sqlite_url, tmp_path):
    """Run a command on a record of three entries; `who` may erase is in the policy where `allow` was called."""
    monkeypatch.chdir(ROOT)
    store = Store(sqlite_url)
    for n, body in enumerate(BODIES):
        at, ref = NOW + timedelta(days=n), OTHER if n else RUN
        store.write(lambda tx, at=at, ref=ref, body=body: audit.append(tx, at, MINA, "run.requested", ref, body))
    store.close()
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config" / "demo", config)
    environ = WORLD_SECRETS | NOWHERE | {"BATON_DATABASE_URL": sqlite_url}
    return lambda *words, **more: CliRunner().invoke(
        app, ["audit", *words, "--config", str(config)], env=environ, **more
    )


@pytest.fixture
def may_erase(run, tmp_path):
    policy = tmp_path / "config" / "policy.yaml"
    who = f"cli:{pwd.getpwuid(os.getuid()).pw_name}@{socket.gethostname()}"
    policy.write_text(policy.read_text("utf-8") + f'\n  - operation: audit.erase\n    who: ["{who}"]\n', "utf-8")


def rows(result):
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_whole_record_is_told_with_its_length(run):
    result = run("verify")

    assert result.exit_code == 0
    assert "3 entries" in result.stdout


def test_a_head_that_does_not_fit_ends_with_the_position(run):
    result = run("verify", "--head", f"2:{'0' * 64}")

    assert result.exit_code == 1
    assert "entry 2" in result.stderr


def test_a_file_without_heads_is_no_proof(run, tmp_path):
    (tmp_path / "heads").write_text("hello\n", "utf-8")
    result = run("verify", "--head", str(tmp_path / "heads"))

    assert result.exit_code == 2
    assert "heads:1" in result.stderr


def test_exported_lines_prove_their_own_hashes_and_hold_no_secret(run):
    exported = rows(run("export"))

    assert [each["redacted"] for each in exported] == [False, True, False]
    for each in exported:
        entry = Entry(
            **{name: each[name] for name in Entry.__dataclass_fields__} | {"at": datetime.fromisoformat(each["at"])}
        )
        assert hash_of(entry) == each["hash"]
    assert exported[0]["personal"]["/reason"]["value"] == BODIES[0]["reason"]
    assert "Tr0ub4dor" not in str(exported)


def test_the_export_is_a_table_too(run):
    result = run("export", "--format", "csv")
    table = list(csv.DictReader(result.stdout.splitlines()))

    assert [row["position"] for row in table] == ["1", "2", "3"]
    assert json.loads(table[0]["body"]) == BODIES[0]
    assert "Tr0ub4dor" not in result.stdout


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(["--ref", "run:r1"], [1], id="of one thing"),
        pytest.param(["--from", "2026-11-23"], [2, 3], id="from a day on"),
        pytest.param(["--to", "2026-11-23T12:00+09:00"], [1], id="up to a moment with its zone"),
        pytest.param(["--from", "2026-11-23", "--to", "2026-11-24"], [2], id="one day"),
    ],
)
def test_the_export_is_narrowed(run, options, expected):
    assert [each["position"] for each in rows(run("export", *options))] == expected


def test_a_day_that_is_none_is_told(run):
    result = run("export", "--from", "yesterday")

    assert result.exit_code == 2
    assert "2026-11-22" in result.stderr


def test_nobody_erases_without_a_rule_of_the_policy(run):
    result = run("erase", "--person", "U0MINA", "--yes")

    assert result.exit_code == 1
    assert "audit.erase" in result.stderr
    assert rows(run("export"))[0]["personal"]


@pytest.mark.usefixtures("may_erase")
def test_a_person_is_erased_after_one_more_question_and_the_record_stays_whole(run):
    refused = run("erase", "--person", "U0MINA", input="n\n")
    assert refused.exit_code == 1
    assert rows(run("export"))[0]["personal"]

    erased = run("erase", "--person", "U0MINA", input="y\n")
    assert erased.exit_code == 0, erased.output
    assert not any(each["personal"] for each in rows(run("export")))
    verified = run("verify")
    assert "4 entries" in verified.stdout
    assert "2 personal parts were erased" in verified.stdout


@pytest.mark.usefixtures("may_erase")
def test_an_id_stands_for_the_addresses_that_people_yaml_gives_it(run):
    result = run("erase", "--person", "U0MINJI", "--yes")

    assert "minji@haneul.example" in result.stdout


def test_nothing_to_erase_is_said(run):
    result = run("erase", "--person", "U0NOBODY")

    assert result.exit_code == 0
    assert "0 personal parts" in result.stdout
