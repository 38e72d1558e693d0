"""The weekly digest: once a week, eight weeks beside each other, nothing made up."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.handoff import digests
from bot.handoff.digest import DigestCard, Load, Noisy, Point, Section, Told, stretches
from bot.handoff.digest_picture import drawn_of
from bot.handoff.digests import Digests
from bot.handoff.drawn import Week
from bot.incidents.fix import Cause, Fix, Remedy
from bot.store import Store
from bot.store.tables import cards, files
from bot.store.tables import digests as table
from bot.views import digest as view
from bot.views.reader import Reader
from sandbox.person import text_of
from tests.handoff.story import MINJI, SCOPE, Story
from tests.views.checker import assert_valid_message

SEOUL = ZoneInfo("Asia/Seoul")
DUE = datetime(2026, 11, 16, 0, 30, tzinfo=UTC)  # a Monday, half past nine in Seoul
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
LEAD = Told("U0LEAD", 0, time(9, 30), SEOUL, "en")


@pytest.fixture
def story(store):
    return Story(store)


def keeper(store, told=LEAD):
    return Digests(store, told, {SCOPE.schedule: SCOPE}, lambda _tx, language: Reader(language, SEOUL, DUE))


def look(store, now, times=1):
    for _ in range(times):
        keeper(store).look(now)


def told(store):
    return store.read(lambda tx: [digests.load(tx, row.id) for row in tx.execute(select(table).order_by(table.c.id))])


def said(card, language="en"):
    rendered = view.render(card, Reader(language, SEOUL, DUE))
    message = {"text": rendered.text, "blocks": list(rendered.blocks)}
    assert_valid_message(message["blocks"])
    return text_of(message)


def broken_for_weeks(story):
    for week in range(3, 0, -1):
        for n in range(week):
            at = DUE - week * WEEK + (n + 1) * DAY + 15 * HOUR
            story.breaks("flaky_check", at)
            story.is_well("flaky_check", at + HOUR)
    for n in range(3):
        at = DUE - DAY - n * DAY
        incident = story.breaks("orders", at)
        story.resolves(MINJI, incident, at + HOUR, Fix(Cause.CODE, Remedy.RERAN))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(DUE - timedelta(seconds=1), DUE - WEEK, id="just before"),
        pytest.param(DUE, DUE, id="at the moment"),
        pytest.param(DUE + 6 * DAY, DUE, id="a week long"),
    ],
)
def test_it_is_due_on_its_day_at_its_time(now, due):
    assert LEAD.last_due(now) == due


def test_its_time_is_that_of_the_wall_whatever_the_clocks_do():
    berlin = Told("C0LEADS", 0, time(9, 30), ZoneInfo("Europe/Berlin"), "en")

    found = [berlin.last_due(datetime(2026, 10, day, 23, tzinfo=UTC)).astimezone(berlin.zone) for day in (19, 26)]
    assert [f"{each:%d %H:%M}" for each in found] == ["19 09:30", "26 09:30"]


def test_its_weeks_are_those_between_two_digests_whatever_the_clocks_do():
    berlin = Told("C0LEADS", 0, time(9, 30), ZoneInfo("Europe/Berlin"), "en")
    after = berlin.last_due(datetime(2026, 10, 26, 23, tzinfo=UTC))

    weeks = stretches(after, berlin.zone)

    assert weeks[-1] == (berlin.last_due(datetime(2026, 10, 19, 23, tzinfo=UTC)), after)
    assert [end for _, end in weeks[:-1]] == [start for start, _ in weeks[1:]]
    assert len(weeks) == 8


def test_it_is_told_once_a_week_whoever_looks(database_url):
    store = Store(database_url)
    broken_for_weeks(Story(store))
    look(store, DUE, times=2)
    look(store, DUE + DAY)
    assert len(told(store)) == 1
    look(store, DUE + WEEK + HOUR, times=2)

    assert [each.until for each in told(store)] == [DUE, DUE + WEEK]
    shown = store.read(lambda tx: tx.execute(select(cards.c.channel)).scalars().all())
    assert shown.count("U0LEAD") == 2
    assert len(store.read(lambda tx: tx.execute(select(files.c.id)).all())) == 2
    store.close()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_shows_the_trend_the_noise_and_who_was_called(store, story, language):
    broken_for_weeks(story)
    look(store, DUE)

    (card,) = told(store)
    (section,) = card.sections
    assert [each.week.raised for each in section.points][-3:] == [3, 2, 4]
    words = said(card, language)
    assert "today" not in words
    assert "오늘" not in words  # it is read on other days
    assert "flaky_check" in words
    assert "orders" in words


def test_what_nobody_ever_fixed_may_be_silenced_and_what_was_fixed_is_worth_a_fix(store, story):
    broken_for_weeks(story)
    look(store, DUE)

    (card,) = told(store)
    noisy = {each.name: each.remedy for each in card.sections[0].noisy}
    assert noisy == {"flaky_check": None, "orders": "reran"}
    rendered = view.render(card, Reader("en", SEOUL, DUE))
    buttons = [block["accessory"]["action_id"] for block in rendered.blocks if "accessory" in block]
    assert len(buttons) == 1
    assert buttons[0].startswith("incident.silence:")


def test_weeks_of_which_nothing_is_known_are_not_zero(store, story):
    broken_for_weeks(story)
    look(store, DUE)

    (card,) = told(store)
    assert [each.week.raised for each in card.sections[0].points][:4] == [None] * 4
    assert "unavailable" in said(card)
    assert "weeks are known" in said(card)


def test_a_new_install_tells_nothing_of_a_week_in_which_it_was_not_there(store, story):
    look(store, DUE + HOUR)
    story.breaks("orders", DUE + DAY)
    look(store, DUE + 2 * DAY)

    assert told(store) == []


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("schedules", [1, 4, 5, 7])
def test_however_many_schedules_there_are_none_is_cut(schedules, language):
    week = Point(Week(date(2026, 11, 9), 3, 1.0, 2.0), 1)
    points = (Point(Week(date(2026, 11, 2)), None), *[week] * 7)
    noisy = tuple(Noisy("x" * 24, f"thing {n}", 9) for n in range(5))
    load = (Load("U0MINJI", 1, 1, 1, 0.5),)
    sections = tuple(Section(f"schedule-{n}", points, noisy, load, 0.5) for n in range(schedules))

    words = said(DigestCard(DUE, DUE + HOUR, sections), language)

    assert all(f"schedule-{n}" in words for n in range(schedules))
    assert words.count("U0MINJI") == schedules
    assert ("thing 4" in words) == (schedules <= 4)


@pytest.mark.parametrize(("raised", "shown"), [(0, "–"), (None, "unavailable")])
def test_the_picture_tells_nothing_to_measure_from_unavailable(raised, shown):
    points = tuple(Point(Week(date(2026, 11, 9), raised), None) for _ in range(8))

    drawn = drawn_of(Section("s", points, (), (), None), DUE, Reader("en", SEOUL, DUE))

    assert [tile.value or "unavailable" for tile in drawn.tiles][1:3] == [shown, shown]


def test_what_helped_in_somebodys_own_words_is_no_reason_for_a_silence(store, story):
    for n in range(3):
        at = DUE - DAY - n * DAY
        story.resolves(MINJI, story.breaks("orders", at), at + HOUR, Fix(remark="rang the vendor"))
    look(store, DUE)

    (noisy,) = told(store)[0].sections[0].noisy
    assert noisy.remedy == "other"


def test_a_quiet_week_says_so(store, story):
    story.breaks("orders", DUE - 3 * WEEK)
    look(store, DUE)

    assert "quiet week" in said(told(store)[0])


def test_after_a_downtime_it_comes_late_and_says_so_or_after_days_not_at_all(store, story):
    broken_for_weeks(story)
    look(store, DUE + 2 * DAY)
    look(store, DUE + WEEK + 4 * DAY)

    (card,) = told(store)
    assert "Told late" in said(card)
