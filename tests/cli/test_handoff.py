"""`baton handoff` as somebody types it."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.actor import Actor
from bot.cli.demo import WORLD_SECRETS
from bot.handoff import service
from bot.handoff.life import Effort, Said
from bot.handoff.service import ToDo, Written
from bot.store import Store
from tests.handoff.walk import HOUR, KIM, LEE, MONDAY, TEAM, WEEK, Weeks
from tests.views.checker import assert_valid_message

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


@pytest.fixture
def handed_over(sqlite_url):
    """A week that was signed, posted and accepted."""
    store = Store(sqlite_url)
    weeks = Weeks(store)
    weeks.go(MONDAY + WEEK - HOUR)
    said = Said("Call the vendor", "They changed\nthe format", Effort.ROUGH)
    written = Written(said, 0, is_signed=True, to_do=ToDo("Raise the quota", LEE, date(2026, 11, 12)))
    signed = weeks.all[0].id
    store.write(lambda tx: service.write(Actor.person(TEAM, KIM), tx, signed, written, weeks.now, weeks.front))
    weeks.go(MONDAY + WEEK)
    store.write(lambda tx: service.accept(Actor.person(TEAM, LEE), tx, signed, weeks.now, weeks.front))
    store.close()


@pytest.mark.usefixtures("handed_over")
def test_a_window_holds_what_was_said_when_it_was_handed_over(handoff):
    window = ("--from", "2026-11-02T10:00", "--to", "2026-11-09T10:00", "--schedule", "data-platform")
    page, korean = handoff(*window, "--language", "en").stdout, handoff(*window, "--language", "ko").stdout
    data = json.loads(handoff(*window, "--format", "json").stdout)
    blocks = json.loads(handoff(*window, "--format", "slack").stdout)["blocks"]

    for words in (
        "Call the vendor",
        "- They changed",
        "- the format",
        "Raise the quota",
        "rough",
        "Signed by",
        "Accepted by",
    ):
        assert words in page
    assert "Call the vendor" in korean
    (said,) = data["handoffs"]
    assert (said["signed_by"], said["accepted_by"], said["effort"]) == (KIM, LEE, "rough")
    assert [each["words"] for each in said["follow_ups"]] == ["Raise the quota"]
    assert_valid_message(blocks)
    assert "data-platform" in blocks[0]["text"]["text"]
    assert "Call the vendor" in json.dumps(blocks)


def test_a_window_must_go_forward_and_its_schedule_be_known(handoff):
    backwards = handoff("--from", "2026-11-23", "--to", "2026-11-16", "--schedule", "data-platform")
    unknown = handoff("--from", "2026-11-16", "--to", "2026-11-23", "--schedule", "nobody")

    assert (backwards.exit_code, unknown.exit_code) == (2, 2)
    assert "before" in backwards.stderr
    assert "data-platform" in unknown.stderr
