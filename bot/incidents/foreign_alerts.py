"""Alerts at the provider that Baton did not make, told by a webhook: they go through triage as a post would."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.incidents.intake import Intake
from bot.incidents.interpreter import Interpreter
from bot.pages.model import PROVIDERS
from bot.ports.paging import PagedAlert
from bot.store import Tx
from bot.triage.escape import escape
from bot.triage.model import Own


@dataclass(frozen=True, slots=True)
class ForeignAlerts:
    """`channels` by provider: where such alerts open incidents; without one they are only linked."""

    interpreter: Interpreter
    intake: Intake
    channels: Mapping[str, str]

    def open(self, tx: Tx, provider: str, alert: PagedAlert, now: datetime) -> str | None:
        """Take the alert in as if the provider had posted it; return the incident that it belongs to, if any."""
        channel = self.channels.get(provider)
        if channel is None or channel not in self.intake.routes:
            return None
        words = escape(" ".join(alert.message.replace('"', "'").split()))  # as Slack would have written them
        event = {
            "type": "message",
            "channel": channel,
            "bot_id": provider,
            "username": PROVIDERS[provider],
            "event_ts": f"{alert.created_at.timestamp():.6f}",
            "text": f'New alert: #{alert.tiny_id} "{words}"\nPriority: {alert.priority or "P3"}',
        }
        message, understood = self.interpreter.understand(event, Own(), team="", received_at=now)
        return self.intake.receive(tx, f"{provider}:{alert.id}", message, understood, now)
