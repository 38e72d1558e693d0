"""chat.*: posting, editing and deleting messages."""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.compose import content, from_bot, full_content, in_thread
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Channel, Json
from sandbox.slack.rules import EDITED_TEXT, POSTED_TEXT
from sandbox.slack.state import Workspace


def post_message(slack: Slack, caller: Caller, args: Args) -> Json:
    """Post as the app. A text above 40 000 characters is cut, with the warning `message_truncated`."""
    workspace = slack.workspace
    channel = _destination(workspace, caller, args.need("channel"))
    fields = {**_author(workspace, caller, args), **full_content(_given(args)), **_thread(channel, args)}
    if metadata := _metadata(args):
        fields["metadata"] = metadata
    slack.pace.count_post(channel.id)
    message = workspace.post(channel, fields)
    answer: Json = {"channel": channel.id, "ts": message["ts"], "message": message}
    if len(args.text("text")) > POSTED_TEXT:
        answer |= {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}
    return answer


def update(slack: Slack, caller: Caller, args: Args) -> Json:
    """Edit an own message. `text` without `blocks` removes the blocks; omitted attachments stay."""
    channel = slack.workspace.channel(args.need("channel"))
    message = _own(slack.workspace, channel, caller, args.need("ts"), "cant_update_message")
    given = _given(args)
    if not any(given.values()):
        raise SlackError("no_text")
    if len(args.text("text").encode()) > EDITED_TEXT:
        raise SlackError("msg_too_long")
    fields: Json = {key: value or (None if key != "text" else "") for key, value in content(given).items()}
    if "text" in fields and "blocks" not in fields:
        fields["blocks"] = None
    if args.has("metadata"):
        fields["metadata"] = _metadata(args)
    changed = slack.workspace.change(channel, message["ts"], fields, caller.user)
    return {"channel": channel.id, "ts": changed["ts"], "text": changed.get("text", ""), "message": changed}


def delete(slack: Slack, caller: Caller, args: Args) -> Json:
    channel = slack.workspace.channel(args.need("channel"))
    message = _own(slack.workspace, channel, caller, args.need("ts"), "cant_delete_message")
    slack.workspace.delete(channel, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


def post_ephemeral(slack: Slack, caller: Caller, args: Args) -> Json:
    """Show a message to one member of a channel; it can be changed by a response URL only."""
    workspace = slack.workspace
    channel = _destination(workspace, caller, args.need("channel"))
    if args.need("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    fields = {**_author(workspace, caller, args), **full_content(_given(args)), **_thread(channel, args)}
    return {"message_ts": workspace.whisper(channel, args.need("user"), fields)["ts"]}


def get_permalink(slack: Slack, _caller: Caller, args: Args) -> Json:
    channel = slack.workspace.channel(args.need("channel"))
    message = slack.workspace.message(channel, args.need("message_ts"))
    link = f"https://{slack.world.team.domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread = message.get("thread_ts")
    if thread and thread != message["ts"]:
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _given(args: Args) -> Json:
    return {
        "text": args.text("text") if args.has("text") else None,
        "blocks": args.json("blocks", "invalid_blocks_format"),
        "attachments": args.json("attachments", "invalid_attachments"),
    }


def _author(workspace: Workspace, caller: Caller, args: Args) -> Json:
    if caller.kind == "user":
        return {"user": caller.user}
    author = from_bot(workspace, caller.user)
    if not args.has("username"):
        return author
    icon = {"icons": {"emoji": args.text("icon_emoji")}} if args.has("icon_emoji") else {}
    kept = {key: author[key] for key in ("bot_id", "app_id")}
    return {"subtype": "bot_message", **kept, "username": args.text("username"), **icon}


def _destination(workspace: Workspace, caller: Caller, name: str) -> Channel:
    """A channel in which the caller is, or the direct conversation with the user of that id."""
    if name in workspace.users:
        return workspace.direct([caller.user, name])
    channel = workspace.channel(name)
    if caller.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _thread(channel: Channel, args: Args) -> Json:
    if not args.text("thread_ts"):
        return {}
    fields = in_thread(channel, args.text("thread_ts"))
    return fields | ({"subtype": "thread_broadcast"} if args.flag("reply_broadcast") else {})


def _metadata(args: Args) -> Json | None:
    metadata = args.json("metadata", "invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str):
        raise SlackError("invalid_metadata_format")
    return metadata


def _own(workspace: Workspace, channel: Channel, caller: Caller, ts: str, refusal: str) -> Json:
    message = workspace.message(channel, ts)
    mine = message.get("bot_id") == caller.bot_id if caller.bot_id else message.get("user") == caller.user
    if not mine:
        raise SlackError(refusal)
    return message
