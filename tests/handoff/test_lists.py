"""The lists behind the figures: what they name adds up to the figure, on both databases."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.handoff.listed import listed
from bot.handoff.model import Figure, ListRef, Name, Report, Unit
from bot.store import Store
from bot.triage.model import Severity
from tests.handoff.story import JIWOO, MINJI, SCOPE, Story

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
