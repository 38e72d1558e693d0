"""From an event to what it means, by the team's own rules and the built-in sources; what fails in that is counted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog

from bot.triage.envelope import read
from bot.triage.model import Alert, Message, Own
from bot.triage.team import NO_RULES, TeamRules
from bot.triage.triage import triage

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Interpreter:
    """`faults` counts what failed since this process began, parsers and team rules: the next one read the message."""

    team: TeamRules = NO_RULES
    faults: Counter[str] = field(default_factory=Counter)

    def understand(
        self, event: Mapping[str, Any], own: Own, *, team: str, received_at: datetime
    ) -> tuple[Message, Alert]:
        """Return the message, redacted, and what it says."""
        message = read(event, team=team, received_at=received_at)
        alert = triage(message, own, team=self.team)
        for fault in alert.faults:
            log.warning("triage fell back", fault=fault, channel=message.channel, ts=message.ts)
            self.faults[fault] += 1
        return message, alert
