"""Which tool an unknown message is from, its topic, and the many words in which trouble, its end and requests come."""

import pytest

from bot.triage.identity import fingerprint
from tests.triage.slack import app, person, says, webhook


@pytest.mark.parametrize(
    ("sender", "source"),
    [
        ("Uptime Kuma", "uptime_kuma"),
        ("zabbix-kr", "zabbix"),
        ("Icinga 2 prod", "icinga"),
        ("Splunk On-Call", "splunk_on_call"),
        ("네이버 클라우드", "naver_cloud"),
        ("vault-monitor", "script"),
        ("적재감시봇", "script"),
        ("drone footage bot", "script"),
        ("census 2025 loader", "script"),
    ],
)
def test_a_sender_is_the_tool_whose_name_it_bears(sender, source):
    assert says(webhook(sender, "x_load failed")).source == source


def test_a_nameless_sender_is_the_tool_where_its_link_leads():
    text = "Failed to run pipeline `prices` <https://mage.acme.example/pipelines/prices/runs/9|run>"

    assert says(webhook("", text)).source == "mage"
    assert says(webhook("price-loader", text)).source == "script"


def test_a_tool_whose_domain_bears_its_name_is_known_without_a_table():
    text = "Run failed <https://app.flowdeck.io/runs/1|open>"

    assert says(app("Flowdeck", text)).source == "flowdeck"


def test_another_tools_words_make_no_alertmanager():
    assert says(app("Dynatrace", "RESOLVED Problem P-2611: Response time")).source == "dynatrace"


def test_two_measures_of_one_host_are_two_incidents():
    disk, cpu = (
        says(webhook("KT Cloud", f"알람 발생\n서버명: was-2\n지표: {measure}\n심각도: 주의"))
        for measure in ("Disk", "CPU")
    )

    assert disk.resource == cpu.resource == {"host": "was-2"}
    assert fingerprint(disk) != fingerprint(cpu)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("job x_load failed: java.lang.OutOfMemoryError", "oom"),
        ("job x_load failed", "job-failed"),
        ("host es-12 is down", "infra-resource"),
        ("certificate trino.acme.example expires in 9 days", "infra-resource"),
        ("connector `crm-a` stopped", "connector-failed"),
        ("table `dw.a` row count dropped by 40%", "data-quality"),
        ("refresh of `dw.a` failed", "job-failed"),
        ("table `dw.a` is late", "freshness"),
        ("Flink job clicks-agg failed", "streaming-job-failed"),
        ("stack `iam` failed to apply", "deploy-failed"),
    ],
)
def test_the_topic_is_the_cause_or_what_broke(text, topic):
    assert says(webhook("watcher", text)).topic == topic


@pytest.mark.parametrize(
    ("sender", "text"),
    [
        ("Access desk", "New *data access request* from <@U0ANA>\n*Dataset:* `dw.finance`\n*Why:* audit"),
        (
            "Connector help desk",
            "Connector restart request\nrequested by: <@U0ANA>\nconnector: `erp-cdc`\nreason: stuck",
        ),
        ("수치 오류 신고", "수치 오류 신고\n신고자: <@U0ANA>\n대시보드: 매출\n설명: 부산 매출이 낮습니다"),
    ],
)
def test_a_form_is_a_request_whatever_its_words(sender, text):
    alert = says(webhook(sender, text))

    assert (alert.kind, alert.source) == ("request", "slack_workflow"), alert.explanation


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("커넥터 crm-a 재기동 한번 해주시면 감사하겠습니다", "connector-failed"),
        ("분석 계정 쿼리 쿼터 좀 늘려주실 분 계실까요?", "quota"),
        ("Need read access on s3://lake-tmp/. Who can add me?", "permission-denied"),
        ("would anyone mind unlocking my Metabase account?", "permission-denied"),
        ("`settle.daily` 어제분 재집계 부탁드립니다", "rerun"),
        ("토픽 `pay.v1` 생성 요청드립니다", "change-request"),
        ("The orders tile shows 0. Could somebody take a look before the 2pm review?", "data-quality"),
    ],
)
def test_people_ask_in_many_ways(text, topic):
    alert = says(person(text))

    assert (alert.kind, alert.topic) == ("request", topic), alert.explanation


@pytest.mark.parametrize(
    "text",
    [
        "fact_returns: retry 3/3 failed, giving up",
        "2 of 34 models skipped: upstream stg_orders failed",
        "PVC data-es-2 92% full",
        "Partner B uploaded 0 of 3 expected files",
        "Small files: lake.events has 120k files under 1MB (limit 50k)",
        "Deadlocks on pg-main: 14 in last 5 min",
        "error rate 4.1% on order-api",
        "GCP 예산 80% 도달 (프로젝트 acme-dw)",
        "가격 수집 실패율 12% (임계 5%)",
        "응답시간 지연: order-api 평균 4.2초",
        "pii 테이블 대량 조회 감지: table=mart.member",
    ],
)
def test_trouble_is_known_in_many_words(text):
    alert = says(webhook("ops", text))

    assert alert.kind == "alert", alert.explanation


@pytest.mark.parametrize(
    "text",
    [
        "Nightly run finished: 214 ok, 0 failed",
        "All 34 models built successfully in 12m",
        "error rate back under 1% on order-api",
        "Node pool-1-x7k2 Ready",
        "VPN tunnel seoul ↔ gcp is UP",
        "order-api 응답시간 정상 범위로 돌아옴",
        "가격 수집 실패율 1% 로 안정화",
        "[해제] 디스크 사용률 정상 - was-03",
    ],
)
def test_its_end_is_known_in_many_words(text):
    alert = says(webhook("ops", text))

    assert alert.kind == "resolved", alert.explanation


@pytest.mark.parametrize(
    "text",
    [
        "dim_store 재적재 돌렸고 10분 뒤 끝납니다",
        "방금 알람은 테스트였습니다 무시해주세요",
        "root cause: expired service account key on the loader",
        "회의실 B 예약 부탁드립니다",
        "we will upgrade Airflow on Thursday 20:00, expect 15 minutes of downtime",
        "dashboards are back, cache was stale",
        "데이터팀 회식 장소 투표 부탁드려요!",
        "who is on call today?",
    ],
)
def test_talk_among_colleagues_is_no_request(text):
    alert = says(person(text))

    assert alert.kind == "noise", alert.explanation
