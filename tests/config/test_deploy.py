"""The files for running Baton somewhere agree with the configuration and with the command line."""

import re
import shlex
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

from bot.config.check import problems

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SET = re.compile(r"^(BATON_[A-Z_]+)=$", re.MULTILINE)


def test_the_example_environment_is_all_that_the_template_needs():
    environ = dict.fromkeys(SET.findall(EXAMPLE), "made-up")

    assert problems(ROOT / "config", environ) == []
    for name in environ:
        assert problems(ROOT / "config", environ | {name: ""}) != [], f"{name} is not needed"


def test_the_example_environment_holds_no_comment_that_would_become_a_value():
    assert [line for line in EXAMPLE.splitlines() if line.startswith("BATON_") and "#" in line] == []


def commands() -> list[list[str]]:
    unit = (ROOT / "deploy/baton.service").read_text(encoding="utf-8")
    image = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
    cluster = next(iter(YAML(typ="safe").load_all((ROOT / "deploy/kubernetes.yaml").read_text(encoding="utf-8"))))
    return [
        shlex.split(re.search(r"^ExecStart=\S+/baton (.+)$", unit, re.MULTILINE)[1]),
        YAML(typ="safe").load(re.search(r"^CMD (\[.+\])$", image, re.MULTILINE)[1]),
        cluster["spec"]["template"]["spec"]["containers"][0]["args"],
    ]


@pytest.mark.parametrize("arguments", commands(), ids=["systemd", "Docker", "Kubernetes"])
def test_every_command_is_one_that_baton_takes(arguments):
    from bot.__main__ import app

    group = get_command(app)
    name, command, rest = group.resolve_command(group.make_context("baton", [], resilient_parsing=True), arguments)

    context = command.make_context(name, rest)
    assert name == "run"
    assert context.params["port"] == 3000
    assert context.params["config"] == Path("/etc/baton")


def test_the_cluster_asks_the_page_that_baton_serves():
    deployment, service = YAML(typ="safe").load_all((ROOT / "deploy/kubernetes.yaml").read_text(encoding="utf-8"))

    container = deployment["spec"]["template"]["spec"]["containers"][0]
    assert container["readinessProbe"]["httpGet"] == {"path": "/healthz", "port": "http"}
    assert service["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]
