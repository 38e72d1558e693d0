"""What time does to grants: they end once, at their time or as soon as Baton is back, and say so before."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.access.bench import DAY


def test_an_end_that_passed_while_baton_was_down_is_made_up_for_at_once(bench):
    grant = bench.begin(lasts=DAY)
    bench.work()
    bench.clock.advance(10 * DAY)
    ended = bench.let_time_pass()
    bench.work(within=timedelta(seconds=30))

    assert (ended, bench.state(grant), bench.entries()) == (1, "ended", [])


def test_a_day_over_the_end_of_summer_time_is_24_hours(bench):
    bench.clock.at = datetime(2026, 10, 24, 22, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    grant = bench.begin(lasts=DAY)
    bench.work()
    bench.clock.at = datetime(2026, 10, 25, 20, 59, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    before = bench.let_time_pass(), bench.state(grant)
    bench.clock.advance(timedelta(minutes=1))
    after = bench.let_time_pass(), bench.state(grant)

    assert (before, after) == ((0, "active"), (1, "revoking"))


def test_a_clock_that_is_put_back_ends_nothing_twice(bench):
    grant = bench.begin(lasts=DAY)
    bench.work()
    bench.clock.advance(2 * DAY)
    bench.let_time_pass()
    bench.work(within=timedelta(seconds=30))
    bench.clock.advance(-2 * DAY)

    assert (bench.let_time_pass(), bench.state(grant), bench.entries()) == (0, "ended", [])


def test_a_reminder_comes_once_and_anew_after_an_extension(bench):
    grant = bench.begin(lasts=7 * DAY)
    bench.work()
    bench.clock.advance(6 * DAY + timedelta(minutes=1))
    bench.let_time_pass()
    bench.let_time_pass()
    first = bench.notes().count("grant.note.ends_soon")
    bench.extend(grant, 7 * DAY)
    bench.let_time_pass()
    bench.clock.advance(6 * DAY + timedelta(minutes=1))
    bench.let_time_pass()

    assert (first, bench.notes().count("grant.note.ends_soon")) == (1, 2)
