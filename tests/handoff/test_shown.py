"""The report as people see it: in Slack, as a page, as data, and the lists behind its figures."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.handoff.listed import listed
from bot.handoff.model import ListRef, Name
from bot.handoff.page import PAGE
from bot.handoff.written import as_json
from bot.store import Store
from bot.views import limits
from bot.views.handoff import list_modal, report_blocks
from bot.views.reader import LANGUAGES, Reader
from bot.views.report_markdown import markdown
from tests.handoff.story import MINJI, SCOPE, Story, on_call

START = datetime(2026, 11, 16, 1, tzinfo=UTC)
WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)


@pytest.fixture
def story(sqlite_url: str) -> Iterator[Story]:
    store = Store(sqlite_url)
    yield Story(store)
    store.close()


def reader(language: str) -> Reader:
    return Reader(language, ZoneInfo("Asia/Seoul"), START + WEEK)


def busy(story: Story, incidents: int = 60) -> None:
    for n in range(incidents):
        at = START + n * 100 * MINUTE
        incident = story.breaks(f"monitor {n} <!channel> & co " + "x" * 200, at)
        story.acknowledges(MINJI, incident, at + MINUTE)
        if n % 2:
            story.resolves(MINJI, incident, at + 2 * MINUTE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_busy_week_keeps_slacks_limits_and_mentions_nobody(story: Story, language: str) -> None:
    busy(story)

    blocks = report_blocks(story.report(START, START + WEEK), reader(language))

    assert len(blocks) <= 20
    assert all(len(block["text"]["text"]) <= limits.SECTION for block in blocks)
    assert "<!channel>" not in json.dumps(blocks)
    for block in blocks:
        for option in block.get("accessory", {}).get("options", []):
            assert len(option["value"]) <= limits.OPTION_VALUE


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quiet_week_says_so_shortly(story: Story, language: str) -> None:
    story.breaks("orders", START - WEEK)
    story.is_well("orders", START - WEEK + MINUTE)
    calm = replace(story.report(START, START + WEEK), doubts=(), stints=())

    blocks = report_blocks(calm, reader(language))

    assert calm.is_quiet
    assert "🌙" in blocks[0]["text"]["text"]
    assert len(blocks) <= 3


def test_where_nothing_was_written_down_the_week_is_not_called_quiet(story: Story) -> None:
    on_call(story.store, "U0MINJI", START - WEEK)

    found = story.report(START, START + WEEK)

    assert not found.doubts
    assert not found.is_quiet
    assert "enjoy" not in json.dumps(report_blocks(found, reader("en")))


def test_what_went_quiet_unresolved_makes_no_quiet_week(story: Story) -> None:
    on_call(story.store, "U0MINJI", START - WEEK)
    story.breaks("orders", START - 60 * MINUTE)
    story.ages(START + timedelta(days=2))

    found = story.report(START, START + WEEK)

    assert not found.is_quiet
    assert "went quiet unresolved: *1*" in json.dumps(report_blocks(found, reader("en")))


def test_what_burns_comes_first(story: Story) -> None:
    story.breaks("orders", START)

    first, second, *_ = report_blocks(story.report(START, START + WEEK), reader("en"))

    assert "Take on `orders`" in first["text"]["text"]
    assert "Open now" in second["text"]["text"]


def test_each_figure_opens_the_list_that_it_counts(story: Story) -> None:
    busy(story, incidents=PAGE + 10)
    found = story.report(START, START + WEEK)
    ref = ListRef.parse(str(found.list_ref(Name.RAISED)))

    pages = [story.store.read(lambda tx, page=page: listed(tx, SCOPE, ref, page)) for page in range(2)]

    assert [len(page.items) for page in pages] == [PAGE, 10]
    assert tuple(item.ref for page in pages for item in page.items) == found.figures[Name.RAISED].of
    assert all(item.thread for page in pages for item in page.items)
    shown = json.dumps(list_modal(pages[1], reader("en")))
    assert "report.turn:newer" in shown
    assert "report.turn:older" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_reads_by_itself_and_names_what_each_figure_counts(story: Story, language: str) -> None:
    incident = story.breaks("orders", START)

    page = markdown(story.report(START, START + WEEK), reader(language))

    assert page.startswith("# data-platform")
    assert f"`incident:{incident}`" in page


def test_the_data_has_a_schema_and_the_ids(story: Story) -> None:
    incident = story.breaks("orders", START)

    data = json.loads(json.dumps(as_json(story.report(START, START + WEEK))))

    assert data["schema"] == 1
    assert data["figures"]["raised"]["of"] == [f"incident:{incident}"]
    assert data["start"] == "2026-11-16T01:00:00+00:00"
