"""Tools that nobody wrote a parser for, and home-made scripts: alert and end are one thing, however they are worded."""

import pytest

from bot.triage.identity import fingerprint
from tests.triage.slack import app, attached, header, says, section, webhook

_ICINGA = "<https://icinga.acme.example/service?host.name=zk-3|open>"
PAIRS = [
    (
        "quoted check",
        app("Checkly", 'Check "Search API p95" has failed from eu-west-1'),
        app("Checkly", 'Check "Search API p95" has recovered from eu-west-1'),
        {"check": "Search API p95"},
    ),
    (
        "the verdict is the end of the title",
        webhook("Sumo Logic", attachments=attached('Monitor "Spark heap" - Critical', "Monitor Alert", color="danger")),
        webhook("Sumo Logic", attachments=attached('Monitor "Spark heap" - Resolved Critical', "is over")),
        {"monitor": "Spark heap"},
    ),
    (
        "brackets: name, then state",
        webhook("Gatus", "Gatus Alert\n[Ledger feed] [🔴 Down] connection refused"),
        webhook("Gatus", "Gatus Alert\n[Ledger feed] [✅ Up] 200"),
        {"monitor": "Ledger feed"},
    ),
    (
        "a bold name and a sentence",
        app("Cronitor", "🚨 *stock-sync* has not checked in on time. Expected every 30 minutes."),
        app("Cronitor", "✅ *stock-sync* is healthy again."),
        {"job": "stock-sync"},
    ),
    (
        "only a title, and a threshold in it",
        webhook("Redash", "Orders without address > 20 just triggered"),
        webhook("Redash", "Orders without address > 20 went back to normal"),
        {"title": "Orders without address > 20"},
    ),
    (
        "the number of an incident",
        app("Rootly", '🔥 Incident INC-88 "Warehouse queries hang" declared · SEV1'),
        app("Rootly", '✅ Incident INC-88 "Warehouse queries hang" resolved'),
        {"incident": "INC-88"},
    ),
    (
        "host and service by label",
        webhook("nagios", ":exclamation: HOST: hive-01  SERVICE: Metastore STATE: CRITICAL MESSAGE: 12 of 12 busy"),
        webhook("nagios", ":white_check_mark: HOST: hive-01  SERVICE: Metastore STATE: OK MESSAGE: 2 of 12 busy"),
        {"host": "hive-01", "service": "Metastore"},
    ),
    (
        "host and service by dashes",
        webhook("Icinga", f"*PROBLEM* - zk-3 - client_port is *WARNING* {_ICINGA}"),
        webhook("Icinga", f"*RECOVERY* - zk-3 - client_port is *OK* {_ICINGA}"),
        {"host": "zk-3", "service": "client_port"},
    ),
    (
        "a job, its end below the title",
        app("Databricks", ":x: *Job run failed*\nsilver_orders\n*Workspace*\nacme-lake\n*Run ID*\n771"),
        app(
            "Databricks", ":white_check_mark: *Job run succeeded*\nsilver_orders\n*Workspace*\nacme-lake\n*Run ID*\n779"
        ),
        {"job": "silver_orders"},
    ),
    (
        "a pod and its namespace",
        webhook("pods", "💥 OOMKilled pod/ranker-7c9d8b6f54-x2k9p ns=ml restarts=3"),
        webhook("pods", "✅ pod/ranker-6b8f9c7d45-b7w2n ns=ml is healthy again"),
        {"namespace": "ml", "workload": "ranker"},
    ),
    (
        "the state of a program by its code",
        webhook("jobd", 'job=export_kpi rc=3 msg="no space left on device"'),
        webhook("jobd", "job=export_kpi rc=0 msg=done"),
        {"job": "export_kpi"},
    ),
    (
        "JSON",
        webhook("svc", '{"alert":"HighLatency","status":"firing","service":"ranker","p99_ms":2100}'),
        webhook("svc", '{"alert":"HighLatency","status":"resolved","service":"ranker","p99_ms":110}'),
        {"service": "ranker"},
    ),
    (
        "camel-case labels and a region",
        webhook("glue-notify", "Glue Job State Change\njobName: compact_raw\nstate: FAILED\nregion: eu-west-1"),
        webhook("glue-notify", "Glue Job State Change\njobName: compact_raw\nstate: SUCCEEDED\nregion: eu-west-1"),
        {"job": "compact_raw", "region": "eu-west-1"},
    ),
    (
        "from one state to another",
        webhook("es-watch", "Elasticsearch cluster log-kr status changed from GREEN to RED"),
        webhook("es-watch", "Elasticsearch cluster log-kr status changed from RED to GREEN"),
        {"cluster": "log-kr"},
    ),
    (
        "a verdict behind an arrow",
        webhook("lagcheck", "lag check: group=feed cluster=kr lag=812000 threshold=500000 -> WARNING"),
        webhook("lagcheck", "lag check: group=feed cluster=kr lag=1200 threshold=500000 -> OK"),
        {"group": "feed", "cluster": "kr"},
    ),
    (
        "no message, and messages again",
        webhook("topics", "Topic pay.events.v2: no messages for 15 minutes"),
        webhook("topics", "Topic pay.events.v2: messages are flowing again"),
        {"topic": "pay.events.v2"},
    ),
    (
        "a deadline",
        webhook("data-sla", "SLA breached: mart.fct_returns not ready at 07:00 KST"),
        webhook("data-sla", "SLA recovered: mart.fct_returns ready at 07:42 KST"),
        {"table": "mart.fct_returns"},
    ),
    (
        "emoji alone",
        webhook("freshness", "freshness: `ads.campaign` 5h old, expected ≤ 2h ❌"),
        webhook("freshness", "freshness: `ads.campaign` 1h old, expected ≤ 2h ✅"),
        {"table": "ads.campaign"},
    ),
    (
        "a Korean batch",
        webhook("배치알림", "배치 [일마감정산] 이 정상 종료되지 않았습니다. (RC=12)"),
        webhook("배치알림", "배치 [일마감정산] 이 정상 종료되었습니다. (RC=0)"),
        {"job": "일마감정산"},
    ),
    (
        "a Korean check",
        webhook("정합성봇", "정합성 체크 NG - dw.pay_daily vs pg.pay: 차이 12,300원"),
        webhook("정합성봇", "정합성 체크 OK - dw.pay_daily vs pg.pay: 차이 0원"),
        {"table": "dw.pay_daily"},
    ),
    (
        "a Korean consumer group",
        webhook("컨슈머감시", "컨슈머 그룹 recsys-feed 지연 발생 (lag 1,203,331)"),
        webhook("컨슈머감시", "컨슈머 그룹 recsys-feed 지연 해소 (lag 120)"),
        {"group": "recsys-feed"},
    ),
    (
        "an event of a Korean cloud",
        webhook("NCP Cloud Insight", "[NCP] 이벤트 발생\n- 등급 : WARNING\n- 감시 대상 : was-07\n- 조건 : mem >= 90"),
        webhook("NCP Cloud Insight", "[NCP] 이벤트 종료\n- 등급 : WARNING\n- 감시 대상 : was-07\n- 조건 : mem >= 90"),
        {"entity": "was-07"},
    ),
]


@pytest.mark.parametrize(("alert", "end", "names"), [pytest.param(*row[1:], id=row[0]) for row in PAIRS])
def test_alert_and_end_name_the_same(alert, end, names):
    failed, over = says(alert), says(end)

    assert (failed.kind, over.kind) == ("alert", "resolved"), (failed.explanation, over.explanation)
    assert dict(failed.resource) == dict(over.resource) == names
    assert fingerprint(failed) == fingerprint(over)


def case(name, event, kind, severity=None, /, **names):
    return pytest.param(event, kind, severity, names, id=name)


ALERTS = [
    case(
        "done, with failures",
        webhook("etl", "dim_product load completed with 3 errors"),
        "alert",
        "error",
        job="dim_product",
    ),
    case(
        "a count of failures outweighs the passed",
        webhook("quality", "42 checks passed, 3 failed on dw.orders"),
        "alert",
        "error",
        table="dw.orders",
    ),
    case(
        "none failed",
        webhook("quality", "✔ 42 checks passed, 0 failed on dw.orders"),
        "resolved",
        None,
        table="dw.orders",
    ),
    case(
        "the number of a task is no count",
        webhook("sinks", "KafkaConnector `sink-a` (ns `stream`) task 0 FAILED"),
        "alert",
        "error",
        namespace="stream",
        connector="sink-a",
    ),
    case(
        "a restore that failed",
        webhook("backup", "Restore of wh_meta failed: mismatch"),
        "alert",
        "error",
        job="wh_meta",
    ),
    case(
        "tracked is not acked",
        app("Spacelift", "*Tracked run* on stack `dwh-iam` has *FAILED*"),
        "alert",
        "error",
        stack="dwh-iam",
    ),
    case(
        "a period within a name",
        app("Hex", 'Scheduled run of "Churn weekly" failed'),
        "alert",
        "error",
        job="Churn weekly",
    ),
    case(
        "words outweigh emoji", webhook("etl", ":white_check_mark: job x_load failed"), "alert", "error", job="x_load"
    ),
    case(
        "words outweigh colour",
        webhook("etl", attachments=attached("job x_load failed", "", color="good")),
        "alert",
        "error",
        job="x_load",
    ),
    case(
        "colour outweighs a category",
        webhook("etl", attachments=attached("Alert: x_load", "", color="good")),
        "resolved",
        None,
        alert="x_load",
    ),
    case(
        "a word within a name says nothing",
        webhook("etl", "job `error_log_loader` completed"),
        "resolved",
        None,
        job="error_log_loader",
    ),
    case("a capital level", webhook("sec", "🔒 CRITICAL store keys-2 is sealed"), "alert", "critical", job="keys-2"),
    case(
        "columns changed",
        webhook("schema", "Schema of raw.crm_contact changed: 2 columns added"),
        "alert",
        "warning",
        table="raw.crm_contact",
    ),
    case(
        "nulls",
        webhook("data", "table `ads.campaign` has 14% null in cost today, usually 0.2%"),
        "alert",
        "error",
        table="ads.campaign",
    ),
    case(
        "the state behind the name",
        webhook("etl", "Pipeline: hourly\nStatus: TIMED_OUT"),
        "alert",
        "error",
        pipeline="hourly",
    ),
    case("running is no news", webhook("etl", "Pipeline: hourly\nStatus: RUNNING"), "noise"),
    case(
        "a script by its path",
        webhook("mail", "Cron <root@etl-9> /opt/run_dump.sh failed with exit status 2"),
        "alert",
        "error",
        job="run_dump.sh",
    ),
    case(
        "a quoted column is no name",
        webhook("etl", 'KeyError: "user_id" in etl-worker-main'),
        "alert",
        "error",
        job="etl-worker-main",
    ),
    case(
        "connector in blocks",
        app("Fivetran", blocks=[header("Sync failed"), section("*Connector:* stripe_kr\n*Destination:* lake")]),
        "alert",
        "error",
        connector="stripe_kr",
    ),
    case("acknowledged", webhook("ops", "[ACK] disk usage on ch-02 taken by jun: acked"), "noise"),
    case(
        "a plan",
        webhook("news", "[공지] 11/25부터 신규 적재 정책이 적용됩니다. 미적용 시 실패할 수 있습니다."),
        "noise",
    ),
    case("figures", webhook("metrics", "📊 일간 지표 리포트\n주문 120,331 / 주문 실패율 0.3%"), "noise"),
    case("a sender of digests", webhook("cost-digest", "Top spender: adhoc_ml ($1,020)"), "noise"),
    case(
        "a pull request",
        app("GitHub", attachments=attached("#9 fix: retry on failed load", "Pull request merged")),
        "noise",
    ),
    case("deploying", webhook("release", "🚀 Deploying feature-api v2.31.0 to prod (started by minsu)"), "noise"),
]


@pytest.mark.parametrize(("event", "kind", "severity", "names"), ALERTS)
def test_what_is_said_decides(event, kind, severity, names):
    alert = says(event)

    assert (alert.kind, alert.severity) == (kind, severity), alert.explanation
    assert dict(alert.resource) == names
