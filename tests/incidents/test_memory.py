"""What an incident remembers: how often it happened before, what ended it, who, how long, and where that is told."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.incidents import service
from bot.incidents.finding import find
from bot.incidents.fix import Cause, Earlier, Ended, Fix, Helped, Remedy, Thread, most_helpful
from bot.incidents.model import IncidentState
from bot.incidents.search import Search
from bot.incidents.words import wanted
from bot.store.tables import incidents
from bot.text import to_json
from bot.timeline import history
from bot.views import incident as view
from bot.views import resolving
from bot.views.reader import LANGUAGES, Reader
from tests.conftest import NOW
from tests.delivery.bench import INFRA, MINJI, MINUTE, SECOND
from tests.handlers.front_door import airflow_failure
from tests.views.checker import assert_valid_message, assert_valid_view

HOUR, DAY = 60 * MINUTE, timedelta(days=1)
FIRING = "[FIRING:1] disk full on etl-7\nalertname=DiskFull instance=etl-7"
OVER = FIRING.replace("FIRING", "RESOLVED")
RERAN, WAITED = Fix(Cause.QUOTA, Remedy.RERAN), Fix(None, Remedy.WAITED)
NOTHING = Fix(Cause.FALSE_ALARM, Remedy.NOTHING)


def grafana(desk, words=FIRING, channel="C0ALERTS"):
    return desk.post(words, channel, "B0GRAFANA")


def fails_and_ends(desk, fix, took=6 * MINUTE, channel="C0ALERTS"):
    incident = grafana(desk, channel=channel)
    desk.clock.advance(took)
    desk.resolve(incident, fix)
    desk.clock.advance(2 * HOUR)
    return incident


def card_of(desk, incident):
    return desk.app.store.read(lambda tx: desk.app.desk.card_of(tx, incident))


def shown(desk, incident):
    desk.pass_time(5 * SECOND)
    return desk.card(incident)


def test_a_thing_that_fails_for_the_first_time_says_so(desk):
    assert "First time that Baton sees this" in shown(desk, grafana(desk))


def test_the_fourth_time_says_what_helped_last_how_long_it_took_and_who_did_it(desk):
    for _ in range(3):
        fails_and_ends(desk, RERAN)

    card = shown(desk, grafana(desk))

    assert "*4th time* in 30 days; last fix: clear or rerun (quota), 6 min, by @김민지 · " in card
    assert "Helped most" not in card, "nothing else has ever helped"


def test_what_helped_most_is_said_where_different_things_have_helped(desk):
    for fix in (RERAN, RERAN, RERAN, WAITED):
        fails_and_ends(desk, fix)

    card = shown(desk, grafana(desk))

    assert "*5th time* in 30 days; last fix: waited until it healed" in card
    assert "Helped most: clear or rerun, 3 of 4 times" in card


def test_an_alert_that_mostly_needs_no_action_says_so(desk):
    for fix in (NOTHING, NOTHING, WAITED):
        fails_and_ends(desk, fix)

    assert "No action was needed 2 of 3 times" in shown(desk, grafana(desk))


def test_korean_channels_read_it_in_korean(desk):
    for fix in (RERAN, RERAN, WAITED):
        fails_and_ends(desk, fix, channel=INFRA)

    card = shown(desk, grafana(desk, channel=INFRA))

    assert "최근 30일간 *4번째* 발생 · 지난번 조치: 대기 후 자연 복구, 6분, @김민지 님 · <https://" in card
    assert "|지난 스레드>" in card
    assert "가장 효과 있던 조치: clear 또는 재실행 (3번 중 2번)" in card


def test_one_that_ended_by_itself_says_how_long_it_took_and_that_nothing_was_noted(desk):
    grafana(desk)
    desk.clock.advance(3 * MINUTE)
    grafana(desk, OVER)
    desk.clock.advance(2 * HOUR)

    card = shown(desk, grafana(desk))

    assert "*2nd time* in 30 days; the last one was over in 3 min, seen in alertmanager, no fix noted" in card


def test_one_that_was_never_resolved_says_only_when_it_was(desk):
    grafana(desk)
    desk.clock.advance(2 * DAY)

    assert "*2nd time* in 30 days; last Nov 22 (Sun) 12:00 KST" in shown(desk, grafana(desk))


def test_what_is_long_ago_is_remembered_but_not_counted(desk):
    fails_and_ends(desk, RERAN)
    desk.clock.advance(40 * DAY)

    assert "*1st time* in 30 days; last fix: clear or rerun" in shown(desk, grafana(desk))


def test_the_last_fix_is_found_behind_one_that_was_never_resolved(desk):
    told = fails_and_ends(desk, RERAN)
    grafana(desk)
    desk.clock.advance(2 * DAY)

    earlier = card_of(desk, grafana(desk)).earlier

    assert (earlier.count, earlier.last.id, earlier.last.fix) == (2, told, RERAN)


def test_the_link_leads_to_the_card_of_the_last_one(desk):
    first = fails_and_ends(desk, RERAN)
    desk.pass_time(5 * SECOND)
    [card] = desk.replies(first)

    thread = card_of(desk, grafana(desk)).earlier.thread

    assert thread == Thread("C0ALERTS", card["ts"], card["thread_ts"])


def test_a_card_that_was_never_posted_is_linked_by_the_tools_own_message(desk):
    first = fails_and_ends(desk, RERAN)
    message_ts = desk.row(incidents, incidents.c.id == first).message_ts

    assert card_of(desk, grafana(desk)).earlier.thread == Thread("C0ALERTS", message_ts)


def test_more_than_a_hundred_times_are_counted_all(desk):
    def copies(tx):
        row = dict(tx.execute(incidents.select()).one()._mapping)
        for n in range(150):
            at = NOW - n * HOUR
            tx.execute(incidents.insert().values(row | {"id": f"old{n}", "open_key": None, "opened_at": at}))

    desk.clock.advance(HOUR)
    incident = grafana(desk)
    desk.app.store.write(copies)

    assert card_of(desk, incident).earlier.count == 150


# Cause and fix


def test_what_helped_is_forgotten_when_it_did_not_hold_and_the_cause_is_kept(desk):
    incident = grafana(desk)
    desk.resolve(incident, replace(RERAN, remark="the file was late"))
    desk.clock.advance(MINUTE)
    assert grafana(desk) == incident
    desk.clock.advance(MINUTE)
    grafana(desk, OVER)

    assert card_of(desk, incident).fix == Fix(Cause.QUOTA, None, "the file was late")


def test_while_it_is_open_again_no_fix_is_claimed(desk):
    incident = grafana(desk)
    desk.resolve(incident, RERAN)
    desk.clock.advance(MINUTE)
    grafana(desk)

    assert "Cause:" not in shown(desk, incident)


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        pytest.param(Fix(), Fix(None, Remedy.RERAN, "", "clear-tasks"), id="nothing said: what the run did"),
        pytest.param(
            Fix(Cause.VENDOR, None, "x"), Fix(Cause.VENDOR, Remedy.RERAN, "x", "clear-tasks"), id="a cause only"
        ),
        pytest.param(Fix(None, Remedy.ROLLED_BACK), Fix(None, Remedy.ROLLED_BACK), id="something else helped"),
    ],
)
def test_what_a_run_did_is_filled_in_by_itself(said, noted):
    run = Fix(None, Remedy.RERAN, "", "clear-tasks")

    assert said.completed_by(run) == noted
    assert noted.corrects(run).operation == noted.operation


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        pytest.param(("quota", "waited", " a\n b "), Fix(Cause.QUOTA, Remedy.WAITED, "a b"), id="all"),
        pytest.param(("", "", ""), Fix(), id="nothing"),
        pytest.param(("forged", "RERAN", "x" * 900), Fix(remark="x" * 500), id="what the form does not offer"),
    ],
)
def test_a_form_is_read_as_far_as_it_offers(said, fix):
    assert Fix.said(*said) == fix


@pytest.mark.parametrize(
    ("remedies", "helped"),
    [
        pytest.param([], None, id="nothing known"),
        pytest.param([Remedy.WAITED] * 3, None, id="always the same"),
        pytest.param([Remedy.WAITED, None, Remedy.RERAN, Remedy.RERAN], Helped(Remedy.RERAN, 2, 3), id="the commonest"),
        pytest.param([Remedy.WAITED, Remedy.RERAN], Helped(Remedy.WAITED, 1, 2), id="of equals the last"),
    ],
)
def test_which_remedy_helped_most(remedies, helped):
    assert most_helpful([Fix(remedy=each) if each else None for each in remedies]) == helped


# What people see


@pytest.fixture
def card(desk):
    return card_of(desk, grafana(desk))


HOSTILE = "<!channel> *x* `y` <https://evil|a> & " * 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", list(IncidentState))
def test_slack_takes_every_form_and_card_whatever_was_noted(card, language, state):
    reader = Reader(language, ZoneInfo("Asia/Seoul"), NOW, {"U0MINJI": "김민지"})
    ended = Ended("i", NOW - HOUR, NOW, MINJI, Fix(Cause.UNKNOWN, Remedy.OTHER, HOSTILE[:500]))
    thread, helped = Thread("C1", "1.2", "1.1"), Helped(Remedy.RERAN, 2, 3)
    known = {"fix": ended.fix, "resolved_at": NOW, "resolved_by": MINJI}
    earlier = Earlier(3, NOW - DAY, ended, thread, helped)
    told = replace(card, state=state, earlier=earlier, **known)

    rendered = view.render(told, reader)

    assert_valid_message(list(rendered.blocks))
    assert "<!channel>" not in str(rendered.blocks)
    assert_valid_view(resolving.form(told, reader))


def test_cause_and_fix_of_what_is_over_can_be_noted_and_corrected_afterwards(desk):
    incident = grafana(desk)
    grafana(desk, OVER)
    assert "Cause and fix…" in shown(desk, incident)

    for fix in (WAITED, WAITED, NOTHING):
        note(desk, incident, fix)

    assert "Cause: false alarm · Fix: no action needed" in shown(desk, incident)
    told = desk.app.store.read(lambda tx: history(tx, service.ref(incident)))
    assert [to_json(each.body)["$text"] for each in told].count("incident.moment.fix_noted") == 2, "a replay is none"


def note(desk, incident, fix):
    now = desk.clock.now()
    return desk.app.store.write(lambda tx: service.note_fix(MINJI, tx, incident, fix, now, lambda *_: None))


def test_noting_on_an_open_incident_is_refused_with_how_it_stands(desk):
    answer = note(desk, grafana(desk), WAITED)

    assert isinstance(answer, service.Refused)
    assert answer.why.msgid == "incident.already.open"


# What an incident is found by


def found(desk, words):
    return [each.id for each in desk.app.store.read(lambda tx: find(tx, Search(words=wanted(words)))).found]


def learn(desk):
    [tick] = [each for each in desk.app.ticks.all() if each.name == "words"]
    tick.do()


def test_what_the_newest_alert_says_is_found_within_a_minute(desk):
    words = airflow_failure()["text"]
    incident = desk.post(words)
    desk.clock.advance(MINUTE)
    assert desk.post(words.replace("404 Not found", "inodes exhausted")) == incident
    before = found(desk, "exhausted")
    learn(desk)

    assert (before, found(desk, "exhausted")) == ([], [incident])


def test_what_ended_it_is_found_by_the_words_of_who_said_it(desk):
    incident = grafana(desk)
    desk.resolve(incident, Fix(remark="오래된 로그를 지움"))
    note(desk, incident, Fix(remark="vacuumed the warehouse"))

    assert found(desk, "로그") == [], "it was corrected"
    assert found(desk, "warehouse etl-7") == [incident]
