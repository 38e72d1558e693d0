"""The on-call provider's webhook: who may call, what is kept, and that the same twice is one."""

import json
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from pydantic import SecretStr

from bot.app import App
from bot.clock import Clocks, StoppedClock
from bot.config.paging import Webhook
from bot.store.tables import hook_calls, paged_alerts
from bot.web import LONGEST_CALL
from tests.conftest import NOW
from tests.handlers.conftest import Here, Served
from tests.handlers.front_door import config

PATH, SECRET = "/hooks/opsgenie-5d1f0c", "a-long-random-secret"
ALERT = "6cf5e1a5-0000-4000-8000-000000000000-1700000000000"
AT_MS = 1703849510592
AT_NS = AT_MS * 10**6


@contextmanager
def hearing(url, webhook):
    clock = StoppedClock(NOW)
    settings = config(url)
    baton = settings.baton
    opsgenie = baton.opsgenie.model_copy(update={"webhook": webhook})
    secrets = replace(settings.secrets, opsgenie_webhook_secret=SecretStr(SECRET))
    settings = replace(settings, baton=baton.model_copy(update={"opsgenie": opsgenie}), secrets=secrets)
    app = App(settings, Clocks(clock, clock))
    with start_blocking_portal() as portal:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app.web()), base_url="http://baton.test")
        yield Served(Here(portal, client), app=app)
        portal.call(client.aclose)
    app.stop()


@pytest.fixture
def served(sqlite_url):
    with hearing(sqlite_url, Webhook(path=PATH)) as served:
        yield served


def call(served, *, secret=SECRET, path=PATH, action="Acknowledge", at=AT_NS, raw=None):
    body = {"action": action, "alert": {"alertId": ALERT, "updatedAt": at, "message": "whatever they say"}}
    headers = {b"X-Baton-Secret": secret.encode()} if secret is not None else {}
    return served.http.post(path, content=raw or json.dumps(body).encode(), headers=headers)


def test_what_is_told_is_on_disk_and_due_to_be_looked_up(served):
    answer = call(served)

    assert (answer.status_code, answer.text) == (200, "")
    [known] = served.rows(paged_alerts)
    assert (known.provider, known.alert_id, known.message, known.status) == ("opsgenie", ALERT, "", None)
    assert known.due_at is not None


@pytest.mark.parametrize("again", [AT_NS, AT_MS], ids=["the same", "in milliseconds"])
def test_the_same_twice_is_one_call(served, again):
    call(served)
    call(served, at=again)

    assert served.count(hook_calls) == 1


def test_another_action_or_moment_is_another_call_about_the_same_alert(served):
    for action, at in (("Create", AT_NS), ("Acknowledge", AT_NS), ("Acknowledge", AT_NS + 10**6)):
        call(served, action=action, at=at)

    assert (served.count(hook_calls), served.count(paged_alerts)) == (3, 1)


@pytest.mark.parametrize("secret", ["wrong", "", None, SECRET + "x", "비밀"])
def test_who_does_not_know_the_secret_learns_nothing(served, secret):
    answer = call(served, secret=secret)

    assert (answer.status_code, answer.text) == (401, "")
    assert served.count(hook_calls) == 0


@pytest.mark.parametrize(
    "raw",
    [b"{", b"[]", b"{}", b'{"alert": {}}', b'{"alert": {"alertId": "../../v2"}}', b'{"alert": {"alertId": ""}}'],
    ids=["broken", "list", "empty", "no id", "a path", "empty id"],
)
def test_what_is_no_call_is_refused(served, raw):
    assert call(served, raw=raw).status_code == 400
    assert served.count(hook_calls) == 0


def test_a_body_that_is_too_long_is_not_read_to_its_end(served):
    assert call(served, raw=b" " * (LONGEST_CALL + 1)).status_code == 413


def test_elsewhere_and_otherwise_there_is_nothing(served):
    assert call(served, path="/hooks/opsgenie").status_code == 404
    assert served.http.portal.call(partial(served.http.client.get, PATH)).status_code == 405


def test_without_configuration_there_is_no_such_path(sqlite_url):
    with hearing(sqlite_url, None) as served:
        assert call(served).status_code == 404


@pytest.mark.parametrize(
    ("action", "alert"),
    [
        pytest.param("Create", {"updatedAt": None}, id="no moment"),
        pytest.param("Create", {"updatedAt": "2026-11-22T10:00:00Z"}, id="a moment in words"),
        pytest.param("Create", {"updatedAt": -1}, id="an impossible moment"),
        pytest.param(None, {}, id="no action"),
        pytest.param("x" * 5000, {"updatedAt": AT_NS}, id="an action of their own with a long name"),
    ],
)
def test_what_is_odd_about_a_call_loses_nothing_as_long_as_it_names_its_alert(served, action, alert):
    raw = json.dumps({"action": action, "alert": {"alertId": ALERT} | alert}).encode()

    assert call(served, raw=raw).status_code == 200
    assert [row.alert_id for row in served.rows(paged_alerts)] == [ALERT]
