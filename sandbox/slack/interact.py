"""What people do: say, command, click, choose, open, react. Each ends when the app has answered."""

from typing import Any

from sandbox.slack.compose import from_person, in_thread
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError
from sandbox.slack.escape import command_text
from sandbox.slack.payloads import (
    Place,
    action_payload,
    command_payload,
    place_of,
    shortcut_payload,
    suggestion_payload,
)
from sandbox.slack.people import Channel, Json, User
from sandbox.slack.replies import answer_to_command
from sandbox.slack.rules import check_options
from sandbox.slack.tickets import Reply
from sandbox.slack.transport import Kind
from sandbox.slack.views import STATE_KEYS, state_of

MIN_QUERY = 3  # characters before an external select asks the app, unless it says otherwise


async def say(slack: Slack, user: User, channel_name: str, text: str, thread_ts: str | None) -> Json:
    """Post what a person typed; `delivered` tells whether the app took the event at the first attempt."""
    channel = _joined(slack, user, channel_name)
    if not text.strip():
        raise SlackError("no_text")
    fields = from_person(slack.workspace, user, text)
    if thread_ts:
        fields |= in_thread(channel, thread_ts)
    before = slack.deliver.in_flight()
    message = slack.workspace.post(channel, fields)
    return {"ok": True, "message": message, "delivered": await slack.deliver.settle(before)}


async def command(slack: Slack, user: User, channel_name: str, line: str, thread_ts: str | None) -> Json:
    """Run a slash command. In threads, and when the manifest has no such command, Slack itself refuses."""
    name, _, text = line.strip().partition(" ")
    channel = _joined(slack, user, channel_name)
    declared = _declared(slack, name)
    if thread_ts or declared is None:
        said = f"{name} is not supported in threads. Sorry!" if thread_ts else f"{name} is not a valid command."
        slack.workspace.whisper(channel, user.id, {"user": "USLACKBOT", "text": said})
        return {"ok": False, "error": "not_supported_in_threads" if thread_ts else "unknown_command", "text": said}
    if declared.get("should_escape", True):
        text = command_text(text, slack.workspace)
    reply = Reply(user.id, channel.id)
    payload = command_payload(slack, user, channel, reply, {"command": name, "text": text.strip()})
    ack = await slack.deliver.ask(Kind.COMMAND, payload)
    if not ack.ok:
        return slack.failed(user.id, ack, name, channel.id)
    answer_to_command(slack, reply, ack.body)
    return {"ok": True}


async def act(slack: Slack, user: User, container: Json, given: Json) -> Json:
    """Click or choose. Plain inputs only change the state; everything else is a block_actions."""
    place = place_of(slack, user, container)
    block, element = place.element(given["action_id"], given.get("block_id"))
    action = _action(slack, block, element, given)
    state = _entered(slack, place, action)
    if block["type"] == "input" and not block.get("dispatch_action"):
        return {"ok": True}
    ack = await slack.deliver.ask(Kind.INTERACTIVE, action_payload(slack, user, place, action, state))
    if not ack.ok:
        where = place.channel.id if place.channel else None
        return slack.failed(user.id, ack, "That action", where, view_id=container.get("view_id"))
    return {"ok": True}


async def options(slack: Slack, user: User, container: Json, asked: Json) -> Json:
    """What an external select offers; `asked` has `action_id`, `block_id` and the `value` typed so far."""
    place = place_of(slack, user, container)
    block, element = place.element(asked["action_id"], asked.get("block_id"))
    if len(asked["value"]) < element.get("min_query_length", MIN_QUERY):
        return {"ok": True, "options": []}
    payload = suggestion_payload(slack, user, place, asked | {"block_id": block["block_id"]})
    ack = await slack.deliver.ask(Kind.INTERACTIVE, payload)
    if not ack.ok or not isinstance(ack.body, dict):
        return slack.failed(user.id, ack, "Loading the options", view_id=container.get("view_id"))
    check_options(ack.body)
    return {"ok": True, **{k: ack.body[k] for k in ("options", "option_groups") if k in ack.body}}


async def open_home(slack: Slack, user: User) -> Json:
    """Open the app's Home tab; answers the Home as it is after the app heard of it."""
    channel = slack.workspace.direct([user.id, slack.world.app.bot_user])
    home = slack.views.homes.get(user.id)
    opened = {"user": user.id, "channel": channel.id, "tab": "home", "event_ts": slack.workspace.new_ts()}
    before = slack.deliver.in_flight()
    slack.tell_app({"type": "app_home_opened", **opened} | ({"view": home} if home else {}))
    delivered = await slack.deliver.settle(before)
    return {"ok": True, "delivered": delivered, "view": slack.views.homes.get(user.id)}


async def shortcut(slack: Slack, user: User, callback_id: str, channel_name: str | None, ts: str | None) -> Json:
    """A message shortcut, or without a message a global one; only what the manifest lists is in Slack's menus."""
    _check_listed(slack, callback_id, "message" if ts else "global")
    channel = _joined(slack, user, channel_name) if channel_name else None
    ack = await slack.deliver.ask(Kind.INTERACTIVE, shortcut_payload(slack, user, callback_id, channel, ts))
    if not ack.ok:
        return slack.failed(user.id, ack, "That shortcut", channel.id if channel else None)
    return {"ok": True}


async def react(slack: Slack, user: User, channel_name: str, ts: str, name: str, *, present: bool) -> Json:
    channel = _joined(slack, user, channel_name)
    before = slack.deliver.in_flight()
    slack.workspace.react(channel, ts, name, user.id, present=present)
    return {"ok": True, "delivered": await slack.deliver.settle(before)}


async def set_profile(slack: Slack, user: User, changes: dict[str, str]) -> Json:
    """Change a person's locale or time zone; the app hears user_change."""
    before = slack.deliver.in_flight()
    slack.workspace.set_user(user, **changes)
    return {"ok": True, "delivered": await slack.deliver.settle(before)}


def _declared(slack: Slack, name: str) -> Json | None:
    """The manifest's entry for a command; without a manifest every command exists and escapes."""
    if not slack.settings.manifest:
        return {}
    commands: list[Json] = slack.settings.manifest.get("features", {}).get("slash_commands", [])
    found = next((c for c in commands if c["command"] == name), None)
    return None if found is None else {"should_escape": False, **found}


def _check_listed(slack: Slack, callback_id: str, kind: str) -> None:
    """Refuse a shortcut that nobody could choose; without a manifest every one is there."""
    if not slack.settings.manifest:
        return
    listed: list[Json] = slack.settings.manifest.get("features", {}).get("shortcuts", [])
    if not any(each["callback_id"] == callback_id and each["type"] == kind for each in listed):
        raise SlackError("unknown_shortcut", f"the manifest lists no {kind} shortcut {callback_id}")


def _joined(slack: Slack, user: User, channel_name: str) -> Channel:
    channel = slack.workspace.channel(channel_name)
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _action(slack: Slack, block: Json, element: Json, given: Json) -> Json:
    """The entry of `actions`: what the element is, and what was chosen in it."""
    action: Json = {
        key: element[key] for key in ("type", "action_id", "text", "value", "url", "style") if key in element
    }
    action |= {"block_id": block["block_id"], "action_ts": slack.workspace.new_ts()}
    key = STATE_KEYS.get(element["type"], ("selected_option", ""))[0]
    chosen = {key: given[key]} if key in given else {}
    for option in [chosen.get("selected_option"), *chosen.get("selected_options", [])]:
        _check_offered(element, option)
    return action | chosen


def _check_offered(element: Json, option: Json | None) -> None:
    """People can only choose what is offered."""
    offered = [*element.get("options", []), *(o for g in element.get("option_groups", []) for o in g["options"])]
    if option and offered and option["value"] not in [o["value"] for o in offered]:
        raise SlackError("option_not_found", f"{element['action_id']} does not offer {option['value']}")


def _entered(slack: Slack, place: Place, action: Json) -> Json:
    """The state of all inputs after this action; remembered for the next one."""
    before: Json = place.view["state"]["values"] if place.view else slack.entered.get(place.key, {})
    values = state_of(place.blocks, before)
    keys = STATE_KEYS.get(action["type"])
    if keys:
        entry: dict[str, Any] = {"type": action["type"], keys[0]: action.get(keys[0])}
        values.setdefault(action["block_id"], {})[action["action_id"]] = entry
    if place.view:
        slack.views.enter(place.view, values)
    else:
        slack.entered[place.key] = values
    return values
