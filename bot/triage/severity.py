"""How serious a message says it is (rule R2): a label, a tag such as `[WARN]`, a first word; then emoji and colour."""

import re
from collections.abc import Mapping

from bot.triage.lexicon import words
from bot.triage.model import Message, Severity
from bot.triage.signals import Status


def _named(words: str, severity: Severity) -> dict[str, Severity]:
    return dict.fromkeys(words.split(", "), severity)


_WORDS: Mapping[str, Severity] = {
    **_named("critical, crit, page, fatal, emerg, emergency, disaster, blocker, p0, p1, sev0, sev1", Severity.CRITICAL),
    **_named("치명, 치명적, 심각, 긴급, 매우높음", Severity.CRITICAL),
    **_named("error, err, high, major, p2, sev2, 오류, 에러, 높음", Severity.ERROR),
    **_named(
        "warning, warn, medium, moderate, minor, average, low, p3, sev3, 경고, 주의, 보통, 낮음", Severity.WARNING
    ),
    **_named("info, information, informational, notice, debug, none, p4, p5, sev4, sev5, 정보, 참고", Severity.INFO),
}
_LABELS = words(
    """
    severity, level, priority, urgency, sev, alert level, log level, alert severity, 심각도, 등급, 우선순위, 레벨,
    긴급도, 중요도, 위험도, 경보 등급
    """
)
_LABELLED = frozenset(_LABELS)
_STATES = ("state", "status", "entity state", "상태")  # of monitoring tools: `State: CRITICAL`
_TOKEN = re.compile(r"[a-z]+[- ]?[0-5](?![0-9])|[a-z]+|[가-힣]+")
# `[CRITICAL]`, `(P1)`, `【심각】`
_TAG = re.compile(r"[\[(【<{]([A-Za-z가-힣]{2,11}[- ]?[0-5]?)[\])】>}:|]")
# `*WARN* - …`, `:fire: Critical: …`
_FIRST_WORD = re.compile(r"\W{0,6}(?::[a-z_]{1,30}:\s?)?[*_]{0,2}([A-Za-z]{2,11}-?[0-5]?)[*_]{0,2}\s?[:|\-–—!]")
# `vault-2 is *CRITICAL*`, `lag=9 -> WARNING`: in capitals it is a level wherever it stands.
_CAPITALS = re.compile(r"(?<![\w\-.])(CRITICAL|CRIT|FATAL|EMERGENCY|ERROR|WARNING|WARN|INFO|NOTICE)(?![\w\-.]*\w)")
_CAPITAL_HINTS = ("CRIT", "FATAL", "EMER", "ERR", "WARN", "INFO", "NOTI")
_LAST_WORD = re.compile(r"\s[\-–—:|·]\s?[*`]{0,2}([A-Za-z]{2,11})[*`]{0,2}\W{0,3}$")  # `Monitor "x" - Critical`
_SAID = re.compile(
    r"(?:severity|level|priority|urgency|심각도|등급"
    r"|우선순위)[\s:=*`]{1,6}([a-z가-힣]{2,12}[- ]?[0-5]?|p[0-5])|sev-?[0-5](?![0-9])"
    r"|p[0-5](?=[\s\]):,])"
)
_SAID_HINTS = words("sev, level, priority, urgency, 심각도, 등급, 우선순위, p0, p1, p2, p3, p4, p5")  # it needs one

_RED = frozenset(
    words(
        """
        a30200, d63232, ff0000, danger, d8000c, d93025, ef311f, b9000b, e01e5a, dc3545, d00000, cc0000, e96d76
        """
    )
)
_YELLOW = frozenset(
    ("daa038", "ffcc00", "warning", "f4c030", "e5ab00", "ffa500", "ecb22e", "ffc107", "ff9900", "ffff00")
)
_GREEN = frozenset(
    ("2eb886", "36a64f", "good", "00b000", "1e8e3e", "18be52", "1f883d", "2eb67d", "28a745", "008000", "00ff00")
)
_YELLOW_EMOJI = ("🟡", "🟠", "⚠", ":large_yellow_circle:", ":large_orange_circle:", ":warning:", ":yellow_circle:")
_RED_EMOJI = ("🔴", "🚨", "❌", "⛔", "🔥", "🛑", ":red_circle:", ":rotating_light:", ":x:", ":no_entry:", ":fire:")


def level(word: str) -> Severity | None:
    """Return the severity that the first known word states: `P1`, `High`, `major`, `경고`, `Severity 2`."""
    for token in _TOKEN.findall(word[:60].lower()):
        plain = token.replace("-", "").replace(" ", "").replace("severity", "sev")
        if (found := _WORDS.get(plain) or _WORDS.get(token.rstrip("-012345 "))) is not None:
            return found
    return None


def stated(message: Message, found: Mapping[str, str]) -> Severity | None:
    """Return the level that the message states in a label, a tag or a first word; else None."""
    for label in _LABELS if not _LABELLED.isdisjoint(found) else ():
        if label in found and (severity := level(found[label][:40])):
            return severity
    for label in _STATES:
        if label in found and (severity := _exact(found[label][:20].strip("*`[]"))):
            return severity
    head = "\n".join((*message.parts.titles, message.text[:400]))
    for match in _TAG.finditer(head):
        if severity := _exact(match[1]):
            return severity
    for line in head.split("\n", 4)[:4]:
        if (first := _FIRST_WORD.match(line)) and (severity := _exact(first[1])):
            return severity
    line = (message.parts.titles or (message.text[:300].partition("\n")[0],))[0]
    if (last := _LAST_WORD.search(line)) and (severity := _exact(last[1])):
        return severity
    if not any(map(line.__contains__, _CAPITAL_HINTS)):
        return _in_prose(message.text[:3000].lower())
    capital = _CAPITALS.search("\n".join((*message.parts.titles[:1], message.text[:300].partition("\n")[0])))
    return _in_prose(message.text[:3000].lower()) or (_exact(capital[1]) if capital else None)


def is_level(word: str) -> bool:
    """Tell whether the word is a level and nothing else: `CRITICAL`, `P1`, `심각`."""
    return _exact(word.strip()) is not None


def color_status(color: str) -> Status:
    if color in _GREEN:
        return Status.OVER
    return Status.FIRING if color in _RED or color in _YELLOW else Status.UNKNOWN


def hue(message: Message) -> str:
    """Return `red`, `yellow`, `green` or nothing: from the emoji in the head, else the attachment's colour."""
    head = message.text[:300]
    if any(emoji in head for emoji in _YELLOW_EMOJI):
        return "yellow"
    if any(emoji in head for emoji in _RED_EMOJI):
        return "red"
    color = message.parts.color
    return "red" if color in _RED else "yellow" if color in _YELLOW else "green" if color in _GREEN else ""


def _exact(word: str) -> Severity | None:
    return _WORDS.get(word.lower().replace("-", "").replace(" ", ""))


def _in_prose(low: str) -> Severity | None:
    """`severity: high` or `SEV-2` anywhere; a name such as `step1` is none."""
    if not any(map(low.__contains__, _SAID_HINTS)):
        return None
    for match in _SAID.finditer(low):
        if match.start() and low[match.start() - 1].isalnum():
            continue
        if severity := level(match[1] or match[0]):
            return severity
    return None
