"""Eight simulated weeks: overrides, the end of summer time, a gap, outages; two replicas do everything twice."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.adapters.static_schedule import Rotation
from bot.oncall.history import stints
from bot.oncall.model import Certainty, Stint
from tests.shift.rota import Change, Rota
from tests.shift.weeks import MINUTE, SCHEDULE, Weeks, told, weeks, words

pytestmark = pytest.mark.xdist_group("eight-weeks")

NEW_YORK = ZoneInfo("America/New_York")
PEOPLE = ("U0MINJI", "U0JUNHO", "U0ALEX")
ENGINEERS = {"U0MINJI", "U0JUNHO", "U0ALEX", "U0DANA"}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def new_york(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


START, END = new_york(10, 14), new_york(12, 9)  # from a Wednesday, eight weeks with their eight handovers
OVERRIDES = (
    # planned a day before: a short cover in the middle of Minji's first week
    Change(new_york(10, 15), new_york(10, 16, 13), new_york(10, 16, 17), "U0ALEX"),
    # at once, for more than a day
    Change(new_york(10, 21, 9, 7), new_york(10, 21, 9, 7), new_york(10, 22, 21), "U0MINJI"),
    # up to the handover
    Change(new_york(11, 7), new_york(11, 9, 4), new_york(11, 9, 10), "U0DANA"),
)
GAP = Change(new_york(11, 12), new_york(11, 14, 0), new_york(11, 14, 6))
UNSEEN = Change(new_york(11, 30, 9, 45), new_york(11, 30, 10), new_york(12, 1, 13), "U0DANA")  # made in an outage
OUTAGES = (
    (new_york(11, 23, 9, 30), new_york(11, 23, 10, 40)),  # over a handover that goes as planned
    (new_york(11, 30, 9, 40), new_york(11, 30, 10, 20)),  # over one that somebody changed meanwhile
)


def rota() -> Rota:
    rotation = Rotation(NEW_YORK, time(10), date(2026, 10, 12), PEOPLE)
    return Rota(rotation, new_york(12, 28), (*OVERRIDES, GAP, UNSEEN), OUTAGES)


@dataclass(frozen=True)
class Seen:
    """What a walk has shown."""

    wrong_members: list[tuple[datetime, set[str]]]
    topics: set[str]
    changes: list[datetime]
    on_call: list[tuple[str, ...]]  # after each change
    notices: list[str]
    direct: dict[str, list[str]]
    history: tuple[Stint, ...]
    topic_writes: int


@pytest.fixture(scope="module")
def seen(slack, tmp_path_factory) -> Seen:
    """Walk through all the weeks once; the tests look at what was seen."""
    slack.reset()
    slack.limits(enforce=False)
    url = f"sqlite:///{tmp_path_factory.mktemp('weeks')}/baton.sqlite3"
    with weeks(slack, url, rota(), START, lambda config: told(config, topic=True)) as week:
        changes, wrong, topics = week.changes(START, END), [], set()

        def see(moment):
            members = week.members()
            if not is_changing(week, changes, moment) and members != expected_members(week, moment):
                wrong.append((moment, members))
            topics.add(week.topic())

        week.walk(END, see)
        store = week.replicas[0].store
        return Seen(
            wrong,
            topics,
            changes,
            [week.rota.on_call(change) for change in changes],
            [words(each) for each in week.posted()],
            {user: [words(each) for each in week.told_directly(user)] for user in ENGINEERS},
            store.read(lambda tx: stints(tx, SCHEDULE, START, week.clock.now())),
            len(slack.log.calls("conversations.setTopic")),
        )


def is_changing(week: Weeks, changes: list[datetime], moment: datetime) -> bool:
    """Tell whether the last minute saw a change, or the provider did not answer in it."""
    answered = all(week.rota.answers(moment - n * MINUTE) for n in (0, 1))
    return not answered or any(timedelta(0) <= moment - change < MINUTE for change in changes)


def expected_members(week: Weeks, moment: datetime) -> set[str]:
    """Return who shall be in the user group: who really is on call, in the gap the fallback's members."""
    return set(week.rota.on_call(moment)) or ENGINEERS


def is_doubt(notice: str) -> bool:
    return "was planned for" in notice


def test_the_user_group_is_right_within_a_minute(seen):
    assert seen.wrong_members == []


def test_each_change_is_told_exactly_once_and_calls_those_who_come(seen):
    before = [("U0MINJI",), *seen.on_call]
    coming = [sorted(set(now) - set(then)) for then, now in pairwise(before)]

    told_of = [sorted(re.findall(r"<@(U\w+)>", each)) for each in seen.notices if not is_doubt(each)]

    assert len(seen.changes) == 16
    assert told_of == coming


def test_a_planned_change_that_nobody_confirms_is_told_once_and_calls_nobody(seen):
    doubts = [each for each in seen.notices if is_doubt(each)]

    assert ["@김민지 was planned" in each or "@박준호 was planned" in each for each in doubts] == [True, True]
    assert not any("<@" in each or "<!" in each for each in doubts)


def test_covers_under_a_day_get_a_line_and_shifts_all_that_matters(seen):
    assert seen.notices[0] == "<@U0ALEX> *data-platform*: @Alex Rivera covers for @김민지 until today 06:00."
    assert seen.notices[1] == "<@U0MINJI> *data-platform*: the cover is over, @김민지 is on call again."
    assert seen.notices[2].splitlines() == [
        "<@U0JUNHO> *data-platform*: change of shift",
        "On call now: @박준호, until Oct 26 (Mon) 23:00 KST",
        "Off call: @김민지. Thank you.",
        "Next: @Alex Rivera, from Oct 26 (Mon) 23:00 KST",
    ]


def test_the_history_is_what_really_was(seen):
    was = [tuple(engineer.user for engineer in stint.engineers) for stint in seen.history]

    assert was == [("U0MINJI",), *seen.on_call]
    assert [stint.since for stint in seen.history] == [START, *seen.changes]
    assert all(stint.certainty is not Certainty.UNKNOWN for stint in seen.history)


def test_nobody_is_written_to_twice_about_one_thing(seen):
    is_reminder = re.compile("begins soon|곧 시작")
    told_of = {
        user: (sum(not is_reminder.search(each) for each in said), sum(bool(is_reminder.search(each)) for each in said))
        for user, said in seen.direct.items()
    }

    assert all(len(set(said)) == len(said) for said in seen.direct.values())
    # (next shifts that changed, reminders): who was on call within a day before a shift needs no reminder of it
    assert told_of == {"U0MINJI": (1, 2), "U0JUNHO": (2, 5), "U0ALEX": (1, 3), "U0DANA": (1, 1)}


def test_the_topic_names_each_of_them_and_is_written_for_changes_only(seen):
    names = {"U0MINJI": "김민지", "U0JUNHO": "박준호", "U0ALEX": "Alex Rivera", "U0DANA": "Dana Cho"}
    shown = {re.sub(r".*: (.*?) until .*", r"\1", each) for each in seen.topics}

    assert shown == {*names.values(), "nobody"}
    assert seen.topic_writes <= len(seen.changes) + 1
