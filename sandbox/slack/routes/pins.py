"""pins.* and bookmarks.*"""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Channel, Json


def add(slack: Slack, caller: Caller, args: Args) -> Json:
    channel, ts = _place(slack, caller, args)
    if ts in channel.pins:
        raise SlackError("already_pinned")
    channel.pins.append(ts)
    return {}


def remove(slack: Slack, caller: Caller, args: Args) -> Json:
    channel, ts = _place(slack, caller, args)
    if ts not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(ts)
    return {}


def list_all(slack: Slack, caller: Caller, args: Args) -> Json:
    channel = _channel(slack, caller, args)
    pinned = [channel.messages[ts] for ts in channel.pins]
    return {"items": [{"type": "message", "channel": channel.id, "message": message} for message in pinned]}


def bookmark_add(slack: Slack, caller: Caller, args: Args) -> Json:
    channel = _channel(slack, caller, args, "channel_id")
    bookmark = {
        "id": slack.workspace.new_id("Bk"),
        "channel_id": channel.id,
        "title": args.need("title"),
        "type": args.need("type"),
        "link": args.need("link"),
        "emoji": args.text("emoji"),
        "date_created": slack.workspace.seconds(),
    }
    channel.bookmarks.append(bookmark)
    return {"bookmark": bookmark}


def bookmark_list(slack: Slack, caller: Caller, args: Args) -> Json:
    return {"bookmarks": _channel(slack, caller, args, "channel_id").bookmarks}


def _channel(slack: Slack, caller: Caller, args: Args, key: str = "channel") -> Channel:
    channel = slack.workspace.channel(args.need(key))
    if caller.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _place(slack: Slack, caller: Caller, args: Args) -> tuple[Channel, str]:
    channel = _channel(slack, caller, args)
    if not args.has("timestamp"):
        raise SlackError("no_item_specified")
    return channel, str(slack.workspace.message(channel, args.need("timestamp"))["ts"])
