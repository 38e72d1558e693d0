"""Google Cloud Monitoring: identity is policy and resource; the incident's id is new each time."""

import re

from bot.triage import labels, topics
from bot.triage.escape import shorten
from bot.triage.model import Alert, Kind, Message
from bot.triage.severity import color_status, stated
from bot.triage.signals import Status, status_of
from bot.triage.source import Source, kind_of, leads_to, severity_for, title_of

_INCIDENT = "/monitoring/alerting/incidents/"
_SUMMARY = re.compile(
    r"^(?P<metric>[^\n{]{1,200}?) for (?P<resource>[^\n{]{1,300}?)(?: with (?:system |metric "
    r"|user )?labels \{[^}\n]{0,600}\})? (?:is (?:above|below)|returned to normal|has not been"
    r"|was (?:above|below)|matched)",
    re.IGNORECASE | re.MULTILINE,
)
_POLICY = re.compile(r"(?:\*?Policy\*?|Alert policy|Condition):\s*\*?([^\n*]{1,300})", re.IGNORECASE)
_HEADS = re.compile(
    r"^(?:alert (?:firing|recovered|resolved|closed|opened|triggered)|incident (?:opened"
    r"|closed|resolved|is ongoing)|view incident|\[?(?:open|closed|alert|resolved)\]?)$",
    re.IGNORECASE,
)
_OVER = re.compile(r"\b(?:recovered|resolved|closed|returned to normal|ended)\b", re.IGNORECASE)


def read(message: Message) -> Alert | None:
    found = labels.labels(message)
    policy, resource = _policy(message, found), _resource(message, found)
    if not policy:
        return None
    kind = _kind(message)
    return Alert(
        kind=kind,
        source="gcp_monitoring",
        severity=severity_for(kind, stated(message, found)),
        resource={"policy": policy} | ({"resource": resource} if resource else {}),
        topic=topics.topic_of(f"{policy}\n{message.text}", "infra-resource") if kind is Kind.ALERT else None,
        title=f"{title_of(message).strip('* ')}: {policy}" if policy not in title_of(message) else title_of(message),
        error=shorten(_summary(message.text), 600),
        links=leads_to(message, incident=_INCIDENT),
    )


def _policy(message: Message, found: dict[str, str]) -> str:
    """The link to the incident carries the policy's name; else a label, else what the title says behind its colon."""
    for url, label in message.parts.anchors:
        words = label.strip("* ")
        if _INCIDENT in url and words != url and not _HEADS.match(words):
            return re.sub(
                r"^(?:alert (?:firing|recovered)|incident \w+|\[\w+\])\s?[:\-–]?\s?", "", words, flags=re.IGNORECASE
            )
    named = labels.first(found, "policy", "policy name", "alert policy", "alert")
    if named:
        return named
    match = _POLICY.search(message.text[:2000])
    return match[1].strip() if match else title_of(message).partition(":")[2].strip()


def _resource(message: Message, found: dict[str, str]) -> str:
    if named := labels.first(found, "resource", "resource name", "monitored resource"):
        return named
    match = _SUMMARY.search(message.text[:4000])
    return re.sub(r"^\w[\w ]{0,40}? (?=\S+$)", "", match["resource"].strip()) if match else ""


def _kind(message: Message) -> Kind:
    head = title_of(message)
    if _OVER.search(head) or (status_of(head) is not Status.FIRING and _OVER.search(message.text[:1500])):
        return Kind.RESOLVED
    status = color_status(message.parts.color)
    return kind_of(status, Kind.ALERT)


def _summary(text: str) -> str:
    _, marker, rest = text.partition("Summary")
    return rest.strip("* \n:").split("\n", 1)[0] if marker else ""


SOURCE = Source(
    name="gcp_monitoring",
    read=read,
    senders=("google cloud monitoring", "cloud monitoring", "gcp monitoring", "stackdriver", "google cloud alerting"),
    links=(_INCIDENT,),
    shape=re.compile(r"is (?:above|below) the threshold of [\d.]+ with a value of"),
)
