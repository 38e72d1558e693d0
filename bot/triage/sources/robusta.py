"""Robusta: crashes, kills and Prometheus alerts of Kubernetes. A Deployment's pod carries hashes: no identity."""

import re

from bot.triage import labels, topics
from bot.triage.errors import short
from bot.triage.identity import workload
from bot.triage.model import Alert, Kind, Message
from bot.triage.severity import level, stated
from bot.triage.source import Source, severity_for, title_of

_POD = re.compile(
    r"\b(?:pod|container in pod"
    r"|파드)\s{1,2}[`*\"]{0,2}(?P<name>[a-z0-9][a-z0-9.\-]{1,252})[`*\"]{0,2}(?:\s(?:in|from"
    r"|of)\s(?:the )?namespace\s[`*\"]{0,2}(?P<ns>[a-z0-9][a-z0-9\-]{0,62}))?",
    re.IGNORECASE,
)
_KIND = re.compile(
    r"\b(?P<kind>deployment|statefulset|daemonset|job|cronjob|node|hpa|service"
    r"|replicaset)\s{1,2}[`*\"]{0,2}(?P<name>[a-z0-9][a-z0-9.\-]{2,252})[`*\"]{0,2}(?:\s(?:in"
    r"|from|of)\s(?:the )?namespace\s[`*\"]{0,2}(?P<ns>[a-z0-9][a-z0-9\-]{0,62}))?",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"\b(?P<ns>[a-z0-9][a-z0-9\-]{0,62})/(?P<name>[a-z0-9][a-z0-9.\-]{2,252})\b")
_NAMESPACE = ("namespace", "ns", "네임스페이스")
_NAME = ("name", "pod", "pod name", "resource name", "workload", "deployment", "subject name", "subject")
_CHIP = re.compile(r"`(firing|resolved)`|`(high|medium|low|info|critical|debug)`", re.IGNORECASE)
_ALERT = re.compile(r"(?:🚨|:rotating_light:)?\s?\*?Alert:?\*?\s?:?\s?(?P<name>[A-Z]\w{3,120})\b")
_TITLE_NAME = re.compile(r"^(?:\[RESOLVED\]\s*)?(?P<name>Kube[A-Z]\w+|[A-Z][a-z]+(?:[A-Z]\w+)+)\b")
_OVER = re.compile(r"^\W{0,8}\[?resolved\]?|`resolved`", re.IGNORECASE)


def read(message: Message) -> Alert | None:
    head = message.parts.text.strip() or title_of(message)
    found = labels.labels(message) | _table(message.text)
    named = _named(f"{head}\n{message.text[:3000]}", found)
    rule = _ALERT.search(message.text[:2000]) or _TITLE_NAME.match(re.sub(r"^\W+", "", head))
    if not named and not rule:
        return None
    kind = Kind.RESOLVED if _OVER.search(head) or "`resolved`" in message.text[:400].lower() else Kind.ALERT
    chips = [match[2] for match in _CHIP.finditer(message.text[:600]) if match[2]]
    severity = level(chips[0]) if chips else stated(message, found)
    return Alert(
        kind=kind,
        source="robusta",
        severity=severity_for(kind, severity),
        resource=named or ({"alertname": rule["name"]} if rule else {}),
        aspect=rule["name"] if named and rule and _ALERT.search(message.text[:2000]) else "",
        topic=_topic(head, message.text) if kind is Kind.ALERT else None,
        title=head,
        error=short(next(iter(re.findall(r"```([^`]{1,3000})", message.text)), "")),
    )


def _named(text: str, found: dict[str, str]) -> dict[str, str]:
    found_in_text = (m for pattern in (_POD, _KIND, _SLASHED) if (m := pattern.search(text)))
    match = next((m for m in found_in_text if m["ns"] or "-" in m["name"]), None)  # "Pod is crash looping" names none
    namespace = (match["ns"] if match and match["ns"] else "") or labels.name_of(labels.first(found, *_NAMESPACE))
    name = match["name"] if match else labels.name_of(labels.first(found, *_NAME))
    if not name:
        return {}
    return ({"namespace": namespace} if namespace else {}) | {"workload": workload(name.rstrip("."))}


def _table(text: str) -> dict[str, str]:
    """Read the two columns that Robusta prints into a code block."""
    rows = re.findall(r"^\|?\s?([A-Za-z][\w ]{1,30}?)(?:\s{2,}|\s?\|\s?)(\S[^\n|]{0,200})", text[:6000], re.MULTILINE)
    return {key.strip().lower(): value.strip() for key, value in rows}


def _topic(head: str, text: str) -> str:
    if re.search(r"oom", f"{head}\n{text[:2000]}", re.IGNORECASE):
        return "oom"
    return topics.one_of(f"{head}\n{text}", ("pod-crash", "infra-resource", "batch-job-failed"), "pod-crash")


SOURCE = Source(
    name="robusta",
    read=read,
    senders=("robusta",),
    links=("platform.robusta.dev",),
    shape=re.compile(r"Crashing pod \S+ in namespace|OOMKilled results"),
)
