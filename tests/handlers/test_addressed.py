"""`@baton …` over the wire: once, by those who may, never by tools; and what is no sentence does nothing."""

import json

import pytest
from sqlalchemy import update

from bot.incidents.model import IncidentState
from bot.store.tables import addressed, cards, replies, requests, timeline
from tests.handlers.colleagues import REFUSED, incident, told
from tests.handlers.front_door import ALERTS

THREAD = "1795000000.000100"
SPEAKERS = [each for each in REFUSED if each.values[0]["user"] and "team" not in each.values[0]]


@pytest.fixture
def posted(staffed):
    """The card of the one incident has been posted under the tool's message."""
    shown = {"shown_channel": ALERTS, "ts": "1795000001.000100", "root_ts": THREAD}
    staffed.app.store.write(lambda tx: tx.execute(update(cards).values(**shown)))
    return staffed


def say(served, words, *, ts="1795000100.000100", user="U0SORA", **more):
    event = {"type": "app_mention", "channel": ALERTS, "user": user, "ts": ts, "thread_ts": THREAD}
    return served.event(event | {"text": f"<@U0BATON> {words}"} | more)


def test_the_same_message_twice_does_it_once_and_answers_once(posted):
    for _ in range(2):
        say(posted, "ack")
    for _ in range(2):
        say(posted, "ack", ts="1795000200.000100")

    moments = [row.body["$text"] for row in posted.rows(timeline)]
    assert incident(posted).state == IncidentState.ACKNOWLEDGED
    assert moments.count("incident.moment.acknowledged") == 1
    assert len(told(posted)) == 1  # by whom it was taken on already
    assert len(posted.rows(addressed)) == 2


@pytest.mark.parametrize(("who", "why"), SPEAKERS)
@pytest.mark.parametrize("verb", ["ack", "resolve", "silence 1h because", "silence 1h"])
def test_who_may_not_press_may_not_say_either(posted, who, why, verb):
    say(posted, verb, **who)

    assert incident(posted).state == IncidentState.OPEN
    [answer] = told(posted)
    assert why in answer


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"bot_id": "B0GRAFANA"}, id="a tool"),
        pytest.param({"text": None}, id="no text"),
        pytest.param({"text": ["ack"]}, id="a list"),
        pytest.param({"user": None}, id="nobody"),
        pytest.param({"ts": 5}, id="a number for a time"),
        pytest.param({"channel": {}}, id="no channel"),
    ],
)
def test_what_no_person_says_does_nothing(posted, more):
    assert say(posted, "resolve", **more).status_code == 200
    assert incident(posted).state == IncidentState.OPEN
    assert told(posted) == []


def test_huge_words_are_answered_and_secrets_are_not_kept(posted):
    say(posted, "resolve " + "x" * 50_000 + " password=hunter2!")
    say(posted, "brew password=hunter2!", ts="1795000300.000100")

    assert all("hunter2" not in row.words for row in posted.rows(addressed))
    assert all("hunter2" not in words for words in told(posted))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("<@U0MINJI> <@U0BATON> ack", id="after a colleague's name"),
        pytest.param("hey <@U0BATON|baton>, ack!", id="after a greeting, with a comma and a sign"),
        pytest.param("ack <@U0BATON>", id="before Baton's name"),
        pytest.param("<@U0BATON> ACK.", id="with a full stop"),
    ],
)
def test_wherever_batons_name_stands_what_is_meant_for_it_is_done(posted, words):
    say(posted, "", text=words)

    assert incident(posted).state == IncidentState.ACKNOWLEDGED


def test_what_is_said_about_baton_is_no_command(posted):
    say(posted, "", text="I saw that <@U0BATON> resolved this")

    assert incident(posted).state == IncidentState.OPEN


def asked(served):
    """Return what the pages answer that are shown to somebody."""
    return [(row.body["page"], *json.loads(row.body["question"])) for row in served.rows(replies)]


@pytest.mark.parametrize(
    ("words", "verb", "schedule", "weeks"),
    [
        pytest.param("who", "who", "", 0, id="who"),
        pytest.param("who?", "who", "", 0, id="a question"),
        pytest.param("당직", "who", "", 0, id="in Korean"),
        pytest.param("who data", "who", "data", 0, id="of one schedule"),
        pytest.param("next!", "next", "", 0, id="who comes next"),
        pytest.param("next week", "week", "", 1, id="the week after"),
        pytest.param("mine", "mine", "", 0, id="one's own shifts"),
        pytest.param("schedule data-platform", "week", "data-platform", 0, id="the week of a schedule"),
        pytest.param("다음당직", "next", "", 0, id="who comes next, in Korean"),
    ],
)
def test_who_is_on_call_is_answered_as_by_the_command(posted, words, verb, schedule, weeks):
    say(posted, words)

    assert asked(posted) == [("oncall", verb, "U0SORA", schedule, weeks)]


@pytest.mark.parametrize(("who", "why"), SPEAKERS)
def test_who_is_on_call_is_told_to_members_only(posted, who, why):
    say(posted, "who", **who)

    [answer] = told(posted)
    assert why in answer


def test_a_request_that_begins_like_a_command_is_a_request(posted):
    say(posted, "start a backfill of orders for yesterday, please")

    assert posted.count(requests) == 1


@pytest.mark.parametrize(("words", "meant"), [("slience 2h", "silence"), ("햬결", "해결"), ("클리오", "클리어")])
def test_a_slip_is_answered_with_the_nearest_command_in_both_languages(posted, words, meant):
    say(posted, words)

    assert incident(posted).state == IncidentState.OPEN
    [answer] = told(posted)
    assert f"@baton {meant}" in answer
