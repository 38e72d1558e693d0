"""Prefect: the flow is identity, the run's two random words are not."""

import re

from bot.triage import topics
from bot.triage.errors import short
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.source import Source, leads_to, severity_for

_PREFECT = re.compile(
    r"\bFlow run (?P<flow>[^\n]{1,200}?)/(?P<run>[\w\-]{1,200}) (?:entered|observed in|is in"
    r"|has entered) (?:state |the )?[`\"']?(?P<state>\w{3,20})",
    re.IGNORECASE,
)
_PREFECT_STATES = {
    "failed": Kind.ALERT,
    "crashed": Kind.ALERT,
    "timedout": Kind.ALERT,
    "late": Kind.ALERT,
    "completed": Kind.RESOLVED,
}
_STATE_MESSAGE = re.compile(r"State message:\s?([^\n]{1,900})", re.IGNORECASE)


def read(message: Message) -> Alert | None:
    match = _PREFECT.search(message.text[:3000])
    if match is None:
        return None
    state = match["state"].lower()
    kind = _PREFECT_STATES.get(state, Kind.NOISE)
    said = _STATE_MESSAGE.search(message.text)
    return Alert(
        kind=kind,
        source="prefect",
        severity=severity_for(kind, stated(message, {}), Severity.WARNING if state == "late" else Severity.ERROR),
        resource={"flow": match["flow"].strip(" *`")},
        topic=("freshness" if state == "late" else _topic(message.text)) if kind is Kind.ALERT else None,
        title=match[0].strip(" *"),
        error=short(said[1]) if said else "",
        links=leads_to(message, run="flow-run"),
    )


def _topic(text: str) -> str:
    return topics.cause(text) or topics.one_of(text, ("dbt-test", "dbt-run"), "job-failed")


SOURCE = Source(
    name="prefect",
    read=read,
    senders=("prefect",),
    links=("app.prefect.cloud", "/flow-runs/"),
    shape=re.compile(r"\bFlow run \S[^\n]{0,200}/\S+ entered state"),
)
