"""The lists behind the figures: what they name adds up to the figure, on both databases."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.handoff.listed import listed
from bot.handoff.model import Figure, GrantLine, Item, ListRef, Name, Report, RunLine, Unit
from bot.ref import Ref
from bot.store import Store
from bot.triage.model import Severity
from bot.views import limits
from bot.views.handoff import list_modal
from bot.views.reader import Reader
from bot.views.report_lines import sections
from sandbox.person import text_of
from tests.handoff.story import JIWOO, MINJI, SCOPE, Story, on_call
from tests.views.checker import assert_valid_view

START = datetime(2026, 11, 16, 1, tzinfo=UTC)
WEEK, DAY, HOUR, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
THINGS = [f"monitor {n}" for n in range(30)]
_MEASURED = {Name.MTTA_MEDIAN: Name.ACKNOWLEDGED, Name.MTTA_P90: Name.ACKNOWLEDGED}


@pytest.fixture
def story(any_store: Store) -> Story:
    return Story(any_store)


def live(story: Story, seed: int, steps: int = 120) -> None:
    """Let things break, come back, be taken on and go quiet, from some hours before the window."""
    rng, at, known = random.Random(seed), START - 6 * HOUR, ""
    for _ in range(steps):
        at += rng.uniform(1, 70) * MINUTE
        thing = rng.choice(THINGS[: rng.choice([3, 30])])
        match rng.choice(["breaks", "breaks", "breaks", "is_well", "acknowledges", "resolves", "ages"]):
            case "breaks":
                known = story.breaks(thing, at, severity=rng.choice(list(Severity)))
            case "is_well":
                story.is_well(thing, at)
            case "acknowledges" if known:
                story.acknowledges(rng.choice([MINJI, JIWOO]), known, at)
            case "resolves" if known:
                story.resolves(MINJI, known, at)
            case "ages":
                story.ages(at)


def comes_back(story: Story, at: datetime) -> None:
    incident = story.breaks("a script", at)
    story.resolves(MINJI, incident, at + MINUTE)
    assert story.breaks("a script", at + 9 * MINUTE) == incident


def counted_by_its_list(story: Story, found: Report, figure: Figure) -> int:
    """Turn all the pages of a figure's list, and add up how often it counts what they name."""
    ref = ListRef.parse(str(found.list_ref(figure.name)))
    first = story.store.read(lambda tx: listed(tx, SCOPE, ref))
    shown, page = list(first.items), 0
    while len(shown) < first.total:
        page += 1
        shown += story.store.read(lambda tx, page=page: listed(tx, SCOPE, ref, page)).items
    assert len({each.ref for each in shown}) == len(shown) == first.total
    return sum(figure.times.get(each.ref, 1) for each in shown)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_a_list_names_adds_up_to_its_figure(story: Story, seed: int) -> None:
    live(story, seed)
    comes_back(story, START + 5 * DAY)

    found = story.report(START, START + WEEK)

    of = {name: counted_by_its_list(story, found, figure) for name, figure in found.figures.items()}
    counts = {name: figure.value for name, figure in found.figures.items() if figure.unit is Unit.COUNT}
    assert {name: of[name] for name in counts} == counts
    assert {name: of[name] for name in _MEASURED} == {name: counts[count] for name, count in _MEASURED.items()}
    assert of[Name.NO_ACTION] / counts[Name.RAISED] == found.figures[Name.NO_ACTION].value
    assert of[Name.MTTR_MEDIAN] == of[Name.MTTR_P90]
    assert found.figures[Name.RAISED].times  # some are counted more than once


def test_every_figure_has_its_list_in_some_menu(story: Story) -> None:
    story.breaks("orders", START)
    item = Item(Ref("run", "1"), "orders", START)
    run, grant = RunLine(item, "rerun-load", "succeeded", MINJI), GrantLine(item, "active", START + DAY)

    found = sections(replace(story.report(START, START + WEEK), runs=(run,), grants=(grant,)))

    offered = {section.key: section.names for section in found}
    always = {key: names for key, names in offered.items() if names}
    assert {name for names in always.values() for name in names} >= set(Name) - {
        *(Name.REQUESTS_DONE, Name.REQUESTS_WAITING, Name.DEEDS)  # where there are none, they are not told
    }
    assert max(map(len, offered.values())) <= limits.OVERFLOW_OPTIONS


def test_what_came_back_went_quiet_or_was_taken_over_is_listed_though_nothing_broke_twice(story: Story) -> None:
    incident = story.breaks("a script", START - 10 * MINUTE)
    story.resolves(MINJI, incident, START - 5 * MINUTE)
    story.breaks("a script", START)  # the same one comes back
    story.ages(START + 2 * DAY)

    found = story.report(START, START + WEEK)

    shown = {name for section in sections(found) for name in section.names if found.figures[name].of}
    assert {Name.REOPENED, Name.STALE} <= shown


def modal_of(story: Story, found: Report, name: Name, language: str) -> str:
    ref = found.list_ref(name)
    reader = Reader(language, ZoneInfo("Asia/Seoul"), START + WEEK, {"U0MINJI": "Minji"})
    view = list_modal(story.store.read(lambda tx: listed(tx, SCOPE, ref)), reader)
    assert_valid_view(view)
    return text_of(view)


@pytest.mark.parametrize(("language", "asleep"), [("en", "asleep"), ("ko", "수면 시간")])
def test_a_list_of_calls_says_who_was_called_when_and_on_what_clock(story: Story, language: str, asleep: str) -> None:
    on_call(story.store, "U0MINJI", START - HOUR)
    story.breaks("orders", START + 16 * HOUR)  # two in the morning in Seoul

    said = modal_of(story, story.report(START, START + WEEK), Name.CALLED, language)

    assert "@Minji" in said
    assert "02:00" in said
    assert asleep in said


@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_whoever_was_on_call_did_adds_up_to_their_effort(story: Story, language: str) -> None:
    on_call(story.store, "U0MINJI", START - HOUR)
    for n in range(2):
        incident = story.breaks(f"orders_{n}", START + n * HOUR)
        story.acknowledges(MINJI, incident, START + n * HOUR + MINUTE)
        story.resolves(JIWOO, incident, START + n * HOUR + 2 * MINUTE)

    found = story.report(START, START + WEEK)

    assert found.figures[Name.DEEDS].value == sum(each.deeds for each in found.effort) == 2
    assert "@Minji" in modal_of(story, found, Name.DEEDS, language)


def test_a_list_of_incidents_says_which_tool_told_of_each(story: Story) -> None:
    story.breaks("orders", START)

    assert "datadog" in modal_of(story, story.report(START, START + WEEK), Name.ALERTS, "en")
