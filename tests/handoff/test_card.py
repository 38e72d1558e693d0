"""What the card, the draft, the forms and the picture of a handoff show, in both languages."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.handoff import service
from bot.handoff.card import OpenThing
from bot.handoff.drawing import tiles
from bot.handoff.life import Effort, FollowUp, Said
from bot.handoff.pictures import Pictures
from bot.handoff.service import ToDo, Written
from bot.incidents.fix import Cause, Fix, Remedy
from bot.oncall.model import Engineer
from bot.store.tables import files, notes
from bot.text import text_from_json
from bot.triage.model import Severity
from bot.views import handoff_card, handoff_forms
from bot.views.reader import Reader
from bot.views.words import Markup, say
from sandbox.person import text_of
from tests.handoff.story import MINJI, Story
from tests.handoff.test_life import as_
from tests.handoff.walk import DAY, HOUR, KIM, LEE, MONDAY, PARK, SEOUL, WEEK, Weeks
from tests.views.checker import assert_valid_message, assert_valid_view

MINUTE = timedelta(minutes=1)


@pytest.fixture
def weeks(store):
    return Weeks(store)


@pytest.fixture
def story(store):
    return Story(store)


def reader(weeks, language="en"):
    return Reader(language, SEOUL, weeks.now)


def card(weeks):
    handoff = weeks.all[0]
    return weeks.store.read(lambda tx: weeks.front.card(tx, handoff.id))


def shown(weeks, render=handoff_card.render, language="en"):
    rendered = render(card(weeks), reader(weeks, language))
    message = {"text": rendered.text, "blocks": list(rendered.blocks)}
    assert_valid_message(message["blocks"])
    return text_of(message)


def a_busy_week(weeks, story):
    weeks.look()
    for day in range(5):
        broken = story.breaks(f"orders_{day}", MONDAY + day * DAY + 3 * HOUR)
        story.acknowledges(MINJI, broken, MONDAY + day * DAY + 3 * HOUR + 4 * MINUTE)
        story.resolves(MINJI, broken, MONDAY + day * DAY + 4 * HOUR, Fix(Cause.CODE, Remedy.RERAN))
    still_open = story.breaks("events", MONDAY + 6 * DAY + 15 * HOUR, severity=Severity.CRITICAL)
    weeks.go(MONDAY + WEEK - HOUR)
    said = Said(
        "Watch <events>", "The vendor *changed* it", Effort.ROUGH, {f"incident:{still_open}": "call the vendor"}
    )
    written = Written(
        said, weeks.all[0].revision, is_signed=True, to_do=ToDo("Raise the quota", LEE, date(2026, 11, 12))
    )
    handoff = weeks.all[0]
    weeks.store.write(lambda tx: service.write(as_(KIM), tx, handoff.id, written, weeks.now, weeks.front))
    return still_open


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_card_says_who_what_first_and_what_is_left(weeks, story, language):
    a_busy_week(weeks, story)
    weeks.go(MONDAY + WEEK)

    said = shown(weeks, language=language)
    assert f"<@{LEE}>" in said
    assert "Watch &lt;events&gt;" in said
    assert "call the vendor" in said
    assert "Raise the quota" in said
    assert "events" in said


@pytest.mark.parametrize("language", ["en", "ko"])
def test_all_that_its_writer_said_is_on_the_card_however_long(weeks, story, language):
    weeks.look()
    broken = [story.breaks(f"orders_{n}", MONDAY + DAY + n * HOUR) for n in range(10)]
    weeks.go(MONDAY + WEEK - HOUR)
    steps = {f"incident:{each}": f"step {n} " + "가" * 290 for n, each in enumerate(broken)}
    for n in range(12):
        to_do = ToDo(f"task {n} " + "나" * 290)
        weeks.store.write(
            lambda tx, to_do=to_do: service.follow_up(as_(KIM), tx, weeks.all[0].id, (), to_do, weeks.now, weeks.front)
        )
    written = Written(Said(steps=steps), weeks.all[0].revision, is_signed=True, to_do=ToDo(""))
    weeks.store.write(lambda tx: service.write(as_(KIM), tx, weeks.all[0].id, written, weeks.now, weeks.front))
    weeks.go(MONDAY + WEEK)

    said = shown(weeks, language=language)
    assert all(f"step {n} " in said and f"task {n} " in said for n in range(10))
    assert "task 11 " in said


@pytest.mark.parametrize(("language", "today"), [("en", "today"), ("ko", "오늘")])
def test_what_is_read_on_other_days_calls_no_day_today(weeks, story, language, today):
    a_busy_week(weeks, story)
    weeks.go(MONDAY + WEEK)

    assert today not in shown(weeks, language=language)
    assert "10:00 KST" in shown(weeks, language=language)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_draft_shows_the_same_before_and_where_it_went_after(weeks, story, language):
    a_busy_week(weeks, story)
    before = shown(weeks, handoff_card.render_draft, language)
    weeks.go(MONDAY + WEEK)
    after = shown(weeks, handoff_card.render_draft, language)

    assert "call the vendor" in before
    assert "call the vendor" not in after


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_form_asks_for_the_next_step_of_what_is_open(weeks, story, language):
    still_open = a_busy_week(weeks, story)
    found = card(weeks)

    view = handoff_forms.write_form(found, found.handoff.said, reader(weeks, language), metadata="1|1")
    assert_valid_view(view)
    asked = {block.get("block_id") for block in view["blocks"]}
    assert f"step:incident:{still_open}" in asked
    todo = handoff_forms.follow_up_form("1", "data-platform", found.follow_ups, reader(weeks, language))
    assert_valid_view(todo)


def test_a_quiet_week_says_so(weeks, story):
    story.breaks("long_ago", MONDAY - DAY)
    story.is_well("long_ago", MONDAY - DAY + HOUR)
    weeks.go(MONDAY + WEEK + 2 * HOUR)

    said = shown(weeks)
    assert "Posted without a signature" in said
    assert "uiet" in said


def test_the_picture_goes_into_the_thread_once_and_says_in_words_what_it_shows(weeks, story):
    a_busy_week(weeks, story)
    weeks.go(MONDAY + WEEK)
    pictures = Pictures(weeks.store, weeks.front, lambda _tx, language: reader(weeks, language))
    for _ in range(2):
        pictures.look(weeks.now)

    (row,) = weeks.store.read(lambda tx: tx.execute(select(files)).all())
    assert row.under == f"handoff:{weeks.all[0].id}"
    assert row.content[:4] == b"\x89PNG"
    assert "incidents 6" in say(text_from_json(row.alt), reader(weeks), Markup.PLAIN)


def test_a_picture_that_cannot_be_drawn_is_tried_ever_later_and_then_given_up_in_the_thread(weeks, story):
    a_busy_week(weeks, story)
    weeks.go(MONDAY + WEEK)
    tried = []

    def unable(_tx, _language):
        tried.append(weeks.now)
        raise OSError("no font")

    pictures = Pictures(weeks.store, weeks.front, unable)
    for _ in range(12 * 60):
        pictures.look(weeks.now)
        weeks.now += MINUTE

    assert [(after - before) // MINUTE for before, after in pairwise(tried)] == [1, 4, 16, 64]
    assert weeks.notes() == ["handoff.picture.failed"]
    assert weeks.store.read(lambda tx: tx.execute(select(notes.c.under)).scalar()) == f"handoff:{weeks.all[0].id}"


@pytest.mark.parametrize(("language", "left"), [("en", "and 3 more"), ("ko", "3줄")])
def test_forms_say_how_much_they_do_not_ask_for(weeks, language, left):
    weeks.look()
    found, how = card(weeks), reader(weeks, language)
    much = replace(found, open=tuple(OpenThing(f"incident:{n}", f"orders_{n}") for n in range(13)))
    to_do = [FollowUp(str(n), f"task {n}", None, None, MONDAY) for n in range(43)]

    for view in (
        handoff_forms.write_form(much, Said(), how, metadata="1|1"),
        handoff_forms.follow_up_form("1", "data-platform", to_do, how),
    ):
        assert_valid_view(view)
        assert left in text_of(view)


def test_the_card_of_a_removed_schedule_calls_nobody_rather_than_an_empty_name(weeks):
    weeks.go(MONDAY + WEEK + 2 * HOUR)
    found = card(weeks)
    bare = replace(found, handoff=replace(found.handoff, incoming=()), fallback="")

    rendered = handoff_card.render(bare, reader(weeks))

    assert_valid_message(list(rendered.blocks))
    assert rendered.blocks[0]["text"]["text"].startswith("nobody ")


def test_a_first_week_in_which_nothing_happened_was_watched_and_is_quiet(weeks):
    weeks.look()
    weeks.go(MONDAY + WEEK + 2 * HOUR)

    said = shown(weeks)
    assert "A quiet shift" in said
    assert "did not watch yet" not in said


def test_the_picture_of_a_quiet_week_does_not_say_that_its_times_are_unavailable(weeks, story):
    story.breaks("long_ago", MONDAY - DAY)
    story.is_well("long_ago", MONDAY - DAY + HOUR)
    weeks.go(MONDAY + WEEK + 2 * HOUR)

    values = [tile.value for tile in tiles(card(weeks).report, reader(weeks))]

    assert values == ["0", "–", "–", "0"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_with_nothing_to_compare_calls_with_that_is_said_once_for_all(weeks, story, language):
    for user in (KIM, LEE, PARK):
        story.on_call = user
        story.breaks(f"orders_{user}", MONDAY + DAY)
    weeks.go(MONDAY + WEEK + 2 * HOUR)

    said = shown(weeks, language=language)
    nothing = {"en": "No earlier shifts are known yet", "ko": "비교할 이전 근무 기록이 없습니다"}
    assert said.count(nothing[language]) == 1
    assert not any(each in said for each in ("mean of four", "4회 평균", "not known", "알 수 없음"))


@pytest.mark.parametrize(
    ("incoming", "words"),
    [
        pytest.param((LEE,), "@U0LEE takes over", id="one"),
        pytest.param((LEE, PARK), "@U0LEE, @U0PARK take over", id="two"),
        pytest.param((), "nobody takes over", id="nobody"),
    ],
)
def test_the_draft_speaks_of_one_or_of_several_who_take_over(weeks, incoming, words):
    weeks.look()
    found = card(weeks)
    to = tuple(Engineer(user, user) for user in incoming)
    several = replace(found, handoff=replace(found.handoff, boundary_at=MONDAY + WEEK, incoming=to))

    rendered = handoff_card.render_draft(several, reader(weeks))

    assert words in text_of({"text": rendered.text, "blocks": list(rendered.blocks)})
