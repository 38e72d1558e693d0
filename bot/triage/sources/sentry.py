"""Sentry: issues (the short id is the identity; title and counts are not) and metric alerts."""

import re

from bot.triage import labels, topics
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import level
from bot.triage.source import Source, leads_to, severity_for, title_of

_SHORT_ID = re.compile(r"Short ID:?\**\s*\**([A-Z0-9][A-Z0-9_\-]{1,80}-[A-Z0-9]{1,12})\b", re.IGNORECASE)
_MARKED = re.compile(
    r"\b(?:marked|resolved|archived|ignored"
    r"|unresolved)\b[^\n]{0,80}?\b(?P<id>[A-Z0-9][A-Z0-9_\-]{1,80}-[A-Z0-9]{1,12})\b(?:[^\n]{0,40}?\bas (?P<as>\w+))?"
)
_PROJECT = re.compile(r"\bProject:?\*{0,3}\s{0,5}\*{0,3}([\w.\-]{1,100})", re.IGNORECASE)
_IN_TEXT = re.compile(r"^\[([\w.\-]{1,100})\]\s")
_METRIC = re.compile(r"^\W{0,8}(?P<state>Critical|Warning|Resolved)\s?:\s?(?P<rule>[^\n*]{1,300})", re.IGNORECASE)
_LEVEL = re.compile(r"\blevel:?\s*\**`?(\w{4,8})`?", re.IGNORECASE)
_EMOJI = (
    (Severity.ERROR, re.compile(r":red_circle:|🔴|:bug:")),
    (Severity.WARNING, re.compile(r":large_yellow_circle:|🟡|:large_orange_circle:|🟠")),
    (Severity.INFO, re.compile(r":large_blue_circle:|🔵")),
)


def read(message: Message) -> Alert | None:
    text = message.text[:8000]
    if "marked" in text[:600] and (match := _MARKED.search(text)):
        return _marked(message, match)
    if match := _SHORT_ID.search(text):
        return _issue(message, match[1])
    if match := _METRIC.match(title_of(message)):
        return _metric(message, match)
    return None


def _issue(message: Message, short_id: str) -> Alert:
    project = _project(message) or short_id.rpartition("-")[0].lower()
    is_over = re.search(r"\bState:\s*\**(?:Resolved|Archived)", message.text) is not None
    return Alert(
        kind=Kind.RESOLVED if is_over else Kind.ALERT,
        source="sentry",
        severity=severity_for(Kind.RESOLVED if is_over else Kind.ALERT, _severity(message)),
        resource={"project": project, "short_id": short_id},
        topic=None if is_over else topics.cause(message.text) or "app-error",
        title=title_of(message),
        error=next((code for code in re.findall(r"```([^`]{1,900})", message.text)), ""),
        links={"issue": message.parts.anchors[0][0]} if message.parts.anchors else {},
    )


def _marked(message: Message, match: re.Match[str]) -> Alert:
    """`X marked PROJ-1A as resolved` closes; archived or ignored is a person's choice and closes nothing."""
    is_over = (match["as"] or "").lower() == "resolved"
    return Alert(
        kind=Kind.RESOLVED if is_over else Kind.NOISE,
        source="sentry",
        resource={"short_id": match["id"]},
        title=title_of(message),
    )


def _metric(message: Message, match: re.Match[str]) -> Alert:
    kind = Kind.RESOLVED if match["state"].lower() == "resolved" else Kind.ALERT
    project = _project(message)
    return Alert(
        kind=kind,
        source="sentry",
        severity=severity_for(kind, level(match["state"])),
        resource=({"project": project} if project else {}) | {"rule": match["rule"].strip(" *")},
        topic=topics.topic_of(message.text, "app-error") if kind is Kind.ALERT else None,
        title=match[0].strip(" *"),
        error=message.text.partition("\n")[2][:600],
        links=leads_to(message, alert="://"),
    )


def _project(message: Message) -> str:
    match = _PROJECT.search(message.text) or _IN_TEXT.match(message.parts.text)
    if match:
        return match[1]
    path = next((labels.path_of(url) for url in message.links if "/projects/" in url), [])
    return path[path.index("projects") + 1] if "projects" in path[:-1] else ""


def _severity(message: Message) -> Severity:
    """A stated level wins; the red circle stands for error and for fatal."""
    if (match := _LEVEL.search(message.text)) and (severity := level(match[1])):
        return severity
    return next((severity for severity, emoji in _EMOJI if emoji.search(message.text[:600])), Severity.ERROR)


SOURCE = Source(
    name="sentry",
    read=read,
    senders=("sentry",),
    links=("sentry.io/",),
    shape=re.compile(r"Short ID: [A-Z0-9\-_]{3,}"),
)
