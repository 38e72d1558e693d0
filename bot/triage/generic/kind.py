"""Whether a tool's message says that something is wrong, over, or nothing of the kind (rule R1)."""

import re
from collections.abc import Iterator, Mapping

from bot.triage.model import Kind, Message, Severity
from bot.triage.prefilter import Finder
from bot.triage.severity import color_status, stated
from bot.triage.signals import Reading, Status, is_acknowledged, reading_of
from bot.triage.source import kind_of

_CARDS = Finder(
    r"\b(?:jira|google calendar|calendar|google drive|polly|donut|giphy|zoom|notion|asana|linear|confluence|trello|"
    r"simple poll|standup|geekbot|figma|miro|loom|clickup|doodle|workday|bamboohr)\b|캘린더|근태|휴가|투표"
)
_CODE_HOSTS = Finder(r"\b(?:github|gitlab|bitbucket|gitea|gerrit|azure repos)\b")
_OF_RUN = Finder(
    r"\b(?:pipelines?|workflows?|builds?|jobs?|deploy\w*|checks?|actions?|runs?)\b|파이프라인|빌드|배포", re.IGNORECASE
)
_OF_CODE = Finder(
    r"\b(?:pull request|merge request|[PM]R #?\d+|issue|commit(?:s|ted)?|commented|review(?:ed|er)?|pushed|branch"
    r"|release"
    r"|tag|opened by|merged by|closed by)\b",
    re.IGNORECASE,
)
# What sums up many things at once, or tells of what is planned.
_DIGEST = Finder(
    r"(?:recap|digest|hand-?over|hand-?off|reminder|newsletter|(?:usage|status|cost|daily|weekly|monthly"
    r"|quality) report"
    r"|(?:daily|weekly|monthly|nightly) (?:summary|overview|stats)|(?:data quality|status|test|run"
    r"|dq)? ?summary(?= for| of"
    r"|$|:| \d| -| –)|scheduled maintenance|maintenance (?:window|notice|completed?|scheduled)|planned maintenance"
    r"|release notes|changelog|now on call|on-call (?:shift|rotation|rota)|is now on-?call|has joined"
    r"|welcome to)(?![\w.\-])"
    r"|요약|리포트|일일 ?(?:보고|현황|점검 결과)|점검 ?(?:안내|예정|공지|계획)|정기 ?점검|공지|안내드립니다"
    r"|안내 ?말씀"
    r"|당직|교대|배포 ?(?:안내|예정|시작|공지)|현황 ?(?:공유|보고|\(|$)|(?:집계|데이터|적재) ?현황"
)
_SENDS_DIGESTS = Finder(r"\b(?:report|digest|summary|newsletter|recap)\b|리포트|요약|보고|공지")
# A period alone sums up only where nothing is said to have failed.
_PERIOD = Finder(
    r"(?:weekly|monthly|(?:last|past) (?:24 ?h(?:ours)?|week|day|month|7 days))(?![\w.\-])"
    r"|(?:이번|지난|금|저번) ?주(?: |의)|주간|월간|지난 ?(?:24시간|하루|주|달)|점검 결과"
)
# "Daily report failed": what makes the digest broke.
_DIGEST_BROKE = re.compile(
    r"[\s:\-]{0,3}(?:[^\W\d]\w{0,20}\s){0,2}(?:has |is |was )?(?:failed|failing|실패|오류|에러"
    r"|지연)(?!\s?\d)"
)
_FAILS_FIRST = re.compile(
    r"\W{0,8}(?::\w+:\s?)?(?:\w+\s){0,2}(?:error|fail(?:ed|ure|s)?|unable|cannot)\b(?! recap| summary| report"
    r"| digest)"
)
_COUNTS_BOTH = Finder(
    r"(?:성공|정상|passed|succeeded|success|ok)\D{0,4}\d.{0,20}(?:실패|오류|failed|fail)|(?:실패|오류|failed"
    r"|fail)\D{0,4}\d.{0,20}(?:성공|정상|passed|succeeded|success)|\d+ (?:checks? )?failed.{0,20}\d+ passed"
)
_STARTED = Finder(
    r"(?<![\w.\-])(?<!incident )(?<!outage )(?<!downtime )(?:started|starting|queued|scheduled for|in progress"
    r"|running now"
    r"|kicked off|begins?|test message|test notification|hello world|heartbeat|still alive)(?![\w.\-])"
    r"|시작(?:했|합|되|됐|$|\s|:)|진행 ?중|테스트 ?(?:메시지|알림|입니다|발송)",
    re.IGNORECASE,
)
_STATE_KEYS = ("state", "status", "result", "outcome", "conclusion", "health", "verdict", "상태", "결과", "구분")
_NO_STATE_KEY = re.compile(r"http|code|prev|last|old|exit|이전|직전|[a-z](?:state|status|result)$")
_LEAD = 240  # characters of the text that stand as plainly as a title


def kind_in(message: Message, found: Mapping[str, str], head: str) -> tuple[Kind, str]:
    """Return what the message says, and why."""
    sender = message.sender.lower()
    if _CARDS.search(sender) or (_CODE_HOSTS.search(sender) and _is_about_code(message.text[:600])):
        return Kind.NOISE, f"{message.sender} posts cards, not alerts"
    if digest := _digest(head.lower()) or _sent_digest(sender, head):
        return Kind.NOISE, f"a digest or a notice: {digest!r}"
    for place, status in _said(message, found, head):
        if status is not Status.UNKNOWN:
            return kind_of(status), f"the {place} says {status}"
    if (severity := stated(message, found)) and severity is not Severity.INFO:
        return Kind.ALERT, f"the message states {severity}"
    return Kind.NOISE, "nothing says that something is wrong"


def _is_about_code(text: str) -> bool:
    return _OF_CODE.search(text) is not None and not _OF_RUN.search(text)


def _digest(low: str) -> str:
    """Return the word by which the title is a digest or a notice, or nothing."""
    match = _DIGEST.search(low)
    if match is None and (match := _PERIOD.search(low)) and not _COUNTS_BOTH.search(low):
        match = None if reading_of(low).plain is Status.FIRING else match
    if match is None or (match.start() and re.match(r"[\w.\-]", low[match.start() - 1]) and match[0].isascii()):
        return ""
    return "" if _DIGEST_BROKE.match(low, match.end()) or _FAILS_FIRST.match(low) else match[0]


def _sent_digest(sender: str, head: str) -> str:
    match = _SENDS_DIGESTS.search(sender)
    return match[0] if match and reading_of(head).plain is not Status.FIRING else ""


def _said(message: Message, found: Mapping[str, str], head: str) -> Iterator[tuple[str, Status]]:
    """Yield what each place says, the plainest first: words outweigh emoji and colour, and those outweigh hints."""
    if is_acknowledged(head[:40]):
        yield "title", Status.ACKNOWLEDGED
    state = reading_of(_state(found)).status
    yield "state label", state
    title = reading_of(head)
    if title.plain is Status.UNKNOWN and is_acknowledged(head):
        yield "title", Status.ACKNOWLEDGED
    yield "title", title.plain
    if _STARTED.search(head):
        yield "title, that something starts,", Status.ACKNOWLEDGED
    lead = reading_of(_below(message.text, head)[:_LEAD])
    yield "lead", lead.plain
    yield "emoji", _emoji(title, lead)
    yield "colour", color_status(message.parts.color)
    yield "title", title.ended
    yield "title", title.told
    text = reading_of(message.text)
    yield "text", text.plain
    yield "title's category", title.hint
    yield "text's category", text.hint


def _state(found: Mapping[str, str]) -> str:
    for key, value in found.items():
        if key.endswith(_STATE_KEYS) and value and len(key) <= 30 and not _NO_STATE_KEY.search(key):
            return value[:80]
    return ""


def _below(text: str, head: str) -> str:
    """Return the text after its title."""
    return text.partition(head)[2] if head else text


def _emoji(title: Reading, lead: Reading) -> Status:
    return title.emoji if title.emoji is not Status.UNKNOWN else lead.emoji
