"""Whom a page calls next: each level once, never too early, never after an answer, in the end the team."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.pages.escalation import Call, Level, Rest, Standing, Wait, escalation

START = datetime(2026, 11, 22, tzinfo=UTC)
MINUTES = st.integers(0, 240).map(lambda n: START + timedelta(minutes=n))
EVERY = timedelta(minutes=15)


@st.composite
def standings(draw):
    return Standing(
        level=draw(st.sampled_from(Level)),
        next_at=draw(st.none() | MINUTES),
        is_unanswered=draw(st.booleans()),
        has_second=draw(st.booleans()),
        silenced_until=draw(st.none() | MINUTES),
    )


@given(standings(), MINUTES)
def test_a_decision_fits_what_is_known(standing, now):
    decided = escalation(standing, EVERY, now)

    match decided:
        case Call(level, next_at):
            assert level > standing.level
            assert standing.is_unanswered
            assert standing.next_at <= now
            assert standing.silenced_until is None or standing.silenced_until <= now
            assert (next_at is None) == (level is Level.TEAM)
            assert level is Level.TEAM or standing.has_second
        case Wait(until):
            assert standing.is_unanswered
            assert until > now
        case Rest():
            over = standing.level is Level.TEAM or standing.next_at is None
            assert over or not standing.is_unanswered


@given(standings(), MINUTES)
def test_switched_off_it_calls_nobody(standing, now):
    assert escalation(standing, None, now) == Rest()


@given(st.booleans(), st.lists(st.integers(1, 50), min_size=40, max_size=60), st.none() | MINUTES, st.none() | MINUTES)
def test_however_often_it_is_looked_at_each_level_is_called_once_in_order(second, steps, silenced, answered):
    """Look at random moments, as ticks of several processes do, while a silence and an answer may come."""
    standing, now, called = Standing(Level.FIRST, START + EVERY, True, second, silenced), START, []
    for step in steps:
        now += timedelta(minutes=step)
        standing = replace(standing, is_unanswered=answered is None or now < answered)
        match escalation(standing, EVERY, now):
            case Wait(until):
                standing = replace(standing, next_at=until)
            case Call(level, next_at):
                called.append((level, now))
                standing = replace(standing, level=level, next_at=next_at)
            case Rest():
                standing = replace(standing, next_at=None)
    levels, last = [level for level, _ in called], max(silenced or START, START + 2 * EVERY)
    expected = [Level.SECOND, Level.TEAM] if second else [Level.TEAM]

    assert levels == expected[: len(levels)]
    assert all(at >= START + EVERY and (silenced is None or at >= silenced) for _, at in called)
    assert all(answered is None or at < answered for _, at in called)
    if answered is None and now > last + timedelta(minutes=200):
        assert levels == expected
