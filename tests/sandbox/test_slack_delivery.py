"""How events and commands reach the app by HTTP: signed, complete, repeated when they were not taken."""

from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier
from starlette.responses import PlainTextResponse

from sandbox.running import RunningSandbox
from tests.sandbox.recorder import Recorder, deliveries


def test_events_are_signed_and_carry_their_envelope(sandbox: RunningSandbox, recorder: Recorder) -> None:
    said = sandbox.person("U0MINJI").say("C0HELP", "hello")

    request, body = recorder.seen[0], recorder.bodies[0]
    verifier = SignatureVerifier(sandbox.world.app.signing_secret)
    assert verifier.is_valid_request(body, dict(request.headers))
    [sent] = deliveries(sandbox)
    assert sent["args"]["event"]["ts"] == said["ts"]
    assert sent["args"]["event"]["channel"] == "C0HELP"
    assert sent["args"]["authorizations"][0]["user_id"] == "U0BATON"
    assert "x-slack-retry-num" not in request.headers


def test_a_refused_event_is_repeated_three_times_under_the_same_event_id(
    sandbox: RunningSandbox, recorder: Recorder
) -> None:
    recorder.answers = [PlainTextResponse("", 500)]

    sandbox.person("U0MINJI").say("C0HELP", "hello")
    sent = sandbox.until(lambda: (found := deliveries(sandbox))[3:] and found)

    assert len({entry["args"]["event_id"] for entry in sent}) == 1
    assert [request.headers.get("x-slack-retry-num") for request in recorder.seen] == [None, "1", "2", "3"]
    assert {r.headers["x-slack-retry-reason"] for r in recorder.seen[1:]} == {"http_error"}


def test_an_event_is_not_repeated_once_it_was_taken(sandbox: RunningSandbox, recorder: Recorder) -> None:
    recorder.answers = [PlainTextResponse("", 500), PlainTextResponse("")]

    sandbox.person("U0MINJI").say("C0HELP", "first")
    sandbox.until(lambda: len(deliveries(sandbox)) == 2)
    sandbox.person("U0MINJI").say("C0HELP", "second")

    assert [entry["args"]["event"]["text"] for entry in deliveries(sandbox)] == ["first", "first", "second"]


def test_an_app_can_decline_repeats(sandbox: RunningSandbox, recorder: Recorder) -> None:
    recorder.answers = [PlainTextResponse("", 500, {"X-Slack-No-Retry": "1"}), PlainTextResponse("")]

    sandbox.person("U0MINJI").say("C0HELP", "first")
    sandbox.person("U0MINJI").say("C0HELP", "second")

    assert [entry["args"]["event"]["text"] for entry in deliveries(sandbox)] == ["first", "second"]


def test_a_dead_request_url_is_reported_as_a_failed_connection(sandbox: RunningSandbox) -> None:
    sandbox.app_url = "http://127.0.0.1:9/slack/events"

    sandbox.person("U0MINJI").say("C0HELP", "hello")

    assert deliveries(sandbox)[0]["answer"]["problem"] == "connection_failed"


def test_the_app_hears_only_of_channels_that_it_is_in(sandbox: RunningSandbox, recorder: Recorder, client: Any) -> None:
    client.usergroups_users_update(usergroup="S0ONCALL", users="U0JUNHO")
    outside = client.conversations_open(users="U0MINJI")["channel"]["id"]
    sandbox.person("U0MINJI").say(outside, "just us")
    sandbox.settle()

    kinds = [(e["args"]["event"]["type"], e["args"]["event"].get("channel_type")) for e in deliveries(sandbox)]
    assert kinds == [("subteam_updated", None), ("message", "im")]


def test_own_messages_come_back_as_events_with_the_bot_profile(
    sandbox: RunningSandbox, recorder: Recorder, client: Any
) -> None:
    client.chat_postMessage(channel="C0HELP", text="from me", metadata={"event_type": "x", "event_payload": {"id": 1}})
    sandbox.settle()

    event = deliveries(sandbox)[0]["args"]["event"]
    assert (event["bot_id"], event["app_id"], event["bot_profile"]["name"]) == ("B0BATON", "A0BATON", "baton")
    assert "subtype" not in event
    assert "metadata" not in event


def test_a_mention_is_also_sent_as_app_mention(sandbox: RunningSandbox, recorder: Recorder) -> None:
    sandbox.person("U0MINJI").say("C0HELP", "@baton who is on call?")

    events = [entry["args"]["event"] for entry in deliveries(sandbox)]
    assert [event["type"] for event in events] == ["message", "app_mention"]
    assert events[1]["text"] == "<@U0BATON> who is on call?"


def test_edits_and_deletions_are_hidden_events_with_both_states(
    sandbox: RunningSandbox, recorder: Recorder, client: Any
) -> None:
    ts = client.chat_postMessage(channel="C0HELP", text="before")["ts"]
    client.chat_update(channel="C0HELP", ts=ts, text="after")
    client.chat_delete(channel="C0HELP", ts=ts)
    sandbox.settle()

    events = [entry["args"]["event"] for entry in deliveries(sandbox)]  # in any order
    told = {event.get("subtype"): event for event in events}
    changed, deleted = told["message_changed"], told["message_deleted"]
    assert len(events) == 3
    assert (changed["hidden"], "text" in changed) == (True, False)
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("before", "after")
    assert deleted["deleted_ts"] == ts


def test_a_webhook_posts_a_bot_message_and_an_app_posts_without_a_subtype(
    sandbox: RunningSandbox, recorder: Recorder
) -> None:
    sandbox.post_alert("B0GRAFANA", "C0ALERTS", {"attachments": [{"title": "down", "color": "danger"}]})
    sandbox.post_alert("B0DBT", "C0ALERTS", {"text": "Run failed"})

    grafana, dbt = (entry["args"]["event"] for entry in deliveries(sandbox))  # each was taken before the next came
    assert (grafana["subtype"], grafana["username"], "user" in grafana) == ("bot_message", "Grafana", False)
    assert grafana["attachments"][0] == {"id": 1, "title": "down", "color": "a30200", "fallback": "down"}
    assert (dbt["user"], dbt["app_id"], dbt["bot_profile"]["name"]) == ("U0DBT", "A0DBT", "dbt Cloud")
    assert "subtype" not in dbt


def test_a_tool_edits_its_message(sandbox: RunningSandbox, recorder: Recorder) -> None:
    ts = sandbox.post_alert("B0ALERTM", "C0INFRA", {"text": "[FIRING:1] lag"})
    again = sandbox.post_alert("B0ALERTM", "C0INFRA", {"text": "[RESOLVED] lag"}, ts=ts)

    assert again == ts
    assert deliveries(sandbox)[1]["args"]["event"]["message"]["text"] == "[RESOLVED] lag"


def test_a_command_travels_as_a_form_with_names_escaped(sandbox: RunningSandbox, recorder: Recorder) -> None:
    sandbox.person("U0MINJI").command("/cover @junho in #data-help & <soon>", channel="C0ONCALL")

    form = {key: values[0] for key, values in parse_qs(recorder.bodies[0].decode()).items()}
    assert form["text"] == "<@U0JUNHO|junho> in <#C0HELP|data-help> &amp; &lt;soon&gt;"
    assert (form["command"], form["user_id"], form["channel_name"]) == ("/cover", "U0MINJI", "data-oncall")


def test_commands_do_not_work_in_threads(sandbox: RunningSandbox, recorder: Recorder) -> None:
    minji = sandbox.person("U0MINJI")
    parent = minji.say("C0HELP", "hello")

    outcome = minji.command("/oncall", channel="C0HELP", thread_ts=parent["ts"])

    assert outcome["error"] == "not_supported_in_threads"
    assert deliveries(sandbox, "slash_commands") == []


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        pytest.param("plain words", "plain words", id="text"),
        pytest.param('{"text": "from JSON"}', "from JSON", id="json"),
    ],
)
def test_the_acknowledgement_of_a_command_may_carry_a_message(
    sandbox: RunningSandbox, recorder: Recorder, answer: str, text: str
) -> None:
    recorder.answers = [PlainTextResponse(answer)]
    minji = sandbox.person("U0MINJI")

    minji.command("/oncall", channel="C0HELP")

    assert [m["text"] for m in minji.ephemerals()] == [text]
    assert sandbox.person("U0JUNHO").messages("C0HELP") == []
