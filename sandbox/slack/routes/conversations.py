"""conversations.*: channels, their history and their members."""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.display import threaded
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Channel, Json

MOST_HISTORY = 999
TOPIC = 250


def list_all(slack: Slack, caller: Caller, args: Args) -> Json:
    wanted = args.names("types") or ["public_channel"]
    channels = [c for c in slack.workspace.channels.values() if kind_of(c) in wanted and _seen(c, caller)]
    page, cursor = args.page(channels)
    return {"channels": [c.json(caller.user) for c in page], "response_metadata": {"next_cursor": cursor}}


def info(slack: Slack, caller: Caller, args: Args) -> Json:
    channel = _channel(slack, caller, args)
    body = channel.json(caller.user)
    if not args.flag("include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


def history(slack: Slack, caller: Caller, args: Args) -> Json:
    """Top-level messages, the newest first. Metadata only with `include_all_metadata`."""
    channel = _readable(slack, caller, args)
    top = [m for m in reversed(channel.messages.values()) if _is_top(m)]
    page, cursor = args.page([m for m in top if _within(m, args)])
    return _messages(slack, channel, page, cursor, args) | {"pin_count": len(channel.pins)}


def replies(slack: Slack, caller: Caller, args: Args) -> Json:
    """The parent, then its replies, the oldest first."""
    channel = _readable(slack, caller, args)
    parent = channel.messages.get(args.need("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    parent = channel.messages.get(parent.get("thread_ts", ""), parent)
    thread = [parent, *(m for m in slack.workspace.replies(channel, parent["ts"]) if _within(m, args))]
    page, cursor = args.page(thread, 1000)
    return _messages(slack, channel, page, cursor, args)


def members(slack: Slack, caller: Caller, args: Args) -> Json:
    page, cursor = args.page(_channel(slack, caller, args).members)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def join(slack: Slack, caller: Caller, args: Args) -> Json:
    channel = _channel(slack, caller, args)
    if channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    joined = slack.workspace.join(channel, caller.user)
    warning = {} if joined else {"warning": "already_in_channel"}
    return {"channel": channel.json(caller.user), **warning}


def open_direct(slack: Slack, caller: Caller, args: Args) -> Json:
    users = args.names("users")
    if not users and not args.has("channel"):
        raise SlackError("users_list_not_supplied")
    if args.has("channel"):
        channel = _channel(slack, caller, args)
    else:
        channel = slack.workspace.direct([caller.user, *(slack.workspace.user(u).id for u in users)])
    return {"channel": channel.json(caller.user) if args.flag("return_im") else {"id": channel.id}}


def set_topic(slack: Slack, caller: Caller, args: Args) -> Json:
    channel = _readable(slack, caller, args)
    topic = args.text("topic")
    if len(topic) > TOPIC:
        raise SlackError("too_long")
    slack.workspace.set_topic(channel, topic, caller.user)
    return {"channel": channel.json(caller.user)}


def kind_of(channel: Channel) -> str:
    return "im" if channel.is_im else "mpim" if channel.is_mpim else "public_channel"


def _seen(channel: Channel, caller: Caller) -> bool:
    return not channel.is_direct or caller.user in channel.members


def _channel(slack: Slack, caller: Caller, args: Args) -> Channel:
    """By id only: unlike chat.postMessage, these methods take no names."""
    channel = slack.workspace.channels.get(args.need("channel"))
    if channel is None or not _seen(channel, caller):
        raise SlackError("channel_not_found")
    return channel


def _readable(slack: Slack, caller: Caller, args: Args) -> Channel:
    channel = _channel(slack, caller, args)
    if caller.user not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _is_top(message: Json) -> bool:
    return message.get("thread_ts") in {None, message["ts"]} or message.get("subtype") == "thread_broadcast"


def _within(message: Json, args: Args) -> bool:
    """Whether a message lies between `oldest` and `latest`; ts of equal form compare as numbers."""
    ts, inclusive = _exact(message["ts"]), args.flag("inclusive")
    oldest, latest = _exact(args.text("oldest", "0")), _exact(args.text("latest", "9999999999"))
    return oldest < ts < latest or (inclusive and ts in {oldest, latest})


def _exact(ts: str) -> tuple[int, int]:
    seconds, _, micros = ts.partition(".")
    try:
        return int(seconds), int(micros.ljust(6, "0")[:6])
    except ValueError:
        raise SlackError("invalid_ts_latest") from None


def _messages(slack: Slack, channel: Channel, page: list[Json], cursor: str, args: Args) -> Json:
    shown = [threaded(slack.workspace, channel, message) for message in page]
    if not args.flag("include_all_metadata"):
        for message in shown:
            message.pop("metadata", None)
    return {"messages": shown, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}
