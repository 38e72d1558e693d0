"""`baton doctor` and the providers of on-call: the end of Opsgenie, and Jira Service Management by configuration."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.clock import Clocks, StoppedClock
from bot.config.schedules import HostedSchedule, Jsm
from bot.doctor import examine
from bot.views.reader import default_reader
from bot.views.words import Markup, say
from sandbox.running import RunningSandbox
from tests.product.workplace import config_for


@pytest.fixture(scope="module")
def sandbox():
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def config(sandbox, sqlite_url):
    return config_for(sandbox, sqlite_url)


@pytest.fixture
def jsm_config(sandbox, config):
    known = sandbox.world.opsgenie["jsm"]
    url = sandbox.opsgenie_url
    update = {
        "schedules": {"data-platform": HostedSchedule(provider="jsm", name="data-platform", fallback="S0ENG")},
        "jsm": Jsm(site=url, email=known["email"], url=url),
    }
    secrets = replace(config.secrets, jsm_api_token=SecretStr(known["api_token"]))
    return replace(config, baton=config.baton.model_copy(update=update), secrets=secrets)


def told(config, clocks=None, language="en"):
    app = App(config, clocks)
    reader = default_reader(datetime(2026, 11, 22, tzinfo=UTC), language)
    found = {each.what: (each.ok, say(each.words, reader, Markup.PLAIN)) for each in examine(app)}
    app.stop()
    return found


def on(moment, system=None):
    return Clocks(business=StoppedClock(moment), system=system or StoppedClock(moment))


@pytest.mark.parametrize(
    ("day", "ok", "words"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), True, "ends on 2027-04-05, in 134 days"),
        (datetime(2027, 4, 4, 12, tzinfo=UTC), True, "in 1 day;"),
        (datetime(2027, 4, 5, tzinfo=UTC), False, "Opsgenie has ended"),
    ],
)
def test_the_end_of_opsgenie_is_told_before_it_comes(config, day, ok, words):
    is_ok, said = told(config, on(day))["Opsgenie"]

    assert is_ok is ok
    assert words in said
    assert "docs/migrating-to-jsm.md" in said


def test_an_account_that_is_gone_is_said_to_be_gone(sandbox, config):
    sandbox.faults.add("opsgenie", "/v2/schedules/*", times=None, status=410, body={"message": "Account is closed"})

    is_ok, said = told(config)["on-call data-platform"]
    sandbox.faults.clear()

    assert not is_ok
    assert "will not come back" in said


def test_one_word_of_the_configuration_moves_on_call_to_jira_service_management(jsm_config):
    found = told(jsm_config)

    assert found["on-call data-platform"] == (True, "somebody is on call")
    assert "Opsgenie" not in found


def test_pages_go_where_the_schedules_are(config, jsm_config):
    by_opsgenie, by_jsm = App(config), App(jsm_config)

    assert {name: each.name for name, each in by_opsgenie.vendors.alerts.items()} == {"opsgenie": "opsgenie"}
    assert {name: each.name for name, each in by_jsm.vendors.alerts.items()} == {"jsm": "jsm"}
    by_opsgenie.stop()
    by_jsm.stop()
