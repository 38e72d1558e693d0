"""What words, emoji and colours say about status and severity (rules R1 and R2 of the corpus)."""

import re
from enum import StrEnum

from bot.triage.model import Message, Severity


class Status(StrEnum):
    FIRING = "firing"
    OVER = "over"
    ACKNOWLEDGED = "acknowledged"
    UNKNOWN = "unknown"


_W = r"(?<![A-Za-z0-9_])"
_E = r"(?![A-Za-z0-9_])"
_OVER = re.compile(
    rf"{_W}(?:resolved|recovered|recovery|succeeded|successful(?:ly)?|success|completed?|passed"
    rf"|healthy|back to normal|"
    rf"back (?:up|online|under)|returned to normal|is (?:now )?(?:up|ok|fixed)|no longer|all clear|cleared|closed|"
    rf"ok|fixed|restored|synced|deployed|mitigated|normal|green){_E}"
    r"|:(?:white_check_mark|heavy_check_mark|large_green_circle|green_heart|tada|ok|green_circle|check|check_mark|"
    r"large_green_square|white_tick|ballot_box_with_check):"
    r"|[✅✔🟢💚🎉🆗☑]|성공|정상|해소|해결|복구|완료|회복|해제",
    re.IGNORECASE,
)
_FIRING = re.compile(
    rf"{_W}(?:fail(?:ed|ure|ures|ing|s)?|error(?:s|ed)?|exception|fatal|firing|triggered|alarm"
    rf"|alert(?:ing)?|critical|crit|down|"
    rf"crash(?:ed|ing|loopbackoff)?|oomkilled|timed? ?out|timeout|unhealthy|degraded|breach(?:ed)?|violat(?:ed|ion)|"
    rf"missed|late|delay(?:ed)?|stale|lag(?:ging)?|exceed(?:ed|s)?|anomal(?:y|ies)|warn(?:ing)?|unavailable|"
    rf"unreachable|rejected|denied|refused|aborted|killed|stuck|missing|mismatch|incident|outage|problem|"
    rf"not (?:running|ready|responding|found|met|loaded|fresh|updated)|panic|dead|disabled"
    rf"|terminated|stopped|overdue|"
    rf"no data|behind|dropped|sev-?[1-5]|p[1-5]){_E}"
    r"|:(?:red_circle|x|no_entry|no_entry_sign|rotating_light|fire|boom|warning|bangbang"
    r"|exclamation|heavy_exclamation_mark|"
    r"large_yellow_circle|large_orange_circle|skull|skull_and_crossbones|octagonal_sign|sos|siren|alert|broken_heart|"
    r"negative_squared_cross_mark|heavy_multiplication_x|large_red_square|interrobang):"
    r"|[🔴❌⛔🚫🚨🔥💥⚠‼❗🟡🟠💀☠🛑🆘❎✖🟥]|실패|오류|장애|지연|에러|경고|초과|누락|중단"
    r"|이상 ?(?:감지|탐지|발생)|미적재|미수신|불일치|위험|임계|"
    r"비정상|다운|끊[김겼]|멈[춤췄]|못했|안 ?됐|되지 않|불가|지체|미도착|미완료|종료코드",
    re.IGNORECASE,
)
# These hold a word of the other side: they are read before it and taken out.
_NOT_OVER = re.compile(
    r"(?:not|never|un|in)[ -]?(?:ok|completed?|successful(?:ly)?|success|healthy|resolved"
    r"|synced|deployed|normal|passed)"
    r"|비정상|미완료|정상(?:적으로)? ?(?:종료|처리|완료)?되지|완료되지|복구되지|해결되지|성공하지",
    re.IGNORECASE,
)
_NOT_FIRING = re.compile(
    r"\b(?:no|0|zero|without(?: any)?) (?:more )?(?:errors?|failures?|failed|alerts?"
    r"|anomal(?:y|ies)|issues?|problems?|incidents?|warnings?)\b"
    r"|\b(?:errors?|failures?|failed|warnings?)\s{0,2}[:=]\s{0,2}0\b|오류 ?(?:없|0)|에러 ?없|이상 ?없"
    r"|실패 ?(?:없|0)|장애 ?(?:해소|복구|해결|종료)|지연 ?해소|오류 ?해[소결]"
    r"|(?:no longer|not) (?:failing|firing|late|lagging|behind|down|stale|exceed(?:ed|ing))",
    re.IGNORECASE,
)
_ACK = re.compile(rf"{_W}(?:acknowledged|acked|snoozed|assigned to|reassigned){_E}|확인 ?중|조치 ?중", re.IGNORECASE)

_LEVELS: tuple[tuple[Severity, re.Pattern[str]], ...] = (
    (
        Severity.CRITICAL,
        re.compile(
            rf"{_W}(?:critical|crit|page|fatal|emerg(?:ency)?|disaster|blocker|p-?[01]|sev-?[01]"
            rf"|severity ?[01]){_E}|치명|심각|긴급",
            re.IGNORECASE,
        ),
    ),
    (Severity.ERROR, re.compile(rf"{_W}(?:error|err|high|major|p-?2|sev-?2|severity ?2){_E}|오류|높음", re.IGNORECASE)),
    (
        Severity.WARNING,
        re.compile(
            rf"{_W}(?:warning|warn|medium|moderate|minor|average|low|p-?3|sev-?3|severity ?3){_E}|경고"
            rf"|주의"
            rf"|보통|낮음",
            re.IGNORECASE,
        ),
    ),
    (
        Severity.INFO,
        re.compile(
            rf"{_W}(?:info|information(?:al)?|notice|debug|none|p-?[45]|sev-?[45]|severity ?[45]){_E}"
            rf"|정보|참고|알림",
            re.IGNORECASE,
        ),
    ),
)
_SEVERITY_KEYS = (
    "severity",
    "level",
    "priority",
    "urgency",
    "sev",
    "alert level",
    "log level",
    "심각도",
    "등급",
    "우선순위",
    "레벨",
    "긴급도",
    "중요도",
    "위험도",
)
_SHOUT = re.compile(
    r"[\[(【<{](CRITICAL|CRIT|FATAL|EMERGENCY|PAGE|ERROR|ERR|MAJOR|HIGH|WARNING|WARN|MEDIUM"
    r"|MINOR|LOW|INFO|NOTICE|P-?[0-5]|SEV-?[0-5]|심각|긴급|치명|경고|주의|정보|참고)[\])】>}:]",
    re.IGNORECASE,
)
_SHOUT_WORD = re.compile(
    r"^\W{0,6}(?::[a-z_]+:\s*)?\**(CRITICAL|CRIT|FATAL|EMERGENCY|ERROR|WARNING|WARN|INFO"
    r"|NOTICE|P[0-5]|SEV-?[0-5]|Critical|Warning|Fatal)\b(?=\**\s*[:\-|–—!])"
)
_STATED = re.compile(
    r"(?<![A-Za-z0-9_])(?:(SEV-?[0-5])|(?:severity|level|priority|urgency|심각도|등급"
    r"|우선순위)[\s:=*`]{1,6}([A-Za-z0-9\-가-힣]{2,12})|(P[0-5])(?=[\s\]):,]))",
    re.IGNORECASE,
)

_RED = frozenset(
    {
        "a30200",
        "d63232",
        "ff0000",
        "danger",
        "d8000c",
        "d93025",
        "ef311f",
        "b9000b",
        "e01e5a",
        "dc3545",
        "d00000",
        "cc0000",
        "e96d76",
    }
)
_YELLOW = frozenset(
    {"daa038", "ffcc00", "warning", "f4c030", "e5ab00", "ffa500", "ecb22e", "ffc107", "ff9900", "ffff00"}
)
_GREEN = frozenset(
    {"2eb886", "36a64f", "good", "00b000", "1e8e3e", "18be52", "1f883d", "2eb67d", "28a745", "008000", "00ff00"}
)


def status_of(text: str) -> Status:
    """Read the status that a title states. Where it speaks of both sides the first word decides."""
    text = text[:600]
    if _ACK.search(text):
        return Status.ACKNOWLEDGED
    said_over = _OVER.search(_NOT_OVER.sub(" fail ", text))
    said_firing = _FIRING.search(_NOT_FIRING.sub(" ok ", text))
    if said_over and said_firing:
        return _both(text)
    if said_over:
        return Status.OVER
    return Status.FIRING if said_firing else Status.UNKNOWN


def _both(text: str) -> Status:
    """`[RESOLVED] Pod crashed` is over, `Failed: job ended with status OK?` is not: the first statement counts."""
    text = _NOT_FIRING.sub(" ok ", _NOT_OVER.sub(" fail ", text))
    over, firing = _OVER.search(text), _FIRING.search(text)
    if over is None or firing is None:
        return Status.UNKNOWN
    if _ends_as_over(text):
        return Status.OVER
    return Status.OVER if over.start() < firing.start() else Status.FIRING


def _ends_as_over(text: str) -> bool:
    """Korean and "X failure recovered" put the verdict last."""
    line = text.strip().split("\n", 1)[0]
    return (
        re.search(
            r"(?:해소|복구|해결|정상화|회복|해제)(?:되|됐|됨|했|합|완료|\s|\W|$)|\b(?:recovered"
            r"|resolved|is over|cleared)\W{0,4}$",
            line,
            re.IGNORECASE,
        )
        is not None
    )


def color_status(color: str) -> Status:
    if color in _GREEN:
        return Status.OVER
    return Status.FIRING if color in _RED or color in _YELLOW else Status.UNKNOWN


def level(word: str) -> Severity | None:
    """Return the severity that a word states, for instance `P1`, `High`, `major`, `경고`."""
    return next((severity for severity, pattern in _LEVELS if pattern.search(word)), None)


def stated(message: Message, found: dict[str, str]) -> Severity | None:
    """Return the level that the message states in a label, a tag such as `[WARN]`, or a first word; else None."""
    for key in _SEVERITY_KEYS:
        if key in found and (severity := level(found[key][:40])):
            return severity
    head = "\n".join(message.parts.titles) + "\n" + message.text[:400]
    if (match := _SHOUT.search(head)) and (severity := level(match[1])):
        return severity
    for line in head.split("\n", 4)[:4]:
        if (match := _SHOUT_WORD.search(line)) and (severity := level(match[1])):
            return severity
    match = _STATED.search(message.text[:4000])
    return level(match[1] or match[2] or match[3]) if match else None


def hue(message: Message) -> str:
    """Return `red`, `yellow`, `green` or nothing: from the emoji in the head, else the attachment's colour."""
    head = message.text[:300]
    if re.search(r"🟡|🟠|⚠|:(?:large_yellow_circle|large_orange_circle|warning|yellow_circle|yellow_heart):", head):
        return "yellow"
    if re.search(r"🔴|🚨|❌|⛔|🔥|🛑|:(?:red_circle|rotating_light|x|no_entry|fire|octagonal_sign):", head):
        return "red"
    color = message.parts.color
    return "red" if color in _RED else "yellow" if color in _YELLOW else "green" if color in _GREEN else ""
