"""What words and emoji say about the status of a thing."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from bot.triage.lexicon import words

_READ = 600  # characters that are searched: a status stands at the top


class Status(StrEnum):
    FIRING = "firing"
    OVER = "over"
    ACKNOWLEDGED = "acknowledged"
    UNKNOWN = "unknown"


_TOKEN = re.compile(r":[a-z0-9_+\-]{1,40}:|[a-z0-9]+|[^\x00-\x7f가-힣\s]")
_OVER_WORDS = frozenset(
    words(
        """
        resolved, recovered, recovery, succeeded, successful, successfully, success, completed, complete, passed,
        healthy, cleared, ok, fixed, restored, synced, deployed, mitigated, normal, green, solved,
        :white_check_mark:, :heavy_check_mark:, :large_green_circle:, :green_heart:, :tada:, :ok:, :green_circle:,
        :check:, :check_mark:, :large_green_square:, :white_tick:, :ballot_box_with_check:, ✅, ✔, 🟢, 💚, 🎉, 🆗, ☑
        """
    )
)
_FIRING_WORDS = frozenset(
    words(
        """
        fail, failed, failure, failures, failing, fails, error, errors, errored, exception, fatal, firing,
        triggered, alarm, alert, alerting, critical, crit, down, crash, crashed, crashing, crashloopbackoff,
        oomkilled, timeout, unhealthy, degraded, breach, breached, violated, violation, missed, late, delay,
        delayed, stale, lag, lagging, exceed, exceeds, exceeded, anomaly, anomalies, warn, warning, unavailable,
        unreachable, rejected, denied, refused, aborted, killed, stuck, missing, mismatch, incident, outage,
        problem, panic, dead, disabled, terminated, stopped, overdue, behind, dropped, unsuccessful, incomplete,
        corrupt, corrupted, invalid, abnormal, saturated, unstable, broken, exhausted, blocked, offline,
        nonzero, undelivered, unassigned, stalled, frozen, deadlock, backlog, throttled, throttling, expired, expiring,
        evicted, leak, duplicate, duplicates, duplicated, unresponsive, inconsistent, surge, skewed, orphaned,
        unreadable, unknownhost, slow, dlq, red, yellow, p1, p2, p3, p4, p5,
        sev1, sev2, sev3, sev4, emergency, major, alarming, hung, :red_circle:, :x:, :no_entry:, :no_entry_sign:,
        :rotating_light:, :fire:, :boom:, :warning:, :bangbang:, :exclamation:, :heavy_exclamation_mark:,
        :large_yellow_circle:, :large_orange_circle:, :skull:, :skull_and_crossbones:, :octagonal_sign:, :sos:,
        :siren:, :alert:, :broken_heart:, :negative_squared_cross_mark:, :heavy_multiplication_x:,
        :large_red_square:, :interrobang:, 🔴, ❌, ⛔, 🚫, 🚨, 🔥, 💥, ⚠, ‼, ❗, 🟡, 🟠, 💀, ☠, 🛑, 🆘, ❎, ✖, 🟥
        """
    )
)
_OVER_PHRASES = words(
    """
    back to normal, back up, back online, back under, back in, is up, is now up, alert closed, incident closed,
    returned to normal, returned to, no longer, all clear, caught up, fresh again, running again, works again,
    working again, is fresh, up to date, up-to-date, within limit, within threshold, within sla, is over, finished:,
    is back
    """
)
_OVER_KOREAN = ("성공", "정상", "해소", "해결", "복구", "완료", "회복", "해제")
_FIRING_PHRASES = words(
    """
    timed out, not running, not ready, not responding, not found, not met, not loaded, not fresh, not updated,
    no data, under-replicated, exited with, exit code, non-zero, did not arrive, not arrived, not received,
    not available, not complete, not finish, could not, couldn't, cannot, can't, unable to, did not, didn't,
    has not, hasn't, have not, was not, wasn't, expires in, will expire, about to expire, long running, long-running,
    running for, too few, too many, too low, too high, too long, too old, below the, above the, below threshold,
    above threshold, over threshold, below limit, over limit, over quota, higher than, lower than, less than expected,
    more than expected, no rows, 0 rows, zero rows, is empty, no new data, no heartbeat, no response, no such,
    dropped by, dropped to, out of memory, out of disk, out of space, out of sync, out of order, running out,
    data loss, null rate, null ratio, nulls in, spiked
    """
)
_FIRING_KOREAN = words(
    """
    실패, 오류, 장애, 지연, 에러, 경고, 초과, 누락, 중단, 이상 감지, 이상감지,
    이상 탐지, 이상 발생, 이상 징후, 미적재, 미수신, 불일치, 위험, 임계, 비정상, 다운, 끊김, 끊겼, 멈춤, 멈췄, 못했,
    안됐, 안 됐, 되지 않, 불가, 지체, 미도착, 종료코드,
    건수 이상, 이상], 급감, 급증, 급락, 급등, 폭증, 폭등, 미달, 오차, 이 없습니다, 가 없습니다, 데이터 없음,
    파티션 없음, 파일 없음, 도착하지 않, 밀렸, 밀림, 밀리고, 밀려, 응답하지, 응답 없음, 무응답, 미응답, 부족, 고갈,
    유실, 만료, 과다, 불안정, 정지되, 정지됨, 죽었, 적체, 병목, 미생성, 않았습니다, 않습니다, 않음, 들어오지, 넘었,
    넘어섰, 벗어났, 접속 안, 연결 안, 안 들어, 안들어, 꽉 찼, 튀었, 느려, 비어 있, 비어있, 0건
    """
)
# These hold a word of the other side and mean their own.
_NOT_OVER = re.compile(
    r"(?:not|never) (?:ok|complete[d]?|successful(?:ly)?|healthy|resolved|synced|deployed|normal|passed|up)"
    r"|비정상|미완료|정상(?:적으로)? ?(?:종료|처리|완료|동작|기동)?(?:되지|하지)|완료되지"
    r"|복구되지|해결되지|해소되지|성공하지|완료 ?(?:안|못)"
)
_NOT_FIRING = re.compile(
    r"\b(?:no|0|zero|without(?: any)?) (?:more |new )?(?:errors?|failures?|failed|alerts?"
    r"|anomal(?:y|ies)|issues?|problems?|incidents?"
    r"|warnings?)\b|\b(?:errors?|failures?|failed|warnings?)\s{0,2}[:=]\s{0,2}0\b"
    r"|(?:no longer|not) (?:failing|firing|late|lagging|behind|down|stale|exceed(?:ed|ing))"
    r"|(?:오류|에러|이상|실패|문제|장애)(?:가|이|는|은)? ?(?:없|0)"
    r"|\bexit(?:ed with)? code:? 0\b|(?:장애|지연|오류|에러|경고|중단"
    r"|실패|이상)(?:가|이)? ?(?:해소|복구|해결|종료|해제|회복)"
)
_STATE = (
    r"(?:running|failed|failing|ok|alarm|alert|alerting|warning|warn|critical|error|healthy|unhealthy|degraded|up|down"
    r"|green|yellow|red|normal|open|closed|firing|resolved|pending|success|passed|restarting|paused|stopped|unknown"
    r"|online|offline|ready|notready|unassigned|insufficient_data|progressing|synced|outofsync|missing|late|fresh|stale"
    r"|정상|장애|경고|실패|지연|위험|주의|심각)"
)
# `RUNNING -> FAILED`, "from RESTARTING to RUNNING": where it went counts.
_CHANGE = re.compile(rf"(?<![a-z]){_STATE}[`*'\"\s]{{0,4}}(?:->|→|=>|➜|➡|⇒|\bto\b)[`*'\"\s]{{0,4}}({_STATE})(?![a-z])")
_RUNS = frozenset({"running", "up", "closed", "online", "ready", "fresh"})
_NEGATIONS = ("no ", "not ", "0 ", "zero ", "without", "never ", "= 0", "=0", ": 0", ":0", "code 0", "code: 0")
_KOREAN = re.compile("[가-힣]")
_ACK_WORDS = ("acknowledged", "acked", "snoozed", "assigned to", "reassigned", "확인 중", "확인중", "조치 중", "조치중")
_ENDS_OVER = re.compile(
    r"(?:해소|복구|해결|정상화|회복|해제)(?:되|됐|됨|했|합|완료|\s|\W|$)|\b(?:recovered"
    r"|resolved|is over|cleared)\W{0,4}$"
)


def status_of(text: str) -> Status:
    """Read the status that a title states. Where it speaks of both sides the first word decides."""
    return _status_of(text[:_READ].lower())


@lru_cache(maxsize=2048)  # titles come again and again
def _status_of(low: str) -> Status:
    if any(word in low for word in _ACK_WORDS):
        return Status.ACKNOWLEDGED
    if change := _CHANGE.search(low):
        low = " ok " if change[1] in _RUNS else change[1]
    is_korean = _KOREAN.search(low) is not None
    if is_korean or any(word in low for word in _NEGATIONS):
        low = _NOT_FIRING.sub(" ok ", _NOT_OVER.sub(" fail ", low))
    over, firing = _firsts(low, is_korean=is_korean)
    if over < 0:
        return Status.UNKNOWN if firing < 0 else Status.FIRING
    if firing < 0 or over < firing or _ends_over(low):
        return Status.OVER
    return Status.FIRING


def _firsts(low: str, *, is_korean: bool) -> tuple[int, int]:
    """Return where the first word of either side stands, or -1."""
    over = firing = -1
    for match in _TOKEN.finditer(low):
        if firing < 0 and match[0] in _FIRING_WORDS:
            firing = match.start()
        elif over < 0 and match[0] in _OVER_WORDS:
            over = match.start()
    over, firing = _earlier(low, over, _OVER_PHRASES), _earlier(low, firing, _FIRING_PHRASES)
    if is_korean:
        over, firing = _earlier(low, over, _OVER_KOREAN), _earlier(low, firing, _FIRING_KOREAN)
    return over, firing


def _earlier(low: str, found: int, phrases: Iterable[str]) -> int:
    """Return the first place of a phrase, or `found` if that is earlier."""
    for phrase in phrases:
        at = low.find(phrase)
        if at >= 0 and (found < 0 or at < found):
            found = at
    return found


def _ends_over(low: str) -> bool:
    """Korean, and sentences such as "the failure of x has recovered", put the verdict last."""
    return _ENDS_OVER.search(low.strip().split("\n", 1)[0]) is not None
