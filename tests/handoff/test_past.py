"""Requests, grants, runs and silences as they stood at the end of a window: asked at once, and weeks later."""

import random
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import timeline
from bot.handoff import things
from bot.handoff.model import Name, Scope
from bot.handoff.queries import report
from bot.oncall.model import WorkingHours
from bot.ref import Ref
from bot.requests import service
from bot.store import Store
from bot.text import text
from tests.handoff import recomputed
from tests.requests.book import DANA, HOUR, MINJI, MONDAY, SEOUL, SORA, Book

SCOPE = Scope("data", frozenset({"alerts"}), WorkingHours(SEOUL))
WEEK = timedelta(weeks=1)
DEEDS = {
    "takes": (service.take, MINJI),
    "gives_back": (service.give_back, MINJI),
    "asks_back": (service.ask_back, MINJI, "which month?"),
    "answers": (service.answer, SORA, "May"),
    "finishes": (service.finish, MINJI, "reloaded"),
    "declines": (service.decline, MINJI, "no"),
    "withdraws": (service.withdraw, SORA),
    "reopens": (service.reopen, MINJI),
}


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


_STEPS = st.lists(
    st.tuples(
        st.sampled_from([*DEEDS, "asks", "finishes", "reopens"]),
        st.integers(0, 3),  # which request
        st.integers(1, 2000),  # minutes until it happens
    ),
    max_size=40,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, first=st.integers(0, 10), days=st.integers(1, 12))
def test_requests_are_what_one_counts_by_hand(steps, first, days, tmp_path, sqlite_template):
    database = tmp_path / f"{random.getrandbits(64):x}.sqlite3"
    database.write_bytes(sqlite_template)
    start = MONDAY + timedelta(days=first)
    end = start + timedelta(days=days)
    with closing(Store(f"sqlite:///{database}")) as store:
        live(Book(store), steps)
        found = store.read(lambda tx: report(tx, SCOPE, start, end)).figures

    for name, value in recomputed.requests(database, SCOPE.schedule, start, end).items():
        assert (found[Name(name)].value or 0) == value


def live(book, steps):
    """Let colleagues ask, and those on call do what they may."""
    asked = [book.asked("the first")]
    for verb, which, minutes in steps:
        book.now += timedelta(minutes=minutes)
        if verb == "asks":
            asked.append(book.asked(f"number {len(asked)}"))
        else:
            deed, who, *more = DEEDS[verb]
            book.do(deed, who, asked[which % len(asked)], *more)


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
