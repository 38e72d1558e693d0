"""Deploys and CI: Argo CD, GitHub Actions (three actions that post to Slack), Jenkins."""

import re

from bot.triage import labels
from bot.triage.errors import error_in, short
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import color_status, stated
from bot.triage.signals import Status, status_of
from bot.triage.source import Source, kind_of, leads_to, severity_for, title_of

_APP = re.compile(r"\bapplication:?\s{1,2}[`'\"*]{0,2}(?P<app>[\w][\w.\-/]{0,200})", re.IGNORECASE)
_APP_LINK = re.compile(r"/applications/(?:[\w\-]+/)?([\w.\-]{1,200})")
_ARGO_OVER = re.compile(
    r"successfully|has been (?:synced|deployed)|is (?:now )?(?:healthy|synced"
    r"|running new version)|\bhealthy\b|now running",
    re.IGNORECASE,
)
_ARGO_WRONG = re.compile(r"fail|degraded|error|out ?of ?sync|unknown|missing|suspended", re.IGNORECASE)
_ARGO_NOISE = re.compile(
    r"has been (?:created|deleted)|is progressing|sync(?:ing)? (?:started|is running)"
    r"|operation .{0,80}is running",
    re.IGNORECASE,
)

_REPO = re.compile(r"https?://[\w.\-]*github[\w.\-]*/(?P<repo>[\w.\-]{1,100}/[\w.\-]{1,100}?)(?:\.git)?(?:/|$|[?#])")
_RUN = re.compile(r"/actions/runs/\d+")
_JOB_IN_TEXT = re.compile(
    r"\bworkflow[`*:\s\"']{1,6}(?P<name>[^\n`*\"|]{1,120}?)[`*\"]{0,2}(?=\s(?:failed|succeeded"
    r"|has|was|is|in|on|for)\b|[\n|,]|$)",
    re.IGNORECASE,
)

_JENKINS = re.compile(
    r"(?P<job>\S[^\n]{0,300}?)\s-\s#(?P<number>\d{1,9})\s(?P<state>[^\n(]{1,200}?)(?:\safter\s[^\n(]{1,60})?\s?(?:\("
    r"|$)",
    re.MULTILINE,
)
_JENKINS_TEXT = re.compile(
    r"(?P<state>STARTED|SUCCESS(?:FUL)?|FAIL(?:ED|URE)|UNSTABLE|ABORTED|FIXED)\W{1,4}(?:Job"
    r"|Build|Pipeline)?:?\s?[`'\"]?(?P<job>[^\n'\"`\[(]{1,300}?)\s?(?:\[|#|\(|build)",
    re.IGNORECASE,
)


def read_argocd(message: Message) -> Alert | None:
    head = message.parts.text.strip() or title_of(message)
    match = _APP.search(head)
    linked = next((m[1] for url in message.links if (m := _APP_LINK.search(url))), "")
    app = match["app"].rstrip(".,") if match else linked or (message.parts.titles[0] if message.parts.titles else "")
    if not app:
        return None
    kind = _argo_kind(head, message)
    degraded = re.search(r"degraded|out ?of ?sync|suspended", head, re.IGNORECASE) and message.parts.color == "f4c030"
    return Alert(
        kind=kind,
        source="argocd",
        severity=severity_for(kind, stated(message, {}), Severity.WARNING if degraded else Severity.ERROR),
        resource={"app": app},
        topic="deploy-failed" if kind is Kind.ALERT else None,
        title=head.split("\n", 1)[0],
        error=short(head.partition("following error:")[2].strip()) or error_in(message.text),
        links=leads_to(message, app="/applications/"),
    )


def _argo_kind(head: str, message: Message) -> Kind:
    if _ARGO_NOISE.search(head):
        return Kind.NOISE
    if _ARGO_OVER.search(head) and not re.search(r"not healthy|unhealthy|has failed", head, re.IGNORECASE):
        return Kind.RESOLVED
    return Kind.ALERT if _ARGO_WRONG.search(head) else kind_of(color_status(message.parts.color))


def read_github(message: Message) -> Alert | None:
    found = labels.labels(message)
    repo = _repo(message, found)
    if not repo:
        return None
    workflow = _workflow(message, found)
    status = _github_status(message, found)
    if status is Status.UNKNOWN or not (
        workflow or _RUN.search(" ".join(message.links)) or "github actions" in message.text.lower()
    ):
        return None
    kind = kind_of(status)
    return Alert(
        kind=kind,
        source="github_actions",
        severity=severity_for(kind, stated(message, found)),
        resource={"repo": repo} | ({"workflow": workflow} if workflow else {}),
        topic="deploy-failed" if kind is Kind.ALERT else None,
        title=title_of(message),
        error=labels.first(found, "message", "commit message"),
        links=leads_to(message, run="/actions/runs/"),
    )


def _repo(message: Message, found: dict[str, str]) -> str:
    named = labels.first(found, "repo", "repository")
    if re.fullmatch(r"[\w.\-]+/[\w.\-]+", named):
        return named
    return next((match["repo"] for url in message.links if (match := _REPO.search(url))), "")


def _workflow(message: Message, found: dict[str, str]) -> str:
    """A field, else the words of the link to the run (rtCamp), else `workflow X` in the text."""
    if named := labels.first(found, "workflow", "workflow name", "action name"):
        return named
    for url, label in message.parts.anchors:
        if (
            _RUN.search(url)
            and label != url
            and not re.search(r"view|open|run|details|logs?|보기|#\d", label, re.IGNORECASE)
        ):
            return label.strip("* `")
    match = _JOB_IN_TEXT.search(message.text[:2000])
    return match["name"].strip() if match else ""


def _github_status(message: Message, found: dict[str, str]) -> Status:
    for words in (
        labels.first(found, "status", "result", "conclusion", "job status"),
        message.parts.text[:200],
        title_of(message),
        message.text[:400],
    ):
        low = words.lower()
        if re.search(r"cancel|skipped|in.progress|queued|started", low):
            return Status.ACKNOWLEDGED
        if re.search(r"\b(?:fail|error|timed)", low):
            return Status.FIRING
        if (status := status_of(words)) is not Status.UNKNOWN:
            return status
    return color_status(message.parts.color)


def read_jenkins(message: Message) -> Alert | None:
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


ARGOCD = Source(
    name="argocd",
    read=read_argocd,
    senders=("argo cd", "argocd", "argo-cd"),
    links=("/applications/",),
    hints=("application",),
    shape=re.compile(
        r"sync operation of application|\bApplication \S{1,200} (?:has degraded"
        r"|has been successfully|is now running)",
        re.IGNORECASE,
    ),
)
GITHUB_ACTIONS = Source(
    name="github_actions",
    read=read_github,
    senders=("action-slack", "rtbot", "github actions", "github-actions"),
    links=("/actions/runs/",),
    hints=("github action", "refs/heads/"),
    shape=re.compile(r"GitHub Actions?\b|refs/heads/", re.IGNORECASE),
)
JENKINS = Source(
    name="jenkins",
    read=read_jenkins,
    senders=("jenkins",),
    hints=(" - #",),
    shape=re.compile(
        r"\s-\s#\d{1,9}\s(?:Failure|Still Failing|Back to normal|Success|Unstable|Still Unstable"
        r"|Aborted|Fixed|Regression|Started)",
        re.IGNORECASE,
    ),
)
