"""Messages in a channel where colleagues ask: what opens a request, what is asked about, what is left alone."""

import unicodedata

import pytest

from bot.requests.kind import Kind
from bot.requests.reading import Certainty, Vocabulary, recognise
from bot.requests.reading.plain import LONGEST
from tests.requests.reading.words import NOW, WORDS, ZONE


def read(message, words=WORDS):
    return recognise(message, words, NOW, ZONE)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        pytest.param("orders 20일자 재적재 부탁드립니다", Kind.RERUN, id="polite"),
        pytest.param("어제거다시돌려주세요 orders요", Kind.RERUN, id="without spaces"),
        pytest.param("could you please rerun yesterday's orders?", Kind.RERUN, id="english"),
        pytest.param("orders 20일자 rerun please", Kind.RERUN, id="both languages"),
        pytest.param("`nobody.knows_this` 조회 권한 신청드립니다", Kind.ACCESS, id="a name that is not known"),
        pytest.param("매출 마트는 몇 시에 갱신되나요?", Kind.QUESTION, id="question"),
        pytest.param("주문 테이블이 비어 있어요. 확인 부탁드립니다", Kind.INCIDENT, id="trouble"),
        pytest.param("dim_store 에 컬럼 하나 추가 부탁드립니다", Kind.OTHER, id="something else"),
        pytest.param("요청자: 민지\n대상: dw.orders\n권한: READ\n사유: 분석", Kind.ACCESS, id="a form"),
    ],
)
def test_what_is_asked_for_outright_opens_a_request(message, kind):
    found = read(message)

    assert (found.certainty, found.kind) == (Certainty.SURE, kind)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("주문 테이블이 오늘 비어 있어요", id="trouble without a wish"),
        pytest.param("<@U0SORA> can you rerun orders?", id="asks one person"),
        pytest.param("I need to rerun my own notebook", id="the deed is the writer's"),
        pytest.param("어제 부탁드린 백필 혹시 진행상황 어떤가요?", id="asks again"),
    ],
)
def test_what_may_be_a_request_is_asked_about(message):
    assert read(message).certainty is Certainty.PERHAPS


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("재적재 완료했습니다. 확인 부탁드립니다", id="done"),
        pytest.param("I'll rerun it after lunch", id="plan"),
        pytest.param("감사합니다!", id="thanks"),
        pytest.param("please use the form for access requests", id="rule"),
        pytest.param("> orders 재적재 부탁드립니다\n이건 제가 할게요", id="quotes another"),
        pytest.param('orders: "please rerun orders for the 20th" was in the ticket', id="quotes words"),
        pytest.param("```please rerun orders```", id="pasted"),
        pytest.param("재적재 안 해주셔도 됩니다", id="not wanted"),
        pytest.param("제가 orders 다시 돌릴까요?", id="offer"),
        pytest.param("다음부터는 재적재 요청하실 때 날짜도 같이 적어주세요", id="how to ask"),
        pytest.param("다들 점심 뭐 드셨나요 :sun_with_face:", id="an emoji that looks like a table"),
        pytest.param("", id="nothing"),
    ],
)
def test_talk_is_left_alone(message):
    found = read(message)

    assert (found.certainty, found.kind, dict(found.fields)) == (Certainty.NO, None, {})


def test_whoever_mentions_the_team_or_who_is_on_call_asks_the_team():
    ours = Vocabulary(loads=WORDS.loads, us=("U0SORA",))

    assert read("<@U0SORA> can you rerun orders?", ours).certainty is Certainty.SURE
    assert read("<!subteam^S0ENG> can you rerun orders?").certainty is Certainty.SURE
    assert read("<!here> can you rerun orders? cc <@U0SORA>").certainty is Certainty.SURE
    assert read("@data-oncall can you rerun orders?").certainty is Certainty.SURE


@pytest.mark.parametrize(
    "message",
    [
        "can you please rerun the orders load? it is fixed by <@U0DANA>",
        "orders 20일자 재적재 부탁드립니다. 승인은 <@U0DANA> 님께 받았습니다",
    ],
)
def test_who_is_only_spoken_of_is_not_who_is_asked(message):
    assert read(message).certainty is Certainty.SURE


@pytest.mark.parametrize(
    "message", ["please restart the orders connector, its password is new", "orders 커넥터 재시작 부탁드립니다"]
)
def test_a_restart_of_what_runs_is_no_rerun_of_data(message):
    assert read(message).kind is Kind.OTHER


@pytest.mark.parametrize(
    ("message", "language"), [("orders rerun please", "en"), ("orders 리런 please", "ko"), ("ㅠㅠ", "ko"), ("🙏", "en")]
)
def test_the_language_is_korean_where_there_is_a_korean_sign(message, language):
    assert read(message).language == language


def test_decomposed_and_wide_signs_are_read_as_usual():
    message = "ｏｒｄｅｒｓ　20일자 재적재 부탁드립니다"

    assert read(unicodedata.normalize("NFD", message)) == read(message)
    assert read(message).fields == {"load": "orders", "dates": "2026-11-20"}


def test_no_more_is_read_than_the_first_characters():
    assert read("orders 재적재 부탁드립니다 " + "x" * 10**6).certainty is Certainty.SURE
    assert read(" " * LONGEST + "orders 재적재 부탁드립니다").certainty is Certainty.NO


def test_today_is_that_of_the_zone():
    assert read("orders 어제자 재적재 부탁드립니다").fields["dates"] == "2026-11-21"
    late = NOW.replace(hour=16)

    assert recognise("orders 어제자 재적재 부탁드립니다", WORDS, late, ZONE).fields["dates"] == "2026-11-22"
