"""Which events the app hears of, given what changed in the workspace."""

import copy
from collections.abc import Iterator

from sandbox.slack.people import Channel, Json
from sandbox.slack.state import Change, Workspace

HIDDEN = {"metadata"}  # message events do not carry it


def events_of(change: Change, workspace: Workspace) -> list[Json]:
    """The inner events of one change; none for channels that the app's bot is not in."""
    if change.channel is None:
        return list(_team_events(change, workspace))
    channel = workspace.channels[change.channel]
    if workspace.world.app.bot_user not in channel.members:
        return []
    return list(_channel_events(change, channel, workspace))


def envelope_of(event: Json, workspace: Workspace) -> Json:
    """The outer part that carries an event to the app."""
    world = workspace.world
    who = {"enterprise_id": None, "team_id": world.team.id, "user_id": world.app.bot_user}
    return {
        "token": "sandbox-verification-token",
        "team_id": world.team.id,
        "context_team_id": world.team.id,
        "context_enterprise_id": None,
        "api_app_id": world.app.id,
        "event": event,
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": workspace.seconds(),
        "authorizations": [{**who, "is_bot": True, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": f"4-sandbox-{event['type']}",
    }


def _channel_events(change: Change, channel: Channel, workspace: Workspace) -> Iterator[Json]:
    place = {"channel": channel.id, "channel_type": channel.event_type}
    if change.kind == "message":
        yield from _message_events(change.body, place, workspace)
    elif change.kind == "message_changed":
        both = {"message": _shown(change.body), "previous_message": _shown(change.before or {})}
        yield _hidden("message_changed", both, place, workspace)
    elif change.kind == "message_deleted":
        gone = {"deleted_ts": change.body["ts"], "previous_message": _shown(change.body)}
        yield _hidden("message_deleted", gone, place, workspace)
    elif change.kind in {"reaction_added", "reaction_removed"}:
        yield _reaction(change, channel, workspace)
    elif change.kind == "member_joined":
        joined = {"user": change.user, "team": workspace.world.team.id, "event_ts": workspace.new_ts()}
        yield {"type": "member_joined_channel", **joined, "channel": channel.id, "channel_type": "C"}


def _message_events(message: Json, place: Json, workspace: Workspace) -> Iterator[Json]:
    event = {**_shown(message), **place, "event_ts": message["ts"]}
    yield event
    app = workspace.world.app
    mentioned = f"<@{app.bot_user}>" in message.get("text", "")
    if mentioned and message.get("user") != app.bot_user and "subtype" not in message:
        yield {**event, "type": "app_mention"}


def _hidden(subtype: str, body: Json, place: Json, workspace: Workspace) -> Json:
    ts = workspace.new_ts()
    return {"type": "message", "subtype": subtype, "hidden": True, **body, **place, "ts": ts, "event_ts": ts}


def _reaction(change: Change, channel: Channel, workspace: Workspace) -> Json:
    event = {
        "type": change.kind,
        "user": change.user,
        "reaction": change.body["name"],
        "item": {"type": "message", "channel": channel.id, "ts": change.body["ts"]},
        "event_ts": workspace.new_ts(),
    }
    author = change.body["item"].get("user")
    return event | ({"item_user": author} if author else {})


def _team_events(change: Change, workspace: Workspace) -> Iterator[Json]:
    ts = workspace.new_ts()
    if change.kind == "user":
        yield {"type": "user_change", "user": change.body, "cache_ts": workspace.seconds(), "event_ts": ts}
    elif change.kind == "group":
        yield {"type": "subteam_updated", "subteam": change.body, "event_ts": ts}


def _shown(message: Json) -> Json:
    return {key: copy.deepcopy(value) for key, value in message.items() if key not in HIDDEN}
