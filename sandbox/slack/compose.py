"""What a message is made of: who it is from, and its content as Slack stores it."""

import secrets
import uuid

from sandbox.slack.errors import SlackError
from sandbox.slack.escape import rich_text_of, typed
from sandbox.slack.people import FOUNDED, Channel, Json, User
from sandbox.slack.rules import (
    NO_CONTENT,
    POSTED_TEXT,
    check_attachments,
    check_blocks,
    stored_attachments,
    with_ids,
)
from sandbox.slack.state import Workspace
from sandbox.world import Tool


def content(given: Json) -> Json:
    """`text`, `blocks` and `attachments` of a payload, checked and as Slack stores them.

    Text is kept as given: an app escapes for itself. Only the keys that were given are returned.
    """
    fields: Json = {}
    if given.get("text") is not None:
        fields["text"] = str(given["text"])[:POSTED_TEXT]
    if given.get("blocks") is not None:
        check_blocks(given["blocks"])
        fields["blocks"] = with_ids(given["blocks"], new_block_id)
    if given.get("attachments") is not None:
        check_attachments(given["attachments"])
        fields["attachments"] = _with_block_ids(stored_attachments(given["attachments"]))
    return fields


def full_content(given: Json) -> Json:
    """Content that can stand as a message; `no_text` when there is nothing to show."""
    fields = content(given)
    if not any(fields.values()):
        raise SlackError("no_text")
    if not fields.get("text"):
        fields["text"] = NO_CONTENT if fields.get("blocks") else ""
    return {key: value for key, value in fields.items() if value or key == "text"}


def from_bot(workspace: Workspace, user_id: str) -> Json:
    """The author fields of an app that posts with its bot token: no subtype."""
    user = workspace.user(user_id)
    tool = workspace.world.tool(user.bot_id or "")
    return {
        "user": user.id,
        "bot_id": user.bot_id,
        "app_id": user.app_id,
        "bot_profile": {
            "id": user.bot_id,
            "app_id": user.app_id,
            "user_id": user.id,
            "name": user.real_name,
            "icons": {"emoji": tool.emoji} if tool else {},
            "deleted": False,
            "updated": FOUNDED,
            "team_id": user.team_id,
        },
    }


def from_tool(workspace: Workspace, tool: Tool, given: Json) -> Json:
    """The author fields of a tool: its bot user, or those of an incoming webhook (`bot_message`)."""
    if tool.user:
        return from_bot(workspace, tool.user)
    emoji = given.get("icon_emoji") or tool.emoji
    name = given.get("username") or tool.name
    return {"subtype": "bot_message", "bot_id": tool.id, "username": name, "icons": {"emoji": emoji}}


def from_person(workspace: Workspace, user: User, text: str) -> Json:
    """A message that a person typed: entities escaped and linked, with Slack's own rich_text block."""
    words = typed(text, workspace)
    block = rich_text_of(words) | {"block_id": new_block_id()}
    plain = "".join(word.mrkdwn for word in words)
    return {"user": user.id, "client_msg_id": str(uuid.uuid4()), "text": plain, "blocks": [block]}


def in_thread(channel: Channel, thread_ts: str) -> Json:
    """The fields that make a message a reply; the parent must exist and be no reply itself."""
    parent = channel.messages.get(thread_ts)
    if parent is None or parent.get("thread_ts", thread_ts) != thread_ts:
        raise SlackError("thread_not_found")
    author = parent.get("user")
    return {"thread_ts": thread_ts} | ({"parent_user_id": author} if author else {})


def new_block_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def _with_block_ids(attachments: list[Json]) -> list[Json]:
    return [a | ({"blocks": with_ids(a["blocks"], new_block_id)} if "blocks" in a else {}) for a in attachments]
