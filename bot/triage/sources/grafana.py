"""Grafana unified alerting (its default template names every label) and the older `[Alerting]` form."""

import re
from collections.abc import Mapping

from bot.triage import labels, names, topics
from bot.triage.errors import LIMIT, error_in
from bot.triage.escape import shorten
from bot.triage.generic.kind import kind_in
from bot.triage.generic.subject import subject_of
from bot.triage.identity import workload
from bot.triage.lexicon import words
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import level, stated
from bot.triage.source import Source, severity_for, title_of
from bot.triage.sources.alertmanager import split_title

_TITLE = re.compile(
    r"\[(?P<status>FIRING|RESOLVED|Alerting|OK|No Data|NoData|Pending"
    r"|Error)(?P<more>[^\]]{0,40})\]\s{0,3}(?P<body>[^\n]*)",
    re.IGNORECASE,
)
_FOOTER = re.compile(r"^Grafana v\d", re.MULTILINE)
_SECTION = re.compile(r"^\*{0,2}(?P<status>Firing|Resolved)\*{0,2}\s*$", re.MULTILINE)
_LABEL = re.compile(r"^\s*[-•]\s(?P<key>[\w.\-/ ]{1,100}?)\s=\s?(?P<value>.*)$")
# Labels that say how serious, whose or where to look, not what.
_NOT_NAMING = frozenset(
    words(
        """
        alertname, severity, level, priority, urgency, team, owner, owners, squad, grafana_folder, folder, contact,
        contacts, oncall, on_call, channel, slack_channel, notify, notification, receiver, route, datasource_uid,
        ref_id, rule_uid, rule_group, runbook, runbook_url, dashboard, dashboard_uid, panel_id, orgid,
        __alert_rule_uid__, __name__, prometheus, environment_owner, tier, sla, category
        """
    )
)
_POD = frozenset({"pod", "pod_name", "kubernetes_pod_name"})


def read(message: Message) -> Alert | None:
    match = _TITLE.search(title_of(message)) or _TITLE.search(message.text[:600])
    alerts = _alerts(message.text)
    if match is None and not alerts:
        return _custom(message)
    kind = _kind(match, alerts)
    shared = _shared([named for _, named in alerts])
    return Alert(
        kind=kind,
        source="grafana",
        severity=severity_for(kind, _severity(message, alerts)),
        resource=_resource(match["body"] if match else "", shared),
        topic=topics.topic_of(message.text, "infra-resource") if kind is Kind.ALERT else None,
        title=title_of(message),
        error=_error(message.text),
        owner=shared.get("owner", "") or shared.get("team", ""),
        links=_links(message),
    )


def _custom(message: Message) -> Alert | None:
    """A team's own template: its title names the alert, its labels what is broken; the footer tells who posted."""
    name = subject_of(title_of(message))
    if not name or not (_FOOTER.search(message.text) or "grafana" in message.sender.lower()):
        return None
    found = labels.labels(message)
    kind, why = kind_in(message, found, title_of(message))
    return Alert(
        kind=kind,
        source="grafana",
        severity=severity_for(kind, stated(message, found)),
        resource={"alertname": name} | names.from_labels(found),
        topic=topics.topic_of(message.text, "infra-resource") if kind is Kind.ALERT else None,
        title=title_of(message),
        error=error_in(message.text),
        links=_links(message),
        explanation=("a template of the team's own", why),
    )


def _alerts(text: str) -> list[tuple[str, dict[str, str]]]:
    """Return each alert's status and labels: the lines between `Labels:` and `Annotations:`."""
    alerts: list[tuple[str, dict[str, str]]] = []
    status = ""
    current: dict[str, str] | None = None
    for line in text[:40_000].split("\n"):
        if section := _SECTION.match(line):
            status = section["status"].lower()
        elif line.strip("* ").lower() == "labels:":
            current = {}
            alerts.append((status or "firing", current))
        elif current is not None and (label := _LABEL.match(line)):
            current[label["key"].strip()] = label["value"].strip()
        elif line.strip():
            current = None
    return alerts


def _kind(match: re.Match[str] | None, alerts: list[tuple[str, dict[str, str]]]) -> Kind:
    if match:
        return Kind.RESOLVED if match["status"].lower() in {"resolved", "ok"} else Kind.ALERT
    return Kind.ALERT if any(status == "firing" for status, _ in alerts) else Kind.RESOLVED


def _shared(alerts: list[dict[str, str]]) -> dict[str, str]:
    """Return the labels that all alerts of the message share."""
    if not alerts:
        return {}
    return {key: value for key, value in alerts[0].items() if all(other.get(key) == value for other in alerts)}


def _resource(body: str, shared: Mapping[str, str]) -> dict[str, str]:
    name = shared.get("alertname") or split_title(body)[0]
    naming = {key: value for key, value in shared.items() if key.lower() not in _NOT_NAMING and value}
    return {"alertname": name} | {key: workload(value) if key in _POD else value for key, value in naming.items()}


def _severity(message: Message, alerts: list[tuple[str, dict[str, str]]]) -> Severity | None:
    """The worst of the firing alerts that state one."""
    levels = [
        found
        for status, named in alerts
        for key in ("severity", "level", "priority")
        if status == "firing" and (found := level(named.get(key, "")))
    ]
    return min(levels, key=list(Severity).index) if levels else stated(message, labels.labels(message))


def _error(text: str) -> str:
    """Return summary and description of the annotations."""
    said = re.findall(r"^\s*[-•]\s(?:summary|description|message)\s=\s?(.+)$", text, re.MULTILINE)
    return shorten("\n".join(dict.fromkeys(said)), LIMIT) or error_in(text)


def _links(message: Message) -> dict[str, str]:
    found = re.findall(r"^(Source|Silence|Dashboard|Panel): (\S+)", message.text, re.MULTILINE)
    return {key.lower(): url for key, url in reversed(found)}


SOURCE = Source(
    name="grafana",
    read=read,
    senders=("grafana", "그라파나"),
    links=("/alerting/grafana/", "/alerting/list", "/alerting/silence", "grafana.net/"),
    shape=re.compile(r"^\s?[-•] grafana_folder = |\bGrafana v\d", re.MULTILINE),
)
