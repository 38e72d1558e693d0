"""Whom grants of access page: a schedule that is there, whose provider wakes people."""

from datetime import timedelta

import pytest

from bot.cli.common import known_operations
from bot.config.load import Mode, examine
from bot.triage.model import Severity
from bot.wiring.paging import destinations_of, page_rules_of
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


# Routes


def routed(directory, page, *, more="", environ=ENVIRON):
    """Examine a configuration whose route pages, with a schedule at Opsgenie (`data`) and one at nobody (`rota`)."""
    written = BATON.replace("reopen_within: 1h30m}", f"reopen_within: 1h30m, page: {page}{more}}}")
    assert written != BATON
    files = {"baton": written.replace("airflow:\n", f"{STATIC}airflow:\n"), "people": PEOPLE, "policy": POLICY}
    for name, content in files.items():
        (directory / f"{name}.yaml").write_text(content)
    return examine(directory, environ, known_operations())


@pytest.mark.parametrize("page", ["opsgenie", "data"])
def test_a_route_pages_its_own_schedule_or_another_one(tmp_path, page):
    config = routed(tmp_path, page, more=", escalate_after: 5m, page_for: [critical]").config
    rules = page_rules_of(config, config.baton.routes["core"])

    assert (rules.destination.schedule, rules.escalate_after) == ("data", timedelta(minutes=5))
    assert rules.severities == {Severity.CRITICAL}


def test_unless_told_otherwise_a_route_pages_nobody_and_escalates_what_it_pages(tmp_path):
    silent = routed(tmp_path, "never").config
    paging = routed(tmp_path, "opsgenie").config

    assert page_rules_of(silent, silent.baton.routes["core"]) is None
    rules = page_rules_of(paging, paging.baton.routes["core"])
    assert (rules.severities, rules.escalate_after) == ({Severity.CRITICAL, Severity.ERROR}, timedelta(minutes=15))


@pytest.mark.parametrize(
    ("page", "msgid"),
    [("jsm", "config.page_elsewhere"), ("dat", "config.undefined"), ("rota", "config.page_without_alerts")],
    ids=["another provider", "unknown", "static"],
)
def test_a_route_that_cannot_page_is_a_problem(tmp_path, page, msgid):
    found = routed(tmp_path, page).problems

    assert [(each.words.msgid, each.key) for each in found] == [(msgid, "routes.core.page")]


@pytest.mark.parametrize(
    ("webhook", "environ", "expected"),
    [
        ("{path: /hooks/opsgenie-5d1f0c}", {}, [("config.missing_secret", "BATON_OPSGENIE_WEBHOOK_SECRET")]),
        ("{path: /hooks}", {"BATON_OPSGENIE_WEBHOOK_SECRET": "s"}, [("config.bad_path", "opsgenie.webhook.path")]),
        (
            "{path: /hooks/opsgenie-5d1f0c, channel: C0NOBODY}",
            {"BATON_OPSGENIE_WEBHOOK_SECRET": "s"},
            [("config.undefined", "opsgenie.webhook.channel")],
        ),
    ],
    ids=["no secret", "a path to guess", "an unwatched channel"],
)
def test_a_webhook_needs_a_secret_a_path_and_a_watched_channel(tmp_path, webhook, environ, expected):
    (tmp_path / "people.yaml").write_text(PEOPLE)
    (tmp_path / "policy.yaml").write_text(POLICY)
    (tmp_path / "baton.yaml").write_text(f"{BATON}\nopsgenie: {{webhook: {webhook}}}\n")
    found = examine(tmp_path, ENVIRON | environ, known_operations()).problems

    assert [(each.words.msgid, each.key) for each in found] == expected
