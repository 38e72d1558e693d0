"""`baton doctor`: what it finds out about each Airflow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.clock import Clocks, ShiftedClock, SystemClock
from bot.config.load import Config
from bot.config.model import AirflowServer, Mode
from bot.config.secrets import AirflowLogin
from bot.doctor import Finding, examine
from bot.views.reader import default_reader
from bot.views.words import Markup, say
from sandbox.running import RunningSandbox
from tests.product.workplace import config_for


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def config(sandbox: RunningSandbox, sqlite_url: str) -> Config:
    """Three names for Airflow: Baton's own, one where it only looks, one that is not there."""
    config = config_for(sandbox, sqlite_url)
    here, gone = AirflowServer(url=sandbox.airflow_url), AirflowServer(url="http://127.0.0.1:1")
    logins = {name: AirflowLogin(name, SecretStr(name)) for name in ("baton", "viewer")}
    baton = config.baton.model_copy(update={"airflow": {"baton": here, "viewer": here, "gone": gone}})
    secrets = replace(config.secrets, airflow={**logins, "gone": logins["baton"]})
    return replace(config, baton=baton, secrets=secrets)


def told(config: Config, clocks: Clocks | None = None) -> dict[str, Finding]:
    app = App(config, clocks)
    found = {finding.what: finding for finding in examine(app)}
    app.stop()
    return found


def in_english(finding: Finding) -> str:
    return say(finding.words, default_reader(SystemClock().now(), "en"), Markup.PLAIN)


def test_each_airflow_is_told_with_version_api_login_rights_and_clock(config):
    finding = told(config)["Airflow baton"]

    assert finding.ok
    said = in_english(finding)
    assert said.startswith("version 3.3.2 over API v2, signed in with user name and password; ")
    assert "may read, clear tasks, start runs, backfill; clocks agree; scheduler healthy" in said


def test_in_live_mode_a_right_that_is_lacking_is_found_by_day(config):
    finding = told(config)["Airflow viewer"]

    assert not finding.ok
    assert "may read, may NOT clear tasks, start runs, backfill" in in_english(finding)


def test_in_shadow_mode_it_is_enough_to_read(config):
    shadow = replace(config, baton=config.baton.model_copy(update={"mode": Mode.SHADOW}))

    assert told(shadow)["Airflow viewer"].ok


def test_clocks_that_differ_are_told(config):
    clock = ShiftedClock()
    clock.offset = timedelta(minutes=5)
    finding = told(config, Clocks(system=clock))["Airflow baton"]

    assert not finding.ok
    assert "its clock and ours differ by 5 min" in in_english(finding)


def test_one_that_does_not_answer_keeps_nobody_from_being_told_of_the_others(config):
    found = told(config)

    assert not found["Airflow gone"].ok
    assert "no connection" in in_english(found["Airflow gone"])
    assert found["Airflow baton"].ok
