"""Botkube: events of Kubernetes; only errors and warnings are alerts."""

import re

from bot.triage import labels, topics
from bot.triage.errors import short
from bot.triage.identity import workload
from bot.triage.model import Alert, Kind, Message
from bot.triage.severity import level
from bot.triage.source import Source, severity_for, title_of

_NAMESPACE = ("namespace", "ns", "네임스페이스")
_BOTKUBE = re.compile(
    r"(?:v\d\w*/|apps/v1/|batch/v1/)?(?P<kind>[a-z]{1,60})s? (?P<type>error|warning|create[d]?"
    r"|update[d]?|delete[d]?|info)\b",
    re.IGNORECASE,
)


def read(message: Message) -> Alert | None:
    found = labels.labels(message)
    match = _BOTKUBE.search(title_of(message))
    type_ = (match["type"] if match else labels.first(found, "type", "event type")).lower()
    name = labels.first(found, "name", "resource")
    if not name:
        return None
    is_wrong = "error" in type_ or "warning" in type_
    kind = Kind.ALERT if is_wrong else Kind.NOISE
    named = {"namespace": labels.first(found, *_NAMESPACE), "workload": workload(name.rpartition("/")[2])}
    return Alert(
        kind=kind,
        source="botkube",
        severity=severity_for(kind, level(type_)),
        resource={key: value for key, value in named.items() if value},
        topic=_topic(title_of(message), message.text) if is_wrong else None,
        title=title_of(message),
        error=short(message.text.partition("Messages")[2].strip("*: \n")),
        explanation=() if is_wrong else (f"a change of the cluster: {type_}",),
    )


def _topic(head: str, text: str) -> str:
    if re.search(r"oom", f"{head}\n{text[:2000]}", re.IGNORECASE):
        return "oom"
    return topics.one_of(f"{head}\n{text}", ("pod-crash", "infra-resource", "batch-job-failed"), "pod-crash")


SOURCE = Source(
    name="botkube",
    read=read,
    senders=("botkube",),
    shape=re.compile(r"\bBotKube\b|\*?(?:❗|:exclamation:) v1/\w+ error"),
)
