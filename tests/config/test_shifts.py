"""What the configuration says of shifts: where they are told, who is reminded, which user groups follow them."""

from datetime import timedelta

import pytest

from bot.cli.common import known_operations
from bot.config.load import examine
from tests.config.test_config import BATON, ENVIRON, PEOPLE, POLICY

GROUP = "groups:\n  S0ONCALL: {schedules: [data], permanent: [U0DANA]}\n"


def examined(directory, *, schedule="", groups=""):
    baton = BATON.replace("fallback: S0ENG}", f"fallback: S0ENG{schedule}}}") + groups
    for name, content in {"baton": baton, "people": PEOPLE, "policy": POLICY}.items():
        (directory / f"{name}.yaml").write_text(content)
    return examine(directory, ENVIRON, known_operations())


def test_a_schedule_that_says_no_more_tells_nothing_and_reminds_a_day_before(tmp_path):
    schedule = examined(tmp_path).config.baton.schedules["data"]

    assert (schedule.channel, schedule.topic) == (None, False)
    assert schedule.remind_before == (timedelta(days=1),)


@pytest.mark.parametrize(
    ("written", "lengths"),
    [
        pytest.param("[]", (), id="never"),
        pytest.param("2h", (timedelta(hours=2),), id="one"),
        pytest.param("[7d, 1h30m]", (timedelta(days=7), timedelta(hours=1, minutes=30)), id="several"),
    ],
)
def test_reminders_are_lengths_of_time(tmp_path, written, lengths):
    schedule = examined(tmp_path, schedule=f", remind_before: {written}").config.baton.schedules["data"]

    assert schedule.remind_before == lengths


def test_a_group_names_its_schedules_and_who_stays_in_it(tmp_path):
    group = examined(tmp_path, groups=GROUP).config.baton.groups["S0ONCALL"]

    assert (group.schedules, group.permanent, group.dry_run) == (("data",), ("U0DANA",), False)


@pytest.mark.parametrize(
    ("schedule", "groups", "found"),
    [
        pytest.param(", topic: true", "", ("config.topic_without_channel", "schedules.data"), id="topic of nothing"),
        pytest.param(
            "", GROUP.replace("[data]", "[dat]"), ("config.undefined", "groups.S0ONCALL.schedules[1]"), id="no schedule"
        ),
        pytest.param("", GROUP.replace("S0ONCALL", "ONCALL"), ("config.bad_group", "groups.ONCALL"), id="no group"),
        pytest.param(
            "", GROUP.replace("U0DANA", "S0DANA"), ("config.bad_user", "groups.S0ONCALL.permanent[1]"), id="no person"
        ),
        pytest.param(
            "",
            GROUP.replace("S0ONCALL", "S0ENG"),
            ("config.group_falls_back_on_itself", "groups.S0ENG.schedules[1]"),
            id="its own fallback",
        ),
    ],
)
def test_what_cannot_be_done_is_a_problem(tmp_path, schedule, groups, found):
    problems = examined(tmp_path, schedule=schedule, groups=groups).problems

    assert [(each.words.msgid, each.key) for each in problems] == [found]
