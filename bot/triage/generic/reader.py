"""Read what no parser knows: home-made scripts, tools by hearsay."""

import re

from bot.triage import labels
from bot.triage.errors import error_in, short
from bot.triage.generic.kind import kind_in
from bot.triage.generic.resource import aspect_in, resource_in
from bot.triage.generic.subject import HEAD, headline
from bot.triage.generic.tools import source_of
from bot.triage.generic.topic import topic_in
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.prefilter import Finder
from bot.triage.severity import hue, stated
from bot.triage.source import leads_to, title_of

_FAILED = Finder(r"fail|firing|\balarm\b|\bdown\b|실패|장애|오류 ?발생|crash|\bfatal\b", re.IGNORECASE)
_LATE = Finder(
    r"\b(?:late|delay(?:ed)?|stale|fresh(?:ness)?|sla|deadline|overdue|behind schedule"
    r"|schema (?:change|drift)|schema of \S+ (?:has )?changed|columns? (?:added|removed))\b"
    r"|\bnot (?:finish|complete|ready|start|run|arriv|land)\w* (?:by|before|until|at) \d|\bnot ready\b"
    r"|\bexpir(?:es|ing|y)\b|\bslow\b|\blong[ -]running\b"
    r"|지연|미적재|미생성|파티션이 ?없|적재되지 ?않|만료|스키마 ?변경"
    r"|컬럼 ?(?:추가|삭제|변경)"
    r"|최신 ?파티션",
    re.IGNORECASE,
)
_MISSING = Finder(
    r"\bnot (?:yet )?(?:been )?(?:arrived|received|loaded|updated|refreshed|landed)\b|\bmissing (?:partition|file)"
    r"|(?:partition|file) (?:is )?missing|미도착|미수신|파티션 ?누락|도착하지 ?않|수신되지 ?않",
    re.IGNORECASE,
)  # late, or worse


def read(message: Message) -> Alert:
    """Return what the message most likely says; noise where nothing speaks for an alert."""
    found = labels.labels(message)
    head = headline(message)
    kind, why = kind_in(message, found, title_of(message)[:HEAD])
    source = source_of(message)
    resource = {} if kind is Kind.NOISE else resource_in(message, found, head, source)
    return Alert(
        kind=kind,
        source=source,
        severity=(stated(message, found) or _default_severity(message, head)) if kind is Kind.ALERT else None,
        resource=resource,
        aspect=aspect_in(message, found, source),
        topic=topic_in(head, message.text, source, resource) if kind is Kind.ALERT else None,
        title=head,
        error=error_in(message.text) or _rest(message.text, head),
        owner=labels.first(found, "owner", "담당자", "담당", "owners", "assignee"),
        links=leads_to(message, source="://"),
        explanation=(why,),
    )


def _default_severity(message: Message, head: str) -> Severity:
    if _FAILED.search(head):
        return Severity.ERROR
    if _LATE.search(head) or hue(message) == "yellow":
        return Severity.WARNING
    if hue(message) == "red":
        return Severity.ERROR
    is_late = _MISSING.search(head) or _LATE.search(message.text[:1000])
    return Severity.WARNING if is_late else Severity.ERROR


def _rest(text: str, head: str) -> str:
    """Return what follows the title."""
    return short(text.partition(head)[2].strip()) if head else short(text)
