"""User groups and topics follow who is on call: by as few writes as can be, and with the remedy where they cannot."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.adapters.static_schedule import Rotation
from bot.config.model import Mode
from bot.config.schedules import Group
from bot.delivery.groups import Groups
from bot.delivery.topics import Topics
from bot.doctor import examine
from bot.oncall import changes, mirrors
from bot.oncall.service import refresh
from bot.ports.slack import Slack
from bot.store.claim import claim
from bot.store.tables import synced_groups, topics
from bot.text import Mention, text, to_json
from bot.wiring.schedules import watch_of
from tests.shift.rota import Change, Rota
from tests.shift.weeks import CHANNEL, GROUP, MINUTE, SCHEDULE, told, weeks, words

UPDATE, TOPIC = "/api/usergroups.users.update", "/api/conversations.setTopic"
AGAIN = timedelta(minutes=10)
START = datetime(2026, 11, 4, 12, tzinfo=UTC)  # a Wednesday: Minji has the first week, until Monday
HANDOVER = datetime(2026, 11, 9, 10, tzinfo=UTC)


def rota(*made: Change) -> Rota:
    rotation = Rotation(ZoneInfo("UTC"), time(10), date(2026, 11, 2), ("U0MINJI", "U0JUNHO"))
    return Rota(rotation, START + timedelta(weeks=12), made)


@pytest.fixture
def open_week(sandbox, sqlite_url):
    """Return who opens two replicas at the start, on a rota and with a configuration."""

    @contextmanager
    def open_(*made: Change, configure=lambda config: config):
        with weeks(sandbox, sqlite_url, rota(*made), START, configure) as week:
            week.rota.now = START
            week.stop()
            yield week

    return open_


def to_handover(week):
    week.wait(HANDOVER - week.clock.now() + timedelta(seconds=10))


def notices(week, channel=CHANNEL):
    return [words(each) for each in week.posted(channel)]


def writes(week, method="usergroups.users.update"):
    return len(week.sandbox.log.calls(method))


def finding(week):
    """Return what `baton doctor` says of the user group."""
    return next(each for each in examine(week.replicas[0]) if each.what == f"user group {GROUP}")


def with_group(config, **group):
    kept = {GROUP: Group(schedules=(SCHEDULE,), **group)}
    return replace(config, baton=config.baton.model_copy(update={"groups": kept}))


def in_shadow(config):
    return replace(config, baton=config.baton.model_copy(update={"mode": Mode.SHADOW}))


def test_a_planned_handover_happens_between_two_polls(open_week):
    with open_week() as week:
        week.wait(HANDOVER - week.clock.now() - timedelta(seconds=20))
        asked = week.rota.asked
        week.wait(timedelta(seconds=25))

        assert week.rota.asked == asked
        assert week.members() == {"U0JUNHO"}
        assert len(notices(week)) == 1


def test_what_is_right_already_is_not_written(open_week):
    with open_week() as week:
        week.wait(AGAIN)

        assert week.members() == {"U0MINJI"}
        assert (writes(week), notices(week)) == (0, [])


def test_who_stays_is_in_the_group_beside_those_on_call(open_week):
    with open_week(configure=lambda config: with_group(config, permanent=("U0DANA", "U0GUEST"))) as week:
        assert week.members() == {"U0MINJI", "U0DANA"}

        to_handover(week)

        assert week.members() == {"U0JUNHO", "U0DANA"}


def test_what_somebody_changed_by_hand_is_put_back_and_told_once(open_week):
    with open_week() as week:
        week.replicas[0].vendors.slack.set_group_members(GROUP, ["U0MINJI", "U0SORA"])
        for _ in range(3):
            week.wait(AGAIN)

        assert week.members() == {"U0MINJI"}
        [notice] = notices(week)
        assert notice.startswith("@data-oncall was changed by hand (added: @이소라; taken out: nobody).")
        assert "`permanent` in baton.yaml" in notice


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("permission_denied", "BATON_SLACK_GROUPS_TOKEN"),
        ("missing_scope", "the scope `usergroups:write`"),
        ("paid_teams_only", "Slack's paid plans"),
        ("invalid_user", "tries again every ten minutes"),
        ("no_such_subteam", "Look up the id of the group"),
    ],
)
def test_what_slack_refuses_is_told_once_with_the_remedy_and_done_when_it_is_mended(open_week, error, remedy):
    with open_week() as week:
        week.sandbox.faults.add("slack", UPDATE, body={"ok": False, "error": error}, times=None)
        to_handover(week)
        for _ in range(3):
            week.wait(AGAIN)
        problem = week.replicas[0].health.report()["problems"]
        doctor = finding(week)
        week.sandbox.faults.clear()
        week.wait(AGAIN)

        assert len([each for each in notices(week) if "does not follow who is on call" in each]) == 1
        assert any(remedy in each for each in notices(week))
        assert error in problem[f"group:{GROUP}"]
        assert week.members() == {"U0JUNHO"}
        assert (doctor.ok, doctor.words.msgid, finding(week).ok) == (False, "group.problem", True)
        assert f"group:{GROUP}" not in week.replicas[0].health.report()["problems"]


def test_a_dry_run_says_once_what_it_would_do(open_week):
    with open_week(configure=lambda config: with_group(config, dry_run=True)) as week:
        to_handover(week)
        for _ in range(3):
            week.wait(AGAIN)

        assert (writes(week), week.members()) == (0, {"U0MINJI"})
        assert notices(week)[1:] == ["Dry run: in @data-oncall Baton would add @박준호 and take out @김민지."]


def test_what_slack_refused_before_is_no_problem_of_a_dry_run(open_week):
    with open_week(configure=lambda config: with_group(config, dry_run=True)) as week:
        refused = to_json(text("group.would_be_empty", group=Mention(GROUP)))
        week.replicas[0].store.write(lambda tx: tx.execute(update(synced_groups).values(problem=refused)))
        before = finding(week).ok
        to_handover(week)

        assert (before, finding(week).ok) == (False, True)


def test_in_shadow_mode_nothing_is_written_and_all_is_said_in_the_review_channel(open_week):
    with open_week(configure=lambda config: in_shadow(told(config, topic=True))) as week:
        to_handover(week)
        week.wait(MINUTE)
        said = notices(week, "C0REVIEW")

        assert (writes(week), writes(week, "conversations.setTopic"), notices(week)) == (0, 0, [])
        assert any("Baton would set the topic to `⟦On call: 박준호" in each for each in said)
        assert any("Dry run: in @data-oncall" in each for each in said)
        assert not any("<@" in each for each in said)


def test_an_answer_that_is_lost_is_looked_up_before_anything_is_written_again(open_week):
    with open_week() as week:
        week.sandbox.faults.add("slack", UPDATE, drop="after")
        to_handover(week)
        week.wait(MINUTE)

        assert week.members() == {"U0JUNHO"}
        assert writes(week) == 1
        assert len(notices(week)) == 1


def test_a_gap_without_anybody_to_fall_back_on_leaves_the_group_as_it_is(open_week):
    gap = Change(START, START + timedelta(hours=1), START + timedelta(hours=5))
    with open_week(gap, configure=lambda config: told(config, fallback="S0NOBODY")) as week:
        week.wait(timedelta(hours=1, seconds=10))
        week.wait(AGAIN)

        assert week.members() == {"U0MINJI"}
        assert len([each for each in notices(week) if "stays as it is: nobody is on call" in each]) == 1


def test_two_replicas_that_see_a_change_at_once_tell_it_once(open_week):
    with open_week() as week:
        week.clock.at = week.rota.now = now = HANDOVER + timedelta(seconds=1)
        refresh(week.replicas[0].store, week.rota, SCHEDULE, SCHEDULE, now)
        together, told_by = threading.Barrier(2), []

        def follow(app):
            watch = watch_of(app.config)
            together.wait()
            told_by.append(app.store.write(lambda tx: changes.follow(tx, watch, SCHEDULE, now)))

        threads = [threading.Thread(target=follow, args=(app,)) for app in week.replicas]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        week.stop()

        assert sorted(told_by) == [False, True]
        assert len(notices(week)) == 1


def test_the_topic_keeps_what_people_wrote_and_is_not_written_without_need(open_week):
    with open_week(configure=lambda config: told(config, topic=True)) as week:
        slack = week.replicas[0].vendors.slack
        slack.set_topic(CHANNEL, f"Ask here first. {week.topic()} Wiki: go/data")
        before = writes(week, "conversations.setTopic")
        week.wait(timedelta(hours=1))
        same = writes(week, "conversations.setTopic")
        to_handover(week)

        assert same == before
        assert week.topic() == "Ask here first. ⟦On call: 박준호 until Nov 16 (Mon) 19:00 KST⟧ Wiki: go/data"


def test_a_topic_without_room_is_left_alone_and_told_once(open_week):
    with open_week(configure=lambda config: told(config, topic=True)) as week:
        week.replicas[0].vendors.slack.set_topic(CHANNEL, "x" * 250)
        to_handover(week)
        week.wait(timedelta(hours=1))

        assert week.topic() == "x" * 250
        assert len([each for each in notices(week) if "has no room" in each]) == 1


def test_a_topic_that_baton_may_not_set_is_told_with_the_remedy(open_week):
    with open_week(configure=lambda config: told(config, topic=True)) as week:
        week.sandbox.faults.add("slack", TOPIC, body={"ok": False, "error": "missing_scope"}, times=None)
        to_handover(week)
        week.wait(timedelta(hours=1))

        assert len([each for each in notices(week) if "`channels:write.topic`" in each]) == 1
        assert f"topic:{CHANNEL}" in week.replicas[0].health.report()["problems"]


def test_what_is_no_longer_configured_is_left_alone(open_week):
    with open_week() as week:
        app = week.replicas[0]
        app.store.write(lambda tx: tx.execute(synced_groups.insert().values(group_id="S0OLD", parts={}, members=[])))
        app.store.write(lambda tx: tx.execute(topics.insert().values(channel="C0OLD", parts={})))
        for each in week.replicas:
            each.ticks.prepare()
        week.wait(MINUTE)

        assert app.loop.once("group") == app.loop.once("topic") == 0
        assert writes(week) == 0


@dataclass
class Interrupted:
    """Slack as it is, but that something happens while it is first read."""

    slack: Slack
    then: Callable[[], None]

    def group_members(self, group):
        found = self.slack.group_members(group)
        self.then()
        return found

    def topic_of(self, channel):
        found = self.slack.topic_of(channel)
        self.then()
        return found

    def __getattr__(self, name):
        return getattr(self.slack, name)


def reconciler(app, table, slack):
    watch = watch_of(app.config)
    if table is topics:
        return Topics(app.store, slack, app.clocks, app.readers, watch, is_live=True)
    return Groups(app.store, slack, slack, app.clocks, watch, timedelta(hours=2), is_live=True)


@pytest.mark.parametrize("table", [synced_groups, topics], ids=str)
def test_a_handover_that_comes_while_slack_is_asked_is_not_lost(open_week, table):
    with open_week(configure=lambda config: told(config, topic=True)) as week:
        week.wait(HANDOVER - week.clock.now() - timedelta(seconds=10))
        app = week.replicas[0]
        app.store.write(lambda tx: mirrors.want(tx, watch_of(app.config), SCHEDULE))
        now, lease = week.clock.now(), timedelta(minutes=1)
        [held] = app.store.write(lambda tx: claim(tx, table, 1, owner="slow", now=now, lease=lease))

        def hand_over():
            week.wait(timedelta(seconds=11))

        reconciler(app, table, Interrupted(app.vendors.slack, hand_over)).step(held)
        week.stop()

        assert week.members() == {"U0JUNHO"}
        assert "박준호" in week.topic()
