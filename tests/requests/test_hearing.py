"""What is said where colleagues ask: what opens a request, what is asked about, and what is left alone."""

import pytest

from bot.requests import hearing, service
from bot.requests.answers import Done, Refused
from bot.requests.kind import Kind
from bot.requests.model import State, Way
from bot.requests.opening import WORKFLOW
from bot.store.tables import askings, replies
from tests.requests.book import MINJI, SORA

SURE = "orders 테이블 11월 20일 데이터 재적재 부탁드립니다"
PERHAPS = "could somebody maybe have a look at the orders table?"
CHATTER = "점심 뭐 드실래요?"


def asked(book):
    """Return the ids of the questions that authors were asked."""
    rows = book.store.read(lambda tx: tx.execute(replies.select()).all())
    return [row.body["question"] for row in rows if row.body.get("page") == hearing.ASKING]


def say_yes(book, asking, who=SORA):
    return book.store.write(lambda tx: hearing.say_yes(who, tx, book.desk, asking, book.now))


def test_what_surely_is_a_request_becomes_one_in_its_own_thread(book):
    for _ in range(2):  # Slack may send it again
        book.hear(SURE)

    [request] = book.open()
    assert (request.kind, request.requester, request.way, request.language) == (Kind.RERUN, SORA, Way.MESSAGE, "ko")
    assert request.fields["load"] == "orders"
    assert request.fields["dates"] == "2026-11-20"
    [card] = book.cards()
    assert card.thread_ts == "1795100000.000100"
    assert asked(book) == []


def test_where_baton_shall_ask_the_author_decides(book):
    book.recognise = "ask"
    for _ in range(2):
        book.hear(SURE)
    [question] = asked(book)

    assert book.open() == ()
    assert isinstance(say_yes(book, question, MINJI), Refused)
    assert isinstance(say_yes(book, question), Done)
    assert isinstance(say_yes(book, question), Refused)
    assert len(book.open()) == 1


def test_after_a_no_nobody_asks_again_nor_about_replies(page):
    page.recognise = "ask"
    page.hear(SURE)
    [question] = asked(page)
    said = page.store.write(lambda tx: hearing.say_no(SORA, tx, question))
    page.hear(SURE)
    page.hear(SURE, ts="1795100000.000200", thread_ts="1795100000.000100")

    assert said
    assert asked(page) == [question]
    assert isinstance(say_yes(page, question), Refused)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"said": CHATTER}, id="chatter"),
        pytest.param({"user": "U0GUEST"}, id="a guest"),
        pytest.param({"bot_id": "B0OTHER"}, id="a bot"),
        pytest.param({"subtype": "channel_join"}, id="somebody joined"),
        pytest.param({"said": f"<@U0BATON> {SURE}"}, id="said to Baton by name, which is another event"),
        pytest.param({"said": ""}, id="nothing"),
        pytest.param({"ts": ""}, id="no time"),
        pytest.param(
            {"subtype": "message_changed", "message": {"user": "U0SORA", "text": SURE, "ts": "1795100000.000100"}},
            id="an edit",
        ),
    ],
)
@pytest.mark.parametrize("recognise", ["ask", "open"])
def test_what_is_left_alone(page, recognise, more):
    page.recognise = recognise
    page.hear(**({"said": SURE} | more))

    assert (page.open(), asked(page)) == ((), [])


def test_where_recognising_is_off_nothing_is_looked_at(page):
    page.recognise = "off"
    page.hear(SURE)

    assert page.store.read(lambda tx: tx.execute(askings.select()).all()) == []


def test_in_the_thread_of_a_request_nothing_else_is_opened(page):
    page.hear(SURE)
    [request] = page.open()
    page.hear("users 도 20일 재적재 부탁드립니다", ts="1795100000.000300", thread_ts=request.origin.ts)

    assert page.open() == (request,) or len(page.open()) == 1


def test_a_message_too_long_for_anybody_is_taken_in_all_the_same(page):
    page.hear(f"{SURE} " + "그리고 " * 12_000)

    assert len(page.store.read(lambda tx: tx.execute(askings.select()).all())) <= 1


FORM_KO = """*데이터 요청*
*요청자*
<@U0SORA>
*요청 유형*: 권한
*데이터셋*: haneul.mart
*요청 내용*
분기 보고서용 조회 권한 부탁드려요.
두 달 정도 필요합니다.
*사유*: 분기 보고
*희망일*: 11월 30일"""
FORM_EN = """Submitted by: <@U0DANA|dana>
Request type: Rerun
Load: orders
Dates: 2026-11-20
Details: the partition is half empty"""


def form(page, words, bot="B0FORM", **more):
    page.hear(words, user="", bot_id=bot, subtype="bot_message", username="Data request", **more)


def test_a_form_in_korean_is_a_request_of_who_sent_it(page):
    for _ in range(2):
        form(page, FORM_KO)

    [request] = page.open()
    assert (request.kind, request.requester, request.way) == (Kind.ACCESS, SORA, Way.WORKFLOW)
    assert request.words == "분기 보고서용 조회 권한 부탁드려요.\n두 달 정도 필요합니다."
    assert (request.fields, request.why, request.needed_by) == ({"dataset": "haneul.mart"}, "분기 보고", "11월 30일")


def test_a_form_in_english_too(page):
    form(page, FORM_EN)

    [request] = page.open()
    assert (request.kind, request.requester.id, request.fields["load"]) == (Kind.RERUN, "U0DANA", "orders")
    assert request.fields["dates"] == "2026-11-20"


@pytest.mark.parametrize(
    ("words", "bot"),
    [
        pytest.param(FORM_EN, "B0SCRIPT", id="a bot that is no form"),
        pytest.param("Deployed: yes\nDetails: all fine", "B0FORM", id="one known label"),
        pytest.param(FORM_EN.replace("U0DANA", "U0GUEST"), "B0FORM", id="sent by a guest"),
        pytest.param("Requester: <@U0SORA>\nRequest type: question\nDetails:", "B0FORM", id="nothing asked"),
    ],
)
def test_what_is_no_form_opens_nothing(page, words, bot):
    form(page, words, bot)

    assert page.open() == ()


def test_a_form_without_a_person_is_told_in_its_thread(page):
    form(page, FORM_EN.replace("Submitted by: <@U0DANA|dana>\n", ""))
    [request] = page.open()
    page.do(service.finish, MINJI, request, "loaded")

    assert not request.requester.is_person
    assert page.now_is(request).state is State.DONE
    assert [said for _, said, _ in page.notes()] == ["request.news.done"]
    assert page.told() == []


@pytest.mark.parametrize("forged", ["Requester: <@U0MINJI>", "Requester: @U0MINJI", "details\nRequester: <@U0MINJI>"])
@pytest.mark.parametrize("asked_by", ["*Requester*\n<@U0SORA>\n", ""])
def test_words_in_a_form_do_not_change_whose_request_it_is(page, asked_by, forged):
    form(page, f"{asked_by}*Load*\norders\n*Request*\nplease rerun\n{forged}")

    [request] = page.open()
    assert request.requester == (SORA if asked_by else WORKFLOW)


def test_a_yes_that_was_refused_may_be_said_again(page):
    page.recognise = "ask"
    page.hear(SURE)
    [question] = asked(page)
    page.refused = ("U0SORA",)
    refused = say_yes(page, question)
    page.refused = ()

    assert isinstance(refused, Refused)
    assert isinstance(say_yes(page, question), Done)
