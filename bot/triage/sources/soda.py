"""Soda Cloud: check and dataset. Its layout is known by hearsay only."""

import re

from bot.triage import labels, prose, topics
from bot.triage.errors import error_in
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.source import Source, leads_to, severity_for, title_of

_SODA_CHECK = re.compile(
    r"\bcheck\s(?:has\s)?(?:passed|failed|warned|warning"
    r"|error)?\s?:?\s{1,2}(?P<check>[^\n]{2,200})",
    re.IGNORECASE,
)
_SODA_STATE = re.compile(
    r"\b(?P<state>pass(?:ed)?|warn(?:ed|ing)?|fail(?:ed|ure)?|error|not evaluated)\b", re.IGNORECASE
)


def read(message: Message) -> Alert | None:
    found = labels.labels(message)
    titled = _SODA_CHECK.search(title_of(message))
    check = labels.first(found, "check", "check name", "name") or (titled["check"].strip(" *`") if titled else "")
    dataset = labels.name_of(labels.first(found, "dataset", "table")) or prose.table_in(message.text[:3000])
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


SOURCE = Source(name="soda", read=read, senders=("soda",), links=("cloud.soda.io", "cloud.us.soda.io"))
