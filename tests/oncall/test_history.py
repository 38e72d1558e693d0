"""The history of who was on call: what each answer proves, and what an outage hides and gives back."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.directory.service import keep_people
from bot.oncall.history import stints
from bot.oncall.model import Certainty, Engineer
from bot.oncall.service import keep, keep_problem
from bot.ports.paging import Nobody, Shift, Unknown
from bot.ports.shifts import Window, on_call_at
from bot.store import Store
from bot.text import text
from tests.oncall.made import ALEX, DIRECTORY, JUNHO, MINJI, NOON, at, shift

NAMES = {"U0MINJI": "minji", "U0JUNHO": "junho", "U0ALEX": "alex", None: "?"}
PROBLEM = text("oncall.too_old")
NUMBERS = count()
FAR = Window(at(-10_000), at(10_000))


@dataclass
class Rota:
    """What is true at the provider: shifts, and gaps where there is none."""

    plan: tuple[Shift, ...]
    schedule: str = "data"

    def seen(self, store, hours):
        """Let Baton see it at that hour."""
        answer = on_call_at(self.plan, at(hours), FAR)
        store.write(lambda tx: keep(tx, self.schedule, answer, self.plan, at(hours)))

    def not_seen(self, store, hours):
        store.write(lambda tx: keep_problem(tx, self.schedule, PROBLEM, at(hours)))


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory):
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('history')}/baton.sqlite3")
    store.write(lambda tx: keep_people(tx, DIRECTORY, NOON))
    yield store
    store.close()


@pytest.fixture
def store(any_store):
    any_store.write(lambda tx: keep_people(tx, DIRECTORY, NOON))
    return any_store


def told(store, start, end, schedule="data"):
    """Return the history as `(from, to, who)` with hours after noon."""
    found = store.read(lambda tx: stints(tx, schedule, at(start), at(end)))
    return [(_hours(each.since), _hours(each.until), _who(each)) for each in found]


def _hours(moment):
    return (moment - NOON) / timedelta(hours=1)


def _who(stint):
    if stint.engineers:
        return "+".join(NAMES[each.user] for each in stint.engineers)
    return stint.certainty.value


def test_a_change_between_two_looks_has_the_moment_of_the_plan(store):
    rota = Rota((shift(MINJI, -50, 1), shift((JUNHO, ALEX), 1, 90)))
    for hours in (0.9, 0.99, 1.01):
        rota.seen(store, hours)

    assert told(store, 0, 1.01) == [(0, 1, "minji"), (1, 1.01, "junho+alex")]


def test_before_the_first_look_the_providers_own_past_counts_for_five_weeks(store):
    Rota((shift(MINJI, -2000, -100), shift(JUNHO, -90, 90))).seen(store, 0)

    assert told(store, -900, 0) == [
        (-900, -840, "unknown"),
        (-840, -100, "minji"),
        (-100, -90, "nobody"),
        (-90, 0, "junho"),
    ]


def test_an_outage_over_a_boundary_is_unknown_until_the_provider_says_what_was(store):
    rota = Rota((shift(MINJI, -50, 1), shift(JUNHO, 1, 2), shift(ALEX, 3, 90)))
    rota.seen(store, 0.5)
    for hours in (0.6, 1, 2, 3.9):
        rota.not_seen(store, hours)
    during = store.read(lambda tx: stints(tx, "data", at(0), at(3.9)))
    rota.seen(store, 4)

    assert [(each.certainty, each.problem) for each in during] == [
        (Certainty.SOMEBODY, None),
        (Certainty.UNKNOWN, PROBLEM),
    ]
    assert told(store, 0, 4) == [(0, 1, "minji"), (1, 2, "junho"), (2, 3, "nobody"), (3, 4, "alex")]


def test_an_override_that_is_made_at_once_begins_when_it_was_made(store):
    Rota((shift(MINJI, -50, 90),)).seen(store, 0)
    stands_in = Shift((ALEX,), at(0.01), at(5), is_override=True)
    Rota((shift(MINJI, -50, 0.01), stands_in, shift(MINJI, 5, 90))).seen(store, 0.02)
    found = store.read(lambda tx: stints(tx, "data", at(0), at(0.02)))

    assert [(each.since, each.engineers[0].user, each.is_override) for each in found] == [
        (at(0), "U0MINJI", False),
        (at(0.01), "U0ALEX", True),
    ]


def test_the_last_look_counts_ten_minutes_but_not_over_a_planned_change(store):
    Rota((shift(MINJI, -50, 90),)).seen(store, 0)

    assert told(store, 0, 1) == [(0, pytest.approx(1 / 6), "minji"), (pytest.approx(1 / 6), 1, "unknown")]

    Rota((shift(MINJI, -50, 0.3), shift(JUNHO, 0.3, 9))).seen(store, 0.25)

    assert told(store, 0, 1)[:2] == [(0, pytest.approx(0.3), "minji"), (pytest.approx(0.3), 1, "unknown")]


def test_what_was_never_followed_is_unknown(store):
    found = store.read(lambda tx: stints(tx, "data", at(0), at(1)))

    assert [(each.since, each.until, each.certainty) for each in found] == [(at(0), at(1), Certainty.UNKNOWN)]
    assert found[0].problem == text("oncall.not_seen")


def test_an_answer_that_comes_late_changes_nothing(store):
    rota = Rota((shift(MINJI, -50, 1), shift(JUNHO, 1, 90)))
    rota.seen(store, 2)
    before = told(store, -10, 2)
    rota.seen(store, 0.5)
    rota.not_seen(store, 0.7)

    assert told(store, -10, 2) == before


def test_an_answer_that_names_nobody_in_particular_is_unknown_with_its_words(store):
    store.write(lambda tx: keep(tx, "data", Unknown("robot r2"), (), at(0)))
    store.write(lambda tx: keep(tx, "data", Unknown("robot r2"), (), at(1)))

    found = store.read(lambda tx: stints(tx, "data", at(0), at(1)))

    assert [each.problem for each in found] == [text("oncall.no_answer_in_it", detail="robot r2")]


def test_who_they_were_in_slack_stays_as_it_was_then(store):
    Rota((shift(MINJI, -50, 0.1), shift(JUNHO, 0.1, 9))).seen(store, 0)
    Rota((shift(MINJI, -50, 0.1), shift(JUNHO, 0.1, 9))).seen(store, 0.15)
    gone = [each for each in DIRECTORY if each.user != "U0MINJI"]
    store.write(lambda tx: keep_people(tx, gone, at(0.2)))

    found = store.read(lambda tx: stints(tx, "data", at(0), at(0.15)))

    assert found[0].engineers == (Engineer("김민지", "U0MINJI"),)


def test_a_gap_is_nobody_from_its_beginning(store):
    rota = Rota((shift(MINJI, -50, 1),))
    rota.seen(store, 0.95)
    store.write(lambda tx: keep(tx, "data", Nobody(at(1)), rota.plan, at(1.05)))

    assert told(store, 0, 1.05) == [(0, 1, "minji"), (1, 1.05, "nobody")]


PEOPLE = st.sampled_from([(MINJI,), (JUNHO,), (ALEX,), (MINJI, JUNHO), (JUNHO, MINJI), None])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turns=st.lists(st.tuples(PEOPLE, st.integers(1, 30)), min_size=2, max_size=12),
    looks=st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=25),
)
def test_whatever_was_missed_the_history_is_the_providers_once_it_answers(sqlite, turns, looks):
    """Turns last whole hours, so that no two changes fall between two looks in a row."""
    store, schedule = sqlite, f"data-{next(NUMBERS)}"
    rota, truth = _rota(turns, schedule)
    hours = 0.05
    rota.seen(store, hours)
    for minutes, answers in looks:
        hours += minutes / 60
        (rota.seen if answers else rota.not_seen)(store, hours)
    rota.seen(store, hours + 0.001)

    found = told(store, 0, hours, schedule)

    assert [(round(a, 6), round(b, 6), who) for a, b, who in found] == _clipped(truth, hours)


def _rota(turns, schedule):
    plan, truth, start = [], [], 0
    for people, length in turns:
        who = "+".join(NAMES[f"U0{each.display.split('@')[0].upper()}"] for each in people) if people else "nobody"
        if truth and truth[-1][2] == who:
            truth[-1] = (truth[-1][0], start + length, who)
            if people:
                plan[-1] = shift(people, _hours(plan[-1].start_at), start + length)
        else:
            truth.append((start, start + length, who))
            if people:
                plan.append(shift(people, start, start + length))
        start += length
    return Rota(tuple(plan), schedule), [*truth, (start, 10_000, "nobody")]


def _clipped(truth, end):
    pieces = [(float(a), round(min(b, end), 6), who) for a, b, who in truth if a < end]
    if len(pieces) > 1 and pieces[-1][2] == pieces[-2][2]:
        pieces[-2:] = [(pieces[-2][0], pieces[-1][1], pieces[-1][2])]
    return pieces
