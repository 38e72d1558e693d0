"""Messages in the channels that Baton watches."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk


async def message(desk: Desk, body: Mapping[str, Any]) -> None:
    channel = body["event"].get("channel")
    if isinstance(channel, str) and desk.watches(channel):
        await desk.receive(body)
