"""canvases.*: a document made from Markdown, and who may read it."""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json

LONGEST = 1_048_576  # characters of Markdown: docs.slack.dev, canvases.create
LEVELS = frozenset({"read", "write", "owner"})


def create(slack: Slack, caller: Caller, args: Args) -> Json:
    content = args.json("document_content", "invalid_arguments") or {}
    if content and content.get("type") != "markdown":
        raise SlackError("invalid_arguments", "document_content.type must be markdown")
    words = str(content.get("markdown") or "")
    if len(words) > LONGEST:
        raise SlackError("invalid_arguments", "document_content.markdown is too long")
    canvas_id = slack.workspace.new_id("F")
    title = args.text("title")
    slack.workspace.canvases[canvas_id] = {"title": title, "markdown": words, "owner": caller.user, "access": {}}
    return {"canvas_id": canvas_id}


def access_set(slack: Slack, caller: Caller, args: Args) -> Json:
    """Let channels or people read or write a canvas; a bot that does not own it finds none."""
    canvas = slack.workspace.canvases.get(args.need("canvas_id"))
    if canvas is None or canvas["owner"] != caller.user:
        raise SlackError("canvas_not_found")
    level = args.need("access_level")
    if level not in LEVELS:
        raise SlackError("invalid_arguments", "access_level")
    channels, users = args.names("channel_ids"), args.names("user_ids")
    if bool(channels) == bool(users):
        raise SlackError("invalid_arguments", "either channel_ids or user_ids")
    if any(each not in slack.workspace.channels for each in channels):
        raise SlackError("channel_not_found")
    canvas["access"] |= dict.fromkeys([*channels, *users], level)
    return {}
