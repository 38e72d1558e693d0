"""What is news about somebody's next shift, and what is only the passing of time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.oncall.model import UpcomingShift
from bot.oncall.own_shift_rules import Move, NextShift, move, next_of, reminders_due, stretches
from tests.oncall.made import NOON, at

FAR = at(2000)
DAY = timedelta(days=1)


def own(start, end, position=0):
    return UpcomingShift("data", at(start), at(end), position)


def next_shift(start, end, position=0):
    return NextShift(at(start), at(end), position)


KNOWN = next_shift(100, 268)


@pytest.mark.parametrize(
    ("known", "shifts", "found"),
    [
        pytest.param(KNOWN, [own(100, 268)], None, id="as it was"),
        pytest.param(KNOWN, [own(124, 268)], Move.MOVED, id="begins later"),
        pytest.param(KNOWN, [own(100, 200)], Move.MOVED, id="ends sooner"),
        pytest.param(KNOWN, [own(100, 268, 1)], Move.MOVED, id="as backup now"),
        pytest.param(KNOWN, [], Move.VANISHED, id="gone"),
        pytest.param(KNOWN, [own(900, 990)], Move.MOVED, id="given away, the one after it stays"),
        pytest.param(KNOWN, [own(20, 30), own(100, 268)], Move.APPEARED, id="one more before it"),
        pytest.param(None, [own(20, 30)], Move.APPEARED, id="the first one"),
        pytest.param(None, [own(2001, 2030)], None, id="come into sight"),
        pytest.param(next_shift(-1, 167), [own(-1, 167), own(500, 600)], None, id="begun"),
        pytest.param(KNOWN, [own(-5, 268), own(500, 600)], None, id="joined to one that runs"),
        pytest.param(KNOWN, [own(-5, 50), own(500, 600)], Move.MOVED, id="gone while another runs"),
    ],
)
def test_what_is_news(known, shifts, found):
    assert move(known, next_of(shifts, FAR, NOON), shifts, FAR, NOON) is found


def test_an_end_beyond_what_is_known_is_no_news():
    far, farther = own(100, 3000), own(100, 3001)
    known = next_of([far], FAR, NOON)

    assert known == NextShift(at(100), None)
    assert move(known, next_of([farther], FAR, NOON), [farther], FAR, NOON) is None


@given(
    cuts=st.lists(st.tuples(st.integers(1, 50), st.sampled_from([None, 0, 0, 1])), min_size=1, max_size=12),
    hours=st.lists(st.integers(1, 30), max_size=30),
)
def test_while_nothing_changes_time_brings_no_news(cuts, hours):
    shifts, start = [], -20
    for length, position in cuts:
        if position is not None:
            shifts.append(own(start, start + length, position))
        start += length
    joined, now = stretches(shifts), 0
    known = next_of(joined, FAR, at(now))
    for step in hours:
        now += step
        found = next_of(joined, FAR, at(now))

        assert move(known, found, joined, FAR, at(now)) is None

        known = found


def test_shifts_in_a_row_are_one_however_the_others_change():
    found = stretches([own(24, 48), own(0, 24), own(48, 60, 1), own(70, 80, 1)])

    assert found == [own(0, 48), own(48, 60, 1), own(70, 80, 1)]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        pytest.param(200, (), id="far"),
        pytest.param(100, (7 * DAY,), id="within a week"),
        pytest.param(23, (DAY, 7 * DAY), id="within a day"),
        pytest.param(0, (), id="begun"),
    ],
)
def test_reminders_are_due_from_their_time_on_until_the_shift_begins(start, due):
    assert reminders_due(next_shift(start, 300), (7 * DAY, DAY), NOON) == due
