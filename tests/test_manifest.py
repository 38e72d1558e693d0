"""The manifest asks Slack for exactly what Baton uses, within Slack's limits."""

import ast
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config.load import Config, examine
from bot.config.schedules import Group
from bot.manifest import COMMANDS, manifest
from bot.operations.catalog import CATALOG
from bot.views import guide
from bot.views.reader import LANGUAGES, Reader

ROOT = Path(__file__).parents[1]
SCOPES_OF_METHODS = {  # docs.slack.dev, each method's page; nothing where any token will do
    "auth_test": set(),
    "bots_info": {"users:read"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_setTopic": {"channels:write.topic", "groups:write.topic"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history"},
    "files_upload_v2": {"files:write"},
    "reactions_add": {"reactions:write"},
    "reactions_remove": {"reactions:write"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "usergroups_users_update": {"usergroups:write"},
    "users_list": {"users:read", "users:read.email"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
}
METHOD = re.compile(r"(apps|auth|bots|chat|conversations|files|reactions|team|usergroups|users|views)_[A-Za-z_0-9]+")


@pytest.fixture(scope="module")
def config() -> Config:
    found = examine(ROOT / "config", {}).config
    assert found is not None
    return found


def methods_used() -> set[str]:
    """Return the Web API methods that the code names on a client: `client.chat_update`."""
    files = [path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py")]
    return {
        node.attr
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and METHOD.fullmatch(node.attr) and _is_client(node.value)
    }


def _is_client(node: ast.expr) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return name.lstrip("_") in {"client", "web_client"}


def test_it_asks_for_the_scopes_of_what_is_called_and_no_other(config):
    asked = manifest(_with_groups_and_topic(config), app_url=None, socket=True)
    events = asked["settings"]["event_subscriptions"]["bot_events"]

    needed = {"commands"}
    for method in methods_used():
        needed |= SCOPES_OF_METHODS[method]
    for event in events:
        needed |= SCOPES_OF_EVENTS[event]
    assert asked["oauth_config"]["scopes"]["bot"] == sorted(needed)


def test_what_is_not_configured_needs_no_scope(config):
    asked = manifest(config, app_url=None, socket=True)["oauth_config"]["scopes"]["bot"]

    assert not {"usergroups:write", "channels:write.topic", "groups:write.topic"} & set(asked)


def _with_groups_and_topic(config: Config) -> Config:
    [(name, schedule)] = config.baton.schedules.items()
    told = schedule.model_copy(update={"channel": "C0ONCALL", "topic": True})
    change = {"schedules": {name: told}, "groups": {"S0ONCALL": Group(schedules=(name,))}}
    return replace(config, baton=config.baton.model_copy(update=change))


def test_it_subscribes_to_what_the_handlers_listen_to(config):
    from handlers import COMMANDS, EVENTS

    asked = manifest(config, app_url=None, socket=True)

    assert {event.partition(".")[0] for event in asked["settings"]["event_subscriptions"]["bot_events"]} == set(EVENTS)
    assert {command["command"] for command in asked["features"]["slash_commands"]} == set(COMMANDS)


@pytest.mark.parametrize(
    "url", ["https://baton.example.com", "https://baton.example.com/", "https://baton.example.com/slack/events"]
)
def test_over_http_every_address_is_the_one_that_baton_serves(config, url):
    asked = manifest(config, app_url=url, socket=False)

    assert asked["settings"]["event_subscriptions"]["request_url"] == "https://baton.example.com/slack/events"
    assert set(re.findall(r"https://[^'\"]+", str(asked))) == {"https://baton.example.com/slack/events"}
    assert not asked["settings"]["socket_mode_enabled"]
    assert all("url" in command for command in asked["features"]["slash_commands"])


def test_socket_mode_has_no_address(config):
    asked = manifest(config, app_url=None, socket=True)

    assert asked["settings"]["socket_mode_enabled"]
    assert "http" not in str(asked)


def test_without_an_address_there_is_no_manifest(config):
    with pytest.raises(ValueError, match="address"):
        manifest(config, app_url=None, socket=False)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_keeps_slacks_limits(config, language):
    baton = config.baton.model_copy(update={"language": type(config.baton.language)(language)})
    asked = manifest(Config(baton), app_url="https://baton.example.com", socket=False)

    information, features = asked["display_information"], asked["features"]
    assert len(information["name"]) <= 35
    assert 0 < len(information["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-f]{6}", information["background_color"])
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["slash_commands"]) <= 50
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert 0 < len(command["description"]) <= 2000
        assert 0 < len(command["usage_hint"]) <= 1000
        assert command["should_escape"] is True
    assert len(asked["settings"]["event_subscriptions"]["bot_events"]) <= 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_every_command(language):
    shown = json.dumps(guide.page(CATALOG, Reader(language, UTC, datetime(2026, 11, 2, tzinfo=UTC))))

    assert [command for command, _, _ in COMMANDS if command != "/baton" and command not in shown] == []
