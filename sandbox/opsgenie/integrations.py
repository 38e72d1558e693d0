"""What Opsgenie tells others by itself: its app posts in Slack, its outgoing webhook calls. Off until switched on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from sandbox.http import certificates
from sandbox.opsgenie.alerts import Alert

TOOL = "B0OPSGENIE"
TRIES, PAUSE_SECONDS = 5, 0.2
_SAYS = {
    "Acknowledge": "acknowledged alert",
    "UnAcknowledge": "unacknowledged alert",
    "Close": "closed alert",
    "Snooze": "snoozed alert",
    "AddNote": "added note to alert",
}


@dataclass(frozen=True, slots=True)
class Webhook:
    url: str
    header: str
    secret: str


@dataclass(slots=True)
class Integrations:
    """`slack_url` is where the workspace is; nothing is posted without a channel, nor called without a webhook."""

    slack_url: str = ""
    channel: str | None = None
    webhook: Webhook | None = None
    answers: list[int] = field(default_factory=list)  # of the webhook's calls
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def tell(self, action: str, alert: Alert, by: str, now: datetime) -> None:
        if self.channel:
            self._begin(self._post(self.channel, _post_about(action, alert, by)))
        if self.webhook:
            self._begin(self._call(self.webhook, _call_about(action, alert, by, now)))

    def _begin(self, doing: Any) -> None:
        task = asyncio.get_running_loop().create_task(doing)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _post(self, channel: str, payload: dict[str, Any]) -> None:
        async with httpx.AsyncClient(timeout=5, trust_env=False, verify=certificates()) as http:
            query = {"bot": TOOL, "channel": channel}
            await http.post(f"{self.slack_url}/services/T0/B0/opsgenie", params=query, json=payload)

    async def _call(self, webhook: Webhook, payload: dict[str, Any]) -> None:
        """Call until it is taken, some times."""
        async with httpx.AsyncClient(timeout=5, trust_env=False, verify=certificates()) as http:
            for _ in range(TRIES):
                try:
                    answer = await http.post(webhook.url, json=payload, headers={webhook.header: webhook.secret})
                except httpx.TransportError:
                    status = 0
                else:
                    status = answer.status_code
                self.answers.append(status)
                if 0 < status < 500:
                    return
                await asyncio.sleep(PAUSE_SECONDS)


def _post_about(action: str, alert: Alert, by: str) -> dict[str, Any]:
    """The app's message: what is new with its facts, else who did what."""
    if action != "Create":
        said = _SAYS.get(action, f"updated ({action}) alert")
        return {"text": f'{by} {said} #{alert.tiny_id} "{alert.message}"'}
    facts = [
        {"title": "Priority", "value": alert.priority, "short": True},
        {"title": "Tags", "value": ", ".join(alert.tags), "short": True},
    ]
    shown = {"title": alert.message, "title_link": _link(alert), "text": alert.description, "fields": facts}
    return {"text": f'New alert: #{alert.tiny_id} "{alert.message}"', "attachments": [shown]}


def _link(alert: Alert) -> str:
    return f"https://haneul.app.opsgenie.com/alert/detail/{alert.id}/details"


def _call_about(action: str, alert: Alert, by: str, now: datetime) -> dict[str, Any]:
    """The webhook's body: creation in milliseconds, the update in nanoseconds, as the service does."""
    return {
        "action": action,
        "alert": {
            "alertId": alert.id,
            "message": alert.message,
            "tags": alert.tags,
            "tinyId": alert.tiny_id,
            "entity": alert.entity,
            "alias": alert.alias,
            "createdAt": _ms(alert.created_at),
            "updatedAt": _ms(now) * 1_000_000,
            "username": by,
            "priority": alert.priority,
            "source": alert.source,
        },
        "source": {"name": "", "type": "api"},
        "integrationId": "7c1f0a52-0000-4000-8000-00000000e001",
        "integrationName": "Webhook",
        "integrationType": "Webhook",
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
