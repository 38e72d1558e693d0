"""What Baton did can be proved: from the card of a run, from a terminal, and in the vendor's own history."""

import hashlib
import io
import json
import os
import pwd
import shutil
import socket
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.audit.chain import Entry, hash_of
from sandbox.person import elements_in, text_of
from tests import loopback
from tests.live.test_processes import DEMO, environment
from tests.product.workplace import ERROR

pytestmark = pytest.mark.xdist_group("evidence")

DAG, TASK = "orders_daily", "load_orders"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def story(workplace):
    """A clear from its thread to its verdict: the thread's replies, and the dag run."""
    run = workplace.fail_run(DAG, TASK)
    ts = workplace.airflow_alert(run, DAG, TASK)
    minji = workplace.people["minji"]

    def replies():
        return minji.messages("C0ALERTS", ts)[1:]

    def press(action_id):
        workplace.until(lambda: _offering(replies(), action_id), PATIENCE_S)
        assert minji.click(_offering(replies(), action_id)[-1], action_id) == {"ok": True}

    press("incident.clear")
    workplace.until(lambda: _offering(replies(), "run.confirm"), PATIENCE_S)
    workplace.fix(DAG)
    press("run.confirm")
    workplace.until(lambda: _offering(replies(), "run.evidence"), PATIENCE_S)
    return replies, run


def _offering(replies, action_id):
    return [each for each in replies if any(e["action_id"] == action_id for _, e in elements_in(each))]


@pytest.fixture(scope="module")
def bundle(workplace, story):
    """The files that the button of the card posts into the thread."""
    replies, _ = story
    minji = workplace.people["minji"]
    minji.click(_offering(replies(), "run.evidence")[-1], "run.evidence")
    summary = text_of(minji.view())
    assert "run.approved" in summary
    assert "모두 내용과 해시가 일치합니다" in summary
    assert minji.submit()["ok"]
    (file,) = workplace.until(lambda: [file for each in replies() for file in each.get("files", [])], PATIENCE_S)
    content = loopback.get(file["url_private_download"], headers={"Authorization": "Bearer sandbox-bot-token"}).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def test_the_button_on_the_card_posts_everything_that_an_auditor_needs(bundle):
    run, plan = json.loads(bundle["run.json"]), json.loads(bundle["plan.json"])
    decisions, steps = json.loads(bundle["decisions.json"]), json.loads(bundle["steps.json"])

    assert (run["operation"], run["state"]) == ("clear-tasks", "succeeded")
    assert run["requester"].endswith("U0MINJI")
    targets = [change["target"] for step in plan["steps"] for change in step["changes"]]
    assert targets == ["build_orders_mart", "load_orders", "notify"]
    assert "failed" in str(plan["steps"][0]["changes"][1]["before"])
    assert [each["deed"] for each in decisions] == ["run.requested", "run.approved"]
    assert decisions[1]["digest"] == run["digest"]
    assert [each["deed"] for each in steps] == ["step.sending", "step.done"]
    assert steps[1]["answer"]["cleared"] == targets
    assert run["id"] in bundle["README.md"].decode()


def test_every_entry_of_the_bundle_proves_its_own_hash(bundle):
    lines = [json.loads(line) for line in bundle["audit.jsonl"].splitlines()]

    assert not any(line["redacted"] for line in lines)
    for line in lines:
        fields = {name: line[name] for name in Entry.__dataclass_fields__}
        assert hash_of(Entry(**fields | {"at": datetime.fromisoformat(line["at"])})) == line["hash"]


def test_the_runbook_is_in_the_bundle_as_it_was_when_the_run_was_planned(bundle):
    told = json.loads(bundle["run.json"])["runbook"]

    assert set(told) == {"airflow-task-failure.md", "airflow-task-failure.ko.md"}
    for name, revision in told.items():
        assert hashlib.sha256(bundle[f"runbook/{name}"]).hexdigest() == revision


def test_airflow_itself_says_who_asked_and_in_which_run(workplace, story, bundle):
    _, run = story
    run_id = json.loads(bundle["run.json"])["id"]
    airflow = workplace.baton.app.vendors.airflows["prod"]
    notes = {each.note for each in airflow.task_instances(DAG, run["dag_run_id"]) if each.key.task_id == TASK}

    assert notes == {f"Baton run {run_id}, asked for by U0MINJI"}
    assert ERROR not in str(notes)


def test_who_may_not_gets_no_evidence(workplace, story, bundle):
    replies, _ = story
    guest = workplace.people["guest"]
    guest.click(_offering(replies(), "run.evidence")[-1], "run.evidence")

    workplace.until(lambda: any("may not" in text_of(each) for each in guest.ephemerals()), PATIENCE_S)
    assert guest.view() is None


@pytest.fixture
def baton(workplace, tmp_path, monkeypatch):
    """Run a command beside the running Baton, as somebody whom the policy lets take evidence."""
    monkeypatch.setattr("bot.logs.set_up", lambda: None)  # it would bind this process's logs to a stream that ends
    config = tmp_path / "config"
    shutil.copytree(DEMO, config)
    who = f"cli:{pwd.getpwuid(os.getuid()).pw_name}@{socket.gethostname()}"
    policy = config / "policy.yaml"
    rules = policy.read_text("utf-8")
    allowed = f'rules:\n  - operation: run.evidence\n    who: ["{who}"]\n'
    policy.write_text(rules.replace("rules:\n", allowed, 1), "utf-8")
    environ = environment(workplace.sandbox, workplace.config.database_url)
    return lambda *words: CliRunner().invoke(app, [*words, "--config", str(config)], env=dict(environ))


def test_the_terminal_writes_the_same_bundle_as_files_and_overwrites_nothing(baton, bundle, tmp_path):
    run_id, target = json.loads(bundle["run.json"])["id"], tmp_path / "evidence"
    result = baton("audit", "evidence", run_id, "--out", str(target))

    assert result.exit_code == 0, result.output
    written = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert written == set(bundle)
    assert (target / "plan.json").read_bytes() != b""
    taken = [json.loads(line)["deed"] for line in (target / "audit.jsonl").read_text("utf-8").splitlines()]
    assert taken[-1] == "run.evidence", "that somebody took it is recorded"
    assert baton("audit", "evidence", run_id, "--out", str(target)).exit_code == 1


def test_there_is_no_evidence_of_a_run_that_never_was(baton):
    result = baton("audit", "evidence", "0" * 24)

    assert result.exit_code == 1
    assert "does not know this run" in result.stderr


def test_nobody_takes_evidence_at_a_terminal_without_a_rule(workplace, bundle, monkeypatch):
    monkeypatch.setattr("bot.logs.set_up", lambda: None)
    environ = environment(workplace.sandbox, workplace.config.database_url)
    words = ["audit", "evidence", json.loads(bundle["run.json"])["id"], "--config", str(DEMO)]
    result = CliRunner().invoke(app, words, env=dict(environ))

    assert result.exit_code == 1
    assert not Path(f"evidence-{words[2]}.zip").exists()
