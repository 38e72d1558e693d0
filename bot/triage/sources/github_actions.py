"""GitHub Actions, by the three actions that teams post with; some name the repository only in links."""

import re

from bot.triage import labels
from bot.triage.model import Alert, Kind, Message
from bot.triage.severity import color_status, stated
from bot.triage.signals import Status, status_of
from bot.triage.source import Source, kind_of, leads_to, severity_for, title_of

_REPO = re.compile(r"https?://[\w.\-]*github[\w.\-]*/(?P<repo>[\w.\-]{1,100}/[\w.\-]{1,100}?)(?:\.git)?(?:/|$|[?#])")
_RUN = re.compile(r"/actions/runs/\d+")
_RESULT_IN = re.compile(  # `:x: *dbt CI* failed in org/repo`
    r"^\W{0,4}(?::[a-z0-9_]+:\s)?[*`]{0,2}(?P<name>[^\n*`]{1,120}?)[*`]{0,2} (?:has )?(?:failed|passed|succeeded"
    r"|was cancelled|was canceled|was skipped|has warnings) in [\w.\-]+/",
    re.IGNORECASE | re.MULTILINE,
)
_JOB_IN_TEXT = re.compile(
    r"\bworkflow[`*:\s\"']{1,6}(?P<name>[^\n`*\"|]{1,120}?)[`*\"]{0,2}(?=\s(?:failed|succeeded"
    r"|has|was|is|in|on|for)\b|[\n|,]|$)",
    re.IGNORECASE,
)


def read(message: Message) -> Alert | None:
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
    match = _RESULT_IN.search(message.text[:600]) or _JOB_IN_TEXT.search(message.text[:2000])
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


SOURCE = Source(
    name="github_actions",
    read=read,
    senders=("action-slack", "rtbot", "github actions", "github-actions"),
    links=("/actions/runs/",),
    shape=re.compile(r"GitHub Actions?\b|refs/heads/", re.IGNORECASE),
)
