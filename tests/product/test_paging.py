"""A page from end to end: the incident, Opsgenie with its app in Slack and its webhook, and the buttons on the card."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import logs
from bot.config.load import Config
from bot.config.paging import Webhook
from sandbox.person import text_of
from tests import loopback
from tests.product.test_access import PATIENCE_S, SEOUL
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("paging"), pytest.mark.timeout(240)]

PATH, SECRET, HERE = "/hooks/opsgenie-5d1f0c", "a-long-random-secret", "C0ALERTS"


def paging(config: Config) -> Config:
    """Return the configuration with pages, and with Opsgenie's webhook."""
    routes = {name: each.model_copy(update={"page": "opsgenie"}) for name, each in config.baton.routes.items()}
    opsgenie = config.baton.opsgenie.model_copy(update={"webhook": Webhook(path=PATH)})
    baton = config.baton.model_copy(update={"routes": routes, "opsgenie": opsgenie})
    return replace(config, baton=baton, secrets=replace(config.secrets, opsgenie_webhook_secret=SecretStr(SECRET)))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    folder: Path = tmp_path_factory.mktemp("paging")
    url, at = f"sqlite:///{folder / 'baton.sqlite3'}", datetime(2026, 11, 24, 10, tzinfo=SEOUL)
    with Workplace(url, at=at, configure=paging) as found:
        found.sandbox.limits(enforce=False)
        hook = {"url": f"{found.baton.url}{PATH}", "secret": SECRET}
        order(found, "integrate", slack_channel=HERE, webhook=hook)
        yield found


def order(place, name, **body):
    loopback.post(f"{place.sandbox.opsgenie_url}/_control/{name}", json=body, timeout=5).raise_for_status()


def alerts(place):
    """Return the alerts at Opsgenie, whole."""
    key = {"Authorization": f"GenieKey {place.sandbox.world.opsgenie['api_key']}"}
    url = f"{place.sandbox.opsgenie_url}/v2/alerts"
    listed = loopback.get(url, headers=key, timeout=5).raise_for_status().json()["data"]
    return [loopback.get(f"{url}/{each['id']}", headers=key, timeout=5).json()["data"] for each in listed]


def said(place, words, bot=None):
    found = [each for each in place.people["minji"].messages(HERE) if not bot or each.get("bot_id") == bot]
    return [each for each in found if words in text_of(each)]


def card(place, words):
    """Return the newest card in a thread of the channel that holds these words."""
    minji = place.people["minji"]
    threads = [minji.messages(HERE, each["ts"])[1:] for each in minji.messages(HERE)]
    found = [each for thread in threads for each in thread if each.get("bot_id") == "B0BATON"]
    return next((each for each in found if words in text_of(each).replace("*", "")), None)


def test_a_page_wakes_is_acknowledged_and_closed_from_slack_and_nothing_goes_round(place):
    words = "[FIRING:1] DiskFull on etl-7\nalertname=DiskFull instance=etl-7 severity=critical"
    place.sandbox.post_alert("B0GRAFANA", HERE, {"text": words})
    shown = place.until(lambda: card(place, "not acknowledged"), PATIENCE_S)
    place.until(lambda: said(place, "New alert", "B0OPSGENIE"), PATIENCE_S)
    place.people["minji"].click(shown, "alert.acknowledge")
    shown = place.until(lambda: card(place, "acknowledged by minji@haneul.example"), PATIENCE_S)
    place.people["junho"].click(shown, "alert.close")
    place.until(lambda: card(place, "alert #1: closed"), PATIENCE_S)
    place.until(lambda: len(said(place, "#1", "B0OPSGENIE")) == 3, PATIENCE_S)
    place.sandbox.settle()
    [alert] = alerts(place)

    assert (alert["owner"], alert["report"]["closedBy"]) == ("minji@haneul.example", "junho@haneul.example")
    assert (alert["status"], alert["count"]) == ("closed", 1)
    assert [each for each in place.people["minji"].messages(HERE) if each.get("bot_id") == "B0BATON"] == []
    assert card(place, "acknowledge the alert: done") is not None
