"""A request from its opening to its end: who may do what, who is told, and in which language, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.requests import queries, service
from bot.requests.answers import Done, Joined, Refused
from bot.requests.kind import Kind
from bot.requests.lifecycle import ARROWS, may_move
from bot.requests.model import OPEN, Origin, State
from bot.requests.opening import WORKFLOW
from bot.store import Store
from bot.store.tables import interruptions
from tests.requests.book import DANA, GUEST, HELP, HOUR, JUNHO, MINJI, MINUTE, OTHER, SORA, Book


def test_a_request_is_taken_asked_back_answered_and_done_and_its_requester_hears_of_each_step(book):
    request = book.asked()
    book.do(service.take, MINJI, request)
    book.do(service.ask_back, MINJI, request, "which dates?")
    book.hear("20일이요", ts=book.next_ts(), thread_ts=request.origin.ts)
    book.do(service.finish, MINJI, request, "loaded the 20th")

    done = book.now_is(request)
    assert (done.state, done.outcome, done.assignee, done.ended_by) == (State.DONE, "loaded the 20th", MINJI, MINJI)
    assert book.notes() == [
        ((), "request.news.taken", "ko"),
        (("U0SORA",), "request.note.asked_back", "ko"),
        (("U0MINJI",), "request.note.answered", "en"),
        ((), "request.news.done", "ko"),
    ]
    assert book.moments(request) == [
        "request.moment.opened",
        "request.moment.taken",
        "request.moment.asked_back",
        "request.moment.answered",
        "request.moment.done",
    ]
    assert book.deeds() == [
        "request.opened",
        "request.in_progress",
        "request.waiting",
        "request.in_progress",
        "request.done",
    ]


def test_who_asked_elsewhere_is_written_to_directly_and_the_card_is_shown_at_home(page):
    request = page.asked(origin=Origin(OTHER, "1.1"))
    page.do(service.take, MINJI, request)
    page.do(service.ask_back, MINJI, request, "which dates?")

    [card] = page.cards()
    assert (card.channel, card.thread_ts) == (HELP, None)
    assert page.told() == [("U0SORA", "request.news.taken"), ("U0SORA", "request_question")]


def test_in_shadow_mode_nobody_is_written_to_and_nobody_counts_as_called(store):
    page = Book(store, is_live=False)
    request = page.asked(origin=Origin(OTHER, "1.1"))
    page.do(service.take, MINJI, request)

    assert page.told() == []
    assert store.read(lambda tx: tx.execute(interruptions.select()).all()) == []


def test_one_message_makes_one_request_however_often_it_comes(book):
    first, again = book.asked(key="C0HELP:1.1"), book.asked(key="C0HELP:1.1")

    assert first.id == again.id
    assert len(book.open()) == 1
    assert book.deeds() == ["request.opened"]


def test_the_same_that_somebody_asked_before_is_joined_and_its_end_told_to_both(book):
    request = book.asked(fields={"load": "orders", "dates": "2026-11-20"})
    joined = book.ask(requester=DANA, fields={"load": "Orders", "dates": "20 Nov 2026"})
    again = book.ask(requester=DANA, fields={"load": "orders", "dates": "2026-11-20"})
    book.do(service.finish, MINJI, request, "done")

    assert isinstance(joined, Joined)
    assert (joined.said.msgid, joined.is_new, again.is_new) == ("request.already", True, False)
    assert len(book.open()) == 0
    assert book.told() == [("U0DANA", "request.news.done")]
    assert book.moments(request).count("request.moment.joined") == 1
    assert [each.id for each in book.store.read(lambda tx: queries.of_requester(tx, DANA))] == [request.id]


def test_access_for_two_people_is_asked_twice(page):
    page.asked(kind=Kind.ACCESS, fields={"dataset": "haneul.mart"})
    page.asked(kind=Kind.ACCESS, fields={"dataset": "haneul.mart"}, requester=DANA)

    assert len(page.open()) == 2


def test_what_is_over_is_no_duplicate(page):
    first = page.asked(fields={"load": "orders"})
    page.do(service.decline, MINJI, first, "not this week")

    assert page.asked(fields={"load": "orders"}).id != first.id


def test_yesterday_still_means_the_same_day_tomorrow(page):
    assert page.asked(fields={"load": "orders", "dates": "어제"}).fields["dates"] == "2026-11-22"
    assert page.asked(fields={"load": "users", "dates": "whenever"}).fields["dates"] == "whenever"


def test_secrets_are_taken_out_before_anything_is_stored(page):
    secret = "xoxb-" + "1234567890-1234567890-AbCdEfGhIjKlMnOpQrStUvWx"
    request = page.asked(f"use {secret} please", why=f"token {secret}", needed_by=secret)
    page.do(service.finish, MINJI, request, f"used {secret}")

    found = page.now_is(request)
    assert secret not in f"{found.words}{found.why}{found.needed_by}{found.outcome}"


def test_huge_words_are_kept_as_far_as_there_is_room(page):
    request = page.asked("가" * 50_000, fields={f"f{n}": "x" * 5000 for n in range(50)})

    assert len(request.words) == 3000
    assert len(request.fields) == 12
    assert all(len(value) <= 300 for value in request.fields.values())


def test_nothing_to_ask_is_no_request(page):
    assert page.ask("  \n ") == Refused(page.ask(" ").why, "what")
    assert page.open() == ()


def test_a_guest_may_neither_ask_nor_handle_nor_be_given_a_request(page):
    request = page.asked()
    refused = [
        page.ask(requester=GUEST),
        page.do(service.take, GUEST, request),
        page.do(service.finish, GUEST, request, "done"),
        page.do(service.decline, GUEST, request, "no"),
        page.do(service.withdraw, GUEST, request),
        page.do(service.assign, MINJI, request, "U0GUEST"),
    ]

    assert all(isinstance(each, Refused) for each in refused)
    assert page.now_is(request) == request
    assert page.deeds() == ["request.opened"]


def test_what_a_guest_wrote_may_be_asked_in_ones_own_name_only(page):
    for_a_guest = page.ask(requester=GUEST, actor=MINJI)
    registered = page.asked(requester=SORA, actor=MINJI)

    assert (for_a_guest.why.msgid, for_a_guest.field) == ("request.wrong.may_not_ask", "requester")
    assert (registered.requester, registered.registered_by) == (SORA, MINJI)
    assert page.moments(registered) == ["request.moment.registered"]


def test_only_who_asked_withdraws_and_anybody_of_the_team_reopens(page):
    request = page.asked()
    page.do(service.take, MINJI, request)

    assert isinstance(page.do(service.withdraw, DANA, request), Refused)
    assert isinstance(page.do(service.withdraw, SORA, request), Done)
    assert isinstance(page.do(service.reopen, DANA, request), Done)
    again = page.now_is(request)
    assert (again.state, again.assignee, again.ended_at) == (State.IN_PROGRESS, MINJI, None)
    assert again.promised.done_at is not None


def test_a_second_press_changes_nothing_and_says_who_was_first(book):
    request = book.asked()
    book.do(service.finish, MINJI, request, "done")
    late = book.do(service.finish, JUNHO, request, "done, too")

    assert isinstance(late, Refused)
    assert late.why.msgid == "request.now.done"
    assert book.now_is(request).ended_by == MINJI
    assert book.deeds().count("request.done") == 1


def test_of_many_who_press_at_once_one_counts(book):
    request = book.asked()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda who: book.do(service.decline, who, request, "no"), [MINJI, JUNHO, DANA, SORA]))

    assert sum(isinstance(each, Done) for each in answers) == 1
    assert book.deeds().count("request.declined") == 1
    assert [said for _, said, _ in book.notes()].count("request.news.declined") <= 1


def test_a_duplicate_brings_its_people_to_the_first_one(page):
    first, second = page.asked("reload orders"), page.asked("orders are missing", requester=DANA)
    answer = page.do(service.mark_duplicate, MINJI, second, first.id)
    page.do(service.finish, MINJI, first, "done")

    assert isinstance(answer, Done)
    assert page.now_is(second).state is State.DUPLICATE
    assert ("U0DANA", "request.news.done") in page.told()
    assert isinstance(page.do(service.mark_duplicate, MINJI, page.asked("x"), "0" * 24), Refused)


def test_given_to_a_colleague_who_is_told_and_back_to_whoever_is_on_call(page):
    request = page.asked()
    page.do(service.assign, MINJI, request, "U0JUNHO")
    given = page.now_is(request)
    page.do(service.assign, MINJI, request, "")

    assert given.assignee == JUNHO
    assert ("U0JUNHO", "request.note.given_to_you") in page.told()
    assert (page.now_is(request).state, page.now_is(request).assignee) == (State.NEW, None)


def test_an_answer_that_slack_tells_once_more_answers_no_later_question(page):
    request = page.asked()
    page.do(service.ask_back, MINJI, request, "which dates?")
    said_at = page.next_ts()
    page.hear("the 20th", ts=said_at, thread_ts=request.origin.ts)
    page.do(service.ask_back, MINJI, request, "of which month?")
    page.hear("the 20th", ts=said_at, thread_ts=request.origin.ts)

    assert page.now_is(request).waits_for == "of which month?"
    page.hear("November", ts=page.next_ts(), thread_ts=request.origin.ts)
    assert page.now_is(request).state is State.IN_PROGRESS


def test_only_the_requesters_answer_counts_in_the_thread_and_in_the_form(page):
    request = page.asked()
    page.do(service.ask_back, MINJI, request, "which dates?")
    page.hear("I guess the 20th", user="U0DANA", ts=page.next_ts(), thread_ts=request.origin.ts)

    assert page.now_is(request).state is State.WAITING
    assert isinstance(page.do(service.answer, DANA, request, "the 20th"), Refused)
    assert isinstance(page.do(service.answer, SORA, request, "the 21st"), Done)
    assert page.now_is(request).state is State.IN_PROGRESS


def test_a_run_that_succeeds_is_the_evidence_and_ends_the_request_once(page):
    request = page.asked()
    page.run(request, "executing")
    page.look()
    taken = page.now_is(request)
    page.run(request, "cancelled", number=2)
    page.run(request, "succeeded", number=3)
    page.look()
    running = page.now_is(request)
    page.store.write(lambda tx: tx.exec_driver_sql("UPDATE runs SET state = 'succeeded' WHERE state = 'executing'"))
    page.look()
    page.look()

    assert (taken.state, taken.assignee) == (State.IN_PROGRESS, MINJI)
    assert running.is_open
    done = page.now_is(request)
    assert (done.state, str(done.evidence)) == (State.DONE, f"run:{3:024}")
    assert [said for _, said, _ in page.notes()] == ["request.news.taken", "request.news.done_by_run"]
    assert page.deeds().count("request.done") == 1

    page.do(service.reopen, SORA, request)
    page.look()
    assert page.now_is(request).is_open  # the same run does not end it again


def test_every_state_that_is_over_can_be_reopened_and_every_open_one_ended():
    for state in State:
        assert (state in OPEN) == may_move(state, State.DONE)
        assert any(may_move(state, to) for to in OPEN)


DEEDS = {
    "take": lambda book, who, request: book.do(service.take, who, request),
    "ask_back": lambda book, who, request: book.do(service.ask_back, who, request, "which?"),
    "wait": lambda book, who, request: book.do(service.wait, who, request, "the vendor"),
    "answer": lambda book, who, request: book.do(service.answer, who, request, "these"),
    "give": lambda book, who, request: book.do(service.assign, who, request, "U0JUNHO"),
    "give_back": lambda book, who, request: book.do(service.assign, who, request, ""),
    "finish": lambda book, who, request: book.do(service.finish, who, request, "so"),
    "decline": lambda book, who, request: book.do(service.decline, who, request, "no"),
    "withdraw": lambda book, who, request: book.do(service.withdraw, who, request),
    "reopen": lambda book, who, request: book.do(service.reopen, who, request),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), st.sampled_from([SORA, MINJI, JUNHO])), max_size=12))
def test_whatever_people_do_a_request_moves_along_its_table_and_says_each_move(page, steps):
    request, moved = page.asked(), 0
    for name, who in steps:
        before = page.now_is(request)
        answer = DEEDS[name](page, who, request)
        after = page.now_is(request)

        assert after.state in ARROWS[before.state] if isinstance(answer, Done) else after == before
        assert after.is_open == (after.ended_at is None)
        assert after.waits_for_requester <= (after.state is State.WAITING)
        assert (after.left is not None) <= (not after.is_open or after.waits_for_requester)
        moved += isinstance(answer, Done)

    assert len(page.moments(request)) == 1 + moved


def test_who_asks_at_the_same_time_for_the_same_joins_the_one_that_was_first(postgres_url):
    with closing(Store(postgres_url)) as store, closing(Store(postgres_url)) as other:
        first, second = Book(store), Book(other)
        wish, late = (first.wish(requester=who, fields={"load": "orders"}) for who in (SORA, DANA))
        duty = second.duty

        def be_overtaken(schedule):
            store.write(lambda tx: service.ask(SORA, tx, first.desk, wish, first.now))
            return duty(schedule)

        second.duty = be_overtaken
        answer = other.write(lambda tx: service.ask(DANA, tx, second.desk, late, second.now))

        assert isinstance(answer, Joined)
        assert [each.requester for each in first.open()] == [SORA]


def test_who_named_nobody_cannot_be_asked_back(page):
    request = page.asked(requester=WORKFLOW, actor=WORKFLOW)
    refused = page.do(service.ask_back, MINJI, request, "which dates?")

    assert refused.why.msgid == "request.wrong.nobody_to_ask"
    assert page.now_is(request) == request


def test_what_nobody_had_calls_whoever_is_on_call_when_it_is_reopened(page):
    request = page.asked()
    page.do(service.decline, DANA, request, "no")
    page.on_call = ("U0JUNHO",)
    page.do(service.reopen, SORA, request)
    page.look()

    assert page.calls() == [(("U0JUNHO",), "request.note.reopened")]


def test_what_is_reopened_at_night_is_told_in_the_morning(page):
    request = page.asked()
    page.do(service.withdraw, SORA, request)
    page.now += 13 * HOUR
    page.do(service.reopen, SORA, request)
    quiet = page.calls()
    page.pass_time(11 * HOUR)

    assert quiet == []
    assert page.calls()[0] == (("U0MINJI",), "request.note.overnight")


def test_what_was_reopened_is_joined_again_by_who_asks_for_the_same(page):
    request = page.asked(fields={"load": "orders"})
    page.do(service.decline, MINJI, request, "no")
    page.do(service.reopen, SORA, request)

    assert isinstance(page.ask(requester=DANA, fields={"load": "orders"}), Joined)


def test_reopened_beside_the_same_it_says_so(page):
    request = page.asked(fields={"load": "orders"})
    page.do(service.decline, MINJI, request, "no")
    page.asked(requester=DANA, fields={"load": "orders"})
    answer = page.do(service.reopen, SORA, request)

    assert answer.said.msgid == "request.reopened_beside"
    assert len(page.open()) == 2


def test_a_duplicate_points_at_nothing_that_is_over(page):
    first, second = page.asked("reload orders"), page.asked("orders are missing", requester=DANA)
    page.do(service.finish, MINJI, first, "done")
    refused = page.do(service.mark_duplicate, MINJI, second, first.id)

    assert refused.why.msgid == "request.wrong.original_over"
    assert page.now_is(second).is_open


def test_of_many_who_take_it_at_once_one_has_it(book):
    request = book.asked()
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda who: book.do(service.take, who, request), [MINJI, JUNHO, DANA]))

    [taken] = [each.request for each in answers if isinstance(each, Done)]
    assert book.now_is(request).assignee == taken.assignee
    assert {each.why.msgid for each in answers if isinstance(each, Refused)} == {"request.now.in_progress"}


def test_what_is_given_back_is_not_taken_by_the_run_that_was_begun_before(page):
    request = page.asked()
    page.run(request, "executing")
    page.look()
    page.do(service.assign, MINJI, request, "")
    page.look()
    given_back = page.now_is(request)
    page.store.write(lambda tx: tx.exec_driver_sql("UPDATE runs SET state = 'succeeded'"))
    page.look()

    assert (given_back.state, given_back.assignee) == (State.NEW, None)
    assert page.now_is(request).state is State.DONE


def test_a_request_whose_runs_change_nothing_is_not_written(page):
    request = page.asked()
    page.run(request, "executing")
    page.look()
    page.pass_time(MINUTE)
    writes = []
    write = page.store.write
    page.store = SimpleNamespace(read=page.store.read, write=lambda what: (writes.append(what), write(what))[1])
    page.look()

    assert writes == []


def test_who_has_left_is_not_asked_back_since_the_promise_would_stand_still_for_ever(page):
    request = page.asked()
    page.leaves(SORA)
    refused = page.do(service.ask_back, MINJI, request, "which dates?")

    assert refused.why.msgid == "request.wrong.requester_left"
    assert page.now_is(request) == request


def test_given_to_a_colleague_twice_it_is_told_once(page):
    request = page.asked()
    page.do(service.assign, MINJI, request, "U0JUNHO")
    again = page.do(service.assign, MINJI, request, "U0JUNHO")

    assert again.why.msgid == "request.now.in_progress"
    assert page.told() == [("U0JUNHO", "request.note.given_to_you")]


@pytest.mark.parametrize("blank", ["\u200b\u200b", "\u2060 \n\ufeff"])
def test_words_that_nobody_sees_are_no_words(page, blank):
    request = page.asked()
    answers = [page.ask(blank), page.do(service.finish, MINJI, request, blank)]

    assert [each.why.msgid for each in answers] == ["request.wrong.no_words"] * 2
    assert page.now_is(request) == request
