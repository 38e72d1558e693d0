"""Read what no parser knows: home-made scripts, tools by hearsay."""

import re

from bot.triage import labels, names, prose, topics
from bot.triage.errors import error_in, short
from bot.triage.identity import masked
from bot.triage.lexicon import words
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import color_status, hue, stated
from bot.triage.signals import Status, status_of
from bot.triage.source import kind_of, leads_to, severity_for, title_of

HOME_MADE = "script"  # the source of what teams post themselves (rule R3)

# Tools whose Slack layout is known by hearsay only: part of the sender's name or of a link → source.
_KNOWN = {
    "monte carlo": "monte_carlo",
    "getmontecarlo.com": "monte_carlo",
    "soda": "soda",
    "cloud.soda.io": "soda",
    "fivetran": "fivetran",
    "looker": "looker",
    "snowflake": "snowflake",
    "databricks": "databricks",
    "bigeye": "bigeye",
    "metaplane": "metaplane",
    "anomalo": "anomalo",
    "datafold": "datafold",
    "hightouch": "hightouch",
    "census": "census",
    "new relic": "new_relic",
    "newrelic": "new_relic",
    "splunk": "splunk",
    "zabbix": "zabbix",
    "nagios": "nagios",
    "uptimerobot": "uptime_robot",
    "uptime robot": "uptime_robot",
    "pingdom": "pingdom",
    "statuspage": "statuspage",
    "healthchecks": "healthchecks",
    "cronitor": "cronitor",
    "confluent": "confluent",
    "elastic": "elastic",
    "kibana": "kibana",
    "gitlab": "gitlab",
    "circleci": "circleci",
    "bitbucket": "bitbucket",
    "terraform": "terraform",
    "atlantis": "atlantis",
    "flux": "flux",
    "kestra": "kestra",
    "mage": "mage",
    "superset": "superset",
    "redash": "redash",
    "tableau": "tableau",
    "victorops": "victorops",
    "splunk on-call": "victorops",
    "honeycomb": "honeycomb",
    "dynatrace": "dynatrace",
    "pinpoint": "pinpoint",
    "whatap": "whatap",
    "scouter": "scouter",
    "jira": "jira",
    "statuscake": "statuscake",
    "akhq": "akhq",
    "kafka ui": "kafka_ui",
    "cruise control": "cruise_control",
    "lenses": "lenses",
    "oncall": "grafana_oncall",
}
_CARDS = re.compile(
    r"\b(?:jira|google calendar|calendar|google drive|polly|donut|giphy|zoom|notion|asana|linear|confluence|trello|"
    r"simple poll|standup|geekbot)\b|캘린더|근태|휴가"
)
_CODE_HOSTS = re.compile(r"\b(?:github|gitlab|bitbucket)\b")
_DIGEST = re.compile(
    r"(?:recap|digest|weekly|(?:last|past) 24 ?h(?:ours)?|last (?:week|day|month)|handover"
    r"|hand-off summary|handoff|reminder|"
    r"newsletter|(?:data quality|daily|nightly|status|test|run|dq)? ?summary(?= for| of|$| \d| -| –)|"
    r"(?:usage|status|cost) report|"
    r"daily (?:report|summary)|scheduled maintenance|maintenance window|planned maintenance|release notes|"
    r"now on call|on-call shift)(?![\w.\-])"
    r"|요약|리포트|(?:이번|지난|금) ?주(?: |의)|점검 결과|일일 ?(?:보고|현황|점검 결과)|주간"
    r"|월간|지난 ?(?:24시간|하루|주)"
    r"|점검 ?(?:안내|예정|공지)|정기 ?점검"
    r"|공지|안내드립니다|당직|교대|배포 ?(?:안내|예정|시작)"
)
# "Daily report failed": what makes the digest broke.
_DIGEST_BROKE = re.compile(
    r"[\s:\-]{0,3}(?:[\w가-힣]{1,20}\s){0,2}(?:has |is |was )?(?:failed|failing|실패|오류|에러"
    r"|지연)(?!\s?\d)"
)
_STARTED = re.compile(
    r"(?<![\w.\-])(?:started|starting|queued|scheduled for|in progress|running now|kicked off"
    r"|begins?|test message|hello world|heartbeat|still alive)(?![\w.\-])|시작(?:했|합|되|됐|$|\s|:)"
    r"|진행 ?중|테스트 ?(?:메시지|알림|입니다)",
    re.IGNORECASE,
)
_FAILED = re.compile(r"fail|firing|\balarm\b|\bdown\b|실패|장애|오류 ?발생|crash|\bfatal\b", re.IGNORECASE)
_LATE = re.compile(
    r"\b(?:late|delay(?:ed)?|stale|fresh(?:ness)?|sla|deadline|overdue|behind schedule"
    r"|schema (?:change|drift)|column (?:added|removed))\b"
    r"|\bexpir(?:es|ing|y)\b|\bslow\b|\blong[ -]running\b"
    r"|지연|미적재|미생성|파티션이 ?없|적재되지 ?않|만료|스키마 ?변경"
    r"|컬럼 ?(?:추가|삭제|변경)"
    r"|최신 ?파티션",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\bnot (?:yet )?(?:been )?(?:arrived|received|loaded|updated|refreshed|landed)\b|\bmissing (?:partition|file)"
    r"|(?:partition|file) (?:is )?missing|미도착|미수신|파티션 ?누락|도착하지 ?않|수신되지 ?않",
    re.IGNORECASE,
)  # late, or worse
_BODY = 2_000  # characters after the title in which a name is looked for
_STATE_LABELS = words(
    """
    state, status, result, outcome, new state, alert state, alert status, health, 상태, 결과, 처리결과, 처리 결과,
    구분
    """
)


def read(message: Message) -> Alert:
    """Return what the message most likely says; noise where nothing speaks for an alert."""
    found = labels.labels(message)
    head = title_of(message)
    kind, why = _kind(message, found, head)
    level = stated(message, found)
    source = source_name(message)
    resource = _resource(message, found, head)
    return Alert(
        kind=kind,
        source=source,
        severity=severity_for(kind, level, _default_severity(message, head)),
        resource=resource if kind is not Kind.NOISE else {},
        aspect=message.sender if source == HOME_MADE else "",
        topic=topics.topic_of(f"{head}\n{message.text}", "job-failed") if kind is Kind.ALERT else None,
        title=head,
        error=error_in(message.text) or _rest(message.text, head),
        owner=labels.first(found, "owner", "담당자", "담당", "owners", "assignee"),
        links=leads_to(message, source="://"),
        explanation=(why,),
    )


def source_name(message: Message) -> str:
    """Return the tool by its sender's name or its links; `script` for home-made webhooks."""
    sender = message.sender.lower()
    for part, name in _KNOWN.items():
        if "." in part:
            if any(part in link for link in message.links):
                return name
        elif part in sender and re.search(rf"(?<![a-z]){re.escape(part)}(?![a-z])", sender):
            return name
    return HOME_MADE


def _kind(message: Message, found: dict[str, str], head: str) -> tuple[Kind, str]:
    failed = _FAILED.search(head) is not None
    sender = message.sender.lower()
    if _CARDS.search(sender) or (_CODE_HOSTS.search(sender) and not failed):
        return Kind.NOISE, f"{message.sender} posts cards, not alerts"
    if digest := _digest(head.lower()):
        return Kind.NOISE, f"a digest or a notice: {digest!r}"
    for place, said in _places(message, found, head):
        status = status_of(said)
        if status is Status.UNKNOWN:
            continue
        if status is Status.FIRING and place != "title" and _STARTED.search(head) and not failed:
            return Kind.NOISE, "says that something starts"
        return kind_of(status), f"the {place} says {status}"
    return _by_look(message, found)


def _digest(low: str) -> str:
    """Return the word by which the title is a digest or a notice, or nothing."""
    match = _DIGEST.search(low)
    if match is None or (match.start() and re.match(r"[\w.\-]", low[match.start() - 1]) and match[0].isascii()):
        return ""
    return "" if _DIGEST_BROKE.match(low, match.end()) else match[0]


def _places(message: Message, found: dict[str, str], head: str) -> list[tuple[str, str]]:
    return [
        ("state label", labels.first(found, *_STATE_LABELS)[:80]),
        ("title", head[:300]),
        ("text", message.text[:500]),
    ]


def _by_look(message: Message, found: dict[str, str]) -> tuple[Kind, str]:
    if message.parts.color and (status := color_status(message.parts.color)) is not Status.UNKNOWN:
        return kind_of(status), f"the colour says {status}"
    if (severity := stated(message, found)) and severity is not Severity.INFO:
        return Kind.ALERT, f"the message states {severity}"
    return Kind.NOISE, "nothing says that something is wrong"


def _default_severity(message: Message, head: str) -> Severity:
    if _FAILED.search(head):
        return Severity.ERROR
    if _LATE.search(head) or hue(message) == "yellow":
        return Severity.WARNING
    if hue(message) == "red":
        return Severity.ERROR
    is_late = _MISSING.search(head) or _LATE.search(message.text[:1000])
    return Severity.WARNING if is_late else Severity.ERROR


def _resource(message: Message, found: dict[str, str], head: str) -> dict[str, str]:
    """Labels name it best, then prose; without any name the title, masked, is the identity of last resort."""
    transfer = prose.transfer_in(message.text)
    said = "" if transfer and transfer in head else head
    named = names.from_labels(found) or prose.named_in(said)
    if named or transfer:
        return named or {"job": transfer}
    body = message.text.partition(head)[2] if head else message.text
    return prose.named_in(body[:_BODY]) or {"title": masked(head)[:200]}


def _rest(text: str, head: str) -> str:
    """Return what follows the title."""
    return short(text.partition(head)[2].strip()) if head else short(text)
