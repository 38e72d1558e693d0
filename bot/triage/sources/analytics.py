"""Metabase's alerts on a question, and Monte Carlo and Soda, whose layouts are known by hearsay only."""

import re

from bot.triage import labels, names, topics
from bot.triage.errors import error_in
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.signals import status_of
from bot.triage.source import Source, kind_of, leads_to, severity_for, title_of

_BELL = re.compile(r"^\s*(?:🔔|:bell:)\s*(?P<card>[^\n]{1,300})")
_STATUS = re.compile(
    r"(?:^|changed to |set to |marked as |status:? )\**(fixed|expected|no action needed"
    r"|acknowledged|work in progress|"
    r"investigating)\b",
    re.IGNORECASE,
)
_SODA_CHECK = re.compile(
    r"\bcheck\s(?:has\s)?(?:passed|failed|warned|warning"
    r"|error)?\s?:?\s{1,2}(?P<check>[^\n]{2,200})",
    re.IGNORECASE,
)
_SODA_STATE = re.compile(
    r"\b(?P<state>pass(?:ed)?|warn(?:ed|ing)?|fail(?:ed|ure)?|error|not evaluated)\b", re.IGNORECASE
)


def read_metabase(message: Message) -> Alert | None:
    """A bell is an alert on a question; without one it is a dashboard's subscription."""
    match = next((m for head in (*message.parts.titles, message.text) if (m := _BELL.match(head))), None)
    if match is None:
        return Alert(kind=Kind.NOISE, source="metabase", explanation=("a dashboard's subscription",))
    return Alert(
        kind=Kind.ALERT,
        source="metabase",
        severity=stated(message, {}) or Severity.WARNING,
        resource={"card": match["card"].strip()},
        topic="data-quality",
        title=match[0].strip(),
        links=leads_to(message, card="://"),
    )


def read_monte_carlo(message: Message) -> Alert | None:
    """Type and table name the breach."""
    head = title_of(message)
    found = labels.labels(message)
    table = labels.name_of(labels.first(found, "table", "tables", "asset")) or names.table_in(message.text[:3000])
    if not table:
        return None
    kind = _monte_carlo_kind(message, found)
    return Alert(
        kind=kind,
        source="monte_carlo",
        severity=severity_for(
            kind,
            stated(message, found),
            Severity.WARNING if "fresh" in head.lower() or "schema" in head.lower() else Severity.ERROR,
        ),
        resource={"table": table},
        aspect=topics.one_of(head, ("freshness", "schema-change", "data-quality"), ""),
        topic=topics.one_of(message.text, ("freshness", "schema-change", "data-quality"), "data-quality")
        if kind is Kind.ALERT
        else None,
        title=head,
        error=error_in(message.text),
        links=leads_to(message, alert="://"),
    )


def _monte_carlo_kind(message: Message, found: dict[str, str]) -> Kind:
    """Fixed, Expected and No Action Needed close an alert; Acknowledged and Work in Progress leave it open."""
    said = _STATUS.search(f"{labels.first(found, 'status')}\n{title_of(message)}")
    if said is None:
        return kind_of(status_of(title_of(message)), Kind.ALERT)
    return Kind.NOISE if said[1].lower() in {"acknowledged", "work in progress", "investigating"} else Kind.RESOLVED


def read_soda(message: Message) -> Alert | None:
    found = labels.labels(message)
    titled = _SODA_CHECK.search(title_of(message))
    check = labels.first(found, "check", "check name", "name") or (titled["check"].strip(" *`") if titled else "")
    dataset = labels.name_of(labels.first(found, "dataset", "table")) or names.table_in(message.text[:3000])
    if not (check or dataset):
        return None
    match = _SODA_STATE.search(labels.first(found, "status", "result", "outcome", "evaluation") or message.text[:400])
    state = match["state"].lower() if match else ""
    kind = (
        Kind.RESOLVED
        if state.startswith("pass")
        else Kind.ALERT
        if state[:4] in {"warn", "fail", "erro"}
        else Kind.NOISE
    )
    return Alert(
        kind=kind,
        source="soda",
        severity=severity_for(
            kind, stated(message, found), Severity.WARNING if state.startswith("warn") else Severity.ERROR
        ),
        resource={key: value for key, value in (("check", check), ("dataset", dataset)) if value},
        topic=topics.one_of(message.text, ("freshness", "schema-change"), "data-quality")
        if kind is Kind.ALERT
        else None,
        title=title_of(message),
        error=error_in(message.text),
        links=leads_to(message, check="://"),
    )


METABASE = Source(
    name="metabase",
    read=read_metabase,
    senders=("metabase",),
    hints=("sent from",),
    shape=re.compile(r"\*?Sent from .{1,200} by "),
)
MONTE_CARLO = Source(
    name="monte_carlo", read=read_monte_carlo, senders=("monte carlo", "montecarlo"), links=("getmontecarlo.com",)
)
SODA = Source(name="soda", read=read_soda, senders=("soda",), links=("cloud.soda.io", "cloud.us.soda.io"))
