"""The signs of incidents, wherever they are named."""

from bot.incidents.model import IncidentState
from bot.triage.model import Severity

OPEN_SIGNS = {Severity.CRITICAL: "🚨", Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.INFO: "🔵"}
SIGNS = {
    IncidentState.ACKNOWLEDGED: "👀",
    IncidentState.RESOLVED: "✅",
    IncidentState.STALE: "💤",
    IncidentState.SUPERSEDED: "⏭️",
}


def sign_of(state: IncidentState, severity: Severity) -> str:
    """Return the sign of an incident: while it is open, how grave it is."""
    return OPEN_SIGNS[severity] if state is IncidentState.OPEN else SIGNS[state]
