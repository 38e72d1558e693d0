"""Messages in the channels that Baton watches."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk


async def message(desk: Desk, body: Mapping[str, Any]) -> None:
    if desk.watches(body["event"].get("channel")):
        await desk.receive(body)
