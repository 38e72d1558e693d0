"""Argo CD, by the templates of its notifications catalogue."""

import re

from bot.triage.errors import error_in, short
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import color_status, stated
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


def read(message: Message) -> Alert | None:
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


SOURCE = Source(
    name="argocd",
    read=read,
    senders=("argo cd", "argocd", "argo-cd"),
    links=("/applications/",),
    shape=re.compile(
        r"sync operation of application|\bApplication \S{1,200} (?:has degraded"
        r"|has been successfully|is now running)",
        re.IGNORECASE,
    ),
)
