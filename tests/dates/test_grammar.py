"""Dates as people write them: exact, or refused with what to write instead; never guessed."""

import re
import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates.grammar import read_dates
from bot.dates.written import LONGEST, between, ordered, read, write
from bot.text import Text

SUNDAY = date(2026, 11, 22)
DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))


def meant(written, today=SUNDAY):
    found = read_dates(written, today)
    return write(found) if not isinstance(found, Text) else found.msgid


@pytest.mark.parametrize(
    ("written", "dates"),
    [
        ("어제", "2026-11-21"),
        ("그저께", "2026-11-20"),
        ("오늘", "2026-11-22"),
        ("3일 전", "2026-11-19"),
        ("이틀 전", "2026-11-20"),
        ("지난주 월요일", "2026-11-09"),
        ("이번 주 월요일", "2026-11-16"),
        ("지난주", "2026-11-09..2026-11-15"),
        ("지난달", "2026-10-01..2026-10-31"),
        ("최근 3일", "2026-11-19..2026-11-21"),
        ("최근 사흘치", "2026-11-19..2026-11-21"),
        ("어제와 그저께", "2026-11-20..2026-11-21"),
        ("11월 20일부터 22일까지", "2026-11-20..2026-11-22"),
        ("2026년 11월 20일 ~ 11월 22일", "2026-11-20..2026-11-22"),
        ("10월 29일~31일", "2026-10-29..2026-10-31"),
        ("11월 18일, 20일", "2026-11-18, 2026-11-20"),
        ("20일", "2026-11-20"),
        ("yesterday", "2026-11-21"),
        ("the day before yesterday", "2026-11-20"),
        ("two days ago", "2026-11-20"),
        ("last 3 days", "2026-11-19..2026-11-21"),
        ("the last three days", "2026-11-19..2026-11-21"),
        ("last week monday", "2026-11-09"),
        ("지난주 월요일부터 수요일", "2026-11-09..2026-11-11"),
        ("지난주 월요일부터 수요일까지", "2026-11-09..2026-11-11"),
        ("last week monday to wednesday", "2026-11-09..2026-11-11"),
        ("지난주 월요일 ~ 이번 주 월요일", "2026-11-09..2026-11-16"),
        ("최근 3일치", "2026-11-19..2026-11-21"),
        ("11월 20일치", "2026-11-20"),
        ("어제분", "2026-11-21"),
        ("monday", "2026-11-16"),
        ("Nov 20-22", "2026-11-20..2026-11-22"),
        ("from November 20th to 22nd", "2026-11-20..2026-11-22"),
        ("between Nov 20 and Nov 22", "2026-11-20..2026-11-22"),
        ("20-22 Nov", "2026-11-20..2026-11-22"),
        ("Nov 20, 2026", "2026-11-20"),
        ("Nov 20, Nov 22", "2026-11-20, 2026-11-22"),
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20..2026-11-22", "2026-11-20..2026-11-22"),
        ("2026-11-20, 2026-11-22", "2026-11-20, 2026-11-22"),
        ("2026-11-20-22", "2026-11-20..2026-11-22"),
        ("2026-11-20 ~ 11-22", "2026-11-20..2026-11-22"),
        ("20261120-20261122", "2026-11-20..2026-11-22"),
        ("2026.11.20", "2026-11-20"),
        ("11/20", "2026-11-20"),
        ("２０２６－１１－２０", "2026-11-20"),
    ],
)
def test_what_people_write_is_what_they_mean(written, dates):
    assert meant(written) == dates


def test_december_means_the_last_one_in_january():
    assert meant("12월 30일", date(2026, 1, 5)) == "2025-12-30"


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("last monday", "dates.ambiguous"),
        ("지난 월요일", "dates.ambiguous"),
        ("sunday", "dates.ambiguous"),
        ("11/12", "dates.ambiguous"),
        ("25일", "dates.ambiguous"),
        ("3일치", "dates.ambiguous"),
        ("3일분", "dates.ambiguous"),
        ("3일치 데이터", "dates.ambiguous"),
        ("어제까지", "dates.until"),
        ("20일까지", "dates.until"),
        ("지난주 수요일부터 월요일", "dates.backwards"),
        ("내일", "dates.future"),
        ("2026-11-23", "dates.future"),
        ("2026-11-20..2026-11-23", "dates.future"),
        ("12월 1일", "dates.future"),
        ("2026-02-30", "dates.no_such_day"),
        ("2월 30일", "dates.no_such_day"),
        ("Nov 22-20", "dates.backwards"),
        ("2020-01-01..2026-01-01", "dates.too_many"),
        ("last 999 weeks", "dates.too_many"),
        ("may", "dates.not_understood"),
        ("1", "dates.not_understood"),
        ("11-20", "dates.not_understood"),
        ("yesterday maybe", "dates.not_understood"),
        ("", "dates.not_understood"),
        ("..", "dates.not_understood"),
    ],
)
def test_what_is_unclear_or_still_to_come_is_refused(written, why):
    assert meant(written) == why


def test_a_refusal_says_what_to_write():
    said = read_dates("last monday", SUNDAY)

    assert [code.value for code in said.params["readings"]] == ["2026-11-09", "2026-11-16"]


def test_so_many_days_worth_may_be_the_last_days_or_one_day():
    said = read_dates("3일치", SUNDAY)

    assert [code.value for code in said.params["readings"]] == ["2026-11-19..2026-11-21", "2026-11-03"]


def test_whatever_a_refusal_proposes_is_understood():
    for written in ("last monday", "25일", "11/12"):
        for code in read_dates(written, SUNDAY).params["readings"]:
            assert meant(code.value) in {code.value, "dates.future"}


@given(st.sets(DAYS, min_size=1, max_size=20), st.integers(0, 400))
def test_what_is_written_is_read_back_whenever_it_is_read(days, later):
    dates = ordered(days)

    assert read(write(dates)) == dates
    if len(write(dates)) <= 300:
        assert read_dates(write(dates), dates[-1] + timedelta(days=later)) == dates


@given(
    DAYS, st.integers(0, 60), st.sampled_from(["{a}..{b}", "{a} ~ {b}", "{a} - {b}", "{a} to {b}", "{a}부터 {b}까지"])
)
def test_every_way_to_write_a_range_means_that_range(first, length, way):
    last = first + timedelta(days=length)

    assert read_dates(way.format(a=first, b=last), last) == between(first, last)


@given(DAYS, st.integers(1, LONGEST))
def test_the_last_days_end_with_yesterday_in_both_languages(today, n):
    expected = between(today - timedelta(days=n), today - timedelta(days=1))

    assert read_dates(f"last {n} days", today) == expected
    assert read_dates(f"최근 {n}일", today) == expected


@given(DAYS)
def test_a_month_and_day_of_both_languages_is_one_day_of_the_last_year(today):
    for days in (0, 1, 40, 180):
        day = today - timedelta(days=days)
        if (day.month, day.day) == (2, 29) and today.year != day.year:
            continue

        assert read_dates(f"{day.month}월 {day.day}일", today) == (day,)
        assert read_dates(f"{day:%B} {day.day}", today) == (day,)


WORDS = st.sampled_from(
    re.findall(
        r"\S+",
        "last past 최근 지난 지난주 monday 월요일 3 31 0 일 days 전 ago nov 11월 20일 .. ~ - , / 부터 까지 and 와 to "
        "2026-11-20 the 22nd week 그저께 2026 \u0000 😀 '",
    )
)
GARBAGE = st.one_of(
    st.text(max_size=400),
    st.lists(WORDS, max_size=40).map(" ".join),
    st.lists(WORDS, max_size=40).map("".join),
)


@given(GARBAGE, DAYS)
def test_nothing_that_anybody_writes_breaks_it_and_what_it_takes_is_in_the_past(written, today):
    found = read_dates(written, today)

    assert isinstance(found, Text) or (0 < len(found) <= LONGEST and found[-1] <= today and found == ordered(found))


@pytest.mark.parametrize("piece", ["2026-11-20..", "11월 20일부터 ", "last ", "-", " and ", "월요일 ", "\u3000"])
def test_ten_kilobytes_are_refused_at_once(piece):
    began = time.perf_counter()

    assert isinstance(read_dates(piece * (10_000 // len(piece)), SUNDAY), Text)
    assert isinstance(read_dates((piece * 300)[:300], SUNDAY), Text)
    assert time.perf_counter() - began < 1
