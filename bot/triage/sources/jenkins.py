"""Jenkins' Slack plugin: `job - #N State after …`, and the usual text of pipelines."""

import re

from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.source import Source, leads_to, severity_for

_JENKINS = re.compile(
    r"^[ \t]{0,20}(?P<job>\S[^\n]{0,300}?)\s-\s#(?P<number>\d{1,9})\s(?P<state>[^\n(]{1,200}?)"
    r"(?:\safter\s[^\n(]{1,60})?\s?(?:\(|$)",
    re.MULTILINE,
)
_JENKINS_TEXT = re.compile(
    r"(?P<state>STARTED|SUCCESS(?:FUL)?|FAIL(?:ED|URE)|UNSTABLE|ABORTED|FIXED)\W{1,4}(?:Job"
    r"|Build|Pipeline)?:?\s?[`'\"]?(?P<job>[^\n'\"`\[(]{1,300}?)\s?(?:\[|#|\(|build)",
    re.IGNORECASE,
)


def read(message: Message) -> Alert | None:
    match = _JENKINS.search(message.text[:3000]) or _JENKINS_TEXT.search(message.text[:3000])
    if match is None:
        return None
    state = match["state"].lower()
    kind, severity = _jenkins_state(state)
    return Alert(
        kind=kind,
        source="jenkins",
        severity=severity_for(kind, severity),
        resource={"job": re.sub(r"^(?:@\S+\s+)+", "", match["job"].strip(" *`"))},
        topic="deploy-failed" if kind is Kind.ALERT else None,
        title=match[0].strip(" ("),
        error=message.text.partition(match[0])[2].strip(" ()\n")[:600],
        links=leads_to(message, build="://"),
    )


def _jenkins_state(state: str) -> tuple[Kind, Severity | None]:
    if ("unstable" in state and "still" in state) or state.strip() == "unstable" or "unstable" in state:
        return Kind.ALERT, Severity.WARNING
    if any(word in state for word in ("fail", "regression", "not built")):
        return Kind.ALERT, Severity.ERROR
    if any(word in state for word in ("back to normal", "success", "fixed")):
        return Kind.RESOLVED, None
    return Kind.NOISE, None  # started, aborted by a person, or a word that says nothing


SOURCE = Source(
    name="jenkins",
    read=read,
    senders=("jenkins",),
    shape=re.compile(
        r"\s-\s#\d{1,9}\s(?:Failure|Still Failing|Back to normal|Success|Unstable|Still Unstable"
        r"|Aborted|Fixed|Regression|Started)",
        re.IGNORECASE,
    ),
)
