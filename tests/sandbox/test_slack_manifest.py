"""With an app manifest, only what it lists exists: commands, scopes, events."""

from typing import Any

import pytest
from slack_sdk import WebClient

from sandbox.running import RunningSandbox
from sandbox.slack.core import Settings
from tests.sandbox.recorder import Recorder, deliveries

SETTINGS = Settings(
    manifest={
        "features": {"slash_commands": [{"command": "/oncall", "should_escape": False, "usage_hint": "[me]"}]},
        "oauth_config": {"scopes": {"bot": ["chat:write", "channels:history"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.channels"]}},
    }
)


def test_only_listed_commands_exist(sandbox: RunningSandbox, recorder: Recorder) -> None:
    minji = sandbox.person("U0MINJI")

    assert minji.command("/oncall @junho") == {"ok": True}
    assert minji.command("/deploy")["error"] == "unknown_command"
    assert [entry["args"]["text"] for entry in deliveries(sandbox, "slash_commands")] == ["@junho"]
    assert [command["command"] for command in minji.state()["slash_commands"]] == ["/oncall"]


def test_a_missing_scope_is_named(client: WebClient) -> None:
    assert client.chat_postMessage(channel="C0HELP", text="x")["ok"]
    with pytest.raises(Exception, match=r"'missing_scope', 'needed': 'users:read'"):
        client.users_list()


def test_only_subscribed_events_are_sent(sandbox: RunningSandbox, recorder: Recorder, client: WebClient) -> None:
    minji = sandbox.person("U0MINJI")
    message = minji.say("C0HELP", "@baton hello")
    minji.react(message, "eyes")
    minji.open_home()

    assert [entry["args"]["event"]["type"] for entry in deliveries(sandbox)] == ["message"]


@pytest.mark.parametrize("mode", ["http", "socket"])
def test_the_way_to_the_app_can_be_forced(mode: Any) -> None:
    with RunningSandbox(Settings(mode=mode)) as running:
        running.app_url = "http://127.0.0.1:9/"
        running.person("U0MINJI").say("C0HELP", "hello")

        expected = {"http": "connection_failed", "socket": "no_app"}[mode]
        assert deliveries(running)[0]["answer"]["problem"] == expected
