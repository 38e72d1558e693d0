"""opsgenie-sdk, which Baton uses for alerts, is served by the fake."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import opsgenie_sdk
import pytest

from tests.sandbox.opsgenie.conftest import WORLD, Opsgenie


@pytest.fixture
def api(opsgenie: Opsgenie) -> Iterator[Any]:
    configuration = opsgenie_sdk.Configuration()
    configuration.api_key = {"Authorization": WORLD.opsgenie["api_key"]}
    configuration.api_key_prefix = {"Authorization": "GenieKey"}
    configuration.host = str(opsgenie.http.base_url).rstrip("/")
    configuration.retry_enabled = False
    opsgenie.control("queue", delay_seconds=0)
    client = opsgenie_sdk.ApiClient(configuration=configuration)
    yield opsgenie_sdk.AlertApi(client)
    client.rest_client.pool_manager.clear()


@pytest.fixture
def alert_id(api: Any) -> str:
    return made(api, message="orders_daily failed", alias="inc-1", priority="P2", tags=["etl"])


def made(api: Any, **fields: Any) -> str:
    accepted = api.create_alert(opsgenie_sdk.CreateAlertPayload(**fields), _request_timeout=5)
    return api.get_request_status(accepted.request_id, _request_timeout=5).data.alert_id


def outcome(api: Any, accepted: Any) -> tuple[bool, str]:
    data = api.get_request_status(accepted.request_id, _request_timeout=5).data
    return data.is_success, data.action


def test_an_alert_is_created_and_read(api, alert_id):
    by_id = api.get_alert(alert_id, identifier_type="id", _request_timeout=5).data
    by_alias = api.get_alert("inc-1", identifier_type="alias", _request_timeout=5).data

    assert (by_id.message, by_id.status, by_id.priority, by_id.tags) == ("orders_daily failed", "open", "P2", ["etl"])
    assert by_alias.id == alert_id


def test_alerts_are_listed_and_counted(api, alert_id):
    made(api, message="another")

    listed = api.list_alerts(query="tag: etl", limit=10, _request_timeout=5)

    assert [alert.id for alert in listed.data] == [alert_id]
    assert api.count_alerts(query="status: open", _request_timeout=5).data.count == 2


@pytest.mark.parametrize(
    ("method", "payload", "action"),
    [
        ("acknowledge_alert", opsgenie_sdk.AcknowledgeAlertPayload(user="minji@haneul.example"), "Acknowledge"),
        ("close_alert", opsgenie_sdk.CloseAlertPayload(user="minji@haneul.example", note="done"), "Close"),
        ("add_note", opsgenie_sdk.AddNoteToAlertPayload(note="looking"), "AddNote"),
        (
            "snooze_alert",
            opsgenie_sdk.SnoozeAlertPayload(end_time=datetime(2027, 1, 1, tzinfo=UTC) + timedelta(hours=1)),
            "Snooze",
        ),
    ],
)
def test_an_alert_is_changed(api, alert_id, method, payload, action):
    argument = {
        "acknowledge_alert": "acknowledge_alert_payload",
        "close_alert": "close_alert_payload",
        "add_note": "add_note_to_alert_payload",
        "snooze_alert": "snooze_alert_payload",
    }[method]

    accepted = getattr(api, method)(alert_id, identifier_type="id", _request_timeout=5, **{argument: payload})

    assert outcome(api, accepted) == (True, action)


def test_notes_are_listed(api, alert_id):
    accepted = api.add_note(alert_id, opsgenie_sdk.AddNoteToAlertPayload(note="looking"), _request_timeout=5)
    assert outcome(api, accepted)[0]

    assert [note.note for note in api.list_notes(alert_id, _request_timeout=5).data] == ["looking"]


def test_a_request_that_still_waits_raises(api, opsgenie):
    opsgenie.control("queue", delay_seconds=3600)
    accepted = api.create_alert(opsgenie_sdk.CreateAlertPayload(message="x"), _request_timeout=5)

    with pytest.raises(opsgenie_sdk.ApiException) as caught:
        api.get_request_status(accepted.request_id, _request_timeout=5)

    assert caught.value.status == 404
