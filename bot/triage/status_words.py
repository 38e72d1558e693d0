"""The words and emoji that state a status, English and Korean, by how much they say."""

from collections.abc import Mapping
from enum import IntEnum

from bot.triage.lexicon import words


class Says(IntEnum):
    """How much a word says. A plain word decides; what only ended may have ended badly; a hint names a category."""

    OVER = 0
    FIRING = 1
    ENDED = 2
    HINT = 3
    OVER_EMOJI = 4
    FIRING_EMOJI = 5


_PLAIN: Mapping[Says, str] = {
    Says.OVER: """
        resolved, recovered, recovery, recovers, succeeded, successful, successfully, success, passed, healthy,
        cleared,
        clear, ok, okay, fixed, restored, synced, mitigated, normal, normalized, normalised, green, solved, closed,
        unsealed, reachable, reconnected, resumed, auto-resolved, auto-closed, self-healed, auto-recovered, up-to-date
    """,
    Says.FIRING: """
        fail, failed, failure, failures, failing, fails, error, errors, errored, erroring, exception, exceptions,
        fatal,
        firing, triggered, alerting, down, crash, crashed, crashes, crashing, crashloopbackoff, oomkilled, timeout,
        timeouts, timedout, unhealthy, degraded, degradation, breach, breached, breaching, violated, violates,
        violation, violations, missed, miss, late, delayed, stale, lagging, exceed, exceeds, exceeded, exceeding,
        anomaly, anomalies, anomalous, unavailable, unreachable, rejected, rejecting, denied, refused, aborted,
        killed,
        stuck, missing, mismatch, mismatched, outage, panic, dead, disabled, terminated, stopped, overdue, behind,
        dropped, unsuccessful, unsuccessfully, incomplete, corrupt, corrupted, invalid, abnormal, saturated, unstable,
        broken, exhausted, blocked, offline, nonzero, non-zero, undelivered, unassigned, stalled, frozen, deadlock,
        deadlocks,
        deadlocked, backlog, throttled, throttling, expired, expiring, expires, evicted, leak, duplicate, duplicates,
        duplicated, unresponsive, inconsistent, surge, skewed, orphaned, unreadable, unknownhost, slow, hung, sealed,
        under-replicated, underreplicated, out-of-sync, outofsync, notready, not-ready, drift, drifted, paused,
        suspended, spike, spiked, spiking, flapping, ng, nok, disconnected, restarting, unbalanced
    """,
    Says.ENDED: "completed, complete, finished, done, ended, deployed, delivered, ran, again, ready",
    Says.HINT: """
        alarm, alarms, alert, alerts, alarming, critical, crit, delay, lag, warn, warning, warnings, incident,
        problem,
        problems, issue, dlq, red, yellow, p1, p2, p3, p4, p5, sev1, sev2, sev3, sev4, emergency, major, urgent,
        expiry, detected
    """,
    Says.OVER_EMOJI: """
        :white_check_mark:, :heavy_check_mark:, :large_green_circle:, :green_heart:, :tada:, :ok:, :green_circle:,
        :check:, :check_mark:, :large_green_square:, :white_tick:, :ballot_box_with_check:, :o:, :unlock:, ✅, ✔, 🟢,
        💚, 🎉, 🆗, ☑, ⭕, 🔓, 🟩
    """,
    Says.FIRING_EMOJI: """
        :red_circle:, :x:, :no_entry:, :no_entry_sign:, :rotating_light:, :fire:, :boom:, :warning:, :bangbang:,
        :exclamation:, :heavy_exclamation_mark:, :large_yellow_circle:, :large_orange_circle:, :skull:,
        :skull_and_crossbones:, :octagonal_sign:, :sos:, :siren:, :alert:, :broken_heart:,
        :negative_squared_cross_mark:, :heavy_multiplication_x:, :large_red_square:, :interrobang:, 🔴, ❌, ⛔, 🚫,
        🚨,
        🔥, 💥, ⚠, ‼, ❗, 🟡, 🟠, 💀, ☠, 🛑, 🆘, ❎, ✖, 🟥
    """,
}
_PHRASES: Mapping[Says, str] = {
    Says.OVER: """
        back to normal, back up, back online, back under, back in, back below, back within, is up, are up, now up,
        come back, came back, returned to, no longer, all clear, all good, caught up, fresh again, running again,
        works again, working again, is fresh, up to date, within limit, within threshold, within sla, within range,
        now within, now below, is over, is back, are back, has ended, false alarm
    """,
    Says.FIRING: """
        timed out, not running, not ready, not responding, not found, not met, not loaded, not fresh, not updated,
        no data, exited with, exit code, exit status, did not, didn't, not arrived, not received, not available,
        not complete, not finish, not empty, not created, not reachable, not healthy, not connected, could not,
        couldn't, cannot, can't, unable to, has not, hasn't, have not, haven't, was not, wasn't, will expire,
        about to expire, long running, long-running, running for, still running, too few, too many, too low, too high,
        too long, too old, too late, below the, above the, below threshold, above threshold, over threshold,
        below limit, over limit, over quota, higher than, lower than, less than expected, more than expected,
        fewer than, greater than, went over, went above, went below, fell below, fell to, rose above, no rows, 0 rows,
        zero rows, 0 bytes, is empty, are empty, no new data, no heartbeat, no response, no such, dropped by,
        dropped to, out of memory, out of disk, out of space, out of sync, out of order, out of range, running out,
        ran out, data loss, schema change, schema changed, column added,
        column removed, column dropped, type changed, long transaction, long query, long-lived, needs attention,
        at risk, heads up, is below, is above
    """,
    Says.HINT: "null rate, null ratio, nulls in, sev 1, sev-1, sev-2, sev-3, p-1, is active",
}
OVER_KOREAN = words(
    """
    성공, 정상, 해소, 해결, 복구, 회복, 해제, 안정화, 조치 완료, 조치완료, 재개, 이벤트 종료, 알람 종료, 알림 종료,
    경보 종료,
    장애 종료, 이슈 종료
    """
)
ENDED_KOREAN = words("완료, 종료, 끝났")
FIRING_KOREAN = words(
    """
    실패, 오류, 장애, 지연, 에러, 초과, 누락, 중단, 이상 감지, 이상감지, 이상 탐지, 이상 발생, 이상 징후, 이상탐지,
    미적재, 미수신, 불일치, 비정상, 다운, 끊김, 끊겼, 멈춤, 멈췄, 못했, 못함, 안됐, 안 됐, 되지 않, 불가, 지체,
    미도착,
    종료코드, 종료 코드, 건수 이상, 이상], 급감, 급증, 급락, 급등, 폭증, 폭등, 미달, 오차, 이 없습니다, 가 없습니다,
    데이터 없음, 파티션 없음, 파일 없음, 도착하지 않, 밀렸, 밀림, 밀리고, 밀려, 응답하지, 응답 없음, 무응답, 미응답,
    부족, 고갈, 유실, 만료, 과다, 불안정, 정지되, 정지됨, 죽었, 죽음, 적체, 병목, 미생성, 미시작, 미완료, 미처리,
    않았습니다, 않습니다, 않음, 들어오지, 넘었, 넘어섰, 벗어났, 벗어남, 접속 안, 연결 안, 안 들어, 안들어, 꽉 찼,
    튀었,
    느려, 비어 있, 비어있, 0건, 의심, 실행 안, 깨졌, 깨짐, 반려, 거부, 차단, 증가했, 감소했, 하락, 이탈, 중복 적재
    """
)
HINTS_KOREAN = words(
    "경고, 위험, 임계, 알람 발생, 경보, 이벤트 발생, 주의, 심각, 긴급, 실패율, 오류율, 에러율, 감지, 탐지, 도달, 대량"
)


def _filed(listed: Mapping[Says, str]) -> dict[str, Says]:
    return {word: says for says, text in listed.items() for word in words(text)}


def _by_first(listed: Mapping[str, Says]) -> dict[str, tuple[tuple[str, Says], ...]]:
    found: dict[str, tuple[tuple[str, Says], ...]] = {}
    for phrase, says in listed.items():
        first = phrase.split()[0].partition("'")[0]
        found[first] = (*found.get(first, ()), (phrase, says))
    return found


WORDS: Mapping[str, Says] = _filed(_PLAIN)
PHRASES: Mapping[str, tuple[tuple[str, Says], ...]] = _by_first(_filed(_PHRASES))
"""First word → the phrases that begin with it."""
