"""Home-made scripts that speak Korean."""

import pytest

from tests.triage.slack import case, check, webhook


def script(text, name="watcher", **more):
    return webhook(name, text, **more)


KOREAN = [
    case(
        "late",
        script("※ [적재 지연] 테이블 `매출_일집계` 의 최신 파티션이 2026-11-18 입니다. (기준: D-1)", "적재감시봇"),
        "alert",
        "warning",
        table="매출_일집계",
    ),
    case(
        "late, other wording",
        script("⚠️ dw.orders 테이블 적재가 지연되고 있습니다 (기준 06:00, 현재 07:10)", "적재감시"),
        "alert",
        "warning",
        table="dw.orders",
    ),
    case(
        "late, over",
        script("✅ [해소] 테이블 `매출_일집계` 적재 완료", "적재감시봇"),
        "resolved",
        None,
        table="매출_일집계",
    ),
    case(
        "batch failed",
        script("[배치 실패] 배치명: 정산_마감 / 종료코드: 1 / 서버: etl02", "배치알림"),
        "alert",
        "error",
        job="정산_마감",
    ),
    case(
        "labels",
        script(
            "🚨 배치 오류 발생\n배치명: settle_close\n서버: etl-02\n오류: ORA-00942\n시각: 2026-11-20 02:00", "배치봇"
        ),
        "alert",
        "error",
        job="settle_close",
    ),
    case("level", script("[심각] 디스크 사용률 95% 초과\n호스트: ch-03", "모니터"), "alert", "critical", host="ch-03"),
    case(
        "level warning",
        script("[경고] 컨슈머 그룹 indexer 랙 120,000건 초과", "kafka-mon"),
        "alert",
        "warning",
        group="indexer",
    ),
    case(
        "row count",
        script("[데이터 건수 이상] 테이블: dw.orders\n전일 대비 -48%", "dq"),
        "alert",
        "error",
        table="dw.orders",
    ),
    case("key=value", script("작업=sync_crm 상태=실패 재시도=3", "cron"), "alert", "error", job="sync_crm"),
    case("key=value over", script("작업=sync_crm 상태=정상", "cron"), "resolved", None, job="sync_crm"),
    case(
        "recovered sentence", script("sync_crm 작업 장애가 복구되었습니다.", "cron"), "resolved", None, job="sync_crm"
    ),
    case(
        "abnormal end",
        script("❌ 배치 `settle_close` 비정상 종료 (종료코드 137)", "cron"),
        "alert",
        "error",
        job="settle_close",
    ),
    case(
        "not completed",
        script("`settle_close` 배치가 아직 완료되지 않았습니다 (마감 06:00)", "cron"),
        "alert",
        "error",
        job="settle_close",
    ),
    case("missing", script("🔴 파일 미수신: partner_07 (기준 05:00)", "수신감시"), "alert", "error", job="partner_07"),
    case(
        "mismatch", script("정합성 불일치: ods.pay vs dw.fct_pay 차이 120건", "dq"), "alert", "error", table="ods.pay"
    ),
    case(
        "schema",
        script("⚠️ 스키마 변경 감지: raw.members 컬럼 삭제 birth_dt", "스키마봇"),
        "alert",
        "warning",
        table="raw.members",
    ),
    case(
        "success with no trouble",
        script("✅ 배치 `settle_close` 정상 완료 (오류 0건)", "cron"),
        "resolved",
        None,
        job="settle_close",
    ),
    case("digest", script("📊 일일 적재 현황 요약: 성공 120, 실패 2", "리포트봇"), "noise"),
    case("notice", script("[공지] 11/21 02:00 DW 정기 점검으로 적재가 지연될 수 있습니다", "공지봇"), "noise"),
    case("start", script("배치 settle_close 시작되었습니다", "cron"), "noise"),
    case("duty", script("이번 주 당직은 김다나 님입니다", "당직봇"), "noise"),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), KOREAN)
def test_korean_scripts_are_read(event, kind, severity, resource):
    check(event, kind, severity, resource)
