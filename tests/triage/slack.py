"""Slack message events in the shapes that tools post, and what Baton reads in them."""

from datetime import UTC, datetime
from typing import Any

from bot.triage import envelope
from bot.triage.model import Alert, Message, Own
from bot.triage.triage import triage

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
OWN = Own(bot_id="B0BATON", user="U0BATON", app_id="A0BATON")
_TS = "1795136400.000100"

Event = dict[str, Any]


def webhook(name: str, text: str = "", **more: Any) -> Event:
    """An incoming webhook: subtype `bot_message`, perhaps a username."""
    event = {"type": "message", "subtype": "bot_message", "bot_id": "B0HOOK", "text": text, "channel": "C1", "ts": _TS}
    return event | ({"username": name} if name else {}) | more


def app(name: str, text: str = "", **more: Any) -> Event:
    """An app with a bot token: no subtype, a profile."""
    profile = {"id": "B0APP", "app_id": "A0APP", "name": name}
    event = {"type": "message", "user": "U0APP", "bot_id": "B0APP", "app_id": "A0APP", "bot_profile": profile}
    return event | {"text": text, "channel": "C1", "ts": _TS} | more


def person(text: str, **more: Any) -> Event:
    return {"type": "message", "user": "U0PERSON", "text": text, "channel": "C1", "ts": _TS} | more


def edited(before: Event, after: Event) -> Event:
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": "C1",
        "ts": "1795136500.000200",
        "message": after,
        "previous_message": before,
    }


def attached(title: str = "", text: str = "", **more: Any) -> list[Event]:
    return [{"id": 1, "title": title, "text": text, "fallback": title} | more]


def header(text: str) -> Event:
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": True}}


def section(text: str = "", *fields: str) -> Event:
    block: Event = {"type": "section"}
    if text:
        block["text"] = {"type": "mrkdwn", "text": text}
    if fields:
        block["fields"] = [{"type": "mrkdwn", "text": field} for field in fields]
    return block


def context(*texts: str) -> Event:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text} for text in texts]}


def button(url: str) -> Event:
    return {
        "type": "actions",
        "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Log"}, "url": url}],
    }


def read(event: Event) -> Message:
    return envelope.read(event, team="T1", received_at=NOW)


def says(event: Event) -> Alert:
    return triage(read(event), OWN)
