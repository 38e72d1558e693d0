"""Opsgenie behind the port of alerts."""

from datetime import UTC, datetime
from typing import Any

import opsgenie_sdk

from bot.adapters import paging
from bot.adapters.http import understood
from bot.adapters.opsgenie.api import VENDOR
from bot.adapters.opsgenie.sdk import Sdk
from bot.adapters.opsgenie.wire import is_id
from bot.ports.errors import NotFound, Rejected
from bot.ports.paging import (
    Ability,
    Accepted,
    AlertFilter,
    AlertName,
    AlertPage,
    AlertStatus,
    ByAlias,
    ById,
    Done,
    Failed,
    Kind,
    NewAlert,
    Outcome,
    PagedAlert,
    Pending,
    Recipient,
)


class OpsgenieAlerts:
    """Alerts of the account of one API key. The key may do everything for everyone: `by` is only written down."""

    name = "opsgenie"
    abilities = frozenset({Ability.SNOOZE, Ability.ACTOR, Ability.RESPONDERS})

    def __init__(self, sdk: Sdk) -> None:
        self._sdk = sdk

    def disconnect(self) -> None:
        self._sdk.disconnect()

    def create(self, alert: NewAlert) -> Accepted:
        return Accepted(self._sdk.write("create_alert", _created(paging.fitted(alert))))

    def find(self, wanted: AlertFilter, offset: int = 0) -> AlertPage:
        given = {"query": paging.query(wanted), "offset": offset, "limit": paging.PAGE}
        answer = self._sdk.read("list_alerts", **given, sort="createdAt", order="desc")
        found = understood(VENDOR, answer, lambda said: tuple(map(_alert, said.data)), is_write=False)
        return AlertPage(found, paging.following(offset, is_more=bool(answer.paging and answer.paging.next)))

    def get(self, alert: AlertName) -> PagedAlert:
        answer = self._sdk.read("get_alert", **_named(alert))
        return understood(VENDOR, answer, lambda said: _alert(said.data), is_write=False)

    def acknowledge(self, alert: AlertName, by: str, note: str = "") -> Accepted:
        payload = opsgenie_sdk.AcknowledgeAlertPayload(**_signed(by, note))
        return self._accepted("acknowledge_alert", alert, acknowledge_alert_payload=payload)

    def close(self, alert: AlertName, by: str, note: str = "") -> Accepted:
        payload = opsgenie_sdk.CloseAlertPayload(**_signed(by, note))
        return self._accepted("close_alert", alert, close_alert_payload=payload)

    def snooze(self, alert: AlertName, until: datetime, by: str, note: str = "") -> Accepted:
        payload = opsgenie_sdk.SnoozeAlertPayload(end_time=until.astimezone(UTC), **_signed(by, note))
        return self._accepted("snooze_alert", alert, snooze_alert_payload=payload)

    def note(self, alert: AlertName, note: str, by: str) -> Accepted:
        if not note:
            raise Rejected(VENDOR, "a note needs words")
        payload = opsgenie_sdk.AddNoteToAlertPayload(**_signed(by, note))
        return self._accepted("add_note", alert, add_note_to_alert_payload=payload)

    def call(self, alert: AlertName, recipient: Recipient, by: str, note: str = "") -> Accepted:
        payload = opsgenie_sdk.AddResponderToAlertPayload(responder=_recipient(recipient), **_signed(by, note))
        return self._accepted("add_responder", alert, add_responder_to_alert_payload=payload)

    def outcome(self, request_ref: str) -> Outcome:
        """Return what became of a request. Waiting is for the caller: the SDK's own takes minutes over a failure."""
        try:
            found = self._sdk.read("get_request_status", request_ref).data
        except NotFound:
            return Pending()
        return Done(found.alert_id or "") if found.is_success else Failed(found.status or "")

    def _accepted(self, method: str, alert: AlertName, **payload: Any) -> Accepted:
        return Accepted(self._sdk.write(method, **_named(alert), **payload))


def _named(alert: AlertName) -> dict[str, str]:
    match alert:
        case ById(found):
            return {"identifier": found, "identifier_type": "id"}
        case ByAlias(alias):
            return {"identifier": alias[: paging.ALIAS], "identifier_type": "alias"}


def _signed(by: str, note: str) -> dict[str, str]:
    words = {"note": paging.cut(note, paging.NOTE)} if note else {}
    return {"user": paging.cut(by, paging.USER), "source": "Baton"} | words


def _created(alert: NewAlert) -> Any:
    """Return the payload with what is set: an empty text is not the same as none."""
    given: dict[str, Any] = {
        "description": alert.description,
        "responders": [_recipient(each) for each in alert.recipients],
        "tags": list(alert.tags),
        "details": dict(alert.details),
        "entity": alert.entity,
        "source": alert.source,
    }
    return opsgenie_sdk.CreateAlertPayload(
        message=alert.message,
        alias=alert.alias,
        priority=alert.priority.value,
        **{key: value for key, value in given.items() if value},
    )


def _recipient(recipient: Recipient) -> dict[str, str]:
    name = "username" if recipient.kind is Kind.USER and "@" in recipient.name else "name"
    return {"type": recipient.kind.value, "id" if is_id(recipient.name) else name: recipient.name}


def _alert(found: Any) -> PagedAlert:
    return PagedAlert(
        id=found.id,
        alias=found.alias or "",
        message=found.message or "",
        status=AlertStatus(found.status),
        is_acknowledged=bool(found.acknowledged),
        created_at=found.created_at.astimezone(UTC),
        updated_at=(found.updated_at or found.created_at).astimezone(UTC),
        snoozed_until=found.snoozed_until.astimezone(UTC) if found.snoozed_until and found.snoozed else None,
        count=found.count or 1,
        priority=found.priority or "",
        owner=found.owner or "",
        source=found.source or "",
        tags=tuple(found.tags or ()),
        tiny_id=found.tiny_id or "",
    )
