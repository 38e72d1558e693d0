"""Paging tools: PagerDuty and Opsgenie. Their own state wins over what the title quotes from another tool."""

import re

from bot.triage import labels, topics
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import level
from bot.triage.source import Source, leads_to, severity_for, title_of

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
_OPSGENIE_NEW = re.compile(
    r"(?:New alert|Alert (?:created|opened)|Escalated alert"
    r"|Open)\**:?\s{0,3}\[?#(?P<number>[\w\-]{1,40})\]?\s?[:\-]?\s?[\"“]?(?P<title>[^\n\"”]{0,400})",
    re.IGNORECASE,
)
_OPSGENIE_DID = re.compile(
    r"(?P<what>acknowledged|closed|resolved|assigned|snoozed|added note|unacknowledged"
    r"|took ownership|escalated|deleted"
    r"|re-?opened)[^\n]{0,60}?\balert\b:?\s{0,3}\[?#(?P<number>[\w\-]{1,40})\]?",
    re.IGNORECASE,
)
_OPSGENIE_DONE = re.compile(
    r"\balert\b:?\s{0,3}\[?#(?P<number>[\w\-]{1,40})\]?[^\n]{0,300}?\b(?:was |is "
    r"|has been )?(?P<what>acknowledged|closed|resolved)\b",
    re.IGNORECASE,
)
_FIRES = frozenset({"triggered", "retriggered", "re-triggered", "escalated", "reopened", "re-opened"})
_PRIORITIES = {
    "p1": Severity.CRITICAL,
    "p2": Severity.ERROR,
    "p3": Severity.WARNING,
    "p4": Severity.INFO,
    "p5": Severity.INFO,
}


def read_pagerduty(message: Message) -> Alert | None:
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


def read_opsgenie(message: Message) -> Alert | None:
    text = message.text[:3000]
    if match := _OPSGENIE_NEW.search(text):
        return _opsgenie_alert(message, match)
    match = _OPSGENIE_DID.search(text) or _OPSGENIE_DONE.search(text)
    if match is None:
        return None
    is_over = match["what"].lower() in {"closed", "resolved"}
    return Alert(
        kind=Kind.RESOLVED if is_over else Kind.NOISE,
        source="opsgenie",
        resource={"alert": match["number"]},
        title=title_of(message),
        explanation=() if is_over else (f"somebody {match['what'].lower()} it",),
    )


def _opsgenie_alert(message: Message, match: re.Match[str]) -> Alert:
    found = labels.labels(message)
    priority = re.search(r"\bP[1-5]\b", labels.first(found, "priority") or message.text[:3000], re.IGNORECASE)
    return Alert(
        kind=Kind.ALERT,
        source="opsgenie",
        severity=_PRIORITIES[priority[0].lower()] if priority else Severity.ERROR,
        resource={"alert": match["number"]},
        topic=topics.topic_of(message.text, "app-error"),
        title=match[0].strip(" *"),
        error=labels.first(found, "description"),
        owner=labels.first(found, "routed teams", "responders", "teams"),
        links=leads_to(message, alert="://"),
    )


def _kind(state: str) -> Kind:
    state = state.lower()
    if state == "resolved":
        return Kind.RESOLVED
    return Kind.ALERT if state in _FIRES else Kind.NOISE


PAGERDUTY = Source(
    name="pagerduty",
    read=read_pagerduty,
    senders=("pagerduty", "pager duty"),
    links=("pagerduty.com/incidents",),
    hints=(" #",),
    shape=re.compile(r"\b(?:Triggered|Acknowledged|Resolved) #\d+: "),
)
OPSGENIE = Source(
    name="opsgenie",
    read=read_opsgenie,
    senders=("opsgenie", "jira service management"),
    links=("opsg.in", "opsgenie.com/alert"),
    hints=("alert",),
    shape=re.compile(r"\bNew alert: #?\d|\b(?:acknowledged|closed) alert #?\d", re.IGNORECASE),
)
