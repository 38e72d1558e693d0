"""Messages as people see them, and what open pages are told about each change."""

import copy
from typing import Any

from sandbox.slack.people import Channel, Json
from sandbox.slack.state import Change, Workspace

Notice = tuple[str, Json, list[str] | None]  # type, payload, for whom (None: everybody)


def threaded(workspace: Workspace, channel: Channel, message: Json) -> Json:
    """A copy of the message with its thread's figures, as conversations.history shows it."""
    shown = copy.deepcopy(message)
    replies = workspace.replies(channel, message["ts"])
    if replies:
        authors = list(dict.fromkeys(r.get("user") or r.get("bot_id") for r in replies))
        shown |= {
            "reply_count": len(replies),
            "reply_users": authors,
            "reply_users_count": len(authors),
            "latest_reply": replies[-1]["ts"],
            "is_locked": False,
            "subscribed": False,
        }
    return shown


def displayed(workspace: Workspace, channel: Channel, message: Json) -> Json:
    """The message with all that a page needs to draw it: thread figures and its author's profile."""
    shown = threaded(workspace, channel, message)
    author = workspace.users.get(message.get("user", ""))
    if author:
        names = {"id": author.id, "name": author.name, "real_name": author.real_name}
        shown["user_profile"] = names | {"is_bot": author.is_bot}
    tool = workspace.world.tool(message.get("bot_id", ""))
    if "bot_id" in message and "bot_profile" not in shown:
        shown["bot_profile"] = {"id": message["bot_id"], "name": message.get("username") or (tool.name if tool else "")}
    return shown


def visible(channel: Channel, user: str) -> bool:
    """Public channels are everybody's; direct conversations their members'."""
    return not channel.is_direct or user in channel.members


def channel_summary(workspace: Workspace, channel: Channel, user: str) -> Json:
    others = [workspace.users[u].name for u in channel.members if u != user and u in workspace.users]
    read = channel.read_until.get(user, "")
    unread = [m for m in channel.messages.values() if m["ts"] > read and _is_top(m)]
    return {
        "id": channel.id,
        "name": ", ".join(others) if channel.is_direct else channel.name,
        "topic": channel.topic,
        "unread": len(unread),
        "is_im": channel.is_im,
        "is_mpim": channel.is_mpim,
        "is_member": user in channel.members,
        "members": channel.members,
    }


def notices_of(change: Change, workspace: Workspace) -> list[Notice]:
    """What pages are told when something changed."""
    if change.kind in {"user", "group"}:
        return [(change.kind, {change.kind: change.body}, None)]
    channel = workspace.channels[change.channel or ""]
    to = list(channel.members) if channel.is_direct else None
    if change.kind in {"ephemeral", "ephemeral_deleted"}:
        return [_private(change, channel)]
    if change.kind in {"message", "message_changed"}:
        notice = (change.kind, _with_message(workspace, channel, change.body), to)
        return [notice, *_parent_notice(workspace, channel, change, to)]
    if change.kind == "message_deleted":
        gone = {"channel": channel.id, "ts": change.body["ts"]}
        return [(change.kind, gone, to), *_parent_notice(workspace, channel, change, to)]
    if change.kind in {"reaction_added", "reaction_removed"}:
        return [("reaction", _reactions(channel, change.body["item"]), to)]
    return [("channel", {"channel": {"id": channel.id, "name": channel.name, "topic": channel.topic}}, to)]


def _private(change: Change, channel: Channel) -> Notice:
    to = [change.user or ""]
    if change.kind == "ephemeral":
        return ("ephemeral", {"channel": channel.id, "message": change.body}, to)
    return ("ephemeral_deleted", {"channel": channel.id, "id": change.body["id"]}, to)


def _parent_notice(workspace: Workspace, channel: Channel, change: Change, to: list[str] | None) -> list[Notice]:
    """A reply also changes its parent's reply count."""
    parent = channel.messages.get(change.body.get("thread_ts", ""))
    if change.kind == "message_changed" or parent is None or parent["ts"] == change.body["ts"]:
        return []
    return [("message_changed", _with_message(workspace, channel, parent), to)]


def _with_message(workspace: Workspace, channel: Channel, message: Json) -> Json:
    return {"channel": channel.id, "message": displayed(workspace, channel, message)}


def _reactions(channel: Channel, message: Json) -> dict[str, Any]:
    return {"channel": channel.id, "ts": message["ts"], "reactions": message.get("reactions", [])}


def _is_top(message: Json) -> bool:
    return bool(message.get("thread_ts", message["ts"]) == message["ts"])
