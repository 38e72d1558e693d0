"""Burrow's template; home-made watchers of Kafka Connect and Debezium."""

import pytest

from tests.triage.slack import attached, case, check, webhook

STATUS = (
    '{{"name":"pg-orders","connector":{{"state":"RUNNING","worker_id":"10.0.0.1:8083"}},'
    '"tasks":[{{"id":0,"state":"{}","worker_id":"10.0.0.1:8083"}}]}}'
)
KAFKA = [
    case(
        "Burrow",
        webhook(
            "burrow",
            "",
            attachments=attached(
                "A kafka consumer is lagging behind!",
                "",
                fields=[
                    {"title": "Group", "value": "sink"},
                    {"title": "Cluster", "value": "main"},
                    {"title": "Total Lag", "value": "9"},
                ],
            ),
        ),
        "alert",
        "error",
        group="sink",
        cluster="main",
    ),
    case(
        "task failed",
        webhook(
            "connect-watch",
            (
                ":red_circle: connector pg-orders task 1 is FAILED on worker 10.52.3.11:8083\ntrace: "
                "java.lang.RuntimeException: x"
            ),
        ),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "other task and worker",
        webhook("connect-watch", ":red_circle: connector pg-orders task 0 is FAILED on worker 10.52.3.9:8083"),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "key=value",
        webhook("cdc-monitor", "connector=pg-orders state=FAILED task=2 worker=10.0.0.1:8083 cluster=cdc-main"),
        "alert",
        "error",
        connector="pg-orders",
        cluster="cdc-main",
    ),
    case(
        "key: value",
        webhook(
            "Debezium",
            (
                "*Connector:* `pg-orders`\n*State:* FAILED\n*Task:* 0\n*Error:* "
                "org.apache.kafka.connect.errors.ConnectException: x"
            ),
        ),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "the status as JSON",
        webhook("watch", f"Debezium status\n```{STATUS.format('FAILED')}```"),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "all running again",
        webhook("connect-watch", ":white_check_mark: connector pg-orders state=RUNNING, all tasks running"),
        "resolved",
        None,
        connector="pg-orders",
    ),
    case(
        "a change of state",
        webhook("connect-watch", "connector pg-orders: RUNNING -> FAILED (task 0)"),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "a change back",
        webhook("connect-watch", "connector pg-orders: FAILED -> RUNNING"),
        "resolved",
        None,
        connector="pg-orders",
    ),
    case(
        "unassigned",
        webhook("connect-watch", "Kafka Connect: connector `pg-orders` is UNASSIGNED"),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "paused",
        webhook("connect-watch", ":warning: connector `pg-orders` state: PAUSED"),
        "alert",
        "warning",
        connector="pg-orders",
    ),
    case(
        "Korean failed",
        webhook("커넥터 알림", "🚨 커넥터 `pg-orders` 태스크 0 실패\n상태: FAILED"),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "Korean over",
        webhook("커넥터 알림", "✅ 커넥터 `pg-orders` 복구 완료\n상태: RUNNING"),
        "resolved",
        None,
        connector="pg-orders",
    ),
    case(
        "a stated level",
        webhook("cdc", "[CRITICAL] Debezium connector pg-orders FAILED"),
        "alert",
        "critical",
        connector="pg-orders",
    ),
    case(
        "the REST address",
        webhook("ops", "Kafka Connect task failed: http://connect:8083/connectors/pg-orders/status returned FAILED"),
        "alert",
        "error",
        connector="pg-orders",
    ),
    case(
        "a cut trace",
        webhook(
            "cdc", ("connector=pg-orders state=FAILED trace=org.apache.kafka.connect.errors.ConnectException: Tol")
        ),
        "alert",
        "error",
        connector="pg-orders",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), KAFKA)
def test_kafka_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)
