"""What is withdrawn while others asked for the same: it goes on for them, and they are told."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from bot.requests import card, service
from bot.requests.answers import Done, Refused
from bot.requests.model import State
from bot.store import Store
from tests.requests.book import DANA, JUNHO, MINJI, SORA, Book


def test_what_is_withdrawn_goes_on_for_who_asked_for_the_same(book):
    request = book.asked(fields={"load": "orders"})
    for who in (DANA, JUNHO):
        book.ask(requester=who, fields={"load": "orders"})
    answer = book.do(service.withdraw, SORA, request)
    late = book.do(service.withdraw, SORA, request)
    book.do(service.finish, MINJI, request, "done")

    assert (answer.request.state, answer.request.requester, answer.request.language) == (State.NEW, DANA, "en")
    assert late.why.msgid == "request.not_yours"
    shown = book.store.read(lambda tx: card.card(tx, request.id))
    assert [each.who for each in shown.followers] == [JUNHO]
    assert sorted(book.told()) == [
        ("U0DANA", "request.news.done"),
        ("U0DANA", "request.news.handed_over"),
        ("U0JUNHO", "request.news.done"),
        ("U0JUNHO", "request.news.handed_over"),
    ]
    assert "request.moment.handed_over" in book.moments(request)
    assert book.deeds()[-2:] == ["request.handed_over", "request.done"]


def test_who_goes_on_with_a_request_is_asked_what_the_first_was_asked_and_answers_it(page):
    request = page.asked(fields={"load": "orders"})
    page.ask(requester=DANA, fields={"load": "orders"})
    page.do(service.ask_back, MINJI, request, "which dates?")
    page.do(service.withdraw, SORA, request)
    answer = page.do(service.answer, DANA, request, "all of them")

    assert sorted(page.told()) == [("U0DANA", "request.news.handed_over"), ("U0DANA", "request_question")]
    assert answer.request.state is State.IN_PROGRESS


def test_who_registered_a_request_takes_back_what_was_asked_for_others_and_these_hear_of_it(page):
    request = page.asked(actor=MINJI, fields={"load": "orders"})
    page.ask(requester=DANA, fields={"load": "orders"})
    page.do(service.withdraw, MINJI, request)
    again = page.do(service.withdraw, MINJI, request)

    assert sorted(page.told()) == [("U0DANA", "request.news.handed_over"), ("U0SORA", "request.news.handed_over")]
    assert isinstance(again, Refused)


def test_a_request_ends_with_its_withdrawal_where_who_else_asked_has_left(page):
    request = page.asked(fields={"load": "orders"})
    page.ask(requester=DANA, fields={"load": "orders"})
    page.leaves(DANA)
    page.do(service.withdraw, SORA, request)

    assert page.now_is(request).state is State.WITHDRAWN


def test_who_asks_for_the_same_while_it_is_withdrawn_asks_anew(postgres_url):
    with closing(Store(postgres_url)) as store, closing(Store(postgres_url)) as other, ThreadPoolExecutor(1) as pool:
        first, second = Book(store), Book(other)
        request = first.asked(fields={"load": "orders"})

        def withdraw(tx):
            service.withdraw(SORA, tx, first.desk, request.id, first.now)
            asking = pool.submit(second.ask, requester=DANA, fields={"load": "orders"}, key="C0HELP:2.2")
            _until_somebody_waits(store)
            return asking

        answer = store.write(withdraw).result(timeout=10)

        assert isinstance(answer, Done)
        assert [each.requester for each in first.open()] == [DANA]


def _until_somebody_waits(store):
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not store.read(lambda tx: tx.exec_driver_sql(waiting).scalar()):
        pass
