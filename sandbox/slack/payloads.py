"""The payloads of slash commands and interactivity, as the app receives them."""

from dataclasses import dataclass

from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Channel, Json, User
from sandbox.slack.rules import elements_of
from sandbox.slack.tickets import Reply


@dataclass(frozen=True)
class Place:
    """Where somebody acts: a message, an ephemeral, or a view."""

    container: Json
    blocks: list[Json]
    key: str  # under which entered values are remembered
    channel: Channel | None = None
    message: Json | None = None
    view: Json | None = None

    def element(self, action_id: str, block_id: str | None) -> tuple[Json, Json]:
        """The block and element that a person can reach; `action_not_found` when there is none."""
        for block, element in elements_of(self.blocks):
            if element["action_id"] == action_id and block_id in {None, "", block["block_id"]}:
                return block, element
        raise SlackError("action_not_found", f"no element {action_id} in block {block_id} here")


def place_of(slack: Slack, user: User, container: Json) -> Place:
    """Resolve `{type: message|ephemeral|view, ...}`; raises SlackError when this person does not see it."""
    if container["type"] == "view":
        return _view_place(slack, user, container["view_id"])
    if container["type"] == "ephemeral":
        return _ephemeral_place(slack, user, container["id"])
    channel = slack.workspace.channel(container["channel"])
    message = slack.workspace.message(channel, container["ts"])
    return _message_place(channel, message, ephemeral=False)


def common(slack: Slack, user: User, kind: str) -> Json:
    """What every interactive payload holds."""
    team = slack.world.team
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id},
        "api_app_id": slack.world.app.id,
        "token": "sandbox-verification-token",
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command_payload(slack: Slack, user: User, channel: Channel, reply: Reply, said: Json) -> Json:
    """A slash command's fields; `said` has `command` and `text`."""
    team = slack.world.team
    return {
        "token": "sandbox-verification-token",
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if channel.is_direct else channel.name,
        "user_id": user.id,
        "user_name": user.name,
        **said,
        "api_app_id": slack.world.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(slack, reply),
        "trigger_id": slack.triggers.issue(user.id),
    }


def action_payload(slack: Slack, user: User, place: Place, action: Json, state: Json) -> Json:
    """block_actions for one action, with the state of the whole message or view."""
    payload = common(slack, user, "block_actions") | {
        "container": place.container,
        "trigger_id": slack.triggers.issue(user.id),
        "actions": [action],
    }
    if place.view is not None:
        return payload | {"view": place.view}
    channel, message = _message_of(place)
    ephemeral = bool(place.container["is_ephemeral"])
    reply = Reply(user.id, channel.id, message.get("thread_ts"), None if ephemeral else message["ts"])
    reply.ephemeral_id = message["ts"] if ephemeral else None
    return payload | {
        "channel": {"id": channel.id, "name": "directmessage" if channel.is_direct else channel.name},
        "message": message,
        "state": {"values": state},
        "response_url": response_url(slack, reply),
    }


def suggestion_payload(slack: Slack, user: User, place: Place, asked: Json) -> Json:
    """What an external select asks; `asked` has `action_id`, `block_id` and `value`."""
    payload = common(slack, user, "block_suggestion") | {
        "container": place.container,
        **asked,
    }
    if place.view is not None:
        return payload | {"view": place.view}
    channel, message = _message_of(place)
    return payload | {"channel": {"id": channel.id, "name": channel.name}, "message": message}


def shortcut_payload(slack: Slack, user: User, callback_id: str, channel: Channel | None, ts: str | None) -> Json:
    """A message shortcut, or without a message a global one."""
    kind = "message_action" if channel and ts else "shortcut"
    payload = common(slack, user, kind) | {
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(user.id),
        "action_ts": slack.workspace.new_ts(),
    }
    if channel is None or ts is None:
        return payload
    message = slack.workspace.message(channel, ts)
    return payload | {
        "channel": {"id": channel.id, "name": channel.name},
        "message": message,
        "message_ts": ts,
        "response_url": response_url(slack, Reply(user.id, channel.id, message.get("thread_ts"), ts)),
    }


def response_url(slack: Slack, reply: Reply) -> str:
    return f"{slack.base_url}/hooks/response/{slack.responses.issue(reply)}"


def _view_place(slack: Slack, user: User, view_id: str) -> Place:
    view = slack.views.get(view_id)
    if slack.views.owners[view_id] != user.id:
        raise SlackError("view_not_found")
    return Place({"type": "view", "view_id": view_id}, view["blocks"], view_id, view=view)


def _ephemeral_place(slack: Slack, user: User, ephemeral_id: str) -> Place:
    message = slack.workspace.ephemerals.get(ephemeral_id)
    if message is None or message["to"] != user.id:
        raise SlackError("message_not_found")
    return _message_place(slack.workspace.channels[message["channel"]], message, ephemeral=True)


def _message_place(channel: Channel, message: Json, *, ephemeral: bool) -> Place:
    container = {"type": "message", "message_ts": message["ts"], "channel_id": channel.id, "is_ephemeral": ephemeral}
    if thread := message.get("thread_ts"):
        container["thread_ts"] = thread
    attached = [block for a in message.get("attachments", []) for block in a.get("blocks", [])]
    return Place(container, [*message.get("blocks", []), *attached], message["ts"], channel, message)


def _message_of(place: Place) -> tuple[Channel, Json]:
    assert place.channel is not None, "a place without a view is a message in a channel"
    assert place.message is not None, "a place without a view is a message in a channel"
    return place.channel, place.message
