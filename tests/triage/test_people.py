"""What people write: the mood of the ending decides between a request and talk."""

import pytest

from tests.triage.slack import edited, person, says, webhook

REQUESTS = [
    (
        "안녕하세요, dw.orders 오늘자 데이터가 안 들어온 것 같습니다. 확인 부탁드립니다",
        "freshness",
        {"table": "dw.orders"},
    ),
    ("어제자 매출 마트 재적재 부탁드려요 (dag: sales_mart)", "rerun", {"dag_id": "sales_mart"}),
    ("`ads_raw` 데이터셋 조회 권한 부여해 주실 수 있나요?", "permission-denied", {"dataset": "ads_raw"}),
    ("acme-dw.mart_hr 접근 권한 신청드립니다. 사유: 4분기 분석", "permission-denied", {"dataset": "acme-dw.mart_hr"}),
    ("dw.members 11/18~11/20 백필 가능할까요?", "rerun", {"table": "dw.members"}),
    ("대시보드 숫자가 어제부터 이상한데 봐주실 수 있을까요?", "data-quality", {}),
    ("dw.orders 건수가 평소의 절반이에요. 한번 봐주세요", "data-quality", {"table": "dw.orders"}),
    ("파티션 2026-11-19 이 비어 있습니다. dw.clicks 다시 돌려주세요", "rerun", {"table": "dw.clicks"}),
    ("혹시 pii 마스킹 뷰 권한 풀어주실 수 있나요? `dw.v_members`", "permission-denied", {"dataset": "dw.v_members"}),
    ("raw.leads 테이블에 컬럼 추가 요청드립니다", "change-request", {"table": "raw.leads"}),
    ("could you please rerun yesterday's load for `crm.members`?", "rerun", {"table": "crm.members"}),
    (
        "Can someone grant me read access to the BigQuery dataset `ads_raw`? approved in DATA-1",
        "permission-denied",
        {"dataset": "ads_raw"},
    ),
    ("hi, dw.orders hasn't updated since yesterday, can you take a look?", "freshness", {"table": "dw.orders"}),
    ("The revenue numbers on the sales dashboard look wrong today", "data-quality", {}),
    ("Please backfill dw.clicks for 2026-11-01..2026-11-05", "rerun", {"table": "dw.clicks"}),
    ("I need access to acme-dw.finance for the audit", "permission-denied", {"dataset": "acme-dw.finance"}),
    ("does anyone know why dw.fct_pay is empty for the 19th?", "data-quality", {"table": "dw.fct_pay"}),
    (
        "would it be possible to reload `stg.pos_sales`, half of the stores are missing",
        "rerun",
        {"table": "stg.pos_sales"},
    ),
    ("we deployed the fix; please rerun the DAG settle_close", "rerun", {"dag_id": "settle_close"}),
]
TALK = [
    "재적재 끝났습니다. 확인 부탁드립니다",
    "dw.orders 권한 부여 완료했습니다",
    "settle_close 재실행 걸어뒀습니다",
    "제가 dw.orders 보고 있습니다",
    "어제 dw.orders 장애 회고 문서 공유드립니다",
    "오늘 점심 같이 드실 분 계신가요?",
    "PR 리뷰 부탁드립니다 https://github.com/acme/dw/pull/3",
    "내일 회의 10분 늦게 시작할게요",
    "백필 진행 중입니다. 2시간 정도 걸립니다",
    "감사합니다!",
    "배포 4시에 합니다",
    "dw.orders 정상화 확인했습니다",
    "I granted access already, please check",
    "done, dw.orders has been reloaded",
    "I'll rerun the load after lunch",
    "FYI the error rate is fine now, thanks!",
    "02:14 FIRING KafkaLag\n02:20 restarted the indexer\n02:31 RESOLVED",
    "failed again? ERROR: deadlock detected",
    "can someone review my PR for the orders dag?",
    "good morning all",
    "looking into the failed dag now",
    "standup in 5, please join",
    "never mind, dw.orders is back",
    ":red_circle: Task Failed.\n*Task*: load\n*Dag*: sales",
]


@pytest.mark.parametrize(("text", "topic", "resource"), REQUESTS)
def test_a_request_is_known_with_its_topic_and_object(text, topic, resource):
    alert = says(person(text))

    assert (alert.kind, alert.source) == ("request", "human"), alert.explanation
    assert (alert.topic, dict(alert.resource)) == (topic, resource)


@pytest.mark.parametrize("text", TALK)
def test_talk_is_no_request(text):
    alert = says(person(text))

    assert alert.kind == "noise", alert.explanation


def test_a_reply_in_a_thread_is_conversation():
    assert says(person("dw.orders 재적재 부탁드립니다", thread_ts="1.0")).kind == "noise"


def test_an_edit_by_a_person_is_no_new_request():
    before, after = person("dw.orders 재적재 부탁드립니다"), person("dw.orders_v2 재적재 부탁드립니다")

    assert says(edited(before, after)).kind == "noise"


@pytest.mark.parametrize(
    ("text", "topic", "resource"),
    [
        (
            "*데이터 권한 신청서*\n신청자: <@U0ANA>\n대상: `acme-dw.pii`\n사유: 분석\n기간: ~11/30",
            "permission-denied",
            {"dataset": "acme-dw.pii"},
        ),
        ("Backfill request\nRequester: <@U0ANA>\nTable: dw.orders\nReason: late rows", "rerun", {"table": "dw.orders"}),
    ],
)
def test_a_form_of_the_workflow_builder_is_a_request_by_a_bot(text, topic, resource):
    alert = says(webhook("Request form", text))

    assert (alert.kind, alert.source) == ("request", "slack_workflow")
    assert (alert.topic, dict(alert.resource)) == (topic, resource)
