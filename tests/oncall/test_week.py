from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.oncall import week
from bot.oncall.model import Certainty, Engineer, Stint

SEOUL, BERLIN = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/Berlin")
MINJI, ALEX = Engineer("minji", "U0MINJI"), Engineer("alex", "U0ALEX")


def stint(who, since, until, certainty=Certainty.SOMEBODY, **more):
    return Stint("data-platform", since, until, (who,) if who else (), certainty, **more)


def local(zone, *moment):
    return datetime(*moment, tzinfo=zone).astimezone(UTC)


def shown(day, zone):
    """Return each stint of a day by its wall-clock times."""
    return [
        (f"{each.since.astimezone(zone):%H:%M}", f"{each.until.astimezone(zone):%H:%M}", each.certainty.value)
        for each in day.stints
    ]


def test_a_handover_cuts_its_day_and_no_other():
    first = date(2026, 11, 23)
    change = local(SEOUL, 2026, 11, 25, 10)
    start, end = week.span(first, SEOUL)
    days = week.days([stint(MINJI, start, change), stint(ALEX, change, end)], first, SEOUL)

    assert [len(day.stints) for day in days] == [1, 1, 2, 1, 1, 1, 1]
    assert shown(days[2], SEOUL) == [("00:00", "10:00", "somebody"), ("10:00", "00:00", "somebody")]


@pytest.mark.parametrize(
    ("first", "place", "hours"),
    [
        pytest.param(date(2027, 3, 22), 6, 23, id="the clock goes forward"),
        pytest.param(date(2026, 10, 19), 6, 25, id="the clock goes back"),
    ],
)
def test_a_day_on_which_the_clock_changes_is_whole_and_says_its_hours(first, place, hours):
    start, end = week.span(first, BERLIN)
    days = week.days([stint(ALEX, start, end)], first, BERLIN)
    shown_week = week.Week("data-platform", days, start)

    assert [day.hours for day in days] == [24] * place + [hours]
    assert shown(days[place], BERLIN) == [("00:00", "00:00", "somebody")]
    assert shown_week.hours == {ALEX: 6 * 24 + hours}
    assert end - start == timedelta(hours=6 * 24 + hours)


def test_what_lies_between_planned_shifts_is_a_gap_and_what_lies_beyond_the_plan_is_unknown():
    start = local(SEOUL, 2026, 11, 23)
    hours = [start + timedelta(hours=n) for n in range(11)]
    planned = week.with_gaps("data-platform", [stint(MINJI, hours[2], hours[4])], start, hours[10], hours[6])

    assert [(each.since, each.until, each.certainty.value) for each in planned] == [
        (hours[0], hours[2], "nobody"),
        (hours[2], hours[4], "somebody"),
        (hours[4], hours[6], "nobody"),
        (hours[6], hours[10], "unknown"),
    ]


def test_what_was_and_what_is_planned_are_one_where_they_meet():
    start = local(SEOUL, 2026, 11, 23)
    now, end = start + timedelta(hours=3), start + timedelta(hours=9)
    joined = week.joined([stint(MINJI, now, end), stint(MINJI, start, now)])

    assert joined == (stint(MINJI, start, end),)


def test_a_week_begins_on_the_monday_of_the_reader():
    sunday_evening = datetime(2026, 11, 22, 16, tzinfo=UTC)  # Monday already in Seoul

    assert week.monday(sunday_evening, SEOUL) == date(2026, 11, 23)
    assert week.monday(sunday_evening, BERLIN) == date(2026, 11, 16)
    assert week.monday(sunday_evening, BERLIN, 1) == date(2026, 11, 23)
