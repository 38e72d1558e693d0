from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports.paging import Nobody, Responder, Somebody, Unknown
from bot.ports.shifts import Period, Window, change_after, key_of, merged, on_call_at, overlaid
from tests.oncall.made import ALEX, JUNHO, MINJI, at, period

WINDOW = Window(at(-100), at(100))


def spans(shifts):
    return [(tuple(r.display.split("@")[0] for r in s.responders), s.start_at, s.end_at) for s in shifts]


def test_the_cut_at_now_is_no_handover():
    shifts = merged([period(MINJI, -10, 0), period(MINJI, 0, 10), period(JUNHO, 10, 20)])

    assert spans(shifts) == [(("minji",), at(-10), at(10)), (("junho",), at(10), at(20))]


def test_a_gap_separates_two_shifts_of_one_person():
    shifts = merged([period(MINJI, 0, 8), period(MINJI, 24, 32)])

    assert spans(shifts) == [(("minji",), at(0), at(8)), (("minji",), at(24), at(32))]


def test_two_rotations_make_one_shift_with_the_primary_first():
    shifts = merged([period(JUNHO, 0, 10, rank=1), period(MINJI, 0, 10, rank=0)])

    assert spans(shifts) == [(("minji", "junho"), at(0), at(10))]
    assert shifts[0].rotation == "rotation 0"


def test_primary_and_secondary_who_swap_are_a_handover():
    shifts = merged(
        [period(MINJI, 0, 10), period(JUNHO, 0, 10, rank=1), period(JUNHO, 10, 20), period(MINJI, 10, 20, rank=1)]
    )

    assert spans(shifts) == [(("minji", "junho"), at(0), at(10)), (("junho", "minji"), at(10), at(20))]


def test_passing_from_a_day_to_a_night_rotation_of_one_person_is_no_handover():
    shifts = merged([period(MINJI, 0, 12, rank=0), period(MINJI, 12, 24, rank=1)])

    assert spans(shifts) == [(("minji",), at(0), at(24))]


def test_a_person_in_two_rotations_is_named_once():
    (shift,) = merged([period(MINJI, 0, 10), period(MINJI, 0, 10, rank=1)])

    assert shift.responders == (MINJI,)


def test_an_address_in_another_case_is_the_same_person():
    shouting = Responder("id-minji", "MINJI@haneul.example", "Minji")

    assert len(merged([period(MINJI, 0, 5), period(shouting, 5, 9)])) == 1


def test_a_shift_with_an_override_in_it_says_so():
    shifts = merged([period(MINJI, 0, 5), period(ALEX, 5, 9, is_override=True), period(MINJI, 9, 20)])

    assert [shift.is_override for shift in shifts] == [False, True, False]


def test_periods_without_people_or_length_are_nothing():
    assert merged([period((), 0, 10), period(MINJI, 5, 5)]) == ()


def test_an_override_takes_its_part_of_the_plan_and_the_later_one_wins():
    shifts = overlaid([period(MINJI, 0, 10)], [period(JUNHO, 2, 6), period(ALEX, 4, 12)])

    assert spans(shifts) == [
        (("minji",), at(0), at(2)),
        (("junho",), at(2), at(4)),
        (("alex",), at(4), at(12)),
    ]


def test_on_call_at_a_moment_of_a_shift():
    shifts = merged([period(MINJI, 0, 10), period(JUNHO, 10, 20)])

    assert on_call_at(shifts, at(10), WINDOW) == Somebody((JUNHO,), at(10), at(20))


def test_nobody_in_a_gap_until_the_next_shift():
    shifts = merged([period(MINJI, 0, 8), period(JUNHO, 24, 32)])

    assert on_call_at(shifts, at(8), WINDOW) == Nobody(at(8), at(24))


def test_the_edge_of_the_window_proves_no_handover():
    shifts = merged([period(MINJI, -100, 100)])

    assert on_call_at(shifts, at(0), WINDOW) == Somebody((MINJI,), None, None)
    assert isinstance(change_after(shifts, at(0), WINDOW), Unknown)


def test_the_next_change_may_be_a_gap():
    shifts = merged([period(MINJI, 0, 8), period(JUNHO, 24, 32)])

    assert change_after(shifts, at(1), WINDOW) == Nobody(at(8), at(24))
    assert change_after(shifts, at(9), WINDOW) == Somebody((JUNHO,), at(24), at(32))


EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
people = st.sampled_from([MINJI, JUNHO, ALEX])


@st.composite
def periods_of_rotations(draw):
    found = []
    for rank in range(draw(st.integers(1, 3))):
        bounds = sorted(draw(st.lists(st.integers(0, 40), max_size=10, unique=True)))
        for start, end in pairwise(bounds):
            if draw(st.booleans()):
                times = EPOCH + timedelta(hours=start), EPOCH + timedelta(hours=end)
                found.append(Period((draw(people),), *times, rank=rank))
    return found


def standing(periods, moment):
    return {key_of(r) for p in periods if p.start_at <= moment < p.end_at for r in p.responders}


@given(periods_of_rotations())
def test_shifts_name_exactly_the_people_of_the_periods_at_every_hour(periods):
    shifts = merged(periods)

    for hour in range(-1, 42):
        moment = EPOCH + timedelta(hours=hour)
        assert standing(shifts, moment) == standing(periods, moment)


@given(periods_of_rotations())
def test_shifts_are_in_order_apart_and_changed_by_every_handover(periods):
    shifts = merged(periods)

    for one, other in pairwise(shifts):
        assert one.start_at < one.end_at <= other.start_at
        assert one.end_at < other.start_at or one.responders != other.responders


@given(periods_of_rotations(), st.integers(0, 40))
def test_cutting_periods_anywhere_changes_no_shift(periods, hour):
    cut = EPOCH + timedelta(hours=hour)
    halves = []
    for p in periods:
        if p.start_at < cut < p.end_at:
            halves += [
                Period(p.responders, p.start_at, cut, rank=p.rank),
                Period(p.responders, cut, p.end_at, rank=p.rank),
            ]
        else:
            halves.append(p)

    assert merged(halves) == merged(periods)


@pytest.mark.parametrize("count", [0, 1])
def test_the_least_input_has_the_least_output(count):
    assert len(merged([period(MINJI, 0, 1)] * count)) == count
