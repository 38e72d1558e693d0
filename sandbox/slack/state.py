"""What the workspace holds, and the one way in which it changes."""

import copy
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Channel, Group, Json, User, channels_of, groups_of, users_of
from sandbox.world import World


@dataclass(frozen=True)
class Change:
    """Something that became true: the page shows it, and the app may hear of it as an event.

    `kind` is message, message_changed, message_deleted, reaction_added, reaction_removed,
    ephemeral, ephemeral_deleted, member_joined, user, group, channel or pin.
    """

    kind: str
    channel: str | None = None
    body: Json = field(default_factory=dict)
    before: Json | None = None
    user: str | None = None  # who did it, or for whom it is


class Workspace:
    """Users, channels with their messages, user groups, ephemerals, files, canvases.

    Methods change state and tell the watchers; they raise SlackError where Slack would.
    Whether a caller may do it, and whether a payload is well-formed, is decided before.
    """

    def __init__(self, world: World, clock: Clock) -> None:
        self.world = world
        self.clock = clock
        self.watchers: list[Callable[[Change], None]] = []
        self.reset()

    def reset(self) -> None:
        """Start again with the world as it was read."""
        self.users: dict[str, User] = users_of(self.world)
        self.channels: dict[str, Channel] = channels_of(self.world)
        self.groups: dict[str, Group] = groups_of(self.world)
        self.ephemerals: dict[str, Json] = {}
        self.files: dict[str, Json] = {}
        self.canvases: dict[str, Json] = {}
        self._numbers = itertools.count(1)
        self._last_ts: tuple[int, int] = (0, 0)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self._numbers):09d}"

    def new_ts(self) -> str:
        """A ts of now that is greater than every one before, even after the clock was set back."""
        now = self.clock.now()
        stamp = (int(now.timestamp()), now.microsecond)
        if stamp <= self._last_ts:
            carry, micros = divmod(self._last_ts[1] + 1, 1_000_000)
            stamp = (self._last_ts[0] + carry, micros)
        self._last_ts = stamp
        return f"{stamp[0]}.{stamp[1]:06d}"

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    # Looking things up

    def channel(self, name: str | None) -> Channel:
        """A channel by id or #name."""
        found = self.channels.get(name or "")
        wanted = (name or "").removeprefix("#")
        found = found or next((c for c in self.channels.values() if c.name == wanted and wanted), None)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def message(self, channel: Channel, ts: str | None) -> Json:
        found = channel.messages.get(ts or "")
        if found is None:
            raise SlackError("message_not_found")
        return found

    def user(self, user_id: str | None) -> User:
        if (user_id or "") not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id or ""]

    def group(self, group_id: str | None) -> Group:
        if (group_id or "") not in self.groups:
            raise SlackError("no_such_subteam")
        return self.groups[group_id or ""]

    def direct(self, members: list[str]) -> Channel:
        """The direct conversation of exactly these people, opened when there is none yet."""
        for channel in self.channels.values():
            if channel.is_direct and set(channel.members) == set(members):
                return channel
        several = len(set(members)) > 2
        channel_id = self.new_id("G" if several else "D")
        channel = Channel(channel_id, f"mpdm-{channel_id}", members=members, is_im=not several, is_mpim=several)
        self.channels[channel_id] = channel
        self.tell(Change("channel", channel_id))
        return channel

    def replies(self, channel: Channel, thread_ts: str) -> list[Json]:
        return [channel.messages[ts] for ts in channel.threads.get(thread_ts, [])]

    # Changing things

    def post(self, channel: Channel, fields: Json) -> Json:
        """Store a message under a new ts and tell everybody; marks the parent of a first reply."""
        ts = self.new_ts()
        message: Json = {"type": "message", **fields, "team": self.world.team.id, "ts": ts}
        channel.messages[ts] = message
        if parent := channel.messages.get(message.get("thread_ts", "")):
            parent["thread_ts"] = parent["ts"]
            channel.threads.setdefault(parent["ts"], []).append(ts)
        if author := message.get("user"):
            channel.read_until[author] = ts
        self.tell(Change("message", channel.id, message))
        return message

    def change(self, channel: Channel, ts: str, fields: Json, editor: str | None) -> Json:
        """Replace the given fields (None removes one) and tell everybody of both states."""
        message = self.message(channel, ts)
        before = copy.deepcopy(message)
        for key, value in fields.items():
            message.pop(key, None) if value is None else message.__setitem__(key, value)
        message["edited"] = {"user": editor or "", "ts": self.new_ts()}
        self.tell(Change("message_changed", channel.id, message, before))
        return message

    def delete(self, channel: Channel, ts: str) -> None:
        before = self.message(channel, ts)
        del channel.messages[ts]
        if ts in (siblings := channel.threads.get(before.get("thread_ts", ""), [])):
            siblings.remove(ts)
        channel.pins = [pin for pin in channel.pins if pin != ts]
        self.tell(Change("message_deleted", channel.id, before, before))

    def react(self, channel: Channel, ts: str, name: str, user: str, *, present: bool) -> None:
        """Add or remove one person's reaction; `already_reacted` or `no_reaction` if that is so already."""
        message = self.message(channel, ts)
        reactions: list[Json] = message.setdefault("reactions", [])
        entry = next((r for r in reactions if r["name"] == name), None)
        has = entry is not None and user in entry["users"]
        if has == present:
            raise SlackError("already_reacted" if present else "no_reaction")
        if entry is None:
            entry = {"name": name, "users": [], "count": 0}
            reactions.append(entry)
        entry["users"] = [*entry["users"], user] if present else [u for u in entry["users"] if u != user]
        entry["count"] = len(entry["users"])
        message["reactions"] = [r for r in reactions if r["count"]]
        if not message["reactions"]:
            del message["reactions"]
        kind = "reaction_added" if present else "reaction_removed"
        self.tell(Change(kind, channel.id, {"ts": ts, "name": name, "item": message}, user=user))

    def whisper(self, channel: Channel, user: str, fields: Json) -> Json:
        """Show a message to one person only; it lives until it is replaced or deleted."""
        ts = self.new_ts()
        shown = {"type": "message", **fields, "ts": ts, "id": ts, "channel": channel.id, "to": user, "ephemeral": True}
        self.ephemerals[ts] = shown
        self.tell(Change("ephemeral", channel.id, shown, user=user))
        return shown

    def unwhisper(self, ephemeral_id: str) -> None:
        gone = self.ephemerals.pop(ephemeral_id, None)
        if gone:
            self.tell(Change("ephemeral_deleted", gone["channel"], {"id": ephemeral_id}, user=gone["to"]))

    def rewhisper(self, ephemeral_id: str, fields: Json) -> Json:
        """Replace an ephemeral in place."""
        shown = self.ephemerals.get(ephemeral_id)
        if shown is None:
            raise SlackError("message_not_found")
        kept = {k: v for k, v in shown.items() if k not in {"text", "blocks", "attachments"}}
        self.ephemerals[ephemeral_id] = kept | fields
        self.tell(Change("ephemeral", shown["channel"], self.ephemerals[ephemeral_id], user=shown["to"]))
        return self.ephemerals[ephemeral_id]

    def join(self, channel: Channel, user: str) -> bool:
        """Make `user` a member; False if they were one."""
        if user in channel.members:
            return False
        channel.members.append(user)
        self.tell(Change("member_joined", channel.id, user=user))
        return True

    def set_topic(self, channel: Channel, topic: str, user: str) -> None:
        channel.topic, channel.topic_by, channel.topic_at = topic, user, self.seconds()
        text = f"set the channel topic: {topic}"
        self.post(channel, {"subtype": "channel_topic", "user": user, "topic": topic, "text": text})
        self.tell(Change("channel", channel.id))

    def set_group(self, group: Group, user: str, **fields: Any) -> Group:
        """Change a user group's members or whether it is enabled."""
        for key, value in fields.items():
            setattr(group, key, value)
        group.updated, group.updated_by = self.seconds(), user
        self.tell(Change("group", body=group.json(with_users=True), user=user))
        return group

    def set_user(self, user: User, **fields: str) -> User:
        """Change a person's locale or time zone."""
        for key, value in fields.items():
            setattr(user, key, value)
        user.updated = self.seconds()
        self.tell(Change("user", body=user.json(self.clock.now(), with_locale=True), user=user.id))
        return user

    def tell(self, change: Change) -> None:
        for watcher in self.watchers:
            watcher(change)
