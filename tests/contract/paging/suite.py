"""What every on-call provider must do, whatever answers behind the port.

A case knows its provider's plan: who is on call at a moment, by that provider's own rules.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.ports.errors import NotFound, Unsupported
from bot.ports.paging import Ability, Cover, Nobody, Schedules, Somebody
from bot.ports.shifts import key_of
from bot.views.reader import LANGUAGES, Reader
from bot.views.words import say

WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Case:
    """A schedule of one provider: `now` lies in a shift, `first` tells who responds first at a moment."""

    schedules: Schedules
    schedule: str
    now: datetime
    first: Callable[[datetime], str]


@dataclass(frozen=True)
class CoverCase(Case):
    """A schedule of which nothing else is wanted, and somebody who may stand in, as the provider knows them."""

    person: str = ""
    rotation: str = ""


def first_of(answer):
    assert isinstance(answer, Somebody)
    return key_of(answer.responders[0])


class SchedulesContract:
    """Inherit, and give a fixture `case`."""

    def test_the_first_responder_now(self, case):
        current = case.schedules.current(case.schedule, case.now)

        assert first_of(current) == case.first(case.now)
        assert current.since <= case.now < current.until

    @pytest.mark.parametrize("weeks", [-1, 1, 2, 3, 5])
    def test_the_first_responder_at_other_times(self, case, weeks):
        moment = case.now + weeks * WEEK

        assert first_of(case.schedules.current(case.schedule, moment)) == case.first(moment)

    def test_next_takes_over_when_the_current_shift_ends(self, case):
        current = case.schedules.current(case.schedule, case.now)
        following = case.schedules.next(case.schedule, case.now)

        assert following.since == current.until
        assert first_of(following) == case.first(current.until)
        assert following.responders != current.responders

    def test_current_agrees_with_the_shifts(self, case):
        current = case.schedules.current(case.schedule, case.now)
        (shift,) = case.schedules.shifts(case.schedule, case.now, case.now + timedelta(seconds=1))

        assert (shift.start_at, shift.end_at) == (current.since, current.until)
        assert shift.responders == current.responders

    def test_shifts_follow_each_other_and_every_handover_changes_somebody(self, case):
        shifts = case.schedules.shifts(case.schedule, case.now - 2 * WEEK, case.now + 6 * WEEK)

        assert len(shifts) >= 8
        for one, other in pairwise(shifts):
            assert one.start_at < one.end_at <= other.start_at
            assert one.end_at < other.start_at or one.responders != other.responders
        assert all(key_of(shift.responders[0]) == case.first(shift.start_at) for shift in shifts)

    def test_shifts_are_exactly_those_that_touch_the_time_asked_for(self, case):
        start, end = case.now, case.now + 3 * WEEK
        wide = case.schedules.shifts(case.schedule, start - 4 * WEEK, end + 4 * WEEK)
        narrow = case.schedules.shifts(case.schedule, start, end)

        assert list(narrow) == [shift for shift in wide if shift.start_at < end and shift.end_at > start]

    def test_a_quarter_can_be_asked_for_at_once(self, case):
        shifts = case.schedules.shifts(case.schedule, case.now, case.now + 13 * WEEK)

        assert shifts[0].start_at <= case.now
        assert shifts[-1].end_at >= case.now + 13 * WEEK

    def test_all_times_are_aware_utc(self, case):
        current = case.schedules.current(case.schedule, case.now)
        following = case.schedules.next(case.schedule, case.now)
        shifts = case.schedules.shifts(case.schedule, case.now, case.now + WEEK)

        moments = [
            current.since,
            current.until,
            following.since,
            *(moment for s in shifts for moment in (s.start_at, s.end_at)),
        ]
        assert {moment.tzinfo for moment in moments} == {UTC}

    def test_a_schedule_that_is_not_there_is_not_found(self, case):
        for ask in (case.schedules.current, case.schedules.next):
            with pytest.raises(NotFound):
                ask("no-such-schedule", case.now)

    def test_what_it_cannot_do_it_says_and_what_it_says_it_does(self, case):
        schedules, cover = case.schedules, Cover("c", "x", case.now, case.now + timedelta(hours=1))
        if Ability.COVER not in schedules.abilities:
            for change in (
                lambda: schedules.create_override(case.schedule, cover),
                lambda: schedules.delete_override(case.schedule, "c"),
            ):
                with pytest.raises(Unsupported) as caught:
                    change()
                assert all(say(caught.value.words, Reader(language, UTC, case.now)) for language in LANGUAGES)
        if Ability.OVERRIDES in schedules.abilities:
            assert schedules.overrides(case.schedule, case.now + 30 * WEEK, case.now + 31 * WEEK) == ()
        else:
            with pytest.raises(Unsupported):
                schedules.overrides(case.schedule, case.now, case.now + WEEK)

    def test_every_responder_can_be_told_apart(self, case):
        for shift in case.schedules.shifts(case.schedule, case.now, case.now + 6 * WEEK):
            keys = [key_of(responder) for responder in shift.responders]
            assert len(set(keys)) == len(keys)
            assert all(keys)


class CoverContract:
    """For providers whose overrides Baton may make: give a fixture `coverable`."""

    @pytest.fixture
    def cover(self, coverable):
        start = coverable.now.replace(microsecond=0) - timedelta(minutes=10)
        return Cover("cover-1", coverable.person, start, start + timedelta(hours=3), (coverable.rotation,))

    def test_a_cover_is_on_call_until_it_is_taken_back(self, coverable, cover):
        before = coverable.schedules.current(coverable.schedule, coverable.now)
        made = coverable.schedules.create_override(coverable.schedule, cover)
        during = coverable.schedules.current(coverable.schedule, coverable.now)
        coverable.schedules.delete_override(coverable.schedule, made.id)

        assert (made.start_at, made.end_at, made.rotations) == (cover.start_at, cover.end_at, cover.rotations)
        assert first_of(during) == key_of(made.responder) != first_of(before)
        assert (during.since, during.until) == (cover.start_at, cover.end_at)
        assert coverable.schedules.current(coverable.schedule, coverable.now) == before

    def test_asking_for_a_cover_twice_makes_one(self, coverable, cover):
        first = coverable.schedules.create_override(coverable.schedule, cover)
        second = coverable.schedules.create_override(coverable.schedule, cover)

        assert first == second
        assert coverable.schedules.overrides(coverable.schedule, cover.start_at, cover.end_at) == (first,)

    def test_overrides_are_listed_in_order_by_the_time_that_they_touch(self, coverable, cover):
        later = replace(cover, key="cover-2", start_at=cover.end_at, end_at=cover.end_at + timedelta(hours=1))
        second, first = (coverable.schedules.create_override(coverable.schedule, each) for each in (later, cover))

        def listed(start, end):
            return coverable.schedules.overrides(coverable.schedule, start, end)

        assert listed(cover.start_at, later.end_at) == (first, second)
        assert listed(later.start_at, later.end_at) == (second,)
        assert listed(later.end_at, later.end_at + WEEK) == ()

    def test_taking_back_what_is_not_there_is_no_error(self, coverable, cover):
        made = coverable.schedules.create_override(coverable.schedule, cover)
        for _ in range(2):
            coverable.schedules.delete_override(coverable.schedule, made.id)

        assert coverable.schedules.overrides(coverable.schedule, cover.start_at, cover.end_at) == ()

    def test_a_schedule_that_is_not_there_has_no_overrides_to_make(self, coverable, cover):
        with pytest.raises(NotFound):
            coverable.schedules.create_override("no-such-schedule", cover)


class OverrideContract:
    """For providers whose case can be covered: give a fixture `covered` with a cover from `now` for two hours."""

    def test_a_cover_is_on_call_and_hands_back(self, covered, case):
        cover = covered.schedules.current(covered.schedule, covered.now)
        back = covered.schedules.next(covered.schedule, covered.now)

        assert first_of(cover) == covered.first(covered.now) != case.first(covered.now)
        assert cover.until == back.since
        assert first_of(back) == case.first(back.since)

    def test_a_cover_is_a_shift_of_its_own_that_says_what_it_is(self, covered):
        (shift,) = covered.schedules.shifts(covered.schedule, covered.now, covered.now + timedelta(seconds=1))

        assert shift.is_override
        assert shift.end_at - shift.start_at <= timedelta(hours=2)


class GapContract:
    """For providers with gaps: give a fixture `gap`, whose `now` lies in one."""

    def test_a_gap_is_nobody_until_somebody_comes(self, gap):
        current = gap.schedules.current(gap.schedule, gap.now)
        following = gap.schedules.next(gap.schedule, gap.now)

        assert isinstance(current, Nobody)
        assert current.until > gap.now
        assert first_of(following) == gap.first(current.until)
        assert following.since == current.until
