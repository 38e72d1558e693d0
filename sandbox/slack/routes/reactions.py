"""reactions.*"""

import re

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.display import threaded
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Channel, Json

_NAME = re.compile(r"[\w+'\-]+(::skin-tone-[2-6])?")


def add(slack: Slack, caller: Caller, args: Args) -> Json:
    _react(slack, caller, args, present=True)
    return {}


def remove(slack: Slack, caller: Caller, args: Args) -> Json:
    _react(slack, caller, args, present=False)
    return {}


def get(slack: Slack, _caller: Caller, args: Args) -> Json:
    channel, ts = _place(slack, args)
    message = threaded(slack.workspace, channel, slack.workspace.message(channel, ts))
    return {"type": "message", "channel": channel.id, "message": message}


def _react(slack: Slack, caller: Caller, args: Args, *, present: bool) -> None:
    name = args.need("name")
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    channel, ts = _place(slack, args)
    if caller.user not in channel.members:
        raise SlackError("not_in_channel")
    slack.workspace.react(channel, ts, name, caller.user, present=present)


def _place(slack: Slack, args: Args) -> tuple[Channel, str]:
    if not args.has("timestamp"):
        raise SlackError("no_item_specified")
    return slack.workspace.channel(args.need("channel")), args.need("timestamp")
