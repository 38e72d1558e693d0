"""Alerts of the fake Opsgenie: accepted at once, done later, found by query and page."""

from datetime import timedelta

import pytest

from tests.sandbox.opsgenie.conftest import DANA, MINJI


def test_a_write_is_accepted_at_once_and_its_outcome_not_found_until_it_is_done(opsgenie):
    accepted = opsgenie.post("/v2/alerts", message="orders_daily failed", alias="inc-1")
    status = f"/v2/alerts/requests/{accepted.json()['requestId']}"
    queued = opsgenie.http.get(status)
    opsgenie.control("queue", process=True)

    assert (accepted.status_code, accepted.json()["result"]) == (202, "Request will be processed")
    assert queued.status_code == 404
    done = opsgenie.get(status)["data"]
    assert (done["isSuccess"], done["action"], done["alias"]) == (True, "Create", "inc-1")


def test_the_queue_empties_itself_after_its_delay(opsgenie):
    opsgenie.control("queue", delay_seconds=0)

    accepted = opsgenie.post("/v2/alerts", message="x").json()

    assert opsgenie.get(f"/v2/alerts/requests/{accepted['requestId']}")["data"]["isSuccess"] is True


def test_an_alert_goes_through_its_life(opsgenie):
    alert = opsgenie.alert(priority="P1", tags=["etl"], details={"dag": "orders_daily"}, description="long")
    acknowledged = opsgenie.act(alert, "acknowledge", user=MINJI, note="looking")
    opsgenie.clock.advance(timedelta(minutes=10))
    closed = opsgenie.act(alert, "close", user=DANA)

    assert (alert["status"], alert["acknowledged"], alert["details"]) == ("open", False, {"dag": "orders_daily"})
    assert acknowledged["isSuccess"] is True
    assert closed["isSuccess"] is True
    after = opsgenie.get(f"/v2/alerts/{alert['id']}")["data"]
    assert (after["status"], after["owner"]) == ("closed", MINJI)
    assert after["report"]["closeTime"] >= 600_000 > after["report"]["ackTime"]
    assert (after["report"]["acknowledgedBy"], after["report"]["closedBy"]) == (MINJI, DANA)
    notes = opsgenie.get(f"/v2/alerts/{alert['id']}/notes")["data"]
    assert [(note["note"], note["owner"]) for note in notes] == [("looking", MINJI)]
    assert len(opsgenie.get(f"/v2/alerts/{alert['id']}/logs")["data"]) == 3


def test_an_acknowledgement_can_be_taken_back(opsgenie):
    alert = opsgenie.alert()
    opsgenie.act(alert, "acknowledge")

    opsgenie.act(alert, "unacknowledge")

    assert opsgenie.get(f"/v2/alerts/{alert['id']}")["data"]["acknowledged"] is False


def test_a_snooze_ends_by_itself(opsgenie):
    alert = opsgenie.alert()
    opsgenie.act(alert, "snooze", endTime="2026-11-18T04:00:00Z")

    snoozed = opsgenie.get(f"/v2/alerts/{alert['id']}")["data"]
    opsgenie.clock.advance(timedelta(hours=2))

    assert (snoozed["snoozed"], snoozed["snoozedUntil"]) == (True, "2026-11-18T04:00:00Z")
    assert opsgenie.get(f"/v2/alerts/{alert['id']}")["data"]["snoozed"] is False


@pytest.mark.parametrize(
    ("action", "body"),
    [("acknowledge", {}), ("close", {}), ("snooze", {"endTime": "2026-11-18T05:00:00Z"})],
)
def test_what_cannot_be_done_is_accepted_and_fails_later(opsgenie, action, body):
    alert = opsgenie.alert()
    opsgenie.act(alert, "close")

    outcome = opsgenie.act(alert, action, **body)

    assert (outcome["isSuccess"], outcome["status"]) == (False, "Alert is already closed")


def test_an_action_on_an_unknown_alert_fails_later(opsgenie):
    outcome = opsgenie.act({"id": "nope"}, "acknowledge")

    assert (outcome["isSuccess"], outcome["status"]) == (False, "Alert does not exist")


def test_an_open_alias_counts_and_a_closed_one_makes_a_new_alert(opsgenie):
    first = opsgenie.alert(alias="inc-1")
    again = opsgenie.alert(alias="inc-1")
    opsgenie.act(first, "close")
    later = opsgenie.alert(alias="inc-1")

    assert (again["id"], again["count"]) == (first["id"], 2)
    assert later["id"] != first["id"]
    assert opsgenie.get("/v2/alerts/inc-1", identifierType="alias")["data"]["id"] == later["id"]
    assert opsgenie.get(f"/v2/alerts/{later['tinyId']}", identifierType="tiny")["data"]["id"] == later["id"]


@pytest.mark.parametrize(
    ("query", "messages"),
    [
        pytest.param("", ["a late", "b lost", "c fine"], id="all"),
        pytest.param("status: open", ["a late", "b lost"], id="status"),
        pytest.param("status:open AND acknowledged:true", ["b lost"], id="and"),
        pytest.param("status: closed OR tag: kafka", ["a late", "c fine"], id="or"),
        pytest.param("NOT tag: kafka", ["b lost", "c fine"], id="not"),
        pytest.param("status: open AND (priority: P1 OR tag: kafka)", ["a late", "b lost"], id="brackets"),
        pytest.param("priority: (P1 OR P2)", ["b lost", "c fine"], id="values in brackets"),
        pytest.param("alias: inc-c", [], id="an alias finds open alerts only"),
        pytest.param("message: lo*", [], id="a message by how it begins"),
        pytest.param('message: "b lost"', ["b lost"], id="quoted"),
        pytest.param("createdAt > 1700000000000", ["a late", "b lost", "c fine"], id="since, in ms"),
        pytest.param("createdAt > 1800000000", ["a late", "b lost", "c fine"], id="seconds are taken for ms"),
        pytest.param("createdAt >= 9900000000000", [], id="in the future"),
        pytest.param("late", ["a late"], id="a bare word"),
    ],
)
def test_alerts_are_found_by_query(opsgenie, query, messages):
    opsgenie.alert(message="a late", tags=["kafka"])
    second = opsgenie.alert(message="b lost", priority="P1")
    third = opsgenie.alert(message="c fine", priority="P2", alias="inc-c")
    opsgenie.act(second, "acknowledge")
    opsgenie.act(third, "close")

    found = opsgenie.get("/v2/alerts", query=query, sort="message", order="asc")["data"]

    assert [alert["message"] for alert in found] == messages
    assert opsgenie.get("/v2/alerts/count", query=query)["data"] == {"count": len(messages)}


def test_pages_are_followed_by_their_links(opsgenie):
    for number in range(5):
        opsgenie.alert(message=f"alert {number}")

    page = opsgenie.get("/v2/alerts", query="status: open", limit=2, order="asc")
    seen = [alert["message"] for alert in page["data"]]
    while "next" in page["paging"]:
        page = opsgenie.http.get(page["paging"]["next"]).json()
        seen += [alert["message"] for alert in page["data"]]

    assert seen == [f"alert {number}" for number in range(5)]
    assert set(page["paging"]) == {"first", "last", "prev"}
