"""Prometheus Alertmanager: the default title, custom texts, and the update and thread strategies.

The default title keeps only label values: `[FIRING:n] {group values} ({common values})`. The count and the bracketed
values change as alerts join; neither is identity.
"""

import re
from collections.abc import Mapping

from bot.triage import labels, topics
from bot.triage.errors import error_in
from bot.triage.lexicon import words
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import color_status, level, stated
from bot.triage.signals import Status
from bot.triage.source import Source, leads_to, severity_for, title_of

_TITLE = re.compile(
    r"^\W{0,8}(?::[a-z0-9_+\-]+:\s*)?\**\[?(?P<status>FIRING|RESOLVED"
    r"|PARTIAL(?:LY)?[ _-]RESOLVE(?:D)?)(?::\s?\d+)?(?:[,"
    r"|]\s?RESOLVED:\d+)?\]?\s{0,3}(?:\(\s?\d+(?:\s?/\s?\d+)?\s?\))?"
    r"\s{0,3}[:|\-–]?\s{0,3}(?P<body>[^\n]*)",
    re.IGNORECASE,
)
# Thread mode's parent tells the whole history: `FIRING (2) → PARTIAL RESOLVE → RESOLVED: Name`; the last state counts.
_HISTORY = re.compile(r"^(?:(?:FIRING|PARTIAL RESOLVE|RESOLVED)(?: \(\d+\))? → ){1,60}")
# A reply of the thread mode may lack the status: `*BackendDown* be-4:8040 (critical)`.
_REPLY = re.compile(r"\W{0,4}([A-Z][a-z0-9]+[A-Z]\w{1,120}\*?(?: [^\n]{0,300})?)(?:\n|$)")
_CUSTOM = re.compile(r"\b[Aa]lert(?:name)?:\s{0,3}[*`]{0,2}([A-Z]\w{2,120})")
_ALERTNAME = ("alertname", "alert name", "alert_name")


def read(message: Message) -> Alert | None:
    found = labels.labels(message)
    match = next((m for line in _heads(message) if (m := _TITLE.match(_HISTORY.sub("", line)))), None)
    named = labels.first(found, *_ALERTNAME) or _custom_name(message)
    told = _REPLY.match(message.text) if message.thread_ts and match is None else None
    if match is None and not named and told is None:
        return None
    group, common = split_title(match["body"]) if match else split_title(told[1]) if told else (named, "")
    resource = _resource(group, common, named)
    if not resource:
        return None
    kind = _kind(_status(message, found) if match is None else match["status"])
    severity = _severity(message, found, common)
    return Alert(
        kind=kind,
        source="alertmanager",
        severity=severity_for(kind, severity),
        resource=resource,
        topic=topics.topic_of(f"{group} {message.text}", "infra-resource") if kind is Kind.ALERT else None,
        title=match[0].strip("* ") if match else title_of(message),
        error=error_in(message.text),
        links=leads_to(message, source="://"),
    )


def _status(message: Message, found: Mapping[str, str]) -> str:
    """Return the status of a text without one in its title: a label, the colour, else what the title says."""
    said = labels.first(found, "status", "state")
    return said or ("resolved" if color_status(message.parts.color) is Status.OVER else title_of(message))


def _custom_name(message: Message) -> str:
    """Return the name in a team's own title, such as `🔥 Alert: HostOutOfDisk`."""
    match = _CUSTOM.search(title_of(message))
    return match[1] if match else ""


def split_title(body: str) -> tuple[str, str]:
    """Return the group's values and the common ones: `Lag billing (kafka warning)` → `Lag billing`, `kafka warning`."""
    body = body.strip().rstrip("*").strip()
    if not body.endswith(")"):  # without brackets, or cut inside of them
        group, bracket, common = body.partition(" (")
        return (group, common) if bracket else (body, "")
    depth = 0
    for at in range(len(body) - 1, -1, -1):
        depth += (body[at] == ")") - (body[at] == "(")
        if depth == 0:
            return body[:at].strip(), body[at + 1 : -1].strip()
    return body, ""


def _heads(message: Message) -> list[str]:
    """Return the lines that can be a title; the link label `<url|[FIRING:1] …>` is one of them."""
    lines = [line for line in message.text[:4000].split("\n") if line.strip()]
    return [*message.parts.titles, *lines[:3]]


def _resource(group: str, common: str, named: str) -> dict[str, str]:
    """With an empty group the name is the first bracketed word: labels are sorted and `alertname` sorts early."""
    words = group.split()
    if not words:
        name = named or next((word for word in common.split() if re.fullmatch(r"[A-Z][a-z0-9]+[A-Z]\w*", word)), "")
        return {"alertname": name or common.split(maxsplit=1)[0]} if name or common else {}
    if named and group.startswith(named):
        words = [named, *group[len(named) :].split()]
    scope = re.sub(r"^(?:for|on|in|at|of|@)(?: |$)", "", " ".join(words[1:]).strip(" -–|:*`"))
    return {"alertname": words[0].strip(":*`")} | ({"scope": scope.strip(" *`")} if scope else {})


def _kind(status: str) -> Kind:
    """A partial resolve still fires."""
    status = status.lower()
    return Kind.RESOLVED if "resolved" in status and "partial" not in status else Kind.ALERT


def _severity(message: Message, found: dict[str, str], common: str) -> Severity | None:
    """The label says it; else a bare word in the brackets; else a word of the text."""
    if "severity" in found and (severity := level(found["severity"])):
        return severity
    for word in common.split():
        if word.lower() in _BARE:
            return level(word)
    return stated(message, found) or next((level(m[1]) for m in _TICKED.finditer(message.text[:4000])), None)


_BARE = frozenset(
    words(
        """
        critical, crit, page, fatal, emergency, error, high, major, warning, warn, medium, moderate, minor, low,
        info, notice, none, p0, p1, p2, p3, p4, p5, sev1, sev2, sev3, sev4
        """
    )
)
_TICKED = re.compile(r"`(critical|error|warning|info|major|page|high|low|medium)`", re.IGNORECASE)

SOURCE = Source(
    name="alertmanager",
    read=read,
    senders=("alertmanager", "alert manager", "prometheus"),
    links=("#/alerts?receiver=", "/#/alerts", "/#/silences"),
    shape=re.compile(r"(?:^|\n)\W{0,6}\[?(?:FIRING|RESOLVED)(?::\d+)?[\]: ]|\*?alertname\*?\s{0,3}[:=]"),
)
