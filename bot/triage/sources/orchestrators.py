"""Dagster and Prefect: the run's id and its two random words are volatile, job and flow are identity."""

import re

from bot.triage import topics
from bot.triage.errors import error_in, short
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.source import Source, leads_to, severity_for

_DAGSTER_JOB = re.compile(
    r"\*?Job \"(?P<job>[^\"\n]{1,300})\" (?P<what>failed|succeeded|started|canceled)", re.IGNORECASE
)
_DAGSTER_OP = re.compile(
    r"\bOp (?P<op>[\w.\-]{1,200}) on job (?P<job>[\w.\-]{1,200}) (?P<what>failed|succeeded)", re.IGNORECASE
)
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


def read_dagster(message: Message) -> Alert | None:
    match = _DAGSTER_OP.search(message.text[:3000]) or _DAGSTER_JOB.search(message.text[:3000])
    if match is None:
        return None
    what, op = match["what"].lower(), match.groupdict().get("op")
    kind = {"failed": Kind.ALERT, "succeeded": Kind.RESOLVED}.get(what, Kind.NOISE)
    code = re.search(r"```([^`]{1,4000})", message.text)
    return Alert(
        kind=kind,
        source="dagster",
        severity=severity_for(kind, None),
        resource={"job": match["job"]} | ({"op": op} if op else {}),
        topic=_topic(message.text) if kind is Kind.ALERT else None,
        title=match[0].strip(" *"),
        error=short(code[1]) if code else error_in(message.text),
        links=leads_to(message, run="/runs/"),
    )


def read_prefect(message: Message) -> Alert | None:
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


DAGSTER = Source(
    name="dagster",
    read=read_dagster,
    senders=("dagster",),
    links=("dagster.cloud", "dagster"),
    hints=("job ",),
    shape=re.compile(r"\bJob \"[^\"\n]{1,300}\" failed|\bOp [\w.\-]+ on job [\w.\-]+ (?:failed|succeeded)"),
)
PREFECT = Source(
    name="prefect",
    read=read_prefect,
    senders=("prefect",),
    links=("app.prefect.cloud", "/flow-runs/"),
    hints=("flow run",),
    shape=re.compile(r"\bFlow run \S[^\n]{0,200}/\S+ entered state"),
)
