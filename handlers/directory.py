"""Slack says that somebody changed: their language, zone, name or standing."""

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk
from bot.directory.service import keep_people
from bot.ports.slack import SlackPerson


async def user_change(desk: Desk, body: Mapping[str, Any]) -> None:
    person = SlackPerson.read(body["event"].get("user"))
    if person is not None:
        await desk.write(lambda tx: keep_people(tx, [person], desk.now()))
