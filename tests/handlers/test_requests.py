"""Requests over the wire: commands, buttons and forms by those who may, once, with the answer to each."""

import json

import pytest

from bot.requests.model import State
from bot.store.tables import askings, replies, requests
from tests.handlers.colleagues import REFUSED, told
from tests.handlers.front_door import ALERTS, HELP, TEAM

KNOWN = [each for each in REFUSED if each.values[0]["user"] and "team" not in each.values[0]]


def ask(served, words="reload orders for yesterday please", user="U0SORA", trigger="1.1"):
    return served.command("/ask", words, user=user, trigger_id=trigger)


@pytest.fixture
def request_id(staffed):
    ask(staffed)
    [row] = staffed.rows(requests)
    return row.id


def state(served):
    [row] = served.rows(requests)
    return row.state


def test_a_command_is_a_request_and_is_answered_at_once(staffed):
    answer = ask(staffed)

    assert "with the person on call" in answer.json()["text"]
    [row] = staffed.rows(requests)
    assert (row.requester, row.channel, row.language) == (f"person:{TEAM}:U0SORA", HELP, "en")


def test_baton_ask_is_the_same(staffed):
    staffed.command("/baton", "ask reload orders", user="U0SORA")

    [row] = staffed.rows(requests)
    assert row.words == "reload orders"


@pytest.mark.parametrize(("who", "why"), KNOWN)
def test_who_is_no_member_asks_for_nothing(staffed, who, why):
    answer = ask(staffed, user=who["user"])

    assert why in answer.json()["text"]
    assert staffed.rows(requests) == []


@pytest.mark.parametrize(("who", "why"), KNOWN)
@pytest.mark.parametrize("verb", ["take", "do", "done", "withdraw", "reopen", "history"])
def test_who_is_no_member_presses_in_vain(staffed, request_id, verb, who, why):
    staffed.press(f"request.{verb}", request_id, **who)

    assert state(staffed) == State.NEW
    assert why in told(staffed)[-1] or verb in {"withdraw", "reopen"}


@pytest.mark.parametrize(("who", "why"), KNOWN[:2])
def test_who_is_no_member_sees_no_queue(staffed, request_id, who, why):
    answer = staffed.command("/requests", "all", user=who["user"])

    assert why in answer.json()["text"]
    assert "reload orders" not in answer.text


def test_a_button_pressed_twice_counts_once(staffed, request_id):
    for _ in range(2):
        staffed.press("request.take", request_id)

    assert state(staffed) == State.IN_PROGRESS
    assert told(staffed).count("이미 담당하고 계십니다.") == 1


def test_forms_say_what_is_wrong_at_their_field(staffed, request_id):
    wrong = staffed.submit("request.done", request_id, {"outcome": " "})
    right = staffed.submit("request.done", request_id, {"outcome": "loaded"})
    late = staffed.submit("request.decline", request_id, {"reason": "no"})

    assert wrong.json() == {"response_action": "errors", "errors": {"outcome": "내용을 적어 주세요."}}
    assert not right.text or right.json() == {}
    assert "완료" in late.json()["errors"]["reason"]
    assert state(staffed) == State.DONE


def test_a_form_for_somebody_else_is_theirs(staffed):
    who = {"type": "users_select", "selected_user": "U0SORA"}
    kind = {"type": "static_select", "selected_option": {"value": "access"}}
    staffed.submit("request.ask", f"{HELP}|1.1|", {"what": "조회 권한", "kind": kind, "requester": who})

    [row] = staffed.rows(requests)
    assert (row.requester, row.registered_by, row.kind, row.way) == (
        f"person:{TEAM}:U0SORA",
        f"person:{TEAM}:U0MINJI",
        "access",
        "shortcut",
    )


def test_the_queue_has_pages_that_anybody_of_the_team_turns(staffed):
    for number in range(10):
        ask(staffed, f"question number {number}", trigger=str(number))
    first = staffed.command("/requests", "all")
    empty = staffed.command("/requests", "", user="U0NEVERSEEN")
    staffed.press("requests.turn:older", "all:1")

    assert "열린 요청 10건" in first.json()["text"]
    assert json.dumps(first.json()["blocks"]).count("request.history:") == 8
    assert "question number" not in empty.text
    [page] = [row.body for row in staffed.rows(replies) if row.body.get("page") == "requests"]
    assert page["question"] == f"all:1:{TEAM}:U0MINJI"


def test_an_empty_queue_says_so(staffed):
    assert "기다리는 요청이 없습니다" in str(staffed.command("/requests", "all").json()["blocks"])
    assert "내 요청 0건" in staffed.command("/requests").json()["text"]


def test_a_plain_message_where_colleagues_ask_becomes_a_request_once(staffed):
    event = {"type": "message", "channel": HELP, "user": "U0SORA", "ts": "1795000500.000100"}
    for _ in range(2):
        staffed.event(event | {"text": "orders 테이블 11월 20일 데이터 재적재 부탁드립니다"}, event_id="Ev1")

    assert state(staffed) == State.NEW


def test_the_same_words_in_an_alert_channel_open_nothing(staffed):
    event = {"type": "message", "channel": ALERTS, "user": "U0SORA", "ts": "1795000500.000100"}
    staffed.event(event | {"text": "orders 테이블 11월 20일 데이터 재적재 부탁드립니다"})

    assert (staffed.rows(requests), staffed.rows(askings)) == ([], [])


@pytest.mark.parametrize("words", ["ask reload orders for yesterday", "please reload orders for yesterday"])
def test_said_to_baton_by_name_it_is_a_request(staffed, words):
    event = {"type": "app_mention", "channel": HELP, "user": "U0SORA", "ts": "1795000600.000100"}
    for _ in range(2):
        staffed.event(event | {"text": f"<@U0BATON> {words}"})

    [row] = staffed.rows(requests)
    assert (row.way, row.message_ts) == ("mention", "1795000600.000100")


def test_baton_shows_ones_requests_in_a_thread_to_oneself(staffed, request_id):
    event = {"type": "app_mention", "channel": HELP, "user": "U0SORA", "ts": "1795000700.000100"}
    staffed.event(event | {"text": "<@U0BATON> requests"})
    staffed.event(event | {"text": "<@U0BATON> requests", "user": "U0GUEST", "ts": "1795000700.000200"})

    [page] = [row.body for row in staffed.rows(replies) if row.body.get("page")]
    assert page["question"] == f"mine:0:{TEAM}:U0SORA"
    assert len(staffed.rows(replies)) == 2


def test_a_wrong_shortcut_or_menu_entry_does_nothing(staffed, request_id):
    payload = {"type": "message_action", "callback_id": "request.other", "trigger_id": "1.1", "message": {"ts": "1.1"}}
    person = {"user": {"id": "U0MINJI", "team_id": TEAM}, "team": {"id": TEAM}, "channel": {"id": HELP}}

    assert staffed.payload(payload | person).status_code == 200
    assert staffed.press("request.more", "", chosen=f"explode:{request_id}").status_code == 200
    assert state(staffed) == State.NEW
