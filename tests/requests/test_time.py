"""What time does to requests: who is called when, promises, the shift."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.oncall.model import Certainty
from bot.oncall.queries import Roster
from bot.requests import service
from bot.requests.ageing import Ageing
from bot.requests.model import Origin, State
from bot.store.tables import interruptions
from tests.requests.book import DANA, HELP, HOUR, JUNHO, MINJI, MINUTE, MONDAY, OTHER, SORA

DAY = timedelta(days=1)
NIGHT = MONDAY + 13 * HOUR  # 23:00


def called_for_work(book):
    rows = book.store.read(lambda tx: tx.execute(interruptions.select()).all())
    return sorted(row.user for row in rows)


def test_in_working_hours_the_card_itself_calls_whoever_is_on_call_and_nothing_else_does(page):
    request = page.asked()

    assert request.mentioned_at == request.opened_at
    assert request.called.ids == ("U0MINJI",)
    page.look()
    assert page.calls() == []
    assert called_for_work(page) == ["U0MINJI"]


def test_what_is_asked_at_night_is_told_once_in_the_morning_to_whoever_is_on_call_by_then(book):
    book.now = NIGHT
    first, second = book.asked("reload orders"), book.asked("reload users")
    book.pass_time(9 * HOUR)
    quiet = book.calls()
    book.on_call = ("U0JUNHO",)
    book.pass_time(90 * MINUTE)

    assert quiet == []
    assert book.calls() == [(("U0JUNHO",), "request.note.overnight")]
    assert all(book.now_is(each).called.ids == ("U0JUNHO",) for each in (first, second))
    assert called_for_work(book) == ["U0JUNHO"]


def test_what_is_urgent_calls_at_any_hour(page):
    page.now = NIGHT

    request = page.asked(is_urgent=True)

    assert request.mentioned_at == request.opened_at


def test_what_was_taken_at_night_calls_nobody_in_the_morning(page):
    page.now = NIGHT
    page.do(service.take, MINJI, page.asked())
    page.pass_time(11 * HOUR)

    assert page.calls() == []


def test_before_a_promise_breaks_and_after_it_broke_people_are_called_once_each(book):
    request = book.asked()  # at 10:00: an answer in two hours, done in eight
    book.on_call = ("U0MINJI", "U0JUNHO")
    book.pass_time(4 * DAY)

    assert book.calls() == [
        (("U0MINJI",), "request.note.answer_soon"),
        (("U0MINJI", "U0JUNHO"), "request.note.answer_late"),
        (("U0MINJI",), "request.note.done_soon"),
        (("U0MINJI", "U0JUNHO"), "request.note.done_late"),
    ]
    assert book.now_is(request).state is State.NEW


def test_without_a_second_one_on_call_the_fallback_is_called_when_a_promise_broke(page):
    page.asked()
    page.pass_time(3 * HOUR)

    assert page.calls()[-1] == (("U0MINJI", "S0ENG"), "request.note.answer_late")


def test_who_has_a_request_is_reminded_of_it_and_its_answer_is_given(page):
    page.do(service.take, JUNHO, page.asked())
    page.pass_time(DAY + 2 * HOUR)

    assert page.calls() == [
        (("U0JUNHO",), "request.note.done_soon"),
        (("U0JUNHO", "S0ENG"), "request.note.done_late"),
    ]


def test_while_the_requester_is_asked_the_promise_stands_still(page):
    request = page.asked()
    page.do(service.ask_back, MINJI, request, "which dates?")
    page.pass_time(2 * DAY)
    silent = [said for _, said in page.calls() if said != "request.note.asked_back"]
    page.do(service.answer, SORA, request, "the 20th")

    assert silent == []
    promised, now = page.now_is(request).promised, page.now
    assert promised.done_at == now + 15 * HOUR + 8 * HOUR - timedelta(seconds=1) - (now - now)


def test_a_requester_who_does_not_answer_is_asked_again_once_and_then_the_promise_counts_again(page):
    request = page.asked()
    page.do(service.ask_back, MINJI, request, "which dates?")
    page.pass_time(5 * DAY)
    went_on = page.now_is(request)

    assert [(who, said) for who, said in page.calls() if "done" not in said] == [
        (("U0SORA",), "request.note.asked_back"),
        (("U0SORA",), "request.note.asked_again"),
        (("U0MINJI",), "request.note.unanswered"),
    ]
    assert went_on.state is State.IN_PROGRESS
    assert not went_on.waits_for_requester
    assert went_on.promised.done_at is not None


def test_each_question_is_asked_again_by_itself(page):
    request = page.asked()
    page.do(service.ask_back, MINJI, request, "which dates?")
    page.pass_time(3 * DAY)
    page.do(service.answer, SORA, request, "the 20th")
    page.do(service.ask_back, MINJI, request, "of which month?")
    page.pass_time(5 * DAY)  # over a weekend

    assert [said for _, said in page.calls()].count("request.note.asked_again") == 2
    assert page.now_is(request).state is State.WAITING


def test_of_a_requester_who_left_nobody_waits_for_an_answer(page):
    request = page.asked()
    page.do(service.ask_back, MINJI, request, "which dates?")
    page.leaves(SORA)
    page.pass_time(3 * DAY)

    assert [(who, said) for who, said in page.calls() if "done" not in said][1:] == [
        (("U0MINJI",), "request.note.asker_left")
    ]
    assert page.now_is(request).state is State.IN_PROGRESS


def test_while_it_waits_for_somebody_else_the_promise_goes_on(page):
    request = page.asked()
    page.do(service.wait, MINJI, request, "the vendor's file")
    page.pass_time(2 * DAY)

    assert [said for _, said in page.calls()] == ["request.note.done_soon", "request.note.done_late"]


def test_unassigned_requests_go_with_the_shift_and_taken_ones_stay(book):
    free, taken = book.asked("reload orders"), book.asked("reload users")
    book.do(service.take, MINJI, taken)
    calls = book.calls()
    book.on_call = ("U0JUNHO",)
    book.look()
    book.look()

    assert book.now_is(free).called.ids == ("U0JUNHO",)
    assert book.now_is(taken).assignee == MINJI
    assert book.moments(free).count("request.moment.passed_on") == 1
    assert "request.moment.passed_on" not in book.moments(taken)
    assert book.calls() == calls  # nobody is called for it a second time


def test_while_nobody_knows_who_is_on_call_that_is_said_and_nothing_is_passed_on(page):
    request = page.asked()
    page.on_call = None
    page.look()

    found = page.now_is(request)
    assert found.called.certainty is Certainty.UNKNOWN
    assert "request.moment.passed_on" not in page.moments(request)


def test_two_replicas_and_a_look_that_was_interrupted_call_once(book):
    book.now = NIGHT
    book.asked()
    book.now += 11 * HOUR
    one, other = Ageing(book.store, book.desk), Ageing(book.store, book.desk)
    for look in (one._remind, other._remind, one._remind):
        book.store.write(partial(look, request_id=book.open()[0].id, now=book.now))

    assert book.calls() == [(("U0MINJI",), "request.note.overnight")]


def test_what_a_broken_write_leaves_is_done_by_the_next_look(page):
    page.now = NIGHT
    request = page.asked()
    page.now += 11 * HOUR
    with pytest.raises(ZeroDivisionError):
        page.store.write(lambda tx: (Ageing(page.store, page.desk)._remind(tx, request.id, page.now), 1 / 0))
    page.look()

    assert page.calls() == [(("U0MINJI",), "request.note.overnight")]


def test_what_was_asked_in_two_places_is_told_in_each(page):
    page.home = None
    page.now = NIGHT
    page.asked()
    page.asked(origin=Origin(OTHER, "9.9"))
    page.pass_time(11 * HOUR)

    assert [said for _, said in page.calls()] == ["request.note.overnight"] * 2
    assert {card.channel for card in page.cards()} == {HELP, OTHER}


def test_a_reopened_request_has_a_new_promise(page):
    request = page.asked()
    page.do(service.decline, DANA, request, "no")
    page.pass_time(2 * DAY)
    page.do(service.reopen, SORA, request)

    assert page.now_is(request).promised.done_at > page.now


def test_a_request_of_a_schedule_that_is_no_more_goes_to_the_first_one(page):
    roster, request = Roster({"first": "S0FIRST"}), page.asked()
    desk = replace(page.desk, duty=roster.duty_or_first)
    Ageing(page.store, desk).look(page.now)

    assert page.now_is(request).called.certainty is Certainty.UNKNOWN
    assert page.store.read(lambda tx: desk.duty(tx, request.schedule, page.now)).fallback == "S0FIRST"
