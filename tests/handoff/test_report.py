"""The figures of a report against the same figures counted by hand from the raw rows."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.handoff.model import Name, Report, Scope
from bot.handoff.queries import report
from bot.incidents.fix import Cause, Fix, Remedy
from bot.oncall import history
from bot.ports.paging import Responder, Shift, Somebody
from bot.ref import Ref
from bot.store import Store
from bot.store.tables import people
from bot.triage.model import Severity
from bot.workload import Interruption, interrupted
from tests.handoff import recomputed
from tests.handoff.story import JIWOO, MINJI, SCHEDULE, SCOPE, TEAM, Story

MONDAY = datetime(
    2026, 10, 19, 1, tzinfo=UTC
)  # before both clocks change: in Berlin on the 25th, in New York in November
WEEK, DAY, HOUR, MINUTE = timedelta(weeks=1), timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
THINGS = ("orders", "payments", "lag", "disk")
SEOUL = "Asia/Seoul"

_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["breaks", "breaks", "breaks", "is_well", "acknowledges", "resolves", "ages"]),
        st.sampled_from(THINGS),
        st.integers(1, 2000),  # minutes until it happens
    ),
    min_size=1,
    max_size=40,
)


@pytest.fixture
def story(store_on_sqlite: Store) -> Story:
    return Story(store_on_sqlite)


@pytest.fixture
def store_on_sqlite(sqlite_url: str) -> Iterator[Store]:
    store = Store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def database(sqlite_url: str) -> Path:
    return Path(sqlite_url.removeprefix("sqlite:///"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS, first=st.integers(0, 20), days=st.integers(1, 12))
def test_every_figure_is_what_one_counts_by_hand(
    steps: list[tuple[str, str, int]], first: int, days: int, tmp_path: Path, sqlite_template: bytes
) -> None:
    database = tmp_path / f"{random.getrandbits(64):x}.sqlite3"
    database.write_bytes(sqlite_template)
    store = Store(f"sqlite:///{database}")
    live(Story(store), steps)
    start = MONDAY + first * DAY
    end = start + days * DAY

    found = Story(store).report(start, end)
    store.close()

    assert_agree(found, database, start, end)


def live(story: Story, steps: list[tuple[str, str, int]]) -> datetime:
    """Let a history happen; return when it ended."""
    now, known = MONDAY, dict.fromkeys(THINGS, "")
    for verb, thing, wait in steps:
        now += wait * MINUTE
        who = MINJI if wait % 2 else JIWOO
        match verb:
            case "breaks":
                known[thing] = story.breaks(thing, now, severity=list(Severity)[wait % 4])
            case "is_well":
                story.is_well(thing, now)
            case "acknowledges" if known[thing]:
                story.acknowledges(who, known[thing], now)
            case "resolves" if known[thing]:
                remedy = Remedy.CORRECTED if wait % 3 else Remedy.NOTHING
                story.resolves(who, known[thing], now, Fix(Cause.CODE, remedy))
            case "ages":
                story.ages(now)
    return now


def assert_agree(found: Report, database: Path, start: datetime, end: datetime) -> None:
    by_hand = recomputed.figures(database, start, end)
    if found.figures[Name.RAISED].value is None:  # nothing was written down by then
        assert by_hand["raised"] == by_hand["alerts"] == by_hand["open"] == 0
        return
    for name, value in by_hand.items():
        figure = found.figures[Name(name)]
        if figure.value is None:
            assert not value, name
            assert figure.why is not None
        else:
            assert figure.value == pytest.approx(value), name
    loads = {load.user: load.hours for load in found.workload if load.hours.total}
    assert {user: (h.business, h.off, h.sleep) for user, h in loads.items()} == recomputed.hours(
        database, start, end, SEOUL
    )


def eight_weeks(story: Story) -> list[Report]:
    """Let eight weeks happen; return the report of each, asked at its end."""
    rng = random.Random(8)
    asked = []
    for week in range(8):
        story.on_call = "U0MINJI" if week % 2 else "U0JIWOO"
        start = MONDAY + week * WEEK
        at = start
        while (at := at + rng.uniform(1, 900) * MINUTE) < start + WEEK - 2 * HOUR:
            story.ages(at)
            incident = story.breaks(rng.choice(THINGS), at, severity=rng.choice(list(Severity)))
            if rng.random() < 0.6:
                story.acknowledges(MINJI, incident, at := at + rng.uniform(1, 20) * MINUTE)
                if rng.random() < 0.8:
                    fix = Fix(Cause.CODE, rng.choice((Remedy.CORRECTED, Remedy.NOTHING)))
                    story.resolves(MINJI, incident, at := at + rng.uniform(1, 80) * MINUTE, fix)
        asked.append(story.report(start, start + WEEK))
    return asked


def test_eight_weeks_say_the_same_whenever_they_are_asked(story: Story, database: Path) -> None:
    zones = {"U0MINJI": "America/New_York", "U0JIWOO": "Europe/Berlin"}
    story.store.write(lambda tx: [tx.execute(people.insert().values(_person(*each))) for each in zones.items()])
    at_their_end = eight_weeks(story)

    again = [story.report(MONDAY + week * WEEK, MONDAY + (week + 1) * WEEK) for week in range(8)]

    for week, (then, now) in enumerate(zip(at_their_end, again, strict=True)):
        assert now == then
        assert_agree(now, database, MONDAY + week * WEEK, MONDAY + (week + 1) * WEEK)
    assert all(report.figures[Name.RAISED].value for report in again)
    assert again[-1].workload[0].mean_of_four is not None


def _person(user: str, zone: str) -> dict[str, object]:
    names = {"name": user, "real_name": user, "email": None, "locale": "ko-KR"}
    flags = {"is_bot": False, "is_guest": False, "is_deleted": False}
    return {"team": TEAM, "user": user, "zone": zone, **names, **flags, "fetched_at": MONDAY}


def test_a_reopened_incident_does_not_change_the_week_before(story: Story) -> None:
    incident = story.breaks("orders", MONDAY)
    story.acknowledges(MINJI, incident, MONDAY + 5 * MINUTE)
    end = MONDAY + 60 * MINUTE
    story.resolves(MINJI, incident, MONDAY + 30 * MINUTE, Fix(Cause.BAD_DATA, Remedy.RERAN, "two rows twice"))
    before = story.report(MONDAY, end)

    story.breaks("orders", MONDAY + 80 * MINUTE)  # its row forgets who took it, when it ended and what helped
    after = story.report(MONDAY, end)

    assert after == before
    assert after.figures[Name.MTTR_MEDIAN].value == 30
    assert after.resolved[0].fix == Fix(Cause.BAD_DATA, Remedy.RERAN, "two rows twice")


def test_the_hours_of_a_call_are_those_of_the_called_persons_clock(story: Story) -> None:
    night_in_new_york = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)  # the clocks there went back the day before
    story.store.write(lambda tx: tx.execute(people.insert().values(_person("U0MINJI", "America/New_York"))))
    story.breaks("orders", night_in_new_york)

    found = story.report(night_in_new_york - DAY, night_in_new_york + DAY)

    [load] = found.workload
    assert (load.hours.business, load.hours.off, load.hours.sleep) == (0, 0, 1)
    assert load.last is None  # nothing was written down in the two days before


def test_calls_and_deeds_of_who_was_not_on_call_are_not_the_shifts(story: Story) -> None:
    minji, end = (Responder("minji", "", "", "U0MINJI"),), MONDAY + WEEK
    answer, called, ref = Somebody(minji, MONDAY, None), ("U0MINJI", "U0JIWOO"), Ref("run", "1")
    story.store.write(lambda tx: tx.execute(people.insert().values(_person("U0MINJI", SEOUL))))
    story.store.write(lambda tx: history.record(tx, SCHEDULE, answer, (Shift(minji, MONDAY, end),), (), MONDAY + HOUR))
    story.store.write(lambda tx: interrupted(tx, MONDAY + DAY, called, Interruption.APPROVAL, ref))
    incident = story.breaks("orders", MONDAY + DAY)
    story.acknowledges(JIWOO, incident, MONDAY + DAY + 5 * MINUTE)
    story.resolves(MINJI, incident, MONDAY + DAY + 30 * MINUTE)

    found = story.report(MONDAY, MONDAY + WEEK)

    assert [load.user for load in found.workload] == ["U0MINJI"]
    assert [each.actor for each in found.effort] == [MINJI]


def test_what_was_before_batons_first_day_is_unavailable_and_not_zero(story: Story) -> None:
    story.breaks("orders", MONDAY)

    found = story.report(MONDAY - WEEK, MONDAY)

    assert all(figure.value is None and figure.why for figure in found.figures.values())
    assert not found.is_quiet


def test_incidents_of_other_routes_are_not_counted(story: Story) -> None:
    story.breaks("orders", MONDAY)
    others = Scope("another", frozenset({"elsewhere"}), SCOPE.hours)

    found = story.store.read(lambda tx: report(tx, others, MONDAY, MONDAY + DAY))

    assert found.figures[Name.RAISED].value == 0
    assert found.figures[Name.CALLED].value == 0
