"""The alerts of a storm, and how they are sent."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp
import httpx

from benchmarks.ack import signed

Send = Callable[[aiohttp.ClientSession, "Alert"], Awaitable[int]]


@dataclass(frozen=True)
class Alert:
    """One alert of one group, as Prometheus' Alertmanager posts it: the group is its identity, nothing is repeated."""

    number: int
    group: int

    @staticmethod
    def name_of(group: int) -> str:
        return f"ConsumerLagHigh{group:02}"

    def event(self, channel: str) -> bytes:
        name, stamp = self.name_of(self.group), f"{time.time():.3f}{self.number % 1000:03}"
        title = f"[FIRING:{1 + self.number % 9}] {name} orders-sink (prod data kafka-{self.group:02})"
        lag = (
            f"Consumer group orders-sink-{self.group:02} is {self.number * 37 % 90_000} messages behind on orders.v2. "
        )
        attachment = {
            "color": "danger",
            "title": title,
            "title_link": "https://alertmanager.example/#/alerts?receiver=data",
            "fallback": f"{title} | https://alertmanager.example/#/alerts?receiver=data",
            "text": lag * 3,
        }
        event = {"type": "message", "subtype": "bot_message", "bot_id": "B0ALERTM", "username": "AlertManager"}
        event |= {"channel": channel, "channel_type": "channel", "ts": stamp, "event_ts": stamp, "text": ""}
        body = {"type": "event_callback", "team_id": "T0HANEUL", "api_app_id": "A0BATON"}
        body |= {"event_id": f"Ev{os.getpid()}x{self.number}", "event_time": int(time.time())}
        body |= {"authorizations": [{"team_id": "T0HANEUL", "user_id": "U0BATON", "is_bot": True}]}
        return json.dumps(body | {"event": event | {"attachments": [attachment]}}).encode()


@dataclass
class Load:
    """What was accepted, in which order of time: `first_accepted` by group, in seconds since the epoch."""

    took_s: float = 0.0
    accepted: list[int] = field(default_factory=list)
    first_accepted: dict[int, float] = field(default_factory=dict)
    times_s: list[float] = field(default_factory=list)

    @property
    def p99_ms(self) -> float:
        return round(sorted(self.times_s)[int(len(self.times_s) * 0.99)] * 1000, 1)


async def send_all(alerts: Sequence[Alert], clients: int, send: Send) -> Load:
    """Send every alert once; each client its next when the last was answered. What got 200 is accepted."""
    load, waiting = Load(), iter(alerts)

    async def client(session: aiohttp.ClientSession) -> None:
        for alert in waiting:
            began = time.perf_counter()
            if await send(session, alert) == 200:
                load.accepted.append(alert.number)
                load.first_accepted.setdefault(alert.group, time.time())
            load.times_s.append(time.perf_counter() - began)

    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        await asyncio.gather(*(client(session) for _ in range(clients)))
        load.took_s = time.perf_counter() - began
    return load


async def send_to_baton(url: str, channel: str, alerts: Sequence[Alert], clients: int) -> Load:
    """Send them as signed events, made beforehand: what makes them takes nothing from the one who takes them."""
    made = {alert.number: (body := alert.event(channel), signed(body, "application/json")) for alert in alerts}

    async def send(session: aiohttp.ClientSession, alert: Alert) -> int:
        body, headers = made[alert.number]
        async with session.post(f"{url}/slack/events", data=body, headers=headers) as answer:
            await answer.read()
            return answer.status

    return await send_all(alerts, clients, send)


def press_open(url: str, channel: str, incident_id: str) -> None:
    """Choose an incident in the storm's menu, as the person on call."""
    chosen = {"type": "external_select", "action_id": "storm.open", "block_id": "storm"}
    chosen |= {"selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": incident_id}}
    payload = {
        "type": "block_actions",
        "user": {"id": "U0MINJI", "team_id": "T0HANEUL"},
        "team": {"id": "T0HANEUL"},
        "channel": {"id": channel},
        "trigger_id": "1.2.3",
        "response_url": "http://127.0.0.1:9/response",
        "container": {"type": "message"},
        "actions": [chosen],
    }
    body = urlencode({"payload": json.dumps(payload)}).encode()
    headers = signed(body, "application/x-www-form-urlencoded")
    httpx.post(f"{url}/slack/events", content=body, headers=headers, timeout=10).raise_for_status()
