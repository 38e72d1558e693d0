"""The Slack app manifest: what Slack must know about Baton, ready to paste at api.slack.com/apps.

Source: docs.slack.dev, "App manifest reference", version 2.
"""

from datetime import UTC, datetime
from typing import Any, Final

from bot.config.load import Config
from bot.operations.catalog import CATALOG
from bot.text import Text, text
from bot.views.limits import shorten
from bot.views.reader import default_reader
from bot.views.words import Markup, say

PATH: Final = "/slack/events"
SCOPES: Final = (  # each with what needs it
    "app_mentions:read",  # "@baton clear" in a thread, where Slack takes no commands
    "channels:history",  # alerts in public channels; finding our own message after an unknown outcome
    "channels:read",  # who is in a public channel and need not be written to directly
    "chat:write",  # cards, notes, answers
    "commands",  # the slash commands
    "files:write",  # files in a thread
    "groups:history",  # alerts in private channels
    "groups:read",  # who is in a private channel, likewise
    "im:write",  # telling one person
    "reactions:write",  # the state of an incident under the tool's own message
    "usergroups:read",  # who is in a group that the policy names
    "users:read",  # names, languages, time zones, guests and bots
    "users:read.email",  # who on the rotation is whom in Slack
)
GROUP_SCOPES: Final = ("usergroups:write",)  # where `groups` are configured: who is in them
TOPIC_SCOPES: Final = ("channels:write.topic", "groups:write.topic")  # where a schedule has a topic
CANVAS_SCOPES: Final = ("canvases:write",)  # where handoffs are canvases, too
EVENTS: Final = ("app_home_opened", "app_mention", "message.channels", "message.groups", "team_join", "user_change")
APP_HOME: Final = ("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled")
COMMANDS: Final = (
    ("/oncall", text("manifest.oncall"), text("manifest.oncall_usage")),
    ("/incidents", text("manifest.incidents"), text("manifest.incidents_usage")),
    *((f"/{name}", text(f"manifest.{name}"), text(f"manifest.{name}.usage")) for name in CATALOG),
    ("/my-access", text("manifest.my_access"), text("manifest.my_access_usage")),
    ("/ask", text("manifest.ask"), text("manifest.ask_usage")),
    ("/requests", text("manifest.requests"), text("manifest.requests_usage")),
    ("/silence", text("manifest.silence"), text("manifest.silence_usage")),
    ("/baton", text("manifest.baton"), text("manifest.baton_usage")),
)
SHORTCUTS: Final = (("request.ask", text("manifest.shortcut.ask"), text("manifest.shortcut.ask_description")),)
"""On messages: the name of each stands in a message's menu."""
_NAME, _SHORTCUT_DESCRIPTION = 24, 150
_DESCRIPTION, _COMMAND_DESCRIPTION, _USAGE = 140, 2000, 1000


def manifest(config: Config, *, app_url: str | None, socket: bool) -> dict[str, Any]:
    """Return the manifest in the language of the install.

    Over HTTP `app_url` is where Slack reaches Baton; Socket Mode needs none. Raises ValueError without either.
    """
    if not socket and not app_url:
        raise ValueError("Slack needs an address to call, unless Baton uses Socket Mode")
    request_url = None if socket else app_url.rstrip("/").removesuffix(PATH) + PATH if app_url else None
    return {
        "_metadata": {"major_version": 2},
        "display_information": {
            "name": "Baton",
            "description": _said(config, text("manifest.description"), _DESCRIPTION),
            "background_color": "#1f2a44",
        },
        "features": {
            "app_home": dict.fromkeys(APP_HOME, True),
            "bot_user": {"display_name": "baton", "always_online": True},
            "slash_commands": [_command(config, *command, request_url) for command in COMMANDS],
            "shortcuts": [_shortcut(config, *shortcut) for shortcut in SHORTCUTS],
        },
        "oauth_config": {"scopes": {"bot": scopes(config)}},
        "settings": _settings(request_url, socket=socket),
    }


def scopes(config: Config) -> list[str]:
    """Return what Baton must be allowed in Slack, sorted: no more than its configuration needs."""
    has_topic = any(schedule.topic for schedule in config.baton.schedules.values())
    wanted = (
        (GROUP_SCOPES, bool(config.baton.groups)),
        (TOPIC_SCOPES, has_topic),
        (CANVAS_SCOPES, config.baton.handoff.canvas),
    )
    return sorted({*SCOPES, *(scope for some, is_needed in wanted if is_needed for scope in some)})


def _command(config: Config, command: str, description: Text, usage: Text, request_url: str | None) -> dict[str, Any]:
    return {
        "command": command,
        "description": _said(config, description, _COMMAND_DESCRIPTION),
        "usage_hint": _said(config, usage, _USAGE),
        "should_escape": True,  # people and channels arrive as ids, not as names that anybody can take
    } | _at(request_url, "url")


def _shortcut(config: Config, callback_id: str, name: Text, description: Text) -> dict[str, Any]:
    return {
        "name": _said(config, name, _NAME),
        "type": "message",
        "callback_id": callback_id,
        "description": _said(config, description, _SHORTCUT_DESCRIPTION),
    }


def _settings(request_url: str | None, *, socket: bool) -> dict[str, Any]:
    return {
        "event_subscriptions": {"bot_events": list(EVENTS)} | _at(request_url, "request_url"),
        "interactivity": {"is_enabled": True}
        | _at(request_url, "request_url")
        | _at(request_url, "message_menu_options_url"),
        "org_deploy_enabled": False,
        "socket_mode_enabled": socket,
        "token_rotation_enabled": False,
    }


def _at(request_url: str | None, key: str) -> dict[str, str]:
    return {key: request_url} if request_url else {}


def _said(config: Config, words: Text, limit: int) -> str:
    reader = default_reader(datetime(2000, 1, 1, tzinfo=UTC), config.baton.language.value)
    return shorten(say(words, reader, Markup.PLAIN), limit)
