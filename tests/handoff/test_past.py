"""Requests, grants, runs and silences as they stood at the end of a window: asked at once, and weeks later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot import timeline
from bot.handoff import things
from bot.handoff.model import Name, Scope
from bot.handoff.queries import report
from bot.oncall.model import WorkingHours
from bot.ref import Ref
from bot.requests import service
from bot.store import Store
from bot.text import text
from tests.requests.book import DANA, HOUR, MINJI, MONDAY, SEOUL, Book

SCOPE = Scope("data", frozenset({"alerts"}), WorkingHours(SEOUL))
WEEK = timedelta(weeks=1)


@pytest.fixture
def book(any_store: Store) -> Book:
    return Book(any_store)


def so_far(book: Book):
    """Return the report up to now, as it is asked now or later."""
    end = book.now + HOUR
    return lambda: book.store.read(lambda tx: report(tx, SCOPE, MONDAY - HOUR, end))


def test_a_request_reopened_weeks_later_was_done_with_what_was_said_then(book):
    done, declined = book.asked(), book.asked("may I drop the table?")
    book.do(service.finish, MINJI, done, "reloaded Tuesday")
    book.do(service.decline, MINJI, declined, "no")
    ask = so_far(book)
    then = ask()

    book.now += 3 * WEEK
    book.do(service.reopen, MINJI, done)
    book.do(service.finish, DANA, done, "reloaded the month")

    assert ask() == then
    assert {(each.state, each.outcome) for each in then.requests} == {("done", "reloaded Tuesday"), ("declined", "no")}
    assert then.figures[Name.REQUESTS_DONE].value == 1
    assert then.figures[Name.REQUESTS_WAITING].value == 0


def test_a_run_for_a_request_is_told_by_the_schedule_that_has_the_request(book):
    book.run(book.asked())
    ended = Ref("run", f"{1:024}"), book.now, MINJI, text("run.moment.succeeded")
    book.store.write(lambda tx: timeline.record(tx, *ended))
    others = replace(SCOPE, schedule="another")
    told = [
        book.store.read(lambda tx, scope=scope: things.runs_at(tx, scope, MONDAY - HOUR, book.now + HOUR))
        for scope in (SCOPE, others)
    ]

    assert [len(each) for each in told] == [1, 0]


def test_a_reopened_request_is_in_progress_where_somebody_has_it_again_and_new_where_nobody_has(book):
    hers, nobodys, given_back = book.asked(), book.asked("why is it late?"), book.asked("who owns orders?")
    asked_back = book.asked("may I have orders again?")
    book.do(service.take, MINJI, hers)
    book.do(service.take, MINJI, given_back)
    book.do(service.give_back, MINJI, given_back)
    book.do(service.ask_back, DANA, asked_back, "which month?")
    for each in (hers, nobodys, given_back, asked_back):
        book.do(service.finish, MINJI, each, "done")
        book.do(service.reopen, MINJI, each)

    found = so_far(book)()

    now = {each.id: each.state.value for each in map(book.now_is, (hers, nobodys, given_back, asked_back))}
    assert {each.item.ref.id: each.state for each in found.requests} == now
    assert sorted(now.values()) == ["in_progress", "in_progress", "new", "new"]
    assert {each.outcome for each in found.requests} == {""}
