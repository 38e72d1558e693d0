"""An incident: alerts of one fingerprint in one stretch of time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.triage.model import Severity


class IncidentState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    STALE = "stale"
    SUPERSEDED = "superseded"

    @property
    def is_unresolved(self) -> bool:
        """Stale counts as unresolved: silence is no proof that it is over."""
        return self in {IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.STALE}


OPEN = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Incident:
    id: str
    route: str
    fingerprint: str
    state: IncidentState
    opened_at: datetime
    last_alert_at: datetime
    resolved_at: datetime | None = None
    resolved_by: str | None = None  # the actor, as it is written
    first_ts: str = ""  # Slack's ts of the message that opened it
    severity: Severity = Severity.ERROR
    mentioned_at: datetime | None = None
