"""Home-made scripts and tools by hearsay: the generic reader, English and Korean."""

import pytest

from bot.triage.identity import fingerprint
from tests.triage.slack import app, attached, case, check, header, says, section, webhook


def script(text, name="watcher", **more):
    return webhook(name, text, **more)


ENGLISH = [
    case(
        "labels",
        script(":x: Load failed\nTable: raw.payments\nRows: 0\nError: timeout"),
        "alert",
        "error",
        table="raw.payments",
    ),
    case(
        "key=value",
        script("ALERT job=nightly_export status=FAILED rc=1 host=etl-3"),
        "alert",
        "error",
        job="nightly_export",
    ),
    case(
        "a tag and a name",
        script("[CRITICAL] freshness dw.sales lag=03:10:00 (limit 02:00:00)"),
        "alert",
        "critical",
        table="dw.sales",
    ),
    case(
        "a tag of lower level",
        script("[WARN] freshness dw.sales_hourly lag=03:10:00"),
        "alert",
        "warning",
        table="dw.sales_hourly",
    ),
    case("over", script("[OK] freshness dw.sales lag=00:10:00 (limit 02:00:00)"), "resolved", None, table="dw.sales"),
    case(
        "prose",
        script("Batch job settle_daily failed with exit code 3 at 2026-11-20 02:00"),
        "alert",
        "error",
        job="settle_daily",
    ),
    case(
        "prose with a table",
        script(":no_entry: loader failed for STG.POS_SALES\nSQL compilation error"),
        "alert",
        "error",
        table="STG.POS_SALES",
    ),
    case(
        "late without a level",
        script("Table `dw.orders` is late: last partition 2026-11-18"),
        "alert",
        "warning",
        table="dw.orders",
    ),
    case(
        "row count",
        script(":warning: Row count of `dw.orders` dropped by 48% against yesterday"),
        "alert",
        "warning",
        table="dw.orders",
    ),
    case(
        "recovered", script(":white_check_mark: Table `dw.orders` is fresh again"), "resolved", None, table="dw.orders"
    ),
    case(
        "status label",
        script("Export report\nJob: erp_export\nStatus: FAILED\nDuration: 12m"),
        "alert",
        "error",
        job="erp_export",
    ),
    case(
        "status label over",
        script("Export report\nJob: erp_export\nStatus: SUCCESS\nDuration: 12m"),
        "resolved",
        None,
        job="erp_export",
    ),
    case(
        "severity label",
        script("Pipeline broke\nPipeline: clicks\nSeverity: SEV-2"),
        "alert",
        "error",
        pipeline="clicks",
    ),
    case("priority", script("P1: pipeline `clicks` is down"), "alert", "critical", pipeline="clicks"),
    case(
        "attachment",
        script("", attachments=attached("Sync failed: crm_to_bq", "HTTP 500", color="danger")),
        "alert",
        "error",
        job="crm_to_bq",
    ),
    case(
        "attachment over",
        script("", attachments=attached("Sync succeeded: crm_to_bq", "", color="good")),
        "resolved",
        None,
        job="crm_to_bq",
    ),
    case(
        "blocks",
        script(
            "", blocks=[header("🚨 Flink job down"), section("", "*Job*\nclickstream-agg", "*Cluster*\nflink-prod")]
        ),
        "alert",
        "error",
        job="clickstream-agg",
        cluster="flink-prod",
    ),
    case(
        "scheduled query",
        script(
            "BigQuery scheduled query "
            "failed\nprojects/1/locations/us/transferConfigs/64aa-00/runs/77bb\nstate: "
            "FAILED\nerrorStatus: {code: 7, message: Access Denied}"
        ),
        "alert",
        "error",
        job="64aa-00",
    ),
    case(
        "scheduled query by name",
        script('Scheduled query "daily_kpi" FAILED: code 8 quota exceeded'),
        "alert",
        "error",
        job="daily_kpi",
    ),
    case(
        "Spark",
        script("Spark application `sessionize` failed on Dataproc cluster etl-main: exit code 143"),
        "alert",
        "error",
        app="sessionize",
    ),
    case(
        "schema drift",
        script(":warning: schema drift in `raw.leads`: column removed: utm_src"),
        "alert",
        "warning",
        table="raw.leads",
    ),
    case(
        "consumer lag",
        script("consumer group `indexer` lag=120000 topic=orders.v1 threshold=100000"),
        "alert",
        "error",
        topic="orders.v1",
    ),
    case("disk", script(":fire: disk usage 94% on host ch-03"), "alert", "error", host="ch-03"),
    case(
        "Fivetran by hand",
        app("Fivetran", "Sync failed for connector `salesforce_prod`"),
        "alert",
        "error",
        connector="salesforce_prod",
    ),
    case("digest", script(":bar_chart: *Failure recap · last 24h*\n19 alerts, 4 incidents"), "noise"),
    case("weekly", script("Weekly data quality report: 3 failed checks, 97 passed"), "noise"),
    case("starts", script(":rocket: Job settle_daily started"), "noise"),
    case("hello", script("deploy bot is alive :wave:"), "noise"),
    case(
        "maintenance", script("Scheduled maintenance of the warehouse on Sunday 02:00: loads may be delayed"), "noise"
    ),
    case("calendar", app("Google Calendar", "Incident review starts in 10 minutes"), "noise"),
    case("ticket", app("Jira", "DATA-77 Fix failing load was moved to Done"), "noise"),
    case("now on call", app("Opsgenie", "ana is now on call for data-primary"), "noise"),
]
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


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), [*ENGLISH, *KOREAN])
def test_scripts_are_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "[CRITICAL] freshness dw.a lag=02:10:31 at=2026-11-20T06:30:00",
            "[WARN] freshness dw.a lag=05:00:02 at=2026-11-21T07:00:00",
        ),
        ("Job x_y failed after 12m (attempt 1)", "Job x_y failed after 3m (attempt 2)"),
        ("Something odd happened 14 times at 10:00", "Something odd happened 15 times at 11:30"),
        (
            "Upload error: request 0f8fad5b-d9cd-469f-a165-70867728950e",
            "Upload error: request 7c9e6679-7425-40de-944b-e07fc1f90ae7",
        ),
        ("테이블 `주문` 적재 실패", "테이블 `주문` 적재 실패"),
    ],
)
def test_what_changes_from_alert_to_alert_is_not_identity(one, other):
    assert fingerprint(says(script(one))) == fingerprint(says(script(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("freshness dw.a is late", "freshness dw.a_v2 is late"),
        ("Job x_y failed", "Job x_y_dr failed"),
        ("lag on group=a env=prod", "lag on group=a env=staging"),
    ],
)
def test_what_names_another_thing_is_another_identity(one, other):
    assert fingerprint(says(script(one))) != fingerprint(says(script(other)))


def test_two_scripts_about_one_table_are_two_incidents():
    late = says(script("[WARN] dw.orders is late", "freshness"))
    failed = says(script("load failed for dw.orders", "loader"))

    assert late.resource == failed.resource == {"table": "dw.orders"}
    assert fingerprint(late) != fingerprint(failed)
