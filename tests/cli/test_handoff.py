"""`baton handoff` as somebody types it."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.cli.demo import WORLD_SECRETS

ROOT = Path(__file__).parents[2]
NOWHERE = {f"BATON_DEMO_{name}_URL": "http://127.0.0.1:9" for name in ("SLACK", "AIRFLOW", "OPSGENIE", "BIGQUERY")}


@pytest.fixture
def handoff(monkeypatch, sqlite_url):
    monkeypatch.chdir(ROOT)
    for name in [name for name in os.environ if name.startswith("BATON_")]:
        monkeypatch.delenv(name)
    env = WORLD_SECRETS | NOWHERE | {"BATON_DATABASE_URL": sqlite_url}
    return lambda *words: CliRunner().invoke(app, ["handoff", "--config", "config/demo", *words], env=env)


WINDOW = ("--from", "2026-11-16T10:00", "--to", "2026-11-23T10:00", "--schedule", "data-platform")


def test_a_window_is_a_page_in_either_language_and_data(handoff):
    english, korean = (handoff(*WINDOW, "--language", language).stdout for language in ("en", "ko"))
    data = json.loads(handoff(*WINDOW, "--format", "json").stdout)
    blocks = json.loads(handoff(*WINDOW, "--format", "slack").stdout)["blocks"]

    assert english.startswith("# data-platform")
    assert "Nov 16 (Mon) 10:00 KST – Nov 23 (Mon) 10:00 KST" in english  # kept and read on other days
    assert "unavailable" in english  # nothing was written down then: that is not zero
    assert "집계 불가" in korean
    assert data["start"].startswith("2026-11-16T10:00:00+09:00")
    assert data["figures"]["raised"]["value"] is None
    assert blocks


def test_a_window_must_go_forward_and_its_schedule_be_known(handoff):
    backwards = handoff("--from", "2026-11-23", "--to", "2026-11-16", "--schedule", "data-platform")
    unknown = handoff("--from", "2026-11-16", "--to", "2026-11-23", "--schedule", "nobody")

    assert (backwards.exit_code, unknown.exit_code) == (2, 2)
    assert "before" in backwards.stderr
    assert "data-platform" in unknown.stderr
