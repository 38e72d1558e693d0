"""What words and emoji say about the status of a thing."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.triage.status_words import (
    ENDED_KOREAN,
    FIRING_KOREAN,
    HINTS_KOREAN,
    OVER_KOREAN,
    PHRASES,
    WORDS,
    Says,
)

_READ = 600  # characters that are searched: a status stands at the top


class Status(StrEnum):
    FIRING = "firing"
    OVER = "over"
    ACKNOWLEDGED = "acknowledged"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says: in plain words, by emoji, that something ended, and by hints (a category, words in names)."""

    plain: Status = Status.UNKNOWN
    emoji: Status = Status.UNKNOWN
    ended: Status = Status.UNKNOWN
    told: Status = Status.UNKNOWN
    hint: Status = Status.UNKNOWN

    @property
    def status(self) -> Status:
        """What the text says with all that it has; words outweigh emoji."""
        return next(
            (said for said in (self.plain, self.emoji, self.ended, self.told, self.hint) if said is not Status.UNKNOWN),
            self.hint,
        )


# An emoji, a word or a joined name (its words say less), any other sign.
_TOKEN = re.compile(r":[a-z0-9_+\-]{1,40}:|[a-z0-9]+(?:[_.\-][a-z0-9]+)*|[^\x00-\x7f가-힣\s]")
_KOREAN = re.compile("[가-힣]")
_OF_KOREAN = {
    **dict.fromkeys(HINTS_KOREAN, Says.HINT),
    **dict.fromkeys(ENDED_KOREAN, Says.ENDED),
    **dict.fromkeys(FIRING_KOREAN, Says.FIRING),
    **dict.fromkeys(OVER_KOREAN, Says.OVER),
}
KOREAN_STATUS = re.compile("|".join(sorted(map(re.escape, _OF_KOREAN), key=len, reverse=True)))
_JOINED_KOREAN = re.compile(r"(?<!\w)[\w가-힣]{0,60}_[\w가-힣]{0,60}|`[^`\n]{1,80}`")
# These hold a word of the other side and mean their own.
_NOT_OVER = re.compile(
    r"(?:not|never|isn't|wasn't) (?:yet |been |fully )?(?:ok|complete[d]?|successful(?:ly)?|healthy|resolved|synced"
    r"|deployed|normal|passed|up|fixed|recovered|cleared|closed|reachable|restored|done|finished)\b"
    r"|\b(?:recovery|restore|failover|self-heal(?:ing)?)(?: job| attempt)? (?:has |was |is )?(?:failed|fails"
    r"|failing|failure|error)"
    r"|\bsuccess (?:rate|ratio|count)|\b(?:un|in)successful"
    r"|비정상|미완료|미해결|미복구|정상(?:적으로)? ?(?:종료|처리|완료|동작|기동)?(?:되지|하지)|완료되지"
    r"|복구되지|해결되지|해소되지|성공하지|(?:완료|복구|해결|해소) ?(?:안 |못|실패|불가|지연)|성공률"
    r"|정상 ?범위(?:를|에서)? ?(?:벗어|이탈|초과)"
)
_NOT_FIRING = re.compile(
    r"(?:(?<=\d of )|(?<!task )(?<!shard )(?<!partition )(?<!step )(?<!worker )(?<!attempt )(?<!node )(?<!replica )"
    r"\b)(?:no|0|zero|without(?: any)?) (?:more |new |open )?(?:errors?|failures?|failed|alerts?"
    r"|anomal(?:y|ies)|issues?|problems?|incidents?|mismatch(?:es)?|duplicates?"
    r"|warnings?)\b|\b(?:errors?|failures?|failed|warnings?|mismatch(?:es)?|duplicates?)\s{0,2}[:=]\s{0,2}0\b(?!\.)"
    r"|(?:no longer|not) (?:failing|firing|late|lagging|behind|down|stale|stuck|exceed(?:ed|ing))"
    r"|(?:오류|에러|이상|실패|문제|장애|이슈)(?:가|이|는|은)? ?[:=]? ?(?:없|0)"
    r"|\bexit(?:ed with)? (?:code|status):? 0\b|(?:장애|지연|오류|에러|경고|중단|알람|경보|이벤트|위험"
    r"|실패|이상)(?:가|이)? ?(?:상태 ?)?(?:해소|복구|해결|종료|해제|회복)"
)
_COUNTED = re.compile(
    r"\b[1-9][\d,]*\s?(?:of [\d,]+ )?(?:\w+ )?(?:failed|failures?|errors?|mismatch(?:es)?)\b"
    r"|\b(?:failed|failures?|errors?|fail)\s?[:=]\s?[1-9]|(?:실패|오류|에러|불일치"
    r"|누락)\s?[:=]?\s?[1-9][\d,]*\s?[건개]"
    r"|\b(?:failed|failures?|errors?|fail)\s[1-9][\d,]*(?:\s?[건개]|\b(?![.:/%]))"
)
_CLEARLY_OVER = re.compile(
    r"resolved|recover|cleared|back to normal|closed|복구|해소|해결|해제|정상화|after [\d,]+ fail"
)
_STATE = (
    r"(?:running|failed|failing|ok|alarm|alert|alerting|warning|warn|critical|error|healthy|unhealthy|degraded|up"
    r"|down"
    r"|green|yellow|red|normal|open|closed|firing|resolved|pending|success|passed|restarting|paused|stopped|unknown"
    r"|online|offline|ready|notready|unassigned|insufficient_data|progressing|synced|outofsync|missing|late|fresh"
    r"|stale"
    r"|정상|장애|경고|실패|지연|위험|주의|심각)"
)
# `RUNNING -> FAILED`, "from RESTARTING to RUNNING": where it went counts.
_CHANGE = re.compile(rf"(?<![a-z]){_STATE}[`*'\"\s]{{0,4}}(?:->|→|=>|➜|➡|⇒|\bto\b)[`*'\"\s]{{0,4}}({_STATE})(?![a-z])")
# `lag=120 threshold=500 -> OK`: the verdict at the end.
_VERDICT = re.compile(rf"(?:->|→|=>|➜|➡|⇒)\s{{0,2}}[\[`(]?({_STATE})[\])`.!]{{0,2}}\s*$")
_RUNS = frozenset({"running", "up", "closed", "online", "ready", "fresh"})
_NEGATIONS = (
    "no ",
    "not ",
    "n't ",
    "0 ",
    "zero ",
    "without",
    "never ",
    "=0",
    "= 0",
    ": 0",
    ":0",
    "code",
    "success ",
    "recover",
)
_NEGATIONS_MORE = ("restore ", "failover ", "status 0")
_ACKNOWLEDGED = re.compile(
    r"(?<![a-z])(?<!not )(?<!un)(?:acknowledged|acked|snoozed|assigned to|reassigned)(?![a-z])"
    r"|확인 ?중|조치 ?중|대응 ?중"
)
_ACK_HINTS = ("ack", "snoozed", "assigned", " 중", "인중", "치중", "응중")
_ENDS_OVER = re.compile(
    r"(?:해소|복구|해결|정상화|회복|해제)(?:되|됐|됨|했|합|완료|\s|\W|$)|(?:정상|조치 ?완료)\W{0,4}$|\b(?:recovered"
    r"|resolved|is over|cleared|back to normal|ok|is up|is back(?: up| online)?)\W{0,4}$"
)
# "Error rate is back under 1%": what is measured says nothing yet.
_MEASURE = re.compile(r"\b(?:error|failure|fail|timeout|exception)s?(?=[ \-](?:rate|ratio|count|budget)\b)")
_MEASURE_HINTS = (" rate", " ratio", " count", " budget", "-rate")
_CODE = re.compile(r"\b(?:rc|ret|retcode|returncode|return code|exit ?code|exit_code|exit)\s?[=:]\s?(\d{1,5})\b")
_TOLD = re.compile(
    r"\bno (?!longer|more|change|action)(?:\w+ ){1,2}(?:for|since|in the (?:last|past)) |schema of \S+ (?:has "
    r"|was )?changed"
    r"|columns? (?:were )?(?:added|removed|dropped)|\d% (?:null|nulls|of (?:the )?(?:budget|quota|limit|capacity))"
    r"|\b(?:9\d|8[5-9]|100)(?:\.\d+)?% (?:full|used|usage|도달)|\b(?:limit|threshold|한도|임계치?"
    r"|기준) ?[:=]? ?[<>≤≥]{0,2} ?\d"
    r"|\b(?:usually|normally|expected) (?:<|>|≤|≥|at least|at most|about|\d)|건수\s?[:=]?\s?0\b"
)
_OF_ALL = re.compile(
    r"\b(\d{1,6})(?: of |/)(\d{1,6}) (?:expected )?(?:files?|partitions?|tables?|rows|records|models?|shards?)\b"
)
_TOLD_HINTS = (
    "limit",
    "threshold",
    "한도",
    "임계",
    "기준",
    "no ",
    "schema of",
    "column",
    "% ",
    "usually",
    "normally",
    "expected",
    "건수",
)
_NAMED_FIRING = ("failed", "failure", "error", "timedout", "timeout", "exception", "killed", "crashed", "down", "stuck")
_NAMED_OVER = ("succeeded", "success", "recovered", "resolved", "completed")


def status_of(text: str) -> Status:
    """Read the status that a title states. Where it speaks of both sides the first word decides."""
    if is_acknowledged(text):
        return Status.ACKNOWLEDGED
    return reading_of(text).status


def reading_of(text: str) -> Reading:
    """Return what the head of the text says about a status, by how plainly it says it."""
    return _reading_of(text[:_READ].lower())


def is_acknowledged(text: str) -> bool:
    """Tell whether somebody has taken it on: neither new nor over."""
    low = text[:_READ].lower()
    return any(hint in low for hint in _ACK_HINTS) and _ACKNOWLEDGED.search(low) is not None


@lru_cache(maxsize=2048)  # titles come again and again
def _reading_of(low: str) -> Reading:
    low = low.replace("*", " ").replace("’", "'")
    if (change := _VERDICT.search(low.split("\n", 1)[0]) or _CHANGE.search(low)) is not None:
        low = f"{_emoji_of(low)} ok " if change[1] in _RUNS else f"{_emoji_of(low)} {change[1]}"
    is_korean = _KOREAN.search(low) is not None
    counted = _COUNTED.search(low)
    if is_korean or any(word in low for word in _NEGATIONS) or any(word in low for word in _NEGATIONS_MORE):
        low = _NOT_FIRING.sub(" ok ", _NOT_OVER.sub(" fail ", low))
    if any(map(low.__contains__, _MEASURE_HINTS)):
        low = _MEASURE.sub("alert", low)
    first = _firsts(low, is_korean=is_korean)
    return Reading(
        plain=_plainly(low, first, is_counted=counted is not None),
        emoji=_earlier(first.get(Says.OVER_EMOJI), first.get(Says.FIRING_EMOJI)),
        ended=Status.OVER if Says.ENDED in first else Status.UNKNOWN,
        told=_told(low),
        hint=Status.FIRING if Says.HINT in first else _named_status(low),
    )


def _emoji_of(low: str) -> str:
    return next((token for token in _TOKEN.findall(low[:80]) if WORDS.get(token, Says.HINT) >= Says.OVER_EMOJI), "")


def _plainly(low: str, first: dict[Says, int], *, is_counted: bool) -> Status:
    over, firing = first.get(Says.OVER), first.get(Says.FIRING)
    if firing is None and over is None:
        return _code(low)
    if firing is None:
        return Status.OVER
    if over is None:
        return Status.FIRING
    if _ends_over(low):
        return Status.OVER
    return Status.FIRING if firing < over or (is_counted and not _CLEARLY_OVER.search(low)) else Status.OVER


def _code(low: str) -> Status:
    """Return what the code says with which a program ended."""
    code = _CODE.search(low)
    return Status.UNKNOWN if code is None else Status.FIRING if int(code[1]) else Status.OVER


def _told(low: str) -> Status:
    """Return what is told as a fact, without a word for it: too little, too much, something else than expected."""
    if (" of " in low or "/" in low) and (part := _OF_ALL.search(low)):
        return Status.FIRING if int(part[1]) < int(part[2]) else Status.OVER
    return Status.FIRING if any(hint in low for hint in _TOLD_HINTS) and _TOLD.search(low) else Status.UNKNOWN


def _firsts(low: str, *, is_korean: bool) -> dict[Says, int]:
    """Return where the first word of each strength stands."""
    first: dict[Says, int] = {}
    for match in _TOKEN.finditer(low):
        token, at = match[0], match.start()
        says = WORDS.get(token)
        if says is None and "_" in token:
            says = WORDS.get(token.replace("_", ""))  # `TIMED_OUT`
        if says is not None:
            first.setdefault(says, at)
        for phrase, said in PHRASES.get(token, ()):
            if low.startswith(phrase, at):
                _put(first, said, at)
    if is_korean:
        shown = _JOINED_KOREAN.sub(_blank, low) if "_" in low or "`" in low else low
        for match in KOREAN_STATUS.finditer(shown):
            _put(first, _OF_KOREAN[match[0]], match.start())
    return first


def _put(first: dict[Says, int], says: Says, at: int) -> None:
    if at < first.get(says, at + 1):
        first[says] = at


def _blank(match: re.Match[str]) -> str:
    """Words within a name say nothing: `오류_로그`."""
    return " " * len(match[0])


def _earlier(over: int | None, firing: int | None) -> Status:
    if over is None:
        return Status.UNKNOWN if firing is None else Status.FIRING
    return Status.OVER if firing is None or over < firing else Status.FIRING


def _named_status(low: str) -> Status:
    """Return what the end of a name says: `mmdb_load_failed`, `WorkflowTimedOut`."""
    for token in _TOKEN.findall(low):
        if token.endswith(_NAMED_FIRING):
            return Status.FIRING
        if token.endswith(_NAMED_OVER):
            return Status.OVER
    return Status.UNKNOWN


def _ends_over(low: str) -> bool:
    """Korean, and sentences such as "the failure of x has recovered", put the verdict last."""
    return _ENDS_OVER.search(low.strip().split("\n", 1)[0]) is not None
