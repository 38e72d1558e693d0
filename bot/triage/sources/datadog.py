"""Datadog: monitors (an attachment's title), On-Call pages, and handover notes, which are no alerts."""

import re

from bot.triage import labels, topics
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import level, stated
from bot.triage.source import Source, leads_to, severity_for, title_of

_MONITOR = re.compile(
    r"^\W{0,6}(?:\[[^\]\n]{1,20}\]\s)?(?P<state>Re-Triggered|Triggered|Re-Warn|Warn|Warning"
    r"|No[ -]data|Re-No[ -]data|Alert|Recovered|Resolved)"
    r"(?:\s(?:from|on)\s\{(?P<where>[^}\n]{1,300})\})?\s?:\s?(?P<name>[^\n]{1,1000})",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\bPage #(?P<number>\d{1,12})\s?:?\s?(?P<title>[^\n]{0,300})", re.IGNORECASE)
_METRIC = re.compile(r"Metric value: [^\n]*|@[\w\-.@]+")
_OVER = frozenset({"recovered", "resolved"})


def read(message: Message) -> Alert | None:
    heads = (*message.parts.titles, *message.text[:2000].split("\n"))
    if match := next((m for head in heads if (m := _MONITOR.match(head.strip("* ")))), None):
        return _monitor(message, match)
    if match := _PAGE.search(message.text[:2000]):
        return _page(message, match)
    return None


def _monitor(message: Message, match: re.Match[str]) -> Alert:
    state = match["state"].lower()
    kind = Kind.RESOLVED if state in _OVER else Kind.ALERT
    name, scope = _split(match["name"].strip(" *"), match["where"] or _group(message))
    default = Severity.WARNING if "warn" in state or "data" in state else Severity.ERROR
    severity = default if "warn" in state else _priority(message) or default
    return Alert(
        kind=kind,
        source="datadog",
        severity=severity_for(kind, severity),
        resource={"monitor": name} | ({"scope": scope} if scope else {}),
        topic=topics.topic_of(f"{match['name']}\n{message.text}", "infra-resource") if kind is Kind.ALERT else None,
        title=match[0].strip(" *"),
        error=_METRIC.sub("", message.text.partition(match[0])[2]).strip()[:900],
        links=leads_to(message, monitor="://"),
    )


def _split(title: str, group: str) -> tuple[str, str]:
    """Return monitor and scope. The scope follows the last ` on `; the link's `group` tells which one that is."""
    if group and title.endswith(f" on {group}"):
        return title[: -len(group) - 4], group
    name, on, scope = title.rpartition(" on ")
    is_scope = (
        bool(on) and (":" in scope or scope.strip() == "*" or not group) and " " not in scope.strip().replace(", ", ",")
    )
    return (
        (name.strip(), scope.strip()) if is_scope else (title.strip(), group if group not in {"", "*", "total"} else "")
    )


def _group(message: Message) -> str:
    return next(
        (group for url in message.links if "/monitors/" in url and (group := labels.query_of(url).get("group"))), ""
    )


def _priority(message: Message) -> Severity | None:
    """A monitor's own priority, `P1`–`P5`, or `[P2]` in its name."""
    head = title_of(message)
    match = re.search(r"\bP[1-5]\b", head) or re.search(r"\bPriority:?\s*\**\s*(P[1-5])\b", message.text)
    return level(match[0]) if match else None


def _page(message: Message, match: re.Match[str]) -> Alert:
    found = labels.labels(message)
    status = labels.first(found, "status", "state").lower()
    kind = Kind.RESOLVED if "resolved" in status else Kind.NOISE if "acknowledged" in status else Kind.ALERT
    urgency = labels.first(found, "urgency")
    severity = Severity.CRITICAL if "high" in urgency.lower() else level(urgency) or stated(message, found)
    return Alert(
        kind=kind,
        source="datadog",
        severity=severity_for(kind, severity),
        resource={"page": match["number"]},
        topic=topics.topic_of(message.text, "app-error") if kind is Kind.ALERT else None,
        title=match[0].strip(" *"),
        error=labels.first(found, "description"),
        owner=labels.first(found, "team"),
        links=leads_to(message, page="://"),
    )


SOURCE = Source(
    name="datadog",
    read=read,
    senders=("datadog",),
    links=("datadoghq.com/monitors", "datadoghq.eu/monitors", "datadoghq.", "ddog-gov.com"),
    shape=re.compile(r"^(?:Re-)?Triggered: .{1,300} on .{1,200}", re.MULTILINE),
)
