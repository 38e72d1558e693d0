"""Where a turn ends: covers, gaps, the unknown, and what an override does to the boundary."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.handoff.turns import Change, Stretch, change_of, joined
from bot.oncall.model import Engineer

MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
WEEK, DAY, HOUR = timedelta(days=7), timedelta(days=1), timedelta(hours=1)
KIM, LEE, PARK = (Engineer(name, f"U0{name}") for name in ("KIM", "LEE", "PARK"))


def on(who, start, end, **more):
    return Stretch((who,) if who else (), MONDAY + start, MONDAY + end, who.user if who else "", **more)


def end_of_kim(*line, planned=None, covers_under=DAY, horizon=13 * WEEK):
    known = joined(line)
    return change_of(known, "U0KIM", MONDAY + planned if planned else None, covers_under, MONDAY + horizon)


def to(who, at, next_at=None):
    return Change(MONDAY + at, (who,), MONDAY + (next_at if next_at is not None else at), who.user)


WEEK_OF_KIM = on(KIM, 0 * DAY, WEEK)
THEN_PARK = on(PARK, WEEK, 2 * WEEK)


@pytest.mark.parametrize(
    ("line", "change"),
    [
        pytest.param([WEEK_OF_KIM, THEN_PARK], to(PARK, WEEK), id="the next shift"),
        pytest.param(
            [on(KIM, 0 * DAY, 2 * DAY), on(LEE, 2 * DAY, 2 * DAY + 5 * HOUR, is_override=True),
             on(KIM, 2 * DAY + 5 * HOUR, WEEK), THEN_PARK],
            to(PARK, WEEK),
            id="a cover in the middle changes nothing",
        ),
        pytest.param(
            [on(KIM, 0 * DAY, 2 * DAY), on(LEE, 2 * DAY, 4 * DAY, is_override=True), on(KIM, 4 * DAY, WEEK), THEN_PARK],
            to(LEE, 2 * DAY),
            id="two days of somebody else are a turn",
        ),
        pytest.param(
            [on(KIM, 0 * DAY, WEEK - 6 * HOUR), on(LEE, WEEK - 6 * HOUR, WEEK, is_override=True), THEN_PARK],
            to(PARK, WEEK - 6 * HOUR, WEEK),
            id="who is covered at the end hands over when they leave",
        ),
        pytest.param(
            [WEEK_OF_KIM, on(LEE, WEEK, WEEK + 6 * HOUR, is_override=True), on(PARK, WEEK + 6 * HOUR, 2 * WEEK)],
            to(PARK, WEEK, WEEK + 6 * HOUR),
            id="who is covered at the start still takes over",
        ),
        pytest.param(
            [on(KIM, 0 * DAY, 8 * HOUR), on(LEE, 8 * HOUR, 16 * HOUR)],
            to(LEE, 8 * HOUR),
            id="short shifts that are no overrides are turns",
        ),
        pytest.param([WEEK_OF_KIM, on(PARK, WEEK + DAY, 2 * WEEK)], to(PARK, WEEK, WEEK + DAY), id="before a gap"),
        pytest.param(
            [on(KIM, 0 * DAY, 4 * DAY), on(KIM, 6 * DAY, 11 * DAY), on(LEE, 13 * DAY, 18 * DAY)],
            to(LEE, 11 * DAY, 13 * DAY),
            id="a weekend without anybody is no end where the same person goes on",
        ),
        pytest.param(
            [WEEK_OF_KIM, on(KIM, 2 * WEEK, 3 * WEEK)],
            to(KIM, WEEK, 2 * WEEK),
            id="a week without anybody is one, even for the same person",
        ),
        pytest.param([on(KIM, 0 * DAY, 13 * WEEK)], Change(None), id="one person alone hands over to nobody"),
        pytest.param(
            [WEEK_OF_KIM, on(None, WEEK, 13 * WEEK)], Change(MONDAY + WEEK), id="a rotation that is over"
        ),
    ],
)  # fmt: skip
def test_a_turn_ends_when_its_person_leaves_for_good(line, change):
    assert end_of_kim(*line) == change


def test_what_nobody_saw_ends_where_it_was_planned():
    line = [on(KIM, 0 * DAY, 6 * DAY), on(None, 6 * DAY, 8 * DAY, is_known=False), on(PARK, 8 * DAY, 2 * WEEK)]

    assert end_of_kim(*line, planned=WEEK) == to(PARK, WEEK)
    assert end_of_kim(*line, planned=9 * DAY) == to(PARK, 8 * DAY), "the plan was wrong: then since it is known"


def test_a_time_without_answers_ends_no_turn_where_the_same_person_is_on_call_after_it():
    line = [on(KIM, 0 * DAY, 2 * DAY), on(None, 2 * DAY, 3 * DAY, is_known=False), on(KIM, 3 * DAY, WEEK), THEN_PARK]

    assert end_of_kim(*line, planned=WEEK) == to(PARK, WEEK)


def test_a_turn_that_was_never_theirs_is_somebody_elses():
    change = end_of_kim(on(LEE, 0 * DAY, WEEK), on(KIM, WEEK, 2 * WEEK))

    assert change.is_repointed
    assert change.next == (LEE,)


def test_a_cover_may_be_as_long_as_the_team_says():
    line = [on(KIM, 0 * DAY, 2 * DAY), on(LEE, 2 * DAY, 4 * DAY, is_override=True), on(KIM, 4 * DAY, WEEK), THEN_PARK]

    assert end_of_kim(*line, covers_under=3 * DAY) == to(PARK, WEEK)
