"""Whatever arrives in Slack's name is answered 200, kept or counted, and stands in nobody's way."""

import json

import pytest
from sqlalchemy import select

from bot.store.tables import alerts, incidents, messages
from tests.handlers.front_door import airflow_failure, envelope, tool_says

pytestmark = pytest.mark.xdist_group("malformed")

LONG = "x" * 40_000
NUL, LONE = "\x00", "\ud800"


def without(event, *names):
    return {key: value for key, value in event.items() if key not in names}


KEPT = [  # alerts with one thing wrong: each is still an alert
    pytest.param({"ts": "1" * 500}, id="a ts that is too long"),
    pytest.param({"ts": 1.5}, id="a ts that is a number"),
    pytest.param({"ts": "9e400", "event_ts": "9e400"}, id="a ts beyond all numbers"),
    pytest.param({"ts": "nan", "event_ts": "nan"}, id="a ts that is no number"),
    pytest.param({"ts": "-1e12", "event_ts": "-1e12"}, id="a ts before all time"),
    pytest.param({"ts": "0", "event_ts": "0"}, id="a ts at the epoch"),
    pytest.param({"ts": None, "event_ts": None}, id="no ts"),
    pytest.param({"thread_ts": "1" * 90}, id="a thread that is too long"),
    pytest.param({"thread_ts": {}}, id="a thread of another type"),
    pytest.param({"bot_profile": "x"}, id="a profile of another type"),
    pytest.param({"blocks": "x"}, id="blocks of another type"),
    pytest.param({"blocks": [{"type": "hologram", "x": 1}, None, 5, "x", {"type": None}]}, id="unknown blocks"),
    pytest.param({"blocks": json.loads("[" * 400 + "]" * 400)}, id="blocks nested 400 deep"),
    pytest.param({"blocks": [{"type": "x", "n": 10**30, "m": -(10**30), "f": 1e400}]}, id="numbers beyond 64 bits"),
    pytest.param({"attachments": [None, {"fields": None}, {"fields": [None, {"title": 5}]}]}, id="odd attachments"),
    pytest.param({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": NUL + LONE}}]}, id="broken blocks"),
    pytest.param({"we" + LONE + NUL + "ird": "x"}, id="a broken key"),
    pytest.param({"username": "etl" + NUL + LONE}, id="a broken name"),
]
WORDS = [
    pytest.param(LONG, id="forty thousand characters"),
    pytest.param(" {n} %s {0} \\", id="placeholders"),
    pytest.param(f" and {NUL} here", id="NUL"),
    pytest.param(f" and {LONE} here", id="half a surrogate pair"),
    pytest.param(" and 😀 here", id="a whole surrogate pair"),
]


@pytest.mark.parametrize("wrong", KEPT)
def test_an_alert_with_something_wrong_in_it_is_kept_and_opens_its_incident(shared, wrong, request):
    event = airflow_failure(dag_id=_dag(request)) | wrong

    answer = shared.event(event)

    assert answer.status_code == 200
    assert _titles(shared, _dag(request)) == [_dag(request)]


@pytest.mark.parametrize("words", WORDS)
def test_an_alert_with_any_text_is_kept_and_opens_its_incident(shared, words, request):
    event = airflow_failure(dag_id=_dag(request))

    answer = shared.event(event | {"text": event["text"] + words})

    assert answer.status_code == 200
    assert _titles(shared, _dag(request)) == [_dag(request)]


@pytest.mark.parametrize("broken", [NUL, LONE], ids=["NUL", "half a surrogate pair"])
def test_a_name_that_no_database_takes_is_mended(shared, broken):
    answer = shared.event(tool_says(f"ERROR: the job bad{broken}name failed", bot=f"B0SC{broken}"))

    assert answer.status_code == 200
    assert any("bad\ufffdname" in row.title for row in shared.rows(incidents))


@pytest.mark.parametrize("length", [300, 5000])
def test_a_name_longer_than_any_column_is_kept(shared, length):
    assert shared.event(airflow_failure(task_id="t" * length)).status_code == 200


ENVELOPES = [
    pytest.param({"event_id": None}, id="no event id"),
    pytest.param({"event_id": 5}, id="an event id of another type"),
    pytest.param({"event_id": "E" * 500}, id="an event id that is too long"),
    pytest.param({"event_id": f"E{NUL}{LONE}"}, id="a broken event id"),
    pytest.param({"team_id": None}, id="no team"),
    pytest.param({"team_id": "T" * 99}, id="a team that is too long"),
    pytest.param({"authorizations": None}, id="no authorizations"),
    pytest.param({"authorizations": {}}, id="authorizations of another type"),
]


@pytest.mark.parametrize("wrong", ENVELOPES)
def test_an_envelope_with_something_wrong_still_brings_its_alert(shared, wrong, request):
    answer = shared.json(envelope(airflow_failure(dag_id=_dag(request))) | wrong)

    assert answer.status_code == 200
    assert _titles(shared, _dag(request)) == [_dag(request)]


IGNORED = [
    pytest.param({}, id="nothing in it"),
    pytest.param(without(airflow_failure(), "type"), id="no type"),
    pytest.param(airflow_failure() | {"type": 5}, id="a type that is a number"),
    pytest.param(airflow_failure() | {"type": ["message"]}, id="a list as type"),
    pytest.param({"type": "never_heard_of"}, id="an unknown type"),
    pytest.param(without(airflow_failure(), "channel"), id="no channel"),
    pytest.param(airflow_failure() | {"channel": {"id": "C0ALERTS"}}, id="a channel as an object"),
    pytest.param(airflow_failure() | {"channel": ["C0ALERTS"]}, id="a channel as a list"),
    pytest.param(airflow_failure() | {"channel": "C0ELSEWHERE"}, id="a channel that is not watched"),
    pytest.param({"type": "user_change"}, id="somebody changed, without a person"),
    pytest.param({"type": "user_change", "user": "U1"}, id="somebody changed, as an id"),
    pytest.param({"type": "user_change", "user": {}}, id="somebody changed, without an id"),
]


@pytest.mark.parametrize("event", IGNORED)
def test_what_is_no_event_for_baton_is_answered_200_and_changes_nothing(shared, event):
    before = shared.count(messages)

    assert shared.event(event).status_code == 200
    assert shared.count(messages) == before


NOISE = [
    pytest.param({"text": None}, id="no text"),
    pytest.param({"text": 7}, id="a number as text"),
    pytest.param({"text": ["x"]}, id="a list as text"),
    pytest.param({"subtype": "message_changed", "message": None, "text": ""}, id="an edit without a message"),
    pytest.param({"subtype": "message_deleted", "previous_message": airflow_failure()}, id="a deletion"),
]


@pytest.mark.parametrize("wrong", NOISE)
def test_a_message_that_says_nothing_is_kept_and_opens_nothing(shared, wrong):
    before = shared.count(messages), shared.count(incidents), shared.count(alerts)

    assert shared.event(airflow_failure(dag_id="nothing_is_said") | wrong).status_code == 200
    assert (shared.count(messages), shared.count(incidents), shared.count(alerts)) == (
        before[0] + 1,
        *before[1:],
    )


def test_somebody_with_broken_fields_is_remembered_as_far_as_they_can_be_read(shared):
    from bot.store.tables import people

    odd = {"id": "U0ODD", "team_id": "T0HANEUL", "profile": "x", "name": 5, "tz": 7, "real_name": f"a{NUL}{LONE}"}

    assert shared.event({"type": "user_change", "user": odd}).status_code == 200
    [person] = [row for row in shared.rows(people) if row.user == "U0ODD"]
    assert (person.name, person.real_name, person.zone) == ("U0ODD", "a\ufffd\ufffd", "")


def test_slack_is_told_that_its_warning_of_too_many_events_arrived(shared):
    warning = {"type": "app_rate_limited", "team_id": "T0HANEUL", "minute_rate_limited": 1, "api_app_id": "A0BATON"}

    assert shared.json(warning).status_code == 200


def test_the_same_alert_is_told_apart_from_nothing_that_came_before(shared):
    """After all of the above, in whatever order: a good alert is taken as on the first day."""
    assert shared.event(airflow_failure(dag_id="after_all_of_it")).status_code == 200
    assert _titles(shared, "after_all_of_it") == ["after_all_of_it"]


def test_what_was_kept_can_be_read_again(shared):
    odd = {"n": 10**30, "m": -(10**30), "f": float("inf"), "b": True, "deep": [{"words": "한글 😀"}]}
    shared.event(airflow_failure(dag_id="read_again", odd=odd))

    [payload] = [row.payload for row in shared.rows(messages) if "odd" in row.payload]
    assert payload["odd"] == {"n": str(10**30), "m": str(-(10**30)), "f": None, "b": True, "deep": odd["deep"]}


def _dag(request):
    return "dag_" + "".join(c if c.isalnum() else "_" for c in request.node.callspec.id)[:80]


def _titles(shared, dag_id):
    query = select(incidents.c.resource)
    found = shared.app.store.read(lambda tx: tx.execute(query).scalars().all())
    return [resource["dag_id"] for resource in found if resource.get("dag_id") == dag_id]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"type": "event_callback", "event": None, "event_id": "Ev0", "team_id": "T0HANEUL"}, id="null"),
        pytest.param({"type": "event_callback", "event": ["x"], "event_id": "Ev0"}, id="a list"),
        pytest.param({"type": "event_callback", "event": "x", "event_id": "Ev0"}, id="a text"),
        pytest.param(["no", "object"], id="no object at all"),
        pytest.param("text", id="a text alone"),
        pytest.param(5, id="a number"),
    ],
)
def test_what_is_no_event_at_all_is_answered_200_and_changes_nothing(shared, body):
    before = shared.count(messages)
    answer = shared.json(body)

    assert answer.status_code == 200
    assert shared.count(messages) == before
