"""METHODS: every Web API method that exists here, with its tier and the scope it needs."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.people import Json
from sandbox.slack.routes import (
    canvases,
    chat,
    conversations,
    files,
    pins,
    reactions,
    usergroups,
    users,
    views,
    workspace,
)

Handler = Callable[[Slack, Caller, Args], Json]


@dataclass(frozen=True)
class Method:
    """`tier` is the rate limit tier (None: a limit of its own or none), `scope` the bot scope needed."""

    run: Handler
    tier: int | None = None
    scope: str | None = None


METHODS: dict[str, Method] = {
    "api.test": Method(workspace.api_test, 4),
    "apps.connections.open": Method(workspace.connections_open, 3),
    "auth.test": Method(workspace.auth_test),
    "blocks.validate": Method(workspace.blocks_validate, 4),
    "bookmarks.add": Method(pins.bookmark_add, 2, "bookmarks:write"),
    "bookmarks.list": Method(pins.bookmark_list, 3, "bookmarks:read"),
    "bots.info": Method(workspace.bots_info, 3, "users:read"),
    "canvases.access.set": Method(canvases.access_set, 3, "canvases:write"),
    "canvases.create": Method(canvases.create, 2, "canvases:write"),
    "canvases.edit": Method(canvases.edit, 3, "canvases:write"),
    "chat.delete": Method(chat.delete, 3, "chat:write"),
    "chat.getPermalink": Method(chat.get_permalink),
    "chat.postEphemeral": Method(chat.post_ephemeral, 4, "chat:write"),
    "chat.postMessage": Method(chat.post_message, None, "chat:write"),
    "chat.update": Method(chat.update, 3, "chat:write"),
    "conversations.history": Method(conversations.history, 3, "channels:history"),
    "conversations.info": Method(conversations.info, 3, "channels:read"),
    "conversations.join": Method(conversations.join, 3, "channels:join"),
    "conversations.list": Method(conversations.list_all, 2, "channels:read"),
    "conversations.members": Method(conversations.members, 4, "channels:read"),
    "conversations.open": Method(conversations.open_direct, 3, "im:write"),
    "conversations.replies": Method(conversations.replies, 3, "channels:history"),
    "conversations.setTopic": Method(conversations.set_topic, 2, "channels:write.topic"),
    "emoji.list": Method(workspace.emoji_list, 2, "emoji:read"),
    "files.completeUploadExternal": Method(files.complete_upload, 4, "files:write"),
    "files.getUploadURLExternal": Method(files.get_upload_url, 4, "files:write"),
    "pins.add": Method(pins.add, 2, "pins:write"),
    "pins.list": Method(pins.list_all, 2, "pins:read"),
    "pins.remove": Method(pins.remove, 2, "pins:write"),
    "reactions.add": Method(reactions.add, 3, "reactions:write"),
    "reactions.get": Method(reactions.get, 3, "reactions:read"),
    "reactions.remove": Method(reactions.remove, 2, "reactions:write"),
    "team.info": Method(workspace.team_info, 3, "team:read"),
    "usergroups.disable": Method(usergroups.disable, 2, "usergroups:write"),
    "usergroups.enable": Method(usergroups.enable, 2, "usergroups:write"),
    "usergroups.list": Method(usergroups.list_all, 2, "usergroups:read"),
    "usergroups.users.list": Method(usergroups.users_list, 2, "usergroups:read"),
    "usergroups.users.update": Method(usergroups.users_update, 2, "usergroups:write"),
    "users.conversations": Method(users.conversations, 3, "channels:read"),
    "users.getPresence": Method(users.get_presence, 3, "users:read"),
    "users.info": Method(users.info, 4, "users:read"),
    "users.list": Method(users.list_all, 2, "users:read"),
    "users.lookupByEmail": Method(users.lookup_by_email, 3, "users:read.email"),
    "views.open": Method(views.open_view, 4),
    "views.publish": Method(views.publish, 4),
    "views.push": Method(views.push, 4),
    "views.update": Method(views.update, 4),
}
