from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.static_schedule import Handover, Override, Rotation, StaticSchedules
from bot.ports.errors import NotFound
from bot.ports.paging import Nobody, Responder, Somebody, Unknown

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
PEOPLE = ("minji@haneul.example", "junho@haneul.example", "alex")
MONDAY = Handover(0, time(10))


def named(person):
    return Responder(person, person if "@" in person else None, person)


def schedules(zone=SEOUL, starts_on=date(2026, 11, 2), participants=PEOPLE, **more):
    return StaticSchedules({"data-platform": Rotation(zone, MONDAY, starts_on, participants, **more)})


def seoul(*moment):
    return datetime(*moment, tzinfo=SEOUL)


def test_the_turns_follow_each_other_at_the_handover():
    rota = schedules()

    assert rota.current("data-platform", seoul(2026, 11, 9, 9, 59)) == Somebody(
        (named(PEOPLE[0]),), seoul(2026, 11, 2, 10), seoul(2026, 11, 9, 10)
    )
    assert rota.current("data-platform", seoul(2026, 11, 9, 10)) == Somebody(
        (named(PEOPLE[1]),), seoul(2026, 11, 9, 10), seoul(2026, 11, 16, 10)
    )
    assert rota.next("data-platform", seoul(2026, 11, 9, 10)) == Somebody(
        (named("alex"),), seoul(2026, 11, 16, 10), seoul(2026, 11, 23, 10)
    )


def test_all_times_are_utc():
    answer = schedules().current("data-platform", seoul(2026, 11, 9, 10))

    assert answer.since.tzinfo is UTC
    assert answer.until.tzinfo is UTC


def test_the_first_turn_begins_at_the_first_handover_on_or_after_the_start():
    rota = schedules(starts_on=date(2026, 11, 3))

    assert rota.current("data-platform", seoul(2026, 11, 8)) == Nobody(None, seoul(2026, 11, 9, 10))
    assert rota.next("data-platform", seoul(2020, 1, 1)).responders == (named(PEOPLE[0]),)


def test_a_turn_may_take_two_weeks():
    rota = schedules(weeks=2)

    assert rota.current("data-platform", seoul(2026, 11, 17)).since == seoul(2026, 11, 16, 10)
    assert rota.current("data-platform", seoul(2026, 11, 17)).responders == (named(PEOPLE[1]),)


def test_an_override_without_a_zone_is_in_the_schedules():
    cover = Override(datetime(2026, 11, 4, 18), datetime(2026, 11, 4, 22), "alex")  # noqa: DTZ001 - the point
    rota = schedules(overrides=(cover,))

    found = rota.shifts("data-platform", seoul(2026, 11, 4), seoul(2026, 11, 5))

    assert [(s.responders[0].display, s.start_at, s.is_override) for s in found] == [
        (PEOPLE[0], seoul(2026, 11, 2, 10), False),
        ("alex", seoul(2026, 11, 4, 18), True),
        (PEOPLE[0], seoul(2026, 11, 4, 22), False),
    ]


def test_an_override_before_the_rotation_begins_counts():
    cover = Override(seoul(2026, 10, 1), seoul(2026, 10, 2), "alex")
    rota = schedules(overrides=(cover,))

    assert rota.current("data-platform", seoul(2026, 10, 1, 5)).responders == (named("alex"),)
    assert rota.next("data-platform", seoul(2026, 10, 1, 5)) == Nobody(seoul(2026, 10, 2), seoul(2026, 11, 2, 10))


def test_whoever_is_always_on_call_hands_over_to_nobody():
    rota = schedules(participants=("alex",))

    assert rota.current("data-platform", seoul(2026, 12, 25)).responders == (named("alex"),)
    assert isinstance(rota.next("data-platform", seoul(2026, 12, 25)), Unknown)


def test_an_unknown_schedule_is_not_found():
    with pytest.raises(NotFound, match="data-plattform"):
        schedules().current("data-plattform", seoul(2026, 11, 9))


@pytest.mark.parametrize("words", ["Monday", "10:00", "Mon 10:00", "Monday 25:00", ""])
def test_a_handover_that_cannot_be_read_says_what_to_write(words):
    with pytest.raises(ValueError, match="write for example: Monday 10:00"):
        Handover.parse(words)


def test_a_handover_is_a_weekday_and_a_time():
    assert Handover.parse(" friday 09:30 ") == Handover(4, time(9, 30))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"participants": ()}, id="nobody"),
        pytest.param({"weeks": 0}, id="no time"),
        pytest.param(
            {"overrides": (Override(seoul(2026, 11, 5), seoul(2026, 11, 4), "alex"),)}, id="an override backwards"
        ),
    ],
)
def test_a_rotation_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"rotation needs|ends before"):
        schedules(**wrong)


ZONES = [
    "Asia/Seoul",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
]
rotations = st.builds(
    Rotation,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    handover=st.builds(
        Handover, st.integers(0, 6), st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0))
    ),
    starts_on=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    participants=st.just(PEOPLE),
    weeks=st.integers(1, 3),
)
moments = st.datetimes(datetime(2024, 6, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@given(rotations, moments)
def test_after_the_start_somebody_is_always_on_call_for_one_turn(rotation, at):
    rota = StaticSchedules({"s": rotation})
    begins = rotation.begins(0)

    match rota.current("s", at):
        case Nobody(until=until):
            assert at < begins == until
        case Somebody(responders, since, until):
            assert since <= at < until
            assert abs((until - since) - timedelta(weeks=rotation.weeks)) <= timedelta(hours=1)
            following = rota.next("s", at)
            assert following.since == until
            turn = PEOPLE.index(responders[0].provider_id)
            assert following.responders == (named(PEOPLE[(turn + 1) % len(PEOPLE)]),)


@given(rotations, moments)
def test_the_handover_keeps_its_wall_time_all_year(rotation, at):
    since = StaticSchedules({"s": rotation}).next("s", at).since.astimezone(rotation.zone)

    is_skipped = datetime.combine(since.date(), rotation.handover.at, rotation.zone).astimezone(UTC) == since and (
        since.time() != rotation.handover.at
    )
    assert is_skipped or (since.weekday(), since.time()) == (rotation.handover.weekday, rotation.handover.at)


def test_berlin_hands_over_an_hour_later_by_utc_in_winter():
    rota = schedules(BERLIN, starts_on=date(2026, 10, 5))

    summer, winter = (rota.current("data-platform", datetime(2026, 10, day, 12, tzinfo=UTC)) for day in (20, 27))

    assert summer.since == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert winter.since == datetime(2026, 10, 26, 9, tzinfo=UTC)
