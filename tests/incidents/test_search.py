"""What people write after `/incidents`, in English and Korean, and the words by which incidents are found. Pure."""

import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incidents.asking import Question
from bot.incidents.model import OPEN, IncidentState
from bot.incidents.search import Filter, Search, read
from bot.incidents.since import read_since
from bot.incidents.words import LONGEST, holds, lasting, wanted, words_of
from bot.text import Text

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=SEOUL)  # a Friday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RESOLVED, STALE = (IncidentState.RESOLVED,), (IncidentState.STALE,)
MIDNIGHT = NOW.replace(hour=0, minute=0)

QUESTIONS = [
    pytest.param("", Search(states=OPEN), id="nothing: what is open"),
    pytest.param("  ", Search(states=OPEN), id="spaces"),
    pytest.param("state:open", Search(states=OPEN), id="open"),
    pytest.param("state:ack", Search(states=(IncidentState.ACKNOWLEDGED,)), id="acknowledged"),
    pytest.param("State:Resolved", Search(states=RESOLVED), id="capitals"),
    pytest.param("state=stale", Search(states=STALE), id="a sign of equality"),
    pytest.param("all", Search(), id="everything"),
    pytest.param("resolved", Search(states=RESOLVED), id="a state without its key"),
    pytest.param('"resolved"', Search(words=("resolved",)), id="the word, quoted"),
    pytest.param("orders_daily.load_orders", Search(words=("orders_daily.load_orders",)), id="an identifier"),
    pytest.param("`load_orders` failed!", Search(words=("load_orders", "failed")), id="signs around words"),
    pytest.param("not found, 404", Search(words=("not", "found", "404")), id="several words"),
    pytest.param("“could not open”", Search(words=("could", "not", "open")), id="what phones type"),
    pytest.param('"never closed', Search(words=("never", "closed")), id="a quotation mark that is not closed"),
    pytest.param("kafka:9092", Search(words=("kafka:9092",)), id="a key that is none"),
    pytest.param("<http://a.example/x|a.example/x>", Search(words=("a.example/x",)), id="a link as Slack sends it"),
    pytest.param("&lt;b&gt; <@U1|minji>", Search(words=("b", "minji")), id="what Slack escapes"),
    pytest.param("a a A", Search(words=("a",)), id="the same word again"),
    pytest.param("1 2 3 4 5 6 7 8 9", Search(words=tuple("12345678")), id="more words than anybody needs"),
    pytest.param("*** — !!", Search(states=OPEN), id="nothing but signs"),
    pytest.param("source:Great-Expectations", Search(source="great_expectations"), id="a source"),
    pytest.param("dag:orders_daily", Search(filters=(Filter("dag", "orders_daily"),)), id="a DAG"),
    pytest.param('table:"dw.Orders"', Search(filters=(Filter("table", "dw.orders"),)), id="a quoted table"),
    pytest.param("dag:orders*", Search(filters=(Filter("dag", "orders", is_beginning=True),)), id="a beginning"),
    pytest.param("x since 7d", Search(words=("x",), since=NOW - 7 * DAY), id="since"),
    pytest.param("since:12h", Search(since=NOW - 12 * HOUR), id="since as a key"),
    pytest.param("last 2 weeks quota", Search(words=("quota",), since=NOW - 14 * DAY), id="the last two weeks"),
    pytest.param("7d", Search(since=NOW - 7 * DAY), id="a time alone"),
    pytest.param("yesterday", Search(since=MIDNIGHT - DAY), id="yesterday"),
    pytest.param("last words", Search(words=("last", "words")), id="last, not a time"),
    pytest.param("3days_late", Search(words=("3days_late",)), id="a name that begins like a time"),
    pytest.param("열린", Search(states=OPEN), id="열린"),
    pytest.param("미해결 airflow", Search(words=("airflow",), states=OPEN), id="미해결"),
    pytest.param(
        "최근 7일 해결된 인시던트 보여줘", Search(states=RESOLVED, since=NOW - 7 * DAY), id="a Korean sentence"
    ),
    pytest.param(
        "상태:비활성 출처:airflow 테이블:dw.orders",
        Search(states=STALE, source="airflow", filters=(Filter("table", "dw.orders"),)),
        id="Korean keys",
    ),
    pytest.param("전체 할당량", Search(words=("할당량",)), id="전체"),
    pytest.param("어제부터 실패", Search(words=("실패",), since=MIDNIGHT - DAY), id="어제부터"),
    pytest.param("3시간 동안 지연", Search(words=("지연",), since=NOW - 3 * HOUR), id="3시간 동안"),
    pytest.param("11월 1일 이후", Search(since=datetime(2026, 11, 1, tzinfo=SEOUL)), id="a Korean date"),
]


@pytest.mark.parametrize(("written", "meant"), QUESTIONS)
def test_a_question_is_read_as_people_write_it(written, meant):
    assert read(written, NOW) == meant


@pytest.mark.parametrize(
    ("written", "msgid"),
    [
        pytest.param("state:broken", "search.bad_state", id="no state"),
        pytest.param("상태:이상", "search.bad_state", id="no state, in Korean"),
        pytest.param("since soon", "search.bad_since", id="no time"),
        pytest.param("since:2030-01-01", "search.bad_since", id="a day to come"),
        pytest.param("since:2026-13-01", "search.bad_since", id="no such day"),
    ],
)
def test_what_is_wrong_is_said_instead_of_searched(written, msgid):
    wrong = read(written, NOW)

    assert isinstance(wrong, Text)
    assert wrong.msgid == msgid


@given(st.text(max_size=200))
def test_anything_at_all_is_read_or_refused(written):
    assert isinstance(read(written, NOW), Search | Text)


@pytest.mark.parametrize(
    ("written", "since"),
    [
        pytest.param("7d", NOW - 7 * DAY, id="7d"),
        pytest.param("90 m", NOW - timedelta(minutes=90), id="minutes"),
        pytest.param("2 weeks", NOW - 14 * DAY, id="weeks"),
        pytest.param("3시간", NOW - 3 * HOUR, id="시간"),
        pytest.param("7일간", NOW - 7 * DAY, id="일간"),
        pytest.param("2주 전", NOW - 14 * DAY, id="주 전"),
        pytest.param("1개월", NOW - 30 * DAY, id="개월"),
        pytest.param("today", MIDNIGHT, id="today"),
        pytest.param("이번 주", MIDNIGHT - 4 * DAY, id="this week"),
        pytest.param("이번달", datetime(2026, 11, 1, tzinfo=SEOUL), id="this month"),
        pytest.param("2026-11-01", datetime(2026, 11, 1, tzinfo=SEOUL), id="a date"),
        pytest.param("11/1", datetime(2026, 11, 1, tzinfo=SEOUL), id="a date without its year"),
        pytest.param("12/24", datetime(2025, 12, 24, tzinfo=SEOUL), id="one of last year"),
        pytest.param("2025년 2월 3일부터", datetime(2025, 2, 3, tzinfo=SEOUL), id="a Korean date"),
        pytest.param("9999w", datetime(1970, 1, 1, tzinfo=UTC), id="longer ago than anything"),
        pytest.param("2/30", None, id="no such day"),
        pytest.param("0", None, id="a number"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_beginning_in_time_is_read(written, since):
    assert read_since(written, NOW) == since


# Words


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        pytest.param("orders_daily.load_orders", "orders_d", id="the beginning of an identifier"),
        pytest.param("orders_daily.load_orders", "load_orders", id="its task"),
        pytest.param("orders_daily.load_orders", "daily.load", id="its middle"),
        pytest.param("orders_daily.load_orders", "orders_daily.load_orders", id="the whole"),
        pytest.param("Table staging.orders_raw not found", "ORDERS_RAW", id="capitals"),
        pytest.param("java.lang.OutOfMemoryError", "memory", id="a part of one word"),
        pytest.param("HTTPError 503", "error", id="after capitals"),
        pytest.param("s3://bucket/key", "bucket", id="a path"),
        pytest.param("주문테이블을 적재하지 못했습니다", "테이블", id="the middle of a Korean compound"),
        pytest.param("주문테이블을 적재하지 못했습니다", "주문", id="its beginning"),
        pytest.param("orders테이블", "테이블", id="Korean after Latin"),
        pytest.param("테이블orders", "orders", id="Latin after Korean"),
        pytest.param(unicodedata.normalize("NFD", "주문"), "주문", id="decomposed Korean"),
        pytest.param("Straße", "strasse", id="folded letters"),
    ],
)
def test_a_word_is_found_wherever_somebody_may_begin_to_type_it(said, typed):
    assert holds(words_of([said]), wanted(typed))


@pytest.mark.parametrize(
    ("said", "typed"),
    [("orders_daily", "aily"), ("OutOfMemoryError", "emory"), ("load", "loads"), ("orders", "order daily")],
)
def test_a_word_is_not_found_by_letters_inside_it(said, typed):
    assert not holds(words_of([said]), wanted(typed))


def test_what_is_new_in_every_alert_is_not_kept():
    said = "HTTP 404 ORA-00942 at 2026-11-21T03:00:00 run manual__20261121 took 9981 rows 12% id 4f0c9a7712bd"

    kept = lasting(words_of([said]))

    assert {"http", "404", "ora-00942", "run", "rows"} <= set(kept)
    assert not any(char in word for word in kept for char in ("2026", "9981", "4f0c9a"))


@given(st.text(max_size=300))
def test_words_are_short_and_hold_themselves(said):
    words = list(words_of([said]))

    assert all(0 < len(word) <= LONGEST for word in words)
    assert all("\n" not in word and "=" not in word for word in words)


@given(st.text(max_size=600), st.lists(st.text(st.sampled_from("0123456789abcdef"), max_size=24), max_size=80))
def test_a_question_travels_in_a_button_and_back(written, pages):
    question = Question.asked(written)
    for page in pages:
        question = question.older(page)

    assert Question.parse(str(question)) == question
    assert question.newer.pages == question.pages[:-1]


@pytest.mark.parametrize("value", ["", "nonsense", "{}", "[]", "null", '["x", 1, null]', "[[]]", '"x"', "9" * 5000])
def test_a_forged_button_asks_something_harmless(value):
    assert isinstance(read(Question.parse(value).written, NOW), Search)


def test_the_longest_question_fits_into_a_button():
    question = Question.asked('"' * 1000)
    for _ in range(100):
        question = question.older("f" * 24)

    assert len(str(question)) <= 2000
