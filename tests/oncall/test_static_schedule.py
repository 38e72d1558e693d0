from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.static_schedule import Override, Rotation, StaticSchedules
from bot.ports.errors import NotFound
from bot.ports.paging import Nobody, Responder, Somebody, Unknown

SEOUL = ZoneInfo("Asia/Seoul")
BERLIN = ZoneInfo("Europe/Berlin")
PEOPLE = ("U0MINJI", "U0JUNHO", "U0ALEX")
TEN = time(10)


def named(person):
    return Responder(person, user=person)


def schedules(zone=SEOUL, starts_on=date(2026, 11, 2), participants=PEOPLE, **more):
    return StaticSchedules({"data-platform": Rotation(zone, TEN, starts_on, participants, **more)})


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
        (named("U0ALEX"),), seoul(2026, 11, 16, 10), seoul(2026, 11, 23, 10)
    )


def test_all_times_are_utc():
    answer = schedules().current("data-platform", seoul(2026, 11, 9, 10))

    assert answer.since.tzinfo is UTC
    assert answer.until.tzinfo is UTC


def test_before_the_start_nobody_is_on_call():
    rota = schedules(starts_on=date(2026, 11, 3))

    assert rota.current("data-platform", seoul(2026, 11, 3, 9)) == Nobody(None, seoul(2026, 11, 3, 10))
    assert rota.next("data-platform", seoul(2020, 1, 1)).responders == (named(PEOPLE[0]),)


@pytest.mark.parametrize(("days", "turn", "since"), [(1, 1, 15), (3, 1, 14), (14, 0, 2)])
def test_a_turn_takes_as_many_days_as_configured(days, turn, since):
    answer = schedules(every_days=days).current("data-platform", seoul(2026, 11, 15, 12))

    assert answer.responders == (named(PEOPLE[turn]),)
    assert answer.since == seoul(2026, 11, since, 10)


def test_an_override_without_a_zone_is_in_the_schedules():
    cover = Override(datetime(2026, 11, 4, 18), datetime(2026, 11, 4, 22), "U0ALEX")  # noqa: DTZ001 - the point
    rota = schedules(overrides=(cover,))

    found = rota.shifts("data-platform", seoul(2026, 11, 4), seoul(2026, 11, 5))

    assert [(s.responders[0].user, s.start_at, s.is_override) for s in found] == [
        (PEOPLE[0], seoul(2026, 11, 2, 10), False),
        ("U0ALEX", seoul(2026, 11, 4, 18), True),
        (PEOPLE[0], seoul(2026, 11, 4, 22), False),
    ]


def test_an_override_before_the_rotation_begins_counts():
    cover = Override(seoul(2026, 10, 1), seoul(2026, 10, 2), "U0ALEX")
    rota = schedules(overrides=(cover,))

    assert rota.current("data-platform", seoul(2026, 10, 1, 5)).responders == (named("U0ALEX"),)
    assert rota.next("data-platform", seoul(2026, 10, 1, 5)) == Nobody(seoul(2026, 10, 2), seoul(2026, 11, 2, 10))


def test_whoever_is_always_on_call_hands_over_to_nobody():
    rota = schedules(participants=("U0ALEX",))

    assert rota.current("data-platform", seoul(2026, 12, 25)).responders == (named("U0ALEX"),)
    assert isinstance(rota.next("data-platform", seoul(2026, 12, 25)), Unknown)


def test_an_unknown_schedule_is_not_found():
    with pytest.raises(NotFound, match="data-plattform"):
        schedules().current("data-plattform", seoul(2026, 11, 9))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"participants": ()}, id="nobody"),
        pytest.param({"every_days": 0}, id="no time"),
        pytest.param(
            {"overrides": (Override(seoul(2026, 11, 5), seoul(2026, 11, 4), "U0ALEX"),)}, id="an override backwards"
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
    handover=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    starts_on=st.dates(date(2024, 1, 1), date(2026, 1, 1)),
    participants=st.just(PEOPLE),
    every_days=st.integers(1, 21),
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
            assert abs((until - since) - timedelta(days=rotation.every_days)) <= timedelta(hours=1)
            following = rota.next("s", at)
            assert following.since == until
            turn = PEOPLE.index(responders[0].user)
            assert following.responders == (named(PEOPLE[(turn + 1) % len(PEOPLE)]),)


@given(rotations, moments)
def test_the_handover_keeps_its_wall_time_all_year(rotation, at):
    since = StaticSchedules({"s": rotation}).next("s", at).since.astimezone(rotation.zone)

    is_skipped = datetime.combine(since.date(), rotation.handover, rotation.zone).astimezone(UTC) == since and (
        since.time() != rotation.handover
    )
    assert is_skipped or since.time() == rotation.handover
    assert (since.date() - rotation.starts_on).days % rotation.every_days == 0


def test_berlin_hands_over_an_hour_later_by_utc_in_winter():
    rota = schedules(BERLIN, starts_on=date(2026, 10, 5))

    summer, winter = (rota.current("data-platform", datetime(2026, 10, day, 12, tzinfo=UTC)) for day in (20, 27))

    assert summer.since == datetime(2026, 10, 19, 8, tzinfo=UTC)
    assert winter.since == datetime(2026, 10, 26, 9, tzinfo=UTC)
