"""Home-made scripts and tools by hearsay: the generic reader."""

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
OTHER = [
    case(
        "a cron job",
        script("cron job backup_mysql exited with code 1 on db-backup-01", "cron"),
        "alert",
        "error",
        job="backup_mysql",
    ),
    case(
        "no trouble", script("cron job backup_mysql exited with code 0", "cron"), "resolved", None, job="backup_mysql"
    ),
    case(
        "a heartbeat",
        script("DOWN: nightly-dbt-run | Last ping was 26 hours ago"),
        "alert",
        "error",
        job="nightly-dbt-run",
    ),
    case("a heartbeat is back", script("UP: nightly-dbt-run is now up"), "resolved", None, job="nightly-dbt-run"),
    case(
        "a file",
        script("🔴 s3://acme-in/partner_07/2026-11-20/ has not arrived: missing since 06:00"),
        "alert",
        "error",
        path="s3://acme-in/partner_07",
    ),
    case("a topic", script("Topic orders.v1 under-replicated partitions = 3"), "alert", "error", topic="orders.v1"),
    case(
        "a check",
        script("FAILED check=null_ratio table=ods.members column=birth_dt value=0.31"),
        "alert",
        "error",
        table="ods.members",
    ),
    case("rows were loaded", script("Loaded 120,331 rows into dw.orders"), "noise"),
    case(
        "a word in JSON",
        script('{"name":"projects/4/transferConfigs/66b1-aa/runs/7","state":"FAILED","errorStatus":{"code":7}}'),
        "alert",
        "error",
        job="66b1-aa",
    ),
    case(
        "Looker, by hearsay",
        webhook("Looker", "Alert: Daily orders is below 100 (current 42) on dashboard Sales"),
        "alert",
        "error",
        alert="Daily orders is below 100",
    ),
    case(
        "a Korean partition",
        script("dw.fct_sales 테이블 오늘 파티션이 없습니다.", "알림"),
        "alert",
        "warning",
        table="dw.fct_sales",
    ),
    case(
        "Korean and no trouble",
        script("dw.fct_sales 테이블 점검: 이상 없음", "알림"),
        "resolved",
        None,
        table="dw.fct_sales",
    ),
    case("a Korean summary of a week", script("이번 주 데이터 품질 점검 결과: 실패 3건 / 성공 120건", "알림"), "noise"),
    case(
        "Korean Spark",
        script("[Spark 실패] sessionize_daily (application_1700_0042) - Container killed by YARN", "spark"),
        "alert",
        "error",
        job="sessionize_daily",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), [*ENGLISH, *OTHER])
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
