"""Great Expectations 1.x: blocks only; which expectation failed is not in the message."""

import re

from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.source import Source, leads_to, title_of

_HEAD = re.compile(
    r"^(?:(?P<action>[^\n]{1,200}?) - )?(?P<checkpoint>[^\n]{1,200}?) - (?P<state>Failure"
    r"|Success|Failed|Succeeded)\b",
    re.IGNORECASE,
)
_OLD = re.compile(r"Batch Validation Status\**:\s*\**(?P<state>Failed|Success)", re.IGNORECASE)
_ASSET = re.compile(
    r"\*?(?:Asset|Data Asset Name|Data asset name)\*?:\s*`?([^`\n]{1,300}?)`?\s*(?:\n|$)", re.IGNORECASE
)
_SUITE = re.compile(r"\*?Expectation Suite(?: name)?\*?:\s*`?([^\s`<]{1,300})", re.IGNORECASE)
_SUMMARY = re.compile(r"\*?Summary\*?:\s*([^\n]{1,200})")


def read(message: Message) -> Alert | None:
    match = _HEAD.search(title_of(message)) or _OLD.search(message.text[:2000])
    if match is None:
        return None
    kind = Kind.ALERT if match["state"].lower().startswith("fail") else Kind.RESOLVED
    asset, suite, summary = (pattern.search(message.text[:6000]) for pattern in (_ASSET, _SUITE, _SUMMARY))
    checkpoint = match.groupdict().get("checkpoint") or ""
    named = {"checkpoint": checkpoint, "asset": asset[1] if asset else "", "suite": suite[1] if suite else ""}
    return Alert(
        kind=kind,
        source="great_expectations",
        severity=Severity.ERROR if kind is Kind.ALERT else None,
        resource={key: value.strip() for key, value in named.items() if value.strip()},
        topic="data-quality" if kind is Kind.ALERT else None,
        title=title_of(message),
        error=summary[1].replace("*", "") if summary else "",
        links=leads_to(message, results="://"),
    )


SOURCE = Source(
    name="great_expectations",
    read=read,
    senders=("great expectations", "great_expectations", "gx cloud"),
    shape=re.compile(r"Expectation Suite|Expectations were met|Batch Validation Status"),
)
