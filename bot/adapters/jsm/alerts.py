"""Jira Service Management behind the port of alerts."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import structlog
from pydantic import AliasChoices, AwareDatetime, BaseModel, Field

from bot.adapters import paging
from bot.adapters.http import broken
from bot.adapters.jsm.api import VENDOR, Api
from bot.adapters.jsm.people import People
from bot.ports.errors import NotFound, Rejected, Unsupported, VendorError
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
from bot.text import text

log = structlog.get_logger(__name__)


class _Alert(BaseModel):
    id: str
    alias: str = ""
    message: str = ""
    status: AlertStatus
    is_acknowledged: bool = Field(default=False, alias="acknowledged")
    created_at: AwareDatetime = Field(alias="createdAt")
    updated_at: AwareDatetime | None = Field(default=None, alias="updatedAt")
    is_snoozed: bool = Field(default=False, alias="snoozed")
    snoozed_until: AwareDatetime | None = Field(default=None, alias="snoozedUntil")
    count: int = 1
    priority: str = ""
    owner: str | None = ""
    source: str = ""
    tags: list[str] = []
    tiny_id: str = Field(default="", alias="tinyId")

    def alert(self) -> PagedAlert:
        until = self.snoozed_until if self.is_snoozed else None
        return PagedAlert(
            id=self.id,
            alias=self.alias,
            message=self.message,
            status=self.status,
            is_acknowledged=self.is_acknowledged,
            created_at=self.created_at.astimezone(UTC),
            updated_at=(self.updated_at or self.created_at).astimezone(UTC),
            snoozed_until=until.astimezone(UTC) if until else None,
            count=self.count,
            priority=self.priority,
            owner=self.owner or "",
            source=self.source,
            tags=tuple(self.tags),
            tiny_id=self.tiny_id,
        )


class _Links(BaseModel):
    next: str | None = None


class _Page(BaseModel):
    values: list[_Alert] = Field(default=[], validation_alias=AliasChoices("values", "data"))
    links: _Links = _Links()


class _Status(BaseModel):
    is_success: bool = Field(alias="isSuccess")
    status: str = ""
    alert_id: str | None = Field(default=None, alias="alertId")


class JsmAlerts:
    """Alerts as one person sees them. Whatever is done is done in that person's name, so a note says for whom."""

    name = "jsm"
    abilities = frozenset({Ability.SNOOZE})

    def __init__(self, api: Api) -> None:
        self._api, self._people = api, People(api)

    def disconnect(self) -> None:
        self._api.close()

    def create(self, alert: NewAlert) -> Accepted:
        return self._write("/alerts", self._created(paging.fitted(alert)))

    def find(self, wanted: AlertFilter, offset: int = 0) -> AlertPage:
        params: dict[str, str | int] = {"offset": offset, "size": paging.PAGE, "sort": "createdAt", "order": "desc"}
        query = paging.query(wanted)
        answer = self._api.get("/alerts", params | ({"query": query} if query else {}), _Page)
        following = paging.following(offset, is_more=bool(answer.links.next))
        return AlertPage(tuple(each.alert() for each in answer.values), following)

    def get(self, alert: AlertName) -> PagedAlert:
        match alert:
            case ById(found):
                return self._api.get(f"/alerts/{quote(found, safe='')}", {}, _Alert).alert()
            case ByAlias(alias):
                return self._api.get("/alerts/alias", {"alias": alias[: paging.ALIAS]}, _Alert).alert()

    def acknowledge(self, alert: AlertName, by: str, note: str = "") -> Accepted:
        return self._act(alert, "acknowledge", {}, by, note)

    def close(self, alert: AlertName, by: str, note: str = "") -> Accepted:
        return self._act(alert, "close", {}, by, note)

    def snooze(self, alert: AlertName, until: datetime, by: str, note: str = "") -> Accepted:
        """Hold its notifications back. A time that is over wakes people at once."""
        return self._act(
            alert, "snooze", {"endTime": until.astimezone(UTC).isoformat(timespec="milliseconds")}, by, note
        )

    def note(self, alert: AlertName, note: str, by: str) -> Accepted:
        if not note:
            raise Rejected(VENDOR, "a note needs words")
        words = paging.cut(f"{by}: {note}", paging.NOTE)
        return self._write(f"{self._path(alert)}/notes", {"note": words})

    def call(self, _alert: AlertName, _recipient: Recipient, _by: str, _note: str = "", /) -> Accepted:
        """Refuse: what this call looks like there is not known well enough to wake somebody by it."""
        raise Unsupported(VENDOR, text("vendor.no_responders"))

    def outcome(self, request_ref: str) -> Outcome:
        try:
            found = self._api.get(f"/alerts/requests/{quote(request_ref, safe='')}", {}, _Status)
        except NotFound:
            return Pending()
        return Done(found.alert_id or "") if found.is_success else Failed(found.status)

    def _act(self, alert: AlertName, action: str, body: dict[str, str], by: str, note: str) -> Accepted:
        """Do it, then write down for whom. A note that fails is logged: what was done stays done."""
        path = self._path(alert)
        accepted = self._write(f"{path}/{action}", body)
        words = f"{by}: {action}" + (f" ({note})" if note else "")
        try:
            self._write(f"{path}/notes", {"note": paging.cut(words, paging.NOTE)})
        except VendorError as error:
            log.warning("who did it is not noted", action=action, problem=str(error))
        return accepted

    def _write(self, path: str, body: dict[str, Any]) -> Accepted:
        answer = self._api.write("POST", path, body)
        reference = answer.get("requestId") if isinstance(answer, dict) else None
        if not isinstance(reference, str) or not reference:
            raise broken(VENDOR, "the answer names no request", is_write=True)
        return Accepted(reference)

    def _path(self, alert: AlertName) -> str:
        """Return the path of an alert: only its full id is one."""
        alert_id = alert.id if isinstance(alert, ById) else self.get(alert).id
        return f"/alerts/{quote(alert_id, safe='')}"

    def _created(self, alert: NewAlert) -> dict[str, Any]:
        given = {
            "description": alert.description,
            "responders": [self._recipient(each) for each in alert.recipients],
            "tags": list(alert.tags),
            "extraProperties": dict(alert.details),
            "entity": alert.entity,
            "source": alert.source,
        }
        named = {"message": alert.message, "alias": alert.alias, "priority": alert.priority.value}
        return named | {key: value for key, value in given.items() if value}

    def _recipient(self, recipient: Recipient) -> dict[str, str]:
        is_user = recipient.kind is Kind.USER
        return {
            "type": recipient.kind.value,
            "id": self._people.account_id(recipient.name) if is_user else recipient.name,
        }
