"""canvases.*: a document made from Markdown, and who may read it."""

from sandbox.slack.args import Args
from sandbox.slack.caller import Caller
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json

LONGEST = 1_048_576  # characters of Markdown: docs.slack.dev, canvases.create
LEVELS = frozenset({"read", "write", "owner"})


def create(slack: Slack, caller: Caller, args: Args) -> Json:
    words = _words(args.json("document_content", "invalid_arguments") or {})
    canvas_id = slack.workspace.new_id("F")
    title = args.text("title")
    slack.workspace.canvases[canvas_id] = {"title": title, "markdown": words, "owner": caller.user, "access": {}}
    return {"canvas_id": canvas_id}


def edit(slack: Slack, caller: Caller, args: Args) -> Json:
    """Replace all that a canvas says: the one change, of those that Slack has, that Baton makes."""
    canvas = _owned(slack, caller, args)
    match args.json("changes", "invalid_arguments"):
        case [{"operation": "replace", "document_content": content, **more}] if not more:
            canvas["markdown"] = _words(content)
        case [dict()]:
            raise SlackError("canvas_editing_failed")
        case _:
            raise SlackError("invalid_arguments", "changes must be one change")
    return {}


def access_set(slack: Slack, caller: Caller, args: Args) -> Json:
    """Let channels or people read or write a canvas."""
    canvas = _owned(slack, caller, args)
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


def _owned(slack: Slack, caller: Caller, args: Args) -> Json:
    """Return the canvas; a bot that does not own it finds none."""
    canvas: Json | None = slack.workspace.canvases.get(args.need("canvas_id"))
    if canvas is None or canvas["owner"] != caller.user:
        raise SlackError("canvas_not_found")
    return canvas


def _words(content: Json) -> str:
    if content and content.get("type") != "markdown":
        raise SlackError("invalid_arguments", "document_content.type must be markdown")
    words = str(content.get("markdown") or "")
    if len(words) > LONGEST:
        raise SlackError("invalid_arguments", "document_content.markdown is too long")
    return words
