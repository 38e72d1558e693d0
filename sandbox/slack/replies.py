"""Answers by response URL, and the body of a slash command's acknowledgement."""

from typing import Any

from sandbox.slack.compose import from_bot, full_content, in_thread
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json
from sandbox.slack.tickets import Reply


def answer(slack: Slack, reply: Reply, given: Json) -> None:
    """Show what the app answered: in place of the original, in the channel, or to the person alone."""
    if given.get("delete_original"):
        _delete(slack, reply)
    elif given.get("replace_original") and (reply.message_ts or reply.ephemeral_id):
        _replace(slack, reply, given)
    else:
        _post(slack, reply, given)


def answer_to_command(slack: Slack, reply: Reply, body: Any) -> None:
    """A command's acknowledgement may carry a message, as JSON or as plain text."""
    given = {"text": body} if isinstance(body, str) else body
    if given and (given.get("text") or given.get("blocks") or given.get("attachments")):
        _post(slack, reply, given)


def _delete(slack: Slack, reply: Reply) -> None:
    if reply.ephemeral_id:
        slack.workspace.unwhisper(reply.ephemeral_id)
    elif reply.message_ts:
        slack.workspace.delete(slack.workspace.channel(reply.channel), reply.message_ts)
    else:
        raise SlackError("message_not_found")


def _replace(slack: Slack, reply: Reply, given: Json) -> None:
    fields = full_content(given)
    if reply.ephemeral_id:
        slack.workspace.rewhisper(reply.ephemeral_id, fields)
    else:
        channel = slack.workspace.channel(reply.channel)
        gone: Json = {"blocks": None, "attachments": None}
        slack.workspace.change(channel, reply.message_ts or "", gone | fields, slack.world.app.bot_user)


def _post(slack: Slack, reply: Reply, given: Json) -> None:
    workspace = slack.workspace
    channel = workspace.channel(reply.channel)
    fields = {**from_bot(workspace, slack.world.app.bot_user), **full_content(given)}
    if given.get("thread_ts"):
        fields |= in_thread(channel, str(given["thread_ts"]))
    if given.get("response_type") == "in_channel":
        workspace.post(channel, fields)
    else:
        workspace.whisper(channel, reply.user, fields)
