"""Whom grants of access page: a schedule that is there, whose provider wakes people."""

import pytest

from bot.cli.common import known_operations
from bot.config.load import Mode, examine
from bot.wiring_paging import destinations_of
from tests.config.test_config import BATON, ENVIRON, PEOPLE, POLICY

STATIC = "  rota: {provider: static, participants: [U0MINJI], starts_on: 2026-11-02, fallback: S0ENG}\n"


def examined(directory, page, baton=BATON):
    written = baton.replace("airflow:\n", f"{STATIC}access: {{page: {page}}}\nairflow:\n")
    files = {"baton": written, "people": PEOPLE, "policy": POLICY}
    for name, content in files.items():
        (directory / f"{name}.yaml").write_text(content)
    return examine(directory, ENVIRON, known_operations())


def test_the_schedule_is_paged_by_its_name_at_its_provider(tmp_path):
    config = examined(tmp_path, "data").config
    destination = destinations_of(config)["data"]

    assert config.baton.access.page == "data"
    assert (destination.provider, destination.recipient) == ("opsgenie", "data-platform")


def test_in_shadow_mode_nothing_can_be_paged(tmp_path):
    shadow = BATON.replace("mode: live", "mode: shadow\nslack: {review_channel: C0REVIEW}")
    config = examined(tmp_path, "data", shadow).config

    assert config.baton.mode is Mode.SHADOW
    assert destinations_of(config) == {}


@pytest.mark.parametrize(
    ("page", "msgid"), [("dat", "config.undefined"), ("rota", "config.page_without_alerts")], ids=["unknown", "static"]
)
def test_what_cannot_be_paged_is_a_problem(tmp_path, page, msgid):
    found = examined(tmp_path, page).problems

    assert [(each.words.msgid, each.key) for each in found] == [(msgid, "access.page")]
