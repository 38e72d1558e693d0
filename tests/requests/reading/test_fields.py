"""What of a message goes into the form; what is ambiguous does not."""

from datetime import date

import pytest

from bot.requests.reading import KnownLoad, Vocabulary, recognise
from bot.requests.reading.days import dates_in
from bot.requests.reading.names import names_in
from tests.requests.reading.words import NOW, WORDS, ZONE

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("written", "dates"),
    [
        ("20일자 재적재", "2026-11-20"),
        ("어제부터 3일치", "2026-11-19..2026-11-21"),
        ("18일부터 3일치", "2026-11-18..2026-11-20"),
        ("11/18~11/20", "2026-11-18..2026-11-20"),
        ("정산 18~20일 다시", "2026-11-18..2026-11-20"),
        ("10월 29~31일 구간", "2026-10-29..2026-10-31"),
        ("11.3 ~ 11.5 재적재", "2026-11-03..2026-11-05"),
        ("2026-11-15부터 2026-11-18까지", "2026-11-15..2026-11-18"),
        ("for the 20th", "2026-11-20"),
        ("the 18th and the 20th", "2026-11-18, 2026-11-20"),
        ("oct 28–30", "2026-10-28..2026-10-30"),
        ("1–3 nov", "2026-11-01..2026-11-03"),
        ("the past 3 days", "2026-11-19..2026-11-21"),
        ("rerun it for today", "2026-11-22"),
        ("오늘 중으로 19일자 부탁", "2026-11-19"),
        ("내일까지 20일자 부탁", "2026-11-20"),
        ("19일자, 오늘 안에 부탁", "2026-11-19"),
    ],
)
def test_dates_are_read_as_the_form_reads_them(written, dates):
    assert dates_in((written,), SUNDAY) == dates


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("rerun it today", id="when to do it"),
        pytest.param("broken since yesterday", id="since when"),
        pytest.param("backfill from oct 1", id="no end"),
        pytest.param("20일부터 다시", id="no end, in Korean"),
        pytest.param("3일치 재적재", id="three days, or the 3rd"),
        pytest.param("11/1 please", id="month or day first"),
        pytest.param("2026-11-32", id="no such day"),
        pytest.param("30일자", id="a day to come, or of last month"),
        pytest.param("오늘 새벽 배치", id="an hour"),
        pytest.param("18일자 말고 그리고 나서 20일자", id="one of two"),
    ],
)
def test_unclear_dates_are_left_to_the_person(written):
    assert dates_in((written,), SUNDAY) == ""


@pytest.mark.parametrize(
    "written",
    ["orders_mart", "orders mart", "orders-mart", "Orders_Mart를", "orders 마트", "`orders_mart`", "orders_mart랑은"],
)
def test_a_load_is_known_however_its_words_are_joined(written):
    assert names_in(f"어제자 {written} 재적재", WORDS).loads == ("orders_mart",)


@pytest.mark.parametrize("written", ["raw_orders", "orders_raw", "reorders", "orders.status", "주문", "x-orders"])
def test_a_part_of_another_name_is_no_load(written):
    assert names_in(f"{written} 재적재", WORDS).loads == ()


def fields(message, words=WORDS):
    return dict(recognise(message, words, NOW, ZONE).fields)


def test_two_loads_are_none():
    assert "load" not in fields("orders랑 users 20일자 재적재 부탁드립니다")


def test_a_dag_or_a_table_means_its_load_if_it_makes_only_one():
    assert fields("partner_feed 재실행 부탁드립니다") == {"load": "partner_prices"}
    assert fields("haneul-prod.orders.orders_daily 재적재 부탁드립니다") == {"load": "orders"}
    assert fields("orders_daily 재실행 부탁드립니다") == {"dag_id": "orders_daily"}


def test_a_short_name_that_two_datasets_share_names_neither():
    words = Vocabulary(datasets=("acme-prod.orders", "acme-lab.orders"))

    assert "dataset" not in fields("orders 데이터셋 조회 권한 부탁드립니다", words)
    assert fields("acme-lab.orders 권한 부탁드립니다", words) == {"dataset": "acme-lab.orders"}


def test_a_dataset_that_only_a_pattern_knows_keeps_its_letters():
    assert fields("haneul-lab.Churn_Model.Scores_V2 조회 권한 3일간 부탁드립니다") == {
        "dataset": "haneul-lab.Churn_Model",
        "tables": "Scores_V2",
        "role": "reader",
        "lasts": "3d",
    }


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("2주간 쓰기", {"role": "writer", "lasts": "14d"}),
        ("한 달 조회", {"role": "reader", "lasts": "30d"}),
        ("30일까지 조회", {"role": "reader"}),
        ("읽기 쓰기", {}),
    ],
)
def test_role_and_duration_of_access(said, found):
    assert fields(f"haneul-prod.orders {said} 권한 부탁드립니다") == {"dataset": "haneul-prod.orders", **found}


def test_an_empty_vocabulary_still_recognises_a_request():
    found = recognise("주문 테이블 20일자 재적재 부탁드립니다", Vocabulary(), NOW, ZONE)

    assert dict(found.fields) == {"dates": "2026-11-20"}


def test_the_time_does_not_grow_with_the_number_of_names():
    many = Vocabulary(loads=tuple(KnownLoad(f"load_{n}_of_many") for n in range(20_000)))

    assert names_in("load_777_of_many 재적재 " * 100, many).loads == ("load_777_of_many",)
