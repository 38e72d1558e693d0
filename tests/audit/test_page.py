"""What docs/audit.md tells people to type and to write is understood."""

import re
import shlex
import shutil
from pathlib import Path

from typer.main import get_command
from typer.testing import CliRunner

from bot.__main__ import app
from bot.cli.demo import WORLD_SECRETS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "audit.md").read_text("utf-8")
NOWHERE = {f"BATON_DEMO_{name}_URL": "http://127.0.0.1:9" for name in ("SLACK", "AIRFLOW", "OPSGENIE", "BIGQUERY")}


def test_every_command_of_the_page_is_one():
    commands = re.findall(r"`baton audit ([^`]+)`", PAGE)
    group = get_command(app).commands["audit"]

    assert len(commands) >= 6
    for written in commands:
        name, *words = shlex.split(written)
        group.commands[name].make_context(name, words)


def test_what_the_page_writes_into_the_configuration_is_fine(tmp_path):
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config" / "demo", config)
    in_baton, in_policy = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    main, policy = config / "baton.yaml", config / "policy.yaml"
    main.write_text(main.read_text("utf-8") + "\n" + in_baton, "utf-8")
    policy.write_text(policy.read_text("utf-8").replace("rules:\n", in_policy, 1), "utf-8")
    result = CliRunner().invoke(app, ["config", "check", "--config", str(config)], env=WORLD_SECRETS | NOWHERE)

    assert result.exit_code == 0, result.output
