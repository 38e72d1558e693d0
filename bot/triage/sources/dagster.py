"""Dagster: the job is identity, the run's id is not."""

import re

from bot.triage import topics
from bot.triage.errors import error_in, short
from bot.triage.model import Alert, Kind, Message
from bot.triage.source import Source, leads_to, severity_for

_DAGSTER_JOB = re.compile(
    r"\*?Job \"(?P<job>[^\"\n]{1,300})\" (?P<what>failed|succeeded|started|canceled)", re.IGNORECASE
)
_DAGSTER_OP = re.compile(
    r"\bOp (?P<op>[\w.\-]{1,200}) on job (?P<job>[\w.\-]{1,200}) (?P<what>failed|succeeded)", re.IGNORECASE
)


def read(message: Message) -> Alert | None:
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


def _topic(text: str) -> str:
    return topics.cause(text) or topics.one_of(text, ("dbt-test", "dbt-run"), "job-failed")


SOURCE = Source(
    name="dagster",
    read=read,
    senders=("dagster",),
    links=("dagster.cloud", "dagster"),
    shape=re.compile(r"\bJob \"[^\"\n]{1,300}\" failed|\bOp [\w.\-]+ on job [\w.\-]+ (?:failed|succeeded)"),
)
