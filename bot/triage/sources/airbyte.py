"""Airbyte: a legacy sentence in the text, blocks beside it; identity is the connection's name."""

import re

from bot.triage import labels, topics
from bot.triage.errors import error_in
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.source import Source, leads_to, severity_for

_TITLES: tuple[tuple[re.Pattern[str], Kind, Severity], ...] = (
    (
        re.compile(r"sync failure occurred|sync failed|just failed|failed to sync", re.IGNORECASE),
        Kind.ALERT,
        Severity.ERROR,
    ),
    (
        re.compile(r"connection (?:was |has been |is )?(?:automatically )?disabled|has been disabled", re.IGNORECASE),
        Kind.ALERT,
        Severity.ERROR,
    ),
    (
        re.compile(r"repeated connection failures|repeatedly failing|warning -", re.IGNORECASE),
        Kind.ALERT,
        Severity.WARNING,
    ),
    (
        re.compile(
            r"schema of .{1,300} has changed|detected schema changes|schema change|breaking change", re.IGNORECASE
        ),
        Kind.ALERT,
        Severity.WARNING,
    ),
    (re.compile(r"sync (?:completed|succeeded|success)|\bsucceeded\b", re.IGNORECASE), Kind.RESOLVED, Severity.INFO),
    (re.compile(r"sync (?:queued|started|running|cancel)", re.IGNORECASE), Kind.NOISE, Severity.INFO),
)
_NAMES = (
    re.compile(
        r"(?:schema of|schema changes for"
        r"|changes for) ['\"‘“]?(?P<name>[^'\"’”\n]{1,300}?)['\"’”](?:\.|\s|$)"
    ),
    re.compile(
        r"(?:Sync \w{1,20}(?: occurred)?|Connection (?:was )?(?:automatically )?disabled"
        r"|Warning - [\w ]{1,60}"
        r"|repeated connection failures)(?: \w{1,20})?: (?P<name>[^\n]{1,300})",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bYour connection (?P<name>[^\n]{1,300}?) from [^\n]{1,200}? to [^\n]{1,200}? (?:just failed"
        r"|succeeded|has been|was)"
    ),
)


def read(message: Message) -> Alert | None:
    lines = [line for line in message.text[:6000].split("\n") if line.strip()]
    said = _said(lines)
    name = _connection(message)
    if said is None or not name:
        return None
    head, kind, severity = said
    is_schema = "schema" in head.lower()
    return Alert(
        kind=kind,
        source="airbyte",
        severity=severity_for(kind, None, severity),
        resource={"connection": name},
        aspect="schema" if is_schema else "",
        topic=("schema-change" if is_schema else topics.cause(message.text) or "connector-failed")
        if kind is Kind.ALERT
        else None,
        title=head,
        error=error_in(message.text),
        links=leads_to(message, connection="/connections/"),
    )


def _said(lines: list[str]) -> tuple[str, Kind, Severity] | None:
    """Return the first title that is known, with what it means."""
    for line in _heads(lines):
        for pattern, kind, severity in _TITLES:
            if pattern.search(line):
                return line, kind, severity
    return None


def _heads(lines: list[str]) -> list[str]:
    """The block's title says more than the legacy sentence, which is the same for a failure and for a warning."""
    titled = [
        line
        for line in lines
        if re.match(r"(?:\[[^\]\n]{1,60}\] )?(?:Sync |Connection |Warning|Airbyte detected|The schema)", line)
    ]
    return titled + lines[:3]


def _connection(message: Message) -> str:
    for url, label in message.parts.anchors:
        if re.search(r"/connections/[^/]+", url) and label != url:
            return label.strip("* ")
    match = next((m for pattern in _NAMES if (m := pattern.search(message.text[:4000]))), None)
    return match["name"].strip() if match else labels.first(labels.labels(message), "connection")


SOURCE = Source(
    name="airbyte",
    read=read,
    senders=("airbyte",),
    links=("airbyte",),
    shape=re.compile(
        r"Sync failure occurred:|\bYour connection .{1,300} just failed"
        r"|Airbyte detected schema changes"
    ),
)
