"""What comes into a watched channel: once, twice, out of order, from tools, from people, from Baton itself."""

import pytest

from bot.store.tables import alerts, cards, incidents, messages, notes
from tests.handlers.front_door import HELP, airflow_failure, tool_says

FIRED = 1_795_000_000.0
MINUTE = 60.0


def grafana(status, at, **more):
    """Return what an alerting tool posts when something breaks and when it is over."""
    words = f"[{status}:1] disk full on etl-7\nalertname=DiskFull instance=etl-7"
    return tool_says(words, at=at, bot="B0GRAFANA", username="Grafana", **more)


def states(served):
    return [row.state for row in served.rows(incidents)]


def test_an_event_that_slack_sends_again_changes_nothing(served):
    event = airflow_failure()
    for number in range(3):
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"} if number else {}

        assert served.event(event, event_id="Ev1", headers=retry).status_code == 200

    assert (served.count(messages), served.count(alerts)) == (1, 1)
    assert [row.alert_count for row in served.rows(incidents)] == [1]


def test_an_event_that_arrives_only_as_a_repeat_is_taken(served):
    retry = {"X-Slack-Retry-Num": "3", "X-Slack-Retry-Reason": "http_error"}

    assert served.event(airflow_failure(), headers=retry).status_code == 200
    assert states(served) == ["open"]


def test_an_event_whose_write_failed_is_answered_500_and_taken_when_slack_sends_it_again(served):
    full = "CREATE TRIGGER full BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    served.write(lambda tx: tx.exec_driver_sql(full).close())
    failed = served.event(airflow_failure(), event_id="Ev1")
    kept_then = served.count(messages)
    served.write(lambda tx: tx.exec_driver_sql("DROP TRIGGER full").close())
    again = served.event(airflow_failure(), event_id="Ev1")

    assert (failed.status_code, kept_then) == (500, 0)
    assert (again.status_code, states(served)) == (200, ["open"])


def test_one_failure_that_is_reported_twice_is_one_incident(served):
    served.event(airflow_failure(at=FIRED))
    served.event(airflow_failure(at=FIRED + MINUTE))

    assert [row.alert_count for row in served.rows(incidents)] == [2]
    assert served.count(cards) == 1


def test_an_all_clear_that_overtakes_its_alert_ends_it_all_the_same(served):
    served.event(grafana("RESOLVED", FIRED + MINUTE))
    served.event(grafana("FIRING", FIRED))

    [incident] = served.rows(incidents)
    assert (incident.state, incident.resolved_by) == ("resolved", "seen_in:grafana")
    assert (incident.resolved_at - incident.opened_at).total_seconds() == pytest.approx(MINUTE, abs=1)


def test_an_alert_that_comes_after_its_all_clear_but_was_said_before_does_not_reopen(served):
    served.event(grafana("FIRING", FIRED))
    served.event(grafana("RESOLVED", FIRED + 2 * MINUTE))
    served.event(grafana("FIRING", FIRED + MINUTE))

    assert states(served) == ["resolved"]
    assert served.count(alerts) == 3


def test_an_alert_older_than_the_newest_does_not_turn_the_card_back(served):
    served.event(airflow_failure(at=FIRED + MINUTE) | {"text": airflow_failure()["text"].replace("404", "503")})
    served.event(airflow_failure(at=FIRED))

    [incident] = served.rows(incidents)
    assert "503" in incident.error
    assert incident.last_alert_at.timestamp() == pytest.approx(FIRED + MINUTE, abs=1)
    assert incident.alert_count == 2


def test_an_old_alert_that_arrives_after_a_day_of_others_finds_the_open_incident(served):
    """A message with an old time once made the open incident look superseded, and every later alert failed."""
    day = 86_400
    for at in (FIRED, FIRED + 2 * day, FIRED - 3 * day, FIRED + 2 * day + MINUTE):
        assert served.event(airflow_failure(at=at)).status_code == 200

    assert sorted(states(served)) == ["open", "superseded"]


def test_a_tool_that_edits_its_message_from_firing_to_resolved_ends_the_incident(served):
    fired = grafana("FIRING", FIRED)
    served.event(fired)
    over = {"type": "message", "subtype": "message_changed", "channel": fired["channel"], "ts": f"{FIRED + MINUTE:.6f}"}
    served.event(over | {"message": grafana("RESOLVED", FIRED) | {"ts": fired["ts"]}, "previous_message": fired})

    assert states(served) == ["resolved"]


def test_an_unfurl_of_a_link_in_an_alert_is_no_second_alert(served):
    fired = airflow_failure(at=FIRED)
    served.event(fired)
    unfurled = fired | {"attachments": [{"from_url": "https://wiki.example/orders", "title": "Orders"}]}
    served.event(
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": fired["channel"],
            "ts": f"{FIRED + 1:.6f}",
            "message": unfurled,
            "previous_message": fired,
        }
    )

    assert [row.alert_count for row in served.rows(incidents)] == [1]


@pytest.mark.parametrize(
    "mine",
    [
        pytest.param({"app_id": "A0BATON", "bot_id": "B0OTHER"}, id="by its app"),
        pytest.param({"user": "U0BATON", "bot_id": "B0OTHER"}, id="by its user"),
    ],
)
def test_what_baton_says_itself_is_no_alert(served, mine):
    served.event(airflow_failure() | mine)

    assert served.count(incidents) == 0


def test_what_people_say_in_the_channel_and_in_a_thread_opens_nothing_and_is_not_kept(served):
    said = {"type": "message", "channel": "C0ALERTS", "user": "U0MINJI", "text": "Task Failed again? orders_daily :("}
    served.event(said | {"ts": "1795000001.000100", "event_ts": "1795000001.000100"})
    served.event(said | {"ts": "1795000002.000100", "thread_ts": "1795000001.000100"})

    assert served.count(incidents) == 0
    assert [row.payload for row in served.rows(messages)] == [{}, {}]


def test_a_channel_that_is_not_watched_is_not_kept(served):
    served.event(airflow_failure() | {"channel": HELP})

    assert served.count(messages) == 0


def test_an_alert_in_a_thread_has_its_card_in_that_thread(served):
    served.event(airflow_failure(thread_ts="1794999999.000100"))

    assert [row.thread_ts for row in served.rows(cards)] == ["1794999999.000100"]


def test_the_first_alert_wants_a_card_and_no_note(served):
    event = airflow_failure()
    served.event(event)

    [card] = served.rows(cards)
    assert (card.channel, card.thread_ts, card.state_on_ts) == ("C0ALERTS", event["ts"], event["ts"])
    assert served.count(notes) == 0


def test_a_request_with_a_wrong_signature_is_refused_and_not_kept(served):
    served.secret = "a secret that is not Slack's"

    assert served.event(airflow_failure()).status_code == 401
    assert served.count(messages) == 0
