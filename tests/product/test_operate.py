"""`baton op …` beside a running Baton: it only submits, the policy decides, the worker does it."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.demo import WORLD_SECRETS
from bot.config.load import Config
from bot.config.policy import Policy
from tests.product.workplace import DEMO, Workplace

pytestmark = pytest.mark.xdist_group("operate")

ROOT = Path(__file__).parents[2]
ME = f"cli:{pwd.getpwuid(os.getuid()).pw_name}@{socket.gethostname()}"


def allowing_me(config: Config) -> Config:
    rules = [*(rule.model_dump(mode="json", exclude_none=True) for rule in config.policy.rules)]
    return replace(config, policy=Policy.model_validate({"rules": [*rules, {"operation": "clear-tasks", "who": [ME]}]}))


@pytest.fixture
def shared(tmp_path, sqlite_url):
    """A Baton whose policy names this command line, and the same configuration for the command."""
    folder = tmp_path / "config"
    shutil.copytree(DEMO, folder)
    policy = folder / "policy.yaml"
    policy.write_text(policy.read_text("utf-8") + f"\n  - operation: clear-tasks\n    who: ['{ME}']\n", "utf-8")
    with Workplace(sqlite_url, airflow_speed=50, configure=allowing_me) as place:
        yield place, folder, sqlite_url


def op(place, folder, url, *words):
    sandbox = place.sandbox
    environ = (
        os.environ
        | WORLD_SECRETS
        | {
            "BATON_DATABASE_URL": url,
            "BATON_DEMO_SLACK_URL": sandbox.slack_api_url,
            "BATON_DEMO_AIRFLOW_URL": sandbox.airflow_url,
            "BATON_DEMO_OPSGENIE_URL": sandbox.opsgenie_url,
            "BATON_DEMO_BIGQUERY_URL": sandbox.bigquery_url,
        }
    )
    command = [sys.executable, "-m", "bot", "op", "clear-tasks", "--config", str(folder), *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=100, check=False)


def test_a_terminal_sees_the_plan_and_the_worker_carries_it_out(shared):
    place, folder, url = shared
    run = place.fail_run("users_snapshot", "load_users")
    place.fix("users_snapshot")
    done = op(place, folder, url, "--yes", "users_snapshot", run["dag_run_id"])

    assert done.returncode == 0, done.stderr
    assert "load_users" in done.stdout
    assert "succeeded" in done.stdout


def test_a_terminal_that_no_rule_names_is_refused(shared):
    place, _, url = shared
    refused = op(place, DEMO, url, "--yes", "users_snapshot", "manual__1")

    assert refused.returncode == 1
    assert "You may not do this now; nothing was changed." in refused.stderr
    assert "Traceback" not in refused.stderr
