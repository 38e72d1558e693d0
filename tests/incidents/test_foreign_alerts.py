"""Alerts that only a webhook told of: their words are the provider's, not Slack's, and are taken as words."""

from dataclasses import dataclass, field

import pytest

from bot.incidents.foreign_alerts import ForeignAlerts
from bot.incidents.interpreter import Interpreter
from bot.ports.paging import AlertStatus, PagedAlert
from bot.triage.model import Alert, Severity
from tests.conftest import NOW


@dataclass
class Received:
    """An intake that only keeps what it is given."""

    routes: frozenset[str] = frozenset({"C0ALERTS"})
    alerts: list[Alert] = field(default_factory=list)

    def receive(self, _tx, _event_id, _message, understood, _now):
        self.alerts.append(understood)
        return "01"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        pytest.param("disk full on db-1", "disk full on db-1", id="plain"),
        pytest.param('job "orders" failed', "job 'orders' failed", id="quotes"),
        pytest.param("orders failed\nline two: P5", "orders failed line two: P5", id="lines"),
        pytest.param("a < b & <https://x.example|click> c", "a < b & <https://x.example|click> c", id="markup"),
        pytest.param("lag &lt; 5", "lag &lt; 5", id="what looks escaped"),
    ],
)
def test_what_the_provider_says_is_understood_word_for_word(words, title):
    alert = PagedAlert("6cf5", "", words, AlertStatus.OPEN, False, NOW, NOW, priority="P1", tiny_id="12")
    intake = Received()
    ForeignAlerts(Interpreter(), intake, {"opsgenie": "C0ALERTS"}).open(None, "opsgenie", alert, NOW)

    [found] = intake.alerts
    assert found.title == f'New alert: #12 "{title}'
    assert (found.severity, found.resource) == (Severity.CRITICAL, {"alert": "12"})
