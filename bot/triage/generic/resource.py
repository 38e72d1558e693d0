"""What names the broken thing in the message of an unknown tool (rule R4), so that alert and end name the same."""

import re
from collections.abc import Mapping

from bot.triage import labels, names, prose
from bot.triage.generic.subject import headline, subject_of
from bot.triage.generic.tools import HOME_MADE, MONITORS, PAGING, named_by_links
from bot.triage.identity import masked
from bot.triage.model import Message
from bot.triage.signals import Status, reading_of

_BODY = 2_000  # characters after the title in which a name is looked for
_NUMBER = re.compile(r"#(\d{2,12})\b|\b([A-Z]{1,8}-\d{2,12})\b")
_BRACKETS = re.compile(r"\W{0,6}(?::\w+:\s?)?\[([^\[\]\n]{2,80})\]\s?\[([^\[\]\n]{2,40})\]")
_PAIR = re.compile(
    r"(?<![\w/.:])([A-Za-z][\w.\-]{0,60}\d)[/!]([A-Za-z][\w\-]{1,60})(?![\w/.])"
)  # Sensu, Icinga: `host/check`
_SEGMENTS = re.compile(r"\s[\-–—|·/]\s|!")
_PROJECT = re.compile(r"https?://[^/\s]+/([\w.\-]+(?:/[\w.\-]+){1,4})/-/(?:pipelines|jobs)/")
_BY_CHECK = frozenset({"soda"})  # its title is the check; a data set has many of them
_MEASURES = ("metric", "metric name", "condition", "condition name", "지표", "조건", "항목", "점검항목", "알람명")


def resource_in(message: Message, found: Mapping[str, str], head: str, source: str) -> dict[str, str]:
    """Labels name it best, then the title; without any name the subject of the title is the identity of last resort."""
    if source in PAGING and (number := _NUMBER.search(head)):
        return {"incident": number[1] or number[2]}
    if source == "gitlab" and (project := _project(message, found)):
        return project
    if source in MONITORS and (named := _monitored(message, found, head)):
        return named
    labelled = names.from_labels(found)
    if labelled and not labelled.keys() <= names.WHERE:
        return labelled
    in_title = _in_title(message, head)
    if in_title and not (labelled and in_title.keys() <= names.WHERE | {"title"}):
        return names.qualifiers(found) | in_title
    if labelled:
        return labelled
    body = message.text.partition(head)[2] if head else message.text
    return prose.named_in(body[:_BODY]) or {"title": subject_of(head)}


def aspect_in(message: Message, found: Mapping[str, str], source: str) -> str:
    """Return what tells two troubles of one thing apart: who watches it, and what is measured."""
    told = subject_of(headline(message)) if source in _BY_CHECK else labels.first(found, *_MEASURES)
    measure = masked(told)[:80]
    return " ".join(filter(None, (message.sender if source == HOME_MADE else "", measure)))


def _in_title(message: Message, head: str) -> dict[str, str]:
    if (brackets := _BRACKETS.match(head)) and reading_of(brackets[2]).status is not Status.UNKNOWN:
        return {"monitor": brackets[1].strip()}
    transfer = prose.transfer_in(message.text)
    said = "" if transfer and transfer in head else head
    return prose.named_in(said) or ({"job": transfer} if transfer else {}) or prose.titled(head)


def _project(message: Message, found: Mapping[str, str]) -> dict[str, str]:
    """Return project and branch of a pipeline: its number changes from run to run."""
    match = next(filter(None, map(_PROJECT.search, message.links)), None)
    branch = labels.name_of(labels.first(found, "branch", "ref", "브랜치"))
    return ({"project": match[1]} | ({"branch": branch} if branch else {})) if match else {}


def _monitored(message: Message, found: Mapping[str, str], head: str) -> dict[str, str]:
    """Return host and service, where the message names both: by label, by link, or as "host - service is DOWN"."""
    linked = named_by_links(message)
    host = (
        labels.name_of(labels.first(found, "host", "hostname")) or linked.get("host") or linked.get("host.name") or ""
    )
    service = labels.name_of(labels.first(found, "service", "check", "trigger")) or linked.get("service", "")
    if not host and (pair := _PAIR.search(head)):
        return {"host": pair[1], "service": pair[2]}
    if host and not service:
        rest = head.partition(host)[2].lstrip(" !-–—|·/:*")
        service = subject_of(rest) if rest and _SEGMENTS.search(head) else ""
    return {"host": host, "service": service} if host and service else {}
