"""Access that cannot be taken away wakes whoever is on call, once, until it is gone."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot import logs
from tests import loopback
from tests.product.test_access import HERE, PATIENCE_S, SEOUL, SORA, Story, readers, whispered
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("access-paging"), pytest.mark.timeout(240)]

ORDERS = "haneul-prod.orders"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    folder: Path = tmp_path_factory.mktemp("access-paging")
    with Workplace(f"sqlite:///{folder / 'baton.sqlite3'}", at=datetime(2026, 11, 23, 10, tzinfo=SEOUL)) as found:
        found.sandbox.limits(enforce=False)
        yield found


def alerts(place):
    """Return the alerts at the provider, whole, as it tells them to anybody with the key."""
    key = {"Authorization": f"GenieKey {place.sandbox.world.opsgenie['api_key']}"}
    url = f"{place.sandbox.opsgenie_url}/v2/alerts"
    listed = loopback.get(url, headers=key, timeout=5).raise_for_status().json()["data"]
    return [loopback.get(f"{url}/{each['id']}", headers=key, timeout=5).json()["data"] for each in listed]


def test_what_cannot_be_taken_away_is_paged_once_and_closed_when_it_is_gone(place):
    story = Story(place).ask(f'/grant-access {ORDERS} 2d reason="look at refunds"').granted()
    place.sandbox.faults.add("bigquery", "*/datasets/orders", method="PATCH", status=403, times=None)
    place.sandbox.faults.add("opsgenie", "/v2/alerts", method="POST", drop="after")
    assert place.people["sora"].command("/my-access", HERE)["ok"]
    place.people["sora"].click(whispered(place, "sora", "look at refunds"), "grant.end")
    story.until_said("cannot be taken away")
    story.until_said("has paged")
    paged = alerts(place)
    place.sandbox.faults.clear()
    place.until(lambda: alerts(place)[0]["status"] == "closed", PATIENCE_S)

    assert [(each["count"], each["status"], each["priority"]) for each in paged] == [(1, "open", "P2")]
    assert paged[0]["alias"].startswith("baton-grant:")
    assert paged[0]["message"].startswith("Access cannot be taken away: reader on haneul-prod.orders of @")
    assert "/archives/" in paged[0]["description"]
    assert [each["type"] for each in paged[0]["responders"]] == ["schedule"]
    assert SORA not in readers(place)
    assert len(alerts(place)) == 1
