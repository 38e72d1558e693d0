"""Messages in the channels that Baton watches, and in those where colleagues ask."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk


async def message(desk: Desk, body: Mapping[str, Any]) -> None:
    channel = body["event"].get("channel")
    if not isinstance(channel, str):
        return
    if desk.watches(channel):
        await desk.receive(body)
    if desk.hears(channel, body["event"]):
        await desk.hear(body)
