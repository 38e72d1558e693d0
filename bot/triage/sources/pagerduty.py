"""PagerDuty: it edits its own message; its state wins over what the title quotes from another tool."""

import re

from bot.triage import labels, topics
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import level
from bot.triage.source import Source, leads_to, severity_for

_PAGERDUTY = re.compile(
    r"(?P<state>Triggered|Re-?triggered|Acknowledged|Resolved|Escalated|Reassigned|Re-?opened"
    r"|Unacknowledged|Snoozed"
    r"|Assigned)\**:?\s{0,3}(?:incident )?\[?#(?P<number>\d{1,12})\]?\s?:?\s?(?P<title>[^\n]{0,400})",
    re.IGNORECASE,
)
_PAGERDUTY_SAID = re.compile(
    r"(?:Incident )?\[?#(?P<number>\d{1,12})\]?[^\n]{0,200}?\b(?:was |has been "
    r"|is )?(?P<state>resolved|acknowledged|triggered|escalated|reassigned|snoozed)\b",
    re.IGNORECASE,
)
_FIRES = frozenset({"triggered", "retriggered", "re-triggered", "escalated", "reopened", "re-opened"})


def read(message: Message) -> Alert | None:
    text = message.text[:3000]
    match = _PAGERDUTY.search(text) or _PAGERDUTY_SAID.search(text)
    if match is None:
        return None
    found = labels.labels(message)
    kind = _kind(match["state"])
    urgency = labels.first(found, "urgency").lower()
    severity = Severity.CRITICAL if "high" in urgency else Severity.WARNING if "low" in urgency else None
    stated = level(labels.first(found, "severity", "priority")) if severity is None else severity
    return Alert(
        kind=kind,
        source="pagerduty",
        severity=severity_for(kind, stated),
        resource={"incident": match["number"]},
        topic=topics.topic_of(text, "app-error") if kind is Kind.ALERT else None,
        title=match[0].strip(" *"),
        owner=labels.first(found, "assigned", "assigned to"),
        links=leads_to(message, incident="/incidents/"),
    )


def _kind(state: str) -> Kind:
    state = state.lower()
    if state == "resolved":
        return Kind.RESOLVED
    return Kind.ALERT if state in _FIRES else Kind.NOISE


SOURCE = Source(
    name="pagerduty",
    read=read,
    senders=("pagerduty", "pager duty"),
    links=("pagerduty.com/incidents",),
    shape=re.compile(r"\b(?:Triggered|Acknowledged|Resolved) #\d+: "),
)
