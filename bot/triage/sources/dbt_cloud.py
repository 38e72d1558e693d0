"""dbt Cloud: its own Slack messages and the webhook form of its Zapier guide (errors come as a thread reply)."""

import re

from bot.triage import topics
from bot.triage.errors import error_in
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.source import Source, leads_to, severity_for, title_of

_JOB = re.compile(
    r"(?P<before>[^\n]{0,80}?)\brun\s{0,3}#?\s?(?P<run>\d{1,20})?(?P<between>[^\n]{0,60}?)\bjob:?\s{1,3}[\"“”'`«](?P<job>[^\n\"“”]{1,300}?)[\"”'`»](?P<after>[^\n]{0,60})",
    re.IGNORECASE,
)
_STATUS = (
    (Kind.NOISE, re.compile(r"cancel|queued|started|starting|running|skipped", re.IGNORECASE)),
    (Kind.ALERT, re.compile(r"fail|error|warn", re.IGNORECASE)),
    (Kind.RESOLVED, re.compile(r"succe|complet|passed", re.IGNORECASE)),
)
_WARN = re.compile(r"\bwarn", re.IGNORECASE)
_STEP = re.compile(r"(?:❌|:x:)[^\n]{0,20}?(?:`?dbt )?(test|build|run|seed|snapshot|source freshness)", re.IGNORECASE)
_DETAIL = re.compile(
    r"(?:database|compilation|runtime|dependency|parsing) error|failure in test"
    r"|configured to (?:fail|warn)|completed with \d+ error",
    re.IGNORECASE,
)


def read(message: Message) -> Alert | None:
    match = _JOB.search(message.text[:2000])
    if match is None:
        return _detail(message)
    said = f"{match['before']} {match['between']} {match['after']}"
    kind = next((kind for kind, words in _STATUS if words.search(said)), Kind.NOISE)
    default = Severity.WARNING if _WARN.search(said) else Severity.ERROR
    return Alert(
        kind=kind,
        source="dbt_cloud",
        severity=severity_for(kind, stated(message, {}), default),
        resource={"job": match["job"].strip()},
        topic=_topic(message.text) if kind is Kind.ALERT else None,
        title=match[0].strip(" *"),
        error=error_in(message.text),
        links=leads_to(message, run="://"),
    )


def _detail(message: Message) -> Alert | None:
    """The reply under a failed run holds the errors but not the job: the message above it names that."""
    if not message.thread_ts or not _DETAIL.search(message.text[:8000]):
        return None
    return Alert(
        kind=Kind.ALERT,
        source="dbt_cloud",
        severity=Severity.ERROR,
        topic=_topic(message.text),
        title=title_of(message),
        error=error_in(message.text) or message.text[:900],
    )


def _topic(text: str) -> str:
    step = _STEP.search(text)
    if step:
        return {"test": "dbt-test", "source freshness": "freshness"}.get(step[1].lower(), "dbt-run")
    return topics.one_of(text, ("dbt-test",), "dbt-run")


SOURCE = Source(
    name="dbt_cloud",
    read=read,
    senders=("dbt cloud", "dbt_cloud", "dbt-cloud"),
    links=("getdbt.com", "dbt.com/deploy"),
    shape=re.compile(
        r"\brun #\d+[^\n]{0,40} job \"|failure in test|(?:database|compilation) error in model", re.IGNORECASE
    ),
)
