"""The contract for the rotation of Baton's own configuration."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.static_schedule import Override, Rotation, StaticSchedules
from tests.contract.paging.suite import WEEK, Case, GapContract, OverrideContract, SchedulesContract

SEOUL = ZoneInfo("Asia/Seoul")
PEOPLE = ("U0MINJI", "U0JUNHO", "U0ALEX")
MONDAY = datetime(2026, 9, 7, 10, tzinfo=SEOUL)
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)


def plan(moment):
    return PEOPLE[(moment - MONDAY) // WEEK % len(PEOPLE)].casefold()


def schedules(**more):
    rotation = Rotation(SEOUL, time(10), date(2026, 9, 7), PEOPLE, **more)
    return StaticSchedules({"data-platform": rotation})


@pytest.fixture
def case():
    return Case(schedules(), "data-platform", NOW, plan)


@pytest.fixture
def covered():
    cover = Override(NOW - timedelta(minutes=30), NOW + timedelta(minutes=90), "U0DANA")
    return Case(schedules(overrides=(cover,)), "data-platform", NOW, lambda _: "u0dana")


@pytest.fixture
def gap():
    return Case(schedules(), "data-platform", MONDAY.astimezone(UTC) - timedelta(hours=1), plan)


class TestSchedules(SchedulesContract): ...


class TestOverrides(OverrideContract): ...


class TestGaps(GapContract): ...
