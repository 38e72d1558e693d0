"""Opsgenie's own posts: a new alert, and who closed or acknowledged it; identity is the tiny id."""

import re

from bot.triage import labels, topics
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.source import Source, leads_to, title_of

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
_PRIORITIES = {
    "p1": Severity.CRITICAL,
    "p2": Severity.ERROR,
    "p3": Severity.WARNING,
    "p4": Severity.INFO,
    "p5": Severity.INFO,
}


def read(message: Message) -> Alert | None:
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


SOURCE = Source(
    name="opsgenie",
    read=read,
    senders=("opsgenie", "jira service management"),
    links=("opsg.in", "opsgenie.com/alert"),
    shape=re.compile(r"\bNew alert: #?\d|\b(?:acknowledged|closed) alert #?\d", re.IGNORECASE),
)
