"""Alerts through opsgenie-sdk: what it does wrong is not seen behind the port."""

import socket
import threading
import time

import pytest

from bot.adapters import opsgenie
from bot.ports.errors import (
    Forbidden,
    Gone,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    VendorError,
)
from bot.ports.paging import AlertFilter, ById, NewAlert
from tests.oncall.scripted import Answer, scripted

ALERT = ById("a1")


@pytest.fixture
def alerts(server):
    alerts = opsgenie.connect_alerts("a-key", server.url)
    yield alerts
    alerts.disconnect()


def acknowledge(alerts):
    return alerts.acknowledge(ALERT, "minji@haneul.example")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Answer(401, {"message": "Could not authenticate"}), NotAuthenticated, id="401"),
        pytest.param(Answer(422, {"message": "Key format is not valid!"}), NotAuthenticated, id="a key that is none"),
        pytest.param(Answer(403, {"message": "no"}), Forbidden, id="403"),
        pytest.param(Answer(402, {"message": "pay"}), Forbidden, id="402"),
        pytest.param(Answer(404, {"message": "no alert"}), NotFound, id="404"),
        pytest.param(Answer(410, {"message": "the account was closed"}), Gone, id="410"),
        pytest.param(Answer(403, {"message": "Opsgenie is no longer available."}), Gone, id="a product that ended"),
        pytest.param(Answer(422, {"message": "bad"}), Rejected, id="422"),
        pytest.param(Answer(429, {"message": "slow"}, {"X-RateLimit-Period-In-Sec": "7"}), RateLimited, id="429"),
        pytest.param(Answer(500, {"message": "oh"}), OutcomeUnknown, id="500"),
        pytest.param(Answer(503, b"<html>down</html>"), OutcomeUnknown, id="a page that says 503"),
        pytest.param(
            Answer(403, b"<html>proxy</html>"), OutcomeUnknown, id="a proxy's page, which the SDK cannot read"
        ),
        pytest.param(Answer(200, b"<html>login</html>"), OutcomeUnknown, id="a page that says 200"),
        pytest.param(Answer(202, {"result": "Request will be processed"}), OutcomeUnknown, id="no request id"),
    ],
)
def test_a_write_is_sent_once_and_its_refusal_says_what_is_certain(server, alerts, answer, error):
    server.answer = lambda _: answer

    with pytest.raises(VendorError) as caught:
        acknowledge(alerts)

    assert type(caught.value) is error
    assert len(server.asked) == 1
    assert "a-key" not in str(caught.value)
    if error is RateLimited:
        assert caught.value.retry_after == 7


@pytest.mark.parametrize("status", [500, 503])
def test_a_read_that_fails_changed_nothing(server, alerts, status):
    server.answer = lambda _: Answer(status, {"message": "oh"})

    with pytest.raises(Unavailable):
        alerts.find(AlertFilter())


def test_two_accounts_do_not_share_a_key(server, alerts):
    another = opsgenie.connect_alerts("another-key", server.url)
    server.answer = lambda _: Answer(202, {"result": "r", "took": 0.1, "requestId": "r1"})

    acknowledge(alerts)
    acknowledge(another)
    acknowledge(alerts)
    another.disconnect()

    assert [asked.authorization for asked in server.asked] == [
        "GenieKey a-key",
        "GenieKey another-key",
        "GenieKey a-key",
    ]


def test_where_nobody_listens_nothing_was_written():
    with scripted() as gone:
        url = gone.url
    alerts = opsgenie.connect_alerts("a-key", url)

    with pytest.raises(Unavailable):
        alerts.create(NewAlert("inc-1", "m"))
    alerts.disconnect()


def test_a_connection_that_breaks_leaves_a_write_unknown():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)

        thread = threading.Thread(target=hang_up)
        thread.start()
        alerts = opsgenie.connect_alerts("a-key", f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(OutcomeUnknown):
            acknowledge(alerts)
        thread.join()
        alerts.disconnect()


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr("bot.adapters.opsgenie.sdk.TIMEOUT", (1, 1))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        alerts = opsgenie.connect_alerts("a-key", f"http://127.0.0.1:{listener.getsockname()[1]}")
        began = time.monotonic()

        with pytest.raises(OutcomeUnknown):
            acknowledge(alerts)

        assert time.monotonic() - began < 5
        alerts.disconnect()
