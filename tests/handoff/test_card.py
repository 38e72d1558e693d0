"""What the card, the draft, the forms and the picture of a handoff show, in both languages."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.handoff import service
from bot.handoff.life import Effort, Said
from bot.handoff.pictures import Pictures
from bot.handoff.service import ToDo, Written
from bot.incidents.fix import Cause, Fix, Remedy
from bot.store.tables import files
from bot.text import text_from_json
from bot.triage.model import Severity
from bot.views import handoff_card, handoff_forms
from bot.views.reader import Reader
from bot.views.words import Markup, say
from sandbox.person import text_of
from tests.handoff.story import MINJI, Story
from tests.handoff.test_life import as_
from tests.handoff.walk import DAY, HOUR, KIM, LEE, MONDAY, SEOUL, WEEK, Weeks
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
