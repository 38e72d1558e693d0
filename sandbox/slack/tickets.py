"""Short-lived permissions that Slack hands out with an interaction: trigger ids and response URLs."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    """Permission to open a view for one person, once."""

    user: str
    issued_at: float
    used: bool = False


class Triggers:
    """Trigger ids live three seconds and work once."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str) -> str:
        trigger_id = f"{len(self._issued) + 1}.{int(self._monotonic() * 1000)}.sandbox"
        self._issued[trigger_id] = Trigger(user, self._monotonic())
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """The person for whom a view may open now."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if self._monotonic() - trigger.issued_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger.user


@dataclass
class Reply:
    """Where a response URL answers: to whom, in which channel, about which message."""

    user: str
    channel: str
    thread_ts: str | None = None
    message_ts: str | None = None
    ephemeral_id: str | None = None
    issued_at: float = 0.0
    uses: int = 0


class ResponseUrls:
    """Response URLs take five posts within thirty minutes."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._issued: dict[str, Reply] = {}

    def issue(self, reply: Reply) -> str:
        """The path's last part for a new URL."""
        key = f"R{len(self._issued) + 1:09d}"
        reply.issued_at = self._monotonic()
        self._issued[key] = reply
        return key

    def use(self, key: str) -> Reply:
        """The reply behind a URL, counted; `expired_url` or `used_url` when it no longer works."""
        reply = self._issued.get(key)
        if reply is None or self._monotonic() - reply.issued_at > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if reply.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        reply.uses += 1
        return reply
