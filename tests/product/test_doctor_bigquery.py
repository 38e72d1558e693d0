"""`baton doctor`: what it finds out about BigQuery in each project."""

from dataclasses import replace

import pytest

from bot.app import App
from bot.config.datasets import Datasets
from bot.doctor import examine
from sandbox.running import RunningSandbox
from tests import loopback
from tests.product.workplace import config_for

ORDERS = {"domains": ["haneul.example"], "datasets": {"haneul-prod.orders*": {"owner": "user:U0DANA"}}}


@pytest.fixture(scope="module")
def running():
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running):
    running.reset()
    return running


@pytest.fixture
def findings(sandbox, sqlite_url):
    def ask():
        config = config_for(sandbox, sqlite_url)
        app = App(replace(config, datasets=Datasets.model_validate(ORDERS)))
        found = {finding.what: finding for finding in examine(app)}
        app.stop()
        return found

    return ask


def test_in_the_demo_baton_may_change_access(findings):
    found = findings()

    assert found["BigQuery haneul-prod"].ok
    assert dict(found["BigQuery haneul-prod"].words.params) == {"n": 6, "listed": 2}
    assert dict(found["BigQuery haneul-lab"].words.params) == {"n": 1, "listed": 0}


def test_datasets_whose_access_baton_may_not_change_are_named(sandbox, findings):
    order = {"permission": "bigquery.datasets.setIamPolicy", "where": "haneul-prod:orders_mart"}
    loopback.post(f"{sandbox.bigquery_url}/_control/deny", json=order).raise_for_status()
    found = findings()["BigQuery haneul-prod"]

    assert (found.ok, found.words.msgid) == (False, "vendor.forbidden")
    assert "haneul-prod.orders_mart" in str(found.words.params["detail"])
    assert "haneul-prod.orders," not in str(found.words.params["detail"])


def test_a_bigquery_that_does_not_answer_is_said_so_and_the_others_are_asked(sandbox, findings):
    sandbox.faults.add("bigquery", "*/haneul-prod/*", status=503, times=None)
    found = findings()

    assert (found["BigQuery haneul-prod"].ok, found["BigQuery haneul-lab"].ok) == (False, True)
    assert found["BigQuery haneul-prod"].words.msgid == "vendor.unavailable"
